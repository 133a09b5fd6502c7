"""Texts of the corpora, their altered copies, and which of them were found to repeat another.

It never writes to the corpora, and judges nothing.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.copy_recipes import RECIPES, Recipe
from model.story import CopyKind
from nlp.language import detect_language
from nlp.retellings.copies import credited_agency
from nlp.retellings.prints import words_of

TOPICS = ("fr-syria", "fr-libya", "en-syria", "en-libya", "en-mj", "en-finan")
LEAST_SOURCE_WORDS = 150
SEED = 5
LABELS = Path(__file__).parent / "labels" / "copies.json"


class Source(NamedTuple):
    """One text of the corpora; `key` names its set and its place there."""

    key: str
    text: str
    lang: str
    at: datetime


class Altered(NamedTuple):
    """A copy made by a recipe: of which source, within which other, which kinds name it rightly."""

    recipe: str
    of: str
    text: str
    lang: str
    at: datetime
    kinds: frozenset[CopyKind]
    url: str = ""
    host: str = ""


def half_of(key: str) -> str:
    """Return to which half a text belongs."""
    return ("developed", "reported")[int(sha256(key.encode()).hexdigest()[:8], 16) % 2]


def load_sources(corpora: Path) -> Iterator[Source]:
    """Yield the texts of both sets."""
    for line in (corpora / "articles" / "truth.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        at = datetime.fromisoformat(page["published"] or page["crawled"])
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        lang = detect_language(page["body"])
        yield Source(f"articles/{page['file']}", page["body"], lang, at)
    for topic in TOPICS:
        with gzip.open(corpora / "timelines" / topic / "articles.jsonl.gz", "rb") as lines:
            for place, article in enumerate(lines):
                page = json.loads(article)
                at = datetime.fromisoformat(page["published"]).replace(hour=12, tzinfo=UTC)
                yield Source(f"{topic}/{place}", page["text"], page["lang"], at)


def alter(sources: Sequence[Source]) -> Iterator[Altered]:
    """Yield the copies of each news body by each recipe, and one of each timelines article."""
    usable = [one for one in sources if one.lang in ("fr", "en")]
    usable = [one for one in usable if len(words_of(one.text)) >= LEAST_SOURCE_WORDS]
    by_lang = {lang: [one for one in usable if one.lang == lang] for lang in ("fr", "en")}
    for source in usable:
        random = Random(f"{SEED}/{source.key}")  # noqa: S311 - a fixed draw
        is_news = source.key.startswith("articles/")
        chosen = RECIPES if is_news else random.sample(RECIPES, 1)
        for recipe in chosen:
            yield _altered(random, recipe, source, by_lang[source.lang])
        if is_news:
            yield _movedaddress_of(random, source)


def _altered(random: Random, recipe: Recipe, source: Source, others: Sequence[Source]) -> Altered:
    other = random.choice([one for one in others if one.key != source.key])
    kinds = recipe.kinds | ({CopyKind.AGENCY} if credited_agency(source.text) else set())
    at = source.at + timedelta(hours=random.randrange(1, 48))
    return Altered(
        recipe.name, source.key, recipe.make(random, source.text, other.text), source.lang, at,
        kinds, host=other.key,
    )  # fmt: skip


def _movedaddress_of(random: Random, source: Source) -> Altered:
    """Return the same text at the same path of another host, a few words changed."""
    text = RECIPES[0].make(random, source.text, "")
    return Altered("moved address", source.key, text, source.lang, source.at + timedelta(days=9),
                   frozenset({CopyKind.REPOST}), address_of(source.key, "new.example"))  # fmt: skip


def host_of(key: str) -> str:
    """Return a site for a text: its publisher, or its topic, whose outlets nobody names."""
    name = key.split("/")
    return f"{name[2].partition('_')[0] if name[0] == 'articles' else name[0]}.example"


def address_of(key: str, host: str) -> str:
    """Return an address that tells nothing of what stands there."""
    return f"https://{host}/{sha256(key.encode()).hexdigest()[:20]}"


def load_translations(corpora: Path) -> Iterator[tuple[Source, Altered]]:
    """Yield each parallel document in one language, and its translation a day later."""
    for line in (corpora / "parallel" / "documents.jsonl").read_text("utf-8").splitlines():
        pair = json.loads(line)
        random = Random(f"{SEED}/{pair['id']}")  # noqa: S311 - a fixed draw
        first, second = random.sample(("fr", "en"), 2)
        at = datetime(2011, 3, 1, tzinfo=UTC) + timedelta(hours=random.randrange(24 * 300))
        key = f"parallel/{pair['id']}"
        later = at + timedelta(hours=random.randrange(1, 48))
        kinds = frozenset({CopyKind.TRANSLATION})
        yield (
            Source(key, pair[first], first, at),
            Altered("translation", key, pair[second], second, later, kinds),
        )


class Half(NamedTuple):
    """One half of the texts, and the copies made of them."""

    name: str
    sources: Sequence[Source]
    copies: Sequence[Altered]


def split(corpora: Path, *, quick: bool) -> list[Half]:
    """Return both halves; of the copies one in five where it must be quick."""
    sources, translated = list(load_sources(corpora)), list(load_translations(corpora))
    halves = []
    for name in ("developed", "reported"):
        own = [one for one in sources if half_of(one.key) == name]
        pairs = [pair for pair in translated if half_of(pair[0].key) == name]
        copies = [*alter(own), *(copy for _, copy in pairs)]
        chosen = Random(SEED).sample(copies, len(copies) // 5) if quick else copies  # noqa: S311
        halves.append(Half(name, [*own, *(one for one, _ in pairs)], chosen))
    return halves


def load_labels() -> frozenset[frozenset[str]]:
    """Return the pairs of the timelines in which one text is used again, as they were labelled."""
    return frozenset(frozenset(pair) for pair in json.loads(LABELS.read_text("utf-8")))


def group_labels(pairs: frozenset[frozenset[str]]) -> dict[str, str]:
    """Return for each text of the labelled pairs the first of those that repeat one another."""
    groups: dict[str, str] = {}
    for pair in sorted(map(sorted, pairs)):
        first, second = (groups.get(one, one) for one in pair)
        low, high = sorted((first, second))
        groups |= dict.fromkeys(pair, low)
        groups |= {one: low for one, group in groups.items() if group == high}
    return groups
