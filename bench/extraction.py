"""Extraction beside trafilatura and newspaper4k: quality against hand-made truth, and speed.

Every reader gets the same bytes in the same run, on one core. Peers are timed on the body alone,
which is less than Vigie does. Nothing here writes to the corpora.
"""

import gzip
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
import newspaper
import trafilatura
from trafilatura.settings import Document

from bench.leaks import find_leaks
from bench.rows import Row
from bench.shingles import compare, f1
from crawler.reading import read_html
from model.errors import CrawlError

STAGE = "extraction"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A stored page and what is true of it; phrases stand for a body in `trafilatura-fr`."""

    html: bytes
    url: str
    body: str = ""
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader made of one page."""

    text: str = ""
    title: str = ""
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """One way to read pages: all it can say, and the part that is timed."""

    name: str
    read: Callable[[Page], Found]
    timed: Callable[[Page], object]


class _Truth(msgspec.Struct):
    file: str
    url: str
    title: str | None = None
    published: str | None = None
    authors: list[str] | None = None
    body: str = ""
    must: list[str] = msgspec.field(default_factory=list, name="with")
    must_not: list[str] = msgspec.field(default_factory=list, name="without")


class _Zyte(msgspec.Struct, rename="camel"):
    article_body: str
    url: str


def bench_extraction(shared: Path) -> list[Row]:
    """Return quality and speed of Vigie beside its peers on every set that is there."""
    logging.disable(logging.ERROR)
    rows: list[Row] = []
    for name, (folder, load) in _SETS.items():
        if (path := shared / "corpora" / folder).is_dir():
            rows.extend(_rows(name, list(load(path))))
    logging.disable(logging.NOTSET)
    return rows


def missing_sets(shared: Path) -> tuple[str, ...]:
    """Return the names of the sets that are absent."""
    return tuple(
        name for name, (folder, _) in _SETS.items() if not (shared / "corpora" / folder).is_dir()
    )


def measure_vigie(shared: Path, name: str) -> dict[str, float]:
    """Return the quality of Vigie alone on one set."""
    folder, load = _SETS[name]
    pages = list(load(shared / "corpora" / folder))
    return _quality(pages, [_read_vigie(page) for page in pages])


def _rows(name: str, pages: Sequence[Page]) -> Iterator[Row]:
    ours, *peers = (_measure(reader, pages) for reader in READERS)
    for peer, measures in zip(READERS[1:], peers, strict=True):
        for measure, value in ours.items():
            theirs = measures[measure]
            yield Row(
                stage=STAGE,
                set=name,
                measure=measure,
                vigie=value,
                peer=peer.name,
                peer_value=theirs,
                ratio=value / theirs if theirs else 0.0,
            )


def _measure(reader: Reader, pages: Sequence[Page]) -> dict[str, float]:
    found = [reader.read(page) for page in pages]
    start = time.process_time()
    for page in pages:
        reader.timed(page)
    speed = len(pages) / (time.process_time() - start)
    return {**_quality(pages, found), "pages/CPU s": speed}


def _quality(pages: Sequence[Page], found: Sequence[Found]) -> dict[str, float]:
    pairs = list(zip(pages, found, strict=True))
    leaks = float(sum(len(find_leaks(got.text, p.body, p.phrases)) for p, got in pairs))
    if pages[0].phrases:
        return {"phrase F1": _phrase_f1(pairs), "furniture": leaks}
    bodies = f1(compare(page.body, got.text) for page, got in pairs)
    quality = {"body F1": bodies, "furniture": leaks}
    if pages[0].title is not None:
        quality["title right"] = _share(_is_title(page, got) for page, got in pairs)
        quality["date right"] = _share(_is_date(page, got) for page, got in pairs)
        quality["authors F1"] = _authors_f1(pairs)
    return quality


def _share(verdicts: Iterator[bool]) -> float:
    counted = list(verdicts)
    return sum(counted) / len(counted)


def _phrase_f1(pairs: Sequence[tuple[Page, Found]]) -> float:
    kept = sum(phrase in got.text for page, got in pairs for phrase in page.phrases)
    leaked = sum(phrase in got.text for page, got in pairs for phrase in page.furniture)
    wanted = sum(len(page.phrases) for page, _ in pairs)
    return 2 * kept / (kept + leaked + wanted)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _is_title(page: Page, got: Found) -> bool:
    return _plain(page.title or "") == _plain(got.title)


def _is_date(page: Page, got: Found) -> bool:
    """Tell whether the date is the same instant, or the same day on either's clock."""
    if got.published_at is None:
        return False
    true, at = _aware(datetime.fromisoformat(page.published or "")), _aware(got.published_at)
    return at == true or true.date() in {at.date(), at.astimezone(true.tzinfo).date()}


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _authors_f1(pairs: Sequence[tuple[Page, Found]]) -> float:
    sets = [
        ({_plain(name) for name in page.authors}, {_plain(name) for name in got.authors})
        for page, got in pairs
    ]
    named = sum(len(true) + len(got) for true, got in sets)
    return 2 * sum(len(true & got) for true, got in sets) / named if named else 0.0


def _load_articles(folder: Path) -> Iterator[Page]:
    for line in (folder / "truth.jsonl").read_bytes().splitlines():
        truth = msgspec.json.decode(line, type=_Truth)
        yield Page(
            html=gzip.decompress((folder / truth.file).read_bytes()),
            url=truth.url,
            body=truth.body,
            title=truth.title,
            published=truth.published,
            authors=tuple(truth.authors or ()),
        )


def _load_zyte(folder: Path) -> Iterator[Page]:
    truths = msgspec.json.decode((folder / "ground-truth.json").read_bytes(), type=dict[str, _Zyte])
    for name, truth in truths.items():
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Page(html=html, url=truth.url, body=truth.article_body)


def _load_phrases(folder: Path) -> Iterator[Page]:
    for line in (folder / "truth.jsonl").read_bytes().splitlines():
        truth = msgspec.json.decode(line, type=_Truth)
        yield Page(
            html=(folder / truth.file).read_bytes(),
            url=truth.url,
            phrases=tuple(truth.must),
            furniture=tuple(truth.must_not),
        )


def _load_french(folder: Path) -> Iterator[Page]:
    return (page for page in _load_articles(folder) if _IS_FRENCH.search(page.html[:4000]))


_IS_FRENCH = re.compile(rb"<html[^>]{0,400}\blang=[\"']?fr", re.IGNORECASE)
_SETS: dict[str, tuple[str, Callable[[Path], Iterator[Page]]]] = {
    "articles": ("articles", _load_articles),
    "articles, French": ("articles", _load_french),
    "extraction-benchmark": ("extraction-benchmark", _load_zyte),
    "trafilatura-fr": ("trafilatura-fr", _load_phrases),
}


def _read_vigie(page: Page) -> Found:
    try:
        reading = read_html(page.html, page.url)
    except CrawlError:
        return Found()
    return Found(
        text=reading.text,
        title=reading.title,
        published_at=reading.published_at,
        authors=reading.authors,
    )


def _read_trafilatura(page: Page, *, fast: bool) -> Found:
    document = trafilatura.bare_extraction(page.html, url=page.url, fast=fast, with_metadata=True)
    if not isinstance(document, Document):
        return Found()
    return Found(
        text=document.text or "",
        title=document.title or "",
        published_at=datetime.fromisoformat(document.date) if document.date else None,
        authors=tuple((document.author or "").split("; ")) if document.author else (),
    )


def _read_newspaper(page: Page) -> Found:
    article = newspaper.Article(page.url, fetch_images=False)
    try:
        article.download(input_html=page.html.decode("utf-8", "replace"))
        article.parse()
    except (newspaper.exceptions.ArticleException, ImportError, ValueError, AttributeError):
        return Found()
    return Found(
        text=article.text or "",
        title=article.title or "",
        published_at=article.publish_date,
        authors=tuple(article.authors or ()),
    )


READERS = (
    Reader(name="vigie", read=_read_vigie, timed=_read_vigie),
    Reader(
        name="trafilatura",
        read=lambda page: _read_trafilatura(page, fast=False),
        timed=lambda page: trafilatura.extract(page.html, url=page.url),
    ),
    Reader(
        name="trafilatura fast",
        read=lambda page: _read_trafilatura(page, fast=True),
        timed=lambda page: trafilatura.extract(page.html, url=page.url, fast=True),
    ),
    Reader(name="newspaper4k", read=_read_newspaper, timed=_read_newspaper),
)


def main(shared: Path) -> None:
    """Print the table of this stage and what is absent."""
    for row in bench_extraction(shared):
        click.echo(
            f"{row.set:22}{row.measure:14}{row.vigie:9.3f}  {row.peer:18}{row.peer_value:9.3f}"
            f"  ×{row.ratio:.2f}"
        )
    for name in missing_sets(shared):
        click.echo(f"{name}: absent from {shared / 'corpora'}, not measured")


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[1].parent / "shared")
