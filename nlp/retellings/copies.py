"""Whether a text is already held: word for word, in part, reworded or in the other language.

Prints find candidates (see prints), shared passages and shared facts decide. A copy is said to be
one only with evidence; nothing here deletes or merges anything.
"""

import re
from collections.abc import Iterable, Sequence

from model.fold import fold
from model.story import Copy, CopyKind, Direction, SharedRun
from nlp.remembering import MOST_CHARACTERS, remember
from nlp.retellings.addresses import is_moved
from nlp.retellings.copy_texts import LEAST_WORDS, MAX_FACTS, Embed, Found, Text
from nlp.retellings.passages import Passage, runs_of, shared_passages
from nlp.retellings.prints import RUN_WORDS, Words, words_of
from nlp.retellings.retold import facts_of, find_retold
from nlp.vectors import embed

LEAST_MATCHED, LEAST_PASSAGE, LEAST_RUN = 20, 10, 5
"""Words that show a copy; a passage shorter than ten shows none, but tells how much was changed."""
COPIED = 0.22
"""So much of the shorter text stands in runs of three words that the other has in its order. With
two words in five changed .39 still does. Of 1,041 news articles of two affairs, the pairs above it
were all one text used again, once furniture was left out."""
WHOLE = 0.6
"""Above it a passage counts that ends both texts: below, it is a notice, a box, a signature."""
EDGE_WORDS, COMMON_GROUPS = 6, 3
KEPT_WORDS = 0.8
"""Below it, more than one word in seven of the shared passages is another: a rewrite."""
AGENCY_WORDS = 0.5
MOST_OF = 0.7
HALF, SCATTERED, FEW_PASSAGES = 0.5, 0.35, 4
SENTENCE_WORDS, TOLD, SHORT_WORDS = 6, 0.7, 150
"""Lines without a sentence are links and headlines; most of a passage must be sentences."""

MAX_EVIDENCE_WORDS, MAX_RUNS = 40, 8


# Two texts


def compare(
    new: Text, old: Text, embed: Embed = embed, common: frozenset[int] = frozenset()
) -> Copy | None:
    """Return how one of two texts repeats the other; None when it does not.

    The later one by publication repeats; where that is not known the one that credits the
    other's site or an agency, then the one seen later. `embed` is asked only when no words are
    shared in runs but facts are; `common` are the runs that many texts hold (`common_runs`).
    """
    later, earlier, direction = _in_order(new, old)
    found = _same_words(later, earlier, common) or find_retold(later, earlier, embed)
    if found is None:
        return None
    return Copy(
        article=later.article,
        of=earlier.article,
        kind=found.kind,
        score=round(found.score, 3),
        evidence=found.evidence,
        share=round(found.share, 3),
        runs=found.runs,
        facts=tuple(sorted(facts_of(later.text) & facts_of(earlier.text))[:MAX_FACTS]),
        direction=direction,
    )


def find_copies(new: Text, candidates: Iterable[Text], embed: Embed = embed) -> list[Copy]:
    """Return what `new` repeats, what it shares most of first: one text, or several in parts.

    Of texts much alike it is the earliest, which the others repeat.
    """
    by_article = {each.article: each for each in candidates if each.article != new.article}
    common = common_runs(new, by_article.values())
    found = [copy for each in by_article.values() if (copy := compare(new, each, embed, common))]
    left = [copy for copy in found if copy.article == new.article]
    chosen: list[Copy] = []
    while left:
        nearest = max(left, key=lambda copy: (copy.kind in WORDED, copy.score * copy.share))
        alike = [copy for copy in left if _is_as_near(copy, nearest)]
        chosen.append(min(alike, key=lambda copy: _when(by_article[copy.of])))
        left = [copy for copy in left if copy is not chosen[-1] and _is_apart(copy, chosen)]
    return chosen


def find_copy(new: Text, candidates: Iterable[Text], embed: Embed = embed) -> Copy | None:
    """Return what `new` repeats most of."""
    return next(iter(find_copies(new, candidates, embed)), None)


NEARLY = 0.75
"""An earlier text is rather the source when it shares nearly as much."""


def _is_as_near(copy: Copy, nearest: Copy) -> bool:
    if (copy.kind in WORDED) != (nearest.kind in WORDED) or copy.share < NEARLY * nearest.share:
        return False
    return copy is nearest or not (copy.runs and nearest.runs) or _shared_runs(copy, [nearest])


def _is_apart(copy: Copy, chosen: Sequence[Copy]) -> bool:
    """Say whether a copy repeats words of its own, beside those that others account for."""
    return bool(copy.runs) and not _shared_runs(copy, chosen)


def _shared_runs(copy: Copy, others: Sequence[Copy]) -> bool:
    """Say whether half of what a copy repeats stands in what others repeat as well."""
    places = [(run.start, run.end) for other in others for run in other.runs]
    if any(not other.runs for other in others):
        return True
    total = sum(run.end - run.start for run in copy.runs)
    both = sum(
        max(0, min(run.end, end) - max(run.start, start))
        for run in copy.runs
        for start, end in places
    )
    return both * 2 >= total


WORDED = frozenset({CopyKind.VERBATIM, CopyKind.AGENCY, CopyKind.EXCERPT, CopyKind.REPOST})
"""Kinds that show in the words themselves."""


def _in_order(one: Text, other: Text) -> tuple[Text, Text, Direction]:
    """Return the copy, what it repeats, and by what that is known."""
    later, earlier = (other, one) if _when(other) > _when(one) else (one, other)
    if later.published_at and earlier.published_at and later.published_at != earlier.published_at:
        return later, earlier, Direction.PUBLISHED
    credits = _credits(later, earlier), _credits(earlier, later)
    if credits[0] != credits[1]:
        pair = (later, earlier) if credits[0] else (earlier, later)
        return *pair, Direction.CREDITED
    is_seen = later.seen_at is not None and earlier.seen_at is not None
    if is_seen and later.seen_at != earlier.seen_at:
        return later, earlier, Direction.SEEN
    return later, earlier, Direction.UNKNOWN


def _credits(one: Text, other: Text) -> bool:
    """Say whether a text names the other's site, or an agency that the other does not."""
    name = re.sub(r"^www\.|\.[a-z.]+$", "", other.site)
    if len(name) > 3 and other.site != one.site and fold(name) in fold(one.text):
        return True
    return bool(credited_agency(one.text)) and not credited_agency(other.text)


def _when(text: Text) -> tuple[float, float, int]:
    seen = text.seen_at.timestamp() if text.seen_at else 0.0
    published = text.published_at.timestamp() if text.published_at else seen
    return published, seen, text.article


# The same words


def common_runs(new: Text, others: Iterable[Text]) -> frozenset[int]:
    """Return the runs of words of a text that stand in three others which repeat one another not.

    They are a site's notices, an agency's background: what many hold tells of no source.
    """
    own = set(runs_of(words_of(new.text)))
    holders: dict[int, set[int]] = {}
    for other in others:
        for run in own.intersection(runs_of(words_of(other.text))):
            holders.setdefault(run, set()).add(other.group or -other.article)
    return frozenset(run for run, groups in holders.items() if len(groups) >= COMMON_GROUPS)


def _same_words(later: Text, earlier: Text, common: frozenset[int]) -> Found | None:
    new, old = words_of(later.text), words_of(earlier.text)
    shorter = min(len(new), len(old))
    if shorter < LEAST_WORDS:
        return None
    shared = _told(later.text, earlier.text)
    matched = _matched(shared)
    if matched < shorter * WHOLE:
        at_home = later.site == earlier.site
        shared = [
            one
            for one in shared
            if not _is_box(one, new, old, at_home=at_home) and not _is_common(one, new, common)
        ]
        matched = _matched(shared)
    if matched < max(LEAST_MATCHED, shorter * COPIED):
        return None
    passages = [one for one in shared if one.matched >= LEAST_PASSAGE]
    return Found(
        kind=_kind(later, earlier, shared, (new, old)),
        score=min(1.0, matched / shorter),
        share=min(1.0, matched / len(new)),
        evidence=_passage_text(new, max(passages, key=lambda one: one.matched)),
        runs=_runs(passages, new, old),
    )


def _told(later: str, earlier: str) -> list[Passage]:
    """Return the shared passages that are sentences: lists of links and headlines count nothing."""
    new, old = _prose(later), _prose(earlier)
    return [
        one
        for one in shared_passages(words_of(later), words_of(earlier))
        if one.matched >= LEAST_RUN
        and sum(new[one.start : one.end]) >= TOLD * (one.end - one.start)
        and sum(old[one.of_start : one.of_end]) >= TOLD * (one.of_end - one.of_start)
    ]


def _matched(passages: Iterable[Passage]) -> int:
    return sum(one.matched for one in passages if one.matched >= LEAST_PASSAGE)


@remember(MOST_CHARACTERS)
def _prose(text: str) -> tuple[bool, ...]:
    """Return for each word whether its line is a sentence: it ends like one, or is long."""
    found: list[bool] = []
    words, start = words_of(text), 0
    for line in text.split("\n"):
        end = start + len(line)
        held = 0
        while len(found) + held < len(words) and words.spans[len(found) + held][0] < end:
            held += 1
        found += [_is_told(line, held)] * held
        start = end + 1
    # of a long text whose lines end anywhere they say nothing
    says = sum(found) * 2 >= len(found) or len(found) < SHORT_WORDS
    return tuple(found) if says else (True,) * len(found)


def _is_told(line: str, words: int) -> bool:
    """Say whether a line is a sentence or holds one, where headlines and links do neither."""
    bare = line.rstrip(' \t\r"»”’)')
    if words < SENTENCE_WORDS or bare.endswith(("…", "...")):
        return False
    return bare.endswith((".", "!", ":", ";", ",")) or bool(_INSIDE.search(bare))


_INSIDE = re.compile(r"[.!;,] [\w\"«“]")


def _is_common(passage: Passage, new: Words, common: frozenset[int]) -> bool:
    """Say whether most of a passage stands in many texts."""
    runs = runs_of(new)[passage.start : passage.end - RUN_WORDS + 1]
    return bool(common) and sum(run in common for run in runs) * 2 >= len(runs)


def _is_box(passage: Passage, new: Words, old: Words, *, at_home: bool) -> bool:
    """Say whether a passage ends both texts, or opens both of one site: a notice, a signature."""
    ends = passage.end >= len(new) - EDGE_WORDS and passage.of_end >= len(old) - EDGE_WORDS
    opens = passage.start <= EDGE_WORDS and passage.of_start <= EDGE_WORDS
    return ends or (at_home and opens)


def _kind(
    later: Text, earlier: Text, passages: Sequence[Passage], sides: tuple[Words, Words]
) -> CopyKind:
    new, old = sides
    of_new = sum(one.end - one.start for one in passages) / len(new)
    of_old = sum(one.of_end - one.of_start for one in passages) / len(old)
    kept = _kept(passages, min(len(new), len(old)), whole=max(of_new, of_old) >= SCATTERED)
    is_whole = min(of_new, of_old) >= MOST_OF and kept >= KEPT_WORDS
    if is_whole and is_moved(later.url, earlier.url):
        return CopyKind.REPOST
    if max(of_new, of_old) < HALF:
        return CopyKind.EXCERPT if kept >= KEPT_WORDS else CopyKind.REWRITE
    is_agency = credited_agency(later.text) or credited_agency(earlier.text)
    if is_agency and kept >= AGENCY_WORDS:
        return CopyKind.AGENCY
    if kept < KEPT_WORDS:
        return CopyKind.REWRITE
    return CopyKind.VERBATIM if is_whole else CopyKind.EXCERPT


def _kept(passages: Sequence[Passage], shorter: int, *, whole: bool) -> float:
    """Return what part of the words stayed as they were.

    Where sentences stand elsewhere and words are others, whole sentences are not found again:
    what is left of the shorter text then tells.
    """
    matched = sum(one.matched for one in passages)
    longest = max(one.matched for one in passages)
    if whole and len(passages) > FEW_PASSAGES and longest * 2 < matched:
        return min(1.0, matched / shorter)
    return matched / sum(one.words for one in passages)


_AGENCY = re.compile(
    r"\b(?P<known>AFP|Reuters|Associated Press|dpa|Belga|Keystone-ATS|ANSA|EFE)\b"
    r"|\((?P<dateline>[A-Z]{2,6})\)\s*[-–—]"
    r"|\b(?:[Aa]vec|[Ww]ith)\s+(?P<credit>[A-Z]{2,6})\b"
)


def credited_agency(text: str) -> str | None:
    """Return the news agency that the head or foot of a text credits."""
    match = _AGENCY.search(text[:300]) or _AGENCY.search(text[-200:])
    return match[match.lastgroup or 0] if match else None


def _passage_text(words: Words, passage: Passage) -> str:
    """Return the beginning of a passage, folded."""
    return " ".join(words.folded[passage.start : passage.end][:MAX_EVIDENCE_WORDS])


def _runs(passages: Sequence[Passage], new: Words, old: Words) -> tuple[SharedRun, ...]:
    """Return where the longest passages stand, in code points, in the order of the copy."""
    longest = sorted(passages, key=lambda one: (-one.matched, one.start))[:MAX_RUNS]
    return tuple(
        SharedRun(
            new.spans[one.start][0],
            new.spans[one.end - 1][1],
            old.spans[one.of_start][0],
            old.spans[one.of_end - 1][1],
        )
        for one in sorted(longest, key=lambda one: one.start)
    )
