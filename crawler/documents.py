"""Documents (PDF, DOCX, ODT) to readings: text page by page, title, authors, dates, language.

It guesses at no words in a picture, and it is to be called in a worker of `bounded`: a document
can be built to take any memory and time.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from crawler.addresses import canonical_or_same, site_of
from crawler.authors import clean_authors, newsrooms
from crawler.office import is_office, parse_office
from crawler.paging import join_pages
from crawler.pdf import MIN_CHARS_A_PAGE, Document, is_pdf, parse_pdf
from crawler.times import Moment, parse_time, zone_of
from model.article import PAGE_BREAK, Reading
from model.errors import ExtractError
from model.source import DateSource, Entry

__all__ = ["Document", "is_document", "is_pdf", "read_document"]

_UNTITLED = re.compile(
    r"^(?:untitled|sans titre|microsoft word.*|document\d*|.*\.(?:docx?|pdf|indd|odt))$", re.I
)
_MIN_TITLE, _MAX_TITLE = 10, 300
_DATED_LINES, _DATED_CHARS = 40, 80
# the date of another text that is cited: "loi n° 78-17 du 6 janvier 1978"
_CITES = re.compile(
    r"\b(?:loi|décret|arrêté|ordonnance|délibération|règlement|directive|code|vu|act|article)\b",
    re.I,
)
_PRINTED_DATE = re.compile(
    r"\b\d{1,2}(?:er|st|nd|rd|th)?\s+[^\W\d_]{3,10}\.?\s+\d{4}\b"
    r"|\b[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b"
)


def is_document(body: bytes) -> bool:
    """Tell whether the bytes are a PDF or a text document of an office."""
    return is_pdf(body) or is_office(body)


def read_document(body: bytes, url: str, *, entry: Entry | None = None) -> Reading:
    """Return what a document says: text with page breaks, title, author and dates it declares.

    In the reading's details, `pages` counts the file's pages, `pages_read` those that were read
    when not all were, and `scanned_pages` names those that are pictures without text.

    Raises ExtractError when it is encrypted, damaged, scanned, or too large.
    """
    try:
        if is_pdf(body):
            document = parse_pdf(body)
            pages = join_pages(document.pages)
        else:
            document = parse_office(body)
            pages = list(document.pages)
    except ValueError as error:
        raise ExtractError(url, str(error)) from error
    if document.scanned and sum(map(len, pages)) < MIN_CHARS_A_PAGE * len(pages):
        raise ExtractError(url, "the document is scanned: its pages are pictures without text")
    if not any(page.strip() for page in pages):
        raise ExtractError(url, "the document is scanned or empty: its pages hold no text")
    return _reading(document, pages, url, entry)


def _reading(document: Document, pages: list[str], url: str, entry: Entry | None) -> Reading:
    lang = document.lang[:2].lower() or (entry.lang if entry else None)
    moment, source = _published(document, pages[0], entry)
    return Reading(
        url=url,
        canonical_url=canonical_or_same(url),
        title=_title(document, entry, pages),
        text=PAGE_BREAK.join(pages),
        authors=_authors(document.authors),
        summary=entry.summary if entry else "",
        published_at=_local(moment, url, lang),
        published_precision=moment.precision if moment else "second",
        date_source=source,
        modified_at=document.modified_at,
        lang=lang,
        site=site_of(url),
        details=_details(document),
    )


def _authors(declared: Sequence[str]) -> tuple[str, ...]:
    """Return who signs a document: people, or the body in whose name it is written.

    One word alone is more often the account of a machine than a body.
    """
    return clean_authors(declared) or newsrooms(name for name in declared if " " in name.strip())


def _local(moment: Moment | None, url: str, lang: str | None) -> datetime | None:
    if moment is None or moment.precision == "day":
        return moment.at if moment else None
    return moment.at.astimezone(zone_of(url, lang))


def _published(
    document: Document, first_page: str, entry: Entry | None
) -> tuple[Moment | None, DateSource | None]:
    """Return when a document appeared: by its source, by the file, or as printed on top of it."""
    if entry and entry.published_at:
        return Moment(entry.published_at, "second"), DateSource.FEED
    if document.created_at:
        return Moment(document.created_at, "second"), DateSource.META
    printed = _printed_date(first_page)
    return printed, DateSource.TEXT if printed else None


def _printed_date(page: str) -> Moment | None:
    """Return the date on a short line near the top that names no other text by its date."""
    for line in page.split("\n")[:_DATED_LINES]:
        found = _PRINTED_DATE.search(line) if len(line) <= _DATED_CHARS else None
        if found and not _CITES.search(line[: found.start()]):
            moment = parse_time(found[0], UTC)
            if moment and moment.precision == "day":
                return moment
    return None


def _title(document: Document, entry: Entry | None, pages: Sequence[str]) -> str:
    declared = document.title.strip()
    if declared and not _UNTITLED.match(declared):
        return declared
    if entry and entry.title:
        return entry.title
    if _MIN_TITLE <= len(document.heading) <= _MAX_TITLE:
        return document.heading
    lines = (line.strip() for page in pages for line in page.split("\n"))
    return next((line for line in lines if len(line) > _MIN_TITLE), "")[:_MAX_TITLE]


def _details(document: Document) -> dict[str, str]:
    details = {"pages": str(document.page_count)} if document.page_count else {}
    if len(document.pages) < document.page_count:
        details["pages_read"] = str(len(document.pages))
    if document.scanned:
        details["scanned_pages"] = spell_ranges(document.scanned)
    return details


def spell_ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers in short: `3, 7-9`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges)
