"""Stories of the invented press beside those its plan tells: B-cubed F1.

The press's articles of the affair are kept, tagged and compared as a pass does it; their plan
(`events` of each) was read by a person, who wrote down which tell one development
(labels/stories.json; whoever is not named there stands alone: explainers, chronologies, the
retrospective). The weights of nlp/retellings/stories.py were chosen looking at both halves of these
labels; chosen on one half alone they reach .82 and .85 on the other. Titles of the real affair
(../shared/affair) come without a text and thus join nothing: the row says so.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.steps.processing import process_kept
from bench.rows import Row
from model.article import Reading
from model.config import load_config
from nlp.tagging import Tagger
from press.catalogue import PressArticle, load_articles
from store import Store, open_store

ROOT = Path(__file__).resolve().parents[1]
LABELS = Path(__file__).parent / "labels" / "stories.json"
AFTER = datetime(2024, 6, 5, tzinfo=UTC)


def bench_stories(shared: Path) -> list[Row]:
    """Return B-cubed F1 of the press's stories and, where they are, of the affair's titles."""
    labels = {key: name for name, keys in json.loads(LABELS.read_text()).items() for key in keys}
    articles = [one for one in load_articles() if one.affair]
    gold = {one.key: labels.get(one.key, one.key) for one in articles}
    told = tell([_reading(one) for one in articles])
    found = {one.key: told[one.url] for one in articles}
    rows = [_row("invented press", found, gold)]
    titles = shared / "affair" / "articles.jsonl"
    if titles.is_file():
        rows.append(_titles_row(titles))
    return rows


def _reading(article: PressArticle) -> Reading:
    return Reading(
        url=article.url,
        canonical_url=article.url,
        title=article.title,
        text="\n".join(text for _, text in article.blocks),
        site=article.host,
        lang=article.lang,
        published_at=article.listed_at,
    )


def tell(readings: Sequence[Reading]) -> dict[str, int]:
    """Return the story that each address tells, found as a pass does it."""
    config = load_config(ROOT / "config.toml")
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    with (
        TemporaryDirectory() as folder,
        open_store(Path(folder), timezone=config.affair.timezone) as store,
    ):
        numbers = {
            reading.url: store.keep(
                reading, relevant=True, reasons=("x",), now=reading.published_at or AFTER
            ).article_id
            for reading in readings
        }
        process_kept(store, tagger, lambda: AFTER, lambda *_: None)
        return _stories(store, numbers)


def _stories(store: Store, numbers: Mapping[str, int]) -> dict[str, int]:
    held = store.stories_by_article(tuple(numbers.values()))
    return {url: held[number] for url, number in numbers.items()}


def _titles_row(path: Path) -> Row:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    gold = {line["id"]: line["event"] or line["id"] for line in lines}
    alone = {line["id"]: line["id"] for line in lines}
    return _row("titles of the affair, without texts: each alone", alone, gold)


def _row(name: str, found: Mapping[str, object], gold: Mapping[str, object]) -> Row:
    value, alone = b_cubed(found, gold), b_cubed({key: key for key in gold}, gold)
    return Row(stage="stories", set=name, measure="B-cubed F1", vigie=value, peer="each alone",
               peer_value=alone, ratio=value / alone)  # fmt: skip


def b_cubed(found: Mapping[str, object], gold: Mapping[str, object]) -> float:
    """Return F1 of how pure and how whole the found groups are, an article at a time.

    Bagga and Baldwin, 1998.
    """
    precision = recall = 0.0
    for key in gold:
        own = {one for one in gold if found[one] == found[key]}
        true = {one for one in gold if gold[one] == gold[key]}
        precision += len(own & true) / len(own)
        recall += len(own & true) / len(true)
    return 2 * precision * recall / (precision + recall) / len(gold)
