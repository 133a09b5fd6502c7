"""tantivy with a schema of its own: stems of both languages, exact words, fast fields.

It stores what a page shows and no more.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import tantivy

from bench.corpus import Article
from bench.search_engines import (
    FACETS,
    MONTH,
    MOST_COUNTED,
    PAGE,
    TOP,
    Answer,
    first_counts,
    folder_bytes,
    local_day,
)
from bench.search_questions import Kind, Question

HEAP_BYTES = 256_000_000
_STEMMERS = {"fr": "french", "en": "english"}
_STEMMED = ("stems_fr", "stems_en")
_EXACT = ("title", "text")


class Tantivy:
    """One index."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        """Take a folder."""
        self._folder = folder

    def build(self, articles: Iterable[Article]) -> None:
        """Add all articles and wait until the segments are merged."""
        writer = self._find_index().writer(heap_size=HEAP_BYTES)
        for article in articles:
            writer.add_document(_document(article))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Open the index."""
        self._schema = _schema()
        self._analyzers = _analyzers()
        self._searcher: Any = self._find_index().searcher()

    def _find_index(self) -> Any:
        """Return the index, made where there is none."""
        index = tantivy.Index(_schema(), path=str(self._folder))
        for lang, analyzer in _analyzers().items():
            index.register_tokenizer(lang, analyzer)
        index.register_tokenizer("exact", _analyzer(None))
        return index

    def ask(self, question: Question) -> Answer:
        """Answer one question."""
        query = self._query(question)
        match question.kind:
            case Kind.DAYS:
                return self._days(query)
            case Kind.FACETS | Kind.ALL_FACETS:
                return self._facets(query)
            case _:
                return self._page(query, newest=question.kind is not Kind.RELEVANCE)

    def _page(self, query: Any, *, newest: bool) -> int:
        order = {"order_by_field": "at"} if newest else {}
        found = self._searcher.search(query, limit=PAGE, count=True, **order)
        for _, address in found.hits:
            self._searcher.doc(address).to_dict()
        return min(int(found.count), MOST_COUNTED)

    def _days(self, query: Any) -> dict[str, int]:
        asked = {"date_histogram": {"field": "day", "fixed_interval": "1d", "min_doc_count": 1}}
        buckets = self._searcher.aggregate(query, {"days": asked})["days"]["buckets"]
        return {each["key_as_string"][:10]: each["doc_count"] for each in buckets}

    def _facets(self, query: Any) -> dict[str, list[int]]:
        asked = {name: {"terms": {"field": name, "size": TOP}} for name in (*FACETS, MONTH)}
        found = self._searcher.aggregate(query, asked)
        return {
            facet: first_counts(each["doc_count"] for each in found[facet]["buckets"])
            for facet in FACETS
        }

    def _query(self, question: Question) -> Any:
        match question.kind:
            case Kind.PHRASE:
                parts = [self._phrase(question.words)]
            case Kind.PREFIX:
                parts = [self._prefix(question.words[0])]
            case _:
                parts = [self._word(word) for word in question.words]
        labels = {"month": question.month, "entity": question.entity}
        parts += [self._term(field, value) for field, value in labels.items() if value]
        if len(parts) == 1:
            return parts[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _word(self, word: str) -> Any:
        """Return what asks two fields: a text holds stems of its own language alone."""
        stems = {
            f"stems_{lang}": analyzer.analyze(word)[0] for lang, analyzer in self._analyzers.items()
        }
        return _any_of([self._term(field, stem) for field, stem in stems.items()])

    def _phrase(self, words: tuple[str, ...]) -> Any:
        return _any_of(
            [tantivy.Query.phrase_query(self._schema, field, list(words)) for field in _EXACT]
        )

    def _prefix(self, start: str) -> Any:
        return _any_of(
            [tantivy.Query.regex_query(self._schema, field, f"{start}.*") for field in _EXACT]
        )

    def _term(self, field: str, value: str) -> Any:
        return tantivy.Query.term_query(self._schema, field, value)

    def size_bytes(self) -> int:
        """Return the size of the index."""
        return folder_bytes(self._folder)

    def close(self) -> None:
        """Let go of the files."""
        self._searcher = None


def _any_of(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("at", fast=True)
    builder.add_date_field("day", fast=True)
    for field in _STEMMED:
        builder.add_text_field(field, tokenizer_name=field[-2:], index_option="freq")
    builder.add_text_field("title", stored=True, tokenizer_name="exact")
    builder.add_text_field("text", tokenizer_name="exact")
    builder.add_text_field("url", stored=True, tokenizer_name="raw", index_option="basic")
    for field in (*FACETS, MONTH):
        builder.add_text_field(
            field, stored=field in ("source", "lang"), fast=True, tokenizer_name="raw",
            index_option="basic",
        )  # fmt: skip
    return builder.build()


def _analyzers() -> dict[str, Any]:
    return {lang: _analyzer(stemmer) for lang, stemmer in _STEMMERS.items()}


def _analyzer(stemmer: str | None) -> Any:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    if stemmer is not None:
        builder = builder.filter(tantivy.Filter.stemmer(stemmer))
    return builder.build()


def _document(article: Article) -> Any:
    day = local_day(article)
    fields: dict[str, Any] = {
        "at": int(article.published_at.timestamp()),
        "title": article.title,
        "text": article.text,
        f"stems_{article.lang}": [article.title, article.text],
        "url": article.url,
        "source": article.source,
        "lang": article.lang,
        "entity": list(article.entities),
        "month": day.isoformat()[:7],
        "access": article.access,
    }
    if article.story is not None:
        fields["story"] = str(article.story)
    document = tantivy.Document(**fields)
    document.add_date("day", datetime.combine(day, time(), UTC))
    return document
