"""What a changed rule says of the articles held: whether each belongs to the affair, and why.

No article goes, nor a version, nor what people noted on it. An article belongs to the affair as
long as the rule keeps one of its versions: an edit that takes a name away does not hide it.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from app.steps.parts import Parts, Progress, Tally
from app.steps.relevance import Rule, RuleFacts, Verdict, judged_text
from model.article import Reading
from model.source import Source
from nlp.tagger_facts import ChangedNames
from store import Store
from store.judging import HeldArticle, Judged, Judging
from store.reader import Reader
from store.retagging import RULE
from store.values import pack, unpack

BATCH = 200


def judge_again(parts: Parts, tally: Tally) -> None:
    """Ask a rule that changed about every article held, or about those that it can change."""
    rule, store = parts.rule, parts.store
    store.note_facts(RULE, rule.fingerprint, pack(rule.facts), now=parts.clock())
    so_far = _begin(store.find_judging(), rule)
    if so_far.upto is None:
        return
    names = changed_names(store, so_far.before, rule)
    sources = {source.url: source for source in parts.config.sources}
    total, _ = store.count_held()
    done = 0
    while articles := store.held_articles(after=so_far.upto, limit=BATCH):
        so_far = msgspec.structs.replace(so_far, upto=articles[-1].version.article_id)
        found = list(_differing(store, rule, articles, names, sources))
        store.record_judged([one for _, one in found], so_far, now=parts.clock())
        _count(found, tally)
        done += len(articles)
        parts.notify(Progress("judge", done, total))
    store.record_judged((), Judging(rule=rule.fingerprint, before="", upto=None), now=parts.clock())


def _begin(held: Judging | None, rule: Rule) -> Judging:
    """Return from where to go on; one that was stopped and is another now begins anew."""
    if held is None or (held.rule != rule.fingerprint and held.upto is not None):
        return Judging(rule=rule.fingerprint, before="", upto=0)
    if held.rule == rule.fingerprint:
        return held
    return Judging(rule=rule.fingerprint, before=held.rule, upto=0)


def changed_names(store: Reader, before: str, rule: Rule) -> ChangedNames | None:
    """Return the names that alone tell a rule from the one before, None where more does."""
    packed = store.find_facts(RULE, before)
    if packed is None:
        return None
    try:
        facts = unpack(packed, RuleFacts)
    except msgspec.ValidationError:  # of a program that configured entities otherwise
        return None
    is_same = facts.query == rule.facts.query
    return ChangedNames(facts.entities, rule.facts.entities) if is_same else None


def may_differ(reading: Reading, names: ChangedNames | None) -> bool:
    """Say whether a rule may answer otherwise about a reading than the one before."""
    return names is None or names.stand_in(f"{reading.title}\n{judged_text(reading)}")


def judge_article(
    store: Reader, rule: Rule, article: HeldArticle, sources: Mapping[str, Source]
) -> tuple[Verdict, Reading]:
    """Return what a rule says of an article, and of which text: the newest that it keeps."""
    current, source = article.version.reading, sources.get(article.source_url)
    verdict = rule.judge(current, source)
    if verdict.relevant or article.versions == 1:
        return verdict, current
    for version in reversed(store.versions(article.version.article_id)[:-1]):
        older = rule.judge(version.reading, source)
        if older.relevant:
            return older, version.reading
    return verdict, current


def _differing(
    store: Store,
    rule: Rule,
    articles: Sequence[HeldArticle],
    names: ChangedNames | None,
    sources: Mapping[str, Source],
) -> Iterator[tuple[HeldArticle, Judged]]:
    """Yield the articles of which a rule says something new, and what."""
    for article in articles:
        if article.versions == 1 and not may_differ(article.version.reading, names):
            continue
        verdict, _ = judge_article(store, rule, article, sources)
        if (verdict.relevant, verdict.reasons) != (article.relevant, article.reasons):
            judged = Judged(
                article=article.version.article_id,
                relevant=verdict.relevant,
                reasons=verdict.reasons,
            )
            yield article, judged


def _count(found: Sequence[tuple[HeldArticle, Judged]], tally: Tally) -> None:
    for article, judged in found:
        if judged.relevant and not article.relevant:
            tally.add("articles_taken_in")
        elif article.relevant and not judged.relevant:
            tally.add("articles_left_out")
