"""Memory with everything loaded: store, watch list, language, both models, encoder, and at work.

One process of its own does what a pass does with real articles and tells after each part how much
it has held at most; two more load the two models as spaCy does by itself, or nothing at all. The
bound is a gigabyte. It never writes to the corpora.
"""

import gzip
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.rows import Row

if TYPE_CHECKING:
    from store import Store

ROOT = Path(__file__).resolve().parents[1]
TOPICS = ("fr-libya", "en-libya")
ARTICLES, QUICK_ARTICLES = 300, 60
BOUND_MB = 1_024.0
BOUND, SPACY, BARE = "the bound", "both models as spaCy loads them", "Python alone"
LONG_TEXT_PARAGRAPHS = 400


class Held(msgspec.Struct, frozen=True):
    """What a process had held at most when something was done."""

    done: str
    peak_mb: float


def bench_memory(shared: Path, *, quick: bool) -> list[Row]:
    """Return the most that was held after each part, beside the bound and beside spaCy alone."""
    folder = shared / "corpora" / "timelines"
    if not all((folder / topic).is_dir() for topic in TOPICS):
        return []
    count = QUICK_ARTICLES if quick else ARTICLES
    steps = _ask("vigie", folder, count)
    (alone,), (bare,) = _ask("spacy", folder, count), _ask("bare", folder, count)
    models = next(step for step in steps if step.done == "both models")
    return [
        *(_row(step, BOUND, BOUND_MB) for step in steps),
        _row(models, SPACY, alone.peak_mb),
        _row(steps[-1], BARE, bare.peak_mb),
    ]


def _ask(program: str, folder: Path, count: int) -> list[Held]:
    """Return what a fresh process tells of itself."""
    asked = [sys.executable, "-m", "bench.memory", program, str(folder), str(count)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(asked, check=True, env=environment, cwd=ROOT, stdout=subprocess.PIPE)
    return msgspec.json.decode(told.stdout, type=list[Held])


def _row(step: Held, peer: str, peer_mb: float) -> Row:
    return Row(
        stage="memory",
        set=step.done,
        measure="MB held at most",
        vigie=step.peak_mb,
        peer=peer,
        peer_value=peer_mb,
        ratio=step.peak_mb / peer_mb,
        loses=peer != BARE and step.peak_mb > peer_mb,
    )


# In a process of its own


def peak_mb() -> float:
    """Return the most this process has held, in MB; not what its parent had held."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _work(folder: Path, count: int) -> Iterator[Held]:
    """Do what a pass does, one part after another."""
    from app.rule_trial import RuleTrial
    from app.steps.processing import process_kept
    from app.steps.relevance import Rule
    from model.config import load_config
    from nlp.language import detect_language
    from nlp.models import load_pipeline
    from nlp.tagging import Tagger
    from nlp.vectors import embed
    from store import open_store

    config = load_config(ROOT / "config.toml")
    with tempfile.TemporaryDirectory() as data, open_store(Path(data)) as store:
        yield Held("store", peak_mb())
        tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
        rule = Rule(config, tagger)
        tagger.find_listed("La CNIL contrôle.")
        yield Held("watch list and rule", peak_mb())
        detect_language("La CNIL contrôle le port depuis hier matin.")
        yield Held("language", peak_mb())
        for name in config.nlp.models.values():
            load_pipeline(name)
        yield Held("both models", peak_mb())
        embed(["La CNIL contrôle."])
        yield Held("encoder", peak_mb())
        _keep(store, folder, count)
        process_kept(store, tagger, _now, _tell_nobody)
        yield Held(f"{count} articles processed", peak_mb())
        RuleTrial(rule, rule, {}).run(store, ("", ""), 1_000, _tell_nobody)
        yield Held("a rule tried", peak_mb())
        _keep_long(store, folder)
        process_kept(store, tagger, _now, _tell_nobody)
        yield Held("two articles of 400 paragraphs", peak_mb())


def _keep(store: "Store", folder: Path, count: int) -> None:
    for topic in TOPICS:
        for number, text in enumerate(read_articles(folder / topic, count // len(TOPICS))):
            _keep_one(store, f"https://{topic}.example/{number}", text, topic[:2])


def _keep_long(store: "Store", folder: Path) -> None:
    for topic in TOPICS:
        paragraphs = [
            p for text in read_articles(folder / topic, 100) for p in text.split("\n") if p
        ]
        long = "\n".join(paragraphs[:LONG_TEXT_PARAGRAPHS])
        _keep_one(store, f"https://{topic}.example/long", long, topic[:2])


def _keep_one(store: "Store", url: str, text: str, lang: str) -> None:
    from model.article import Reading

    reading = Reading(
        url=url, canonical_url=url, title=text[:80], text=text, site=url.split("/")[2], lang=lang
    )
    store.keep(reading, relevant=True, reasons=("bench",), now=_now())


def read_articles(folder: Path, count: int) -> Iterator[str]:
    """Yield the first texts of a topic."""
    with gzip.open(folder / "articles.jsonl.gz", "rb") as lines:
        for _, line in zip(range(count), lines, strict=False):
            yield msgspec.json.decode(line)["text"]


def _now() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


def _tell_nobody(*_: object) -> None:
    """Show no progress."""


def _load_alone(*_: object) -> Iterator[Held]:
    import spacy

    from model.config import NlpSettings

    loaded = [spacy.load(name) for name in NlpSettings().models.values()]
    yield Held(f"{len(loaded)} models", peak_mb())


def _do_nothing(*_: object) -> Iterator[Held]:
    yield Held("nothing", peak_mb())


PROGRAMS: dict[str, Callable[[Path, int], Iterator[Held]]] = {
    "vigie": _work,
    "spacy": _load_alone,
    "bare": _do_nothing,
}


def _main(program: str, folder: str, count: str) -> None:
    steps = list(PROGRAMS[program](Path(folder), int(count)))
    sys.stdout.write(msgspec.json.encode(steps).decode())


if __name__ == "__main__":
    _main(*sys.argv[1:])
