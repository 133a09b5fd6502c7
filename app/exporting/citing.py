"""What is cited of an article: its kind, its people, its days, its proof; and its key.

It knows no format of bibliographies, and gives only text that each of them can hold on one line.
"""

import hashlib
import re
from datetime import date

import msgspec

from app.exporting.people import Name, split_name
from crawler.addresses import site_of
from store.exports import Exported

MAX_TITLE = 1_000
MAX_SUMMARY = 5_000
MAX_NAME = 300

NEWS, WEB, REPORT = "news", "web", "report"

# no letters: controls, halves of characters, what turns a line round, what no file should hold
_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]+"
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|odt|rtf)(?:[?#]|\Z)", re.I)


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """What a bibliography says of one article, each text fit for one line.

    `kind` is `news`, `web` or `report`. `on` is its day, None where it has none. `accessed_on`
    is the day, in UTC, of the capture that the text comes from, None where it was imported: nobody
    saw its page. `proof` says which bytes that was, `archived` their hash as `sha256:…`; both are
    empty where there are none.
    """

    key: str
    kind: str
    title: str
    people: tuple[Name, ...]
    outlet: str
    on: date | None
    url: str
    accessed_on: date | None
    lang: str
    summary: str
    archived: str
    proof: str
    tags: tuple[str, ...]


def cite(article: Exported) -> Cited:
    """Return what is cited of an article."""
    outlet = one_line(article.outlet, MAX_NAME)
    return Cited(
        key=citation_key(article.url),
        kind=_kind(article),
        title=one_line(article.title, MAX_TITLE) or one_line(article.url, MAX_TITLE),
        people=tuple(
            split_name(name, outlet)
            for author in article.authors
            if (name := one_line(author, MAX_NAME))
        ),
        outlet=outlet,
        on=None if article.dated_in_future else article.published_on,
        url=_address(article.url),
        accessed_on=None
        if article.imported_from
        else (article.captured_at or article.seen_at).date(),
        lang=article.lang if re.fullmatch(r"[a-z]{2,3}", article.lang) else "",
        summary=one_line(article.summary, MAX_SUMMARY),
        archived=f"sha256:{article.capture_sha256}" if article.capture_sha256 else "",
        proof=_proof(article),
        tags=tuple(tag for one in article.tags if (tag := one_line(one, MAX_NAME))),
    )


def citation_key(url: str) -> str:
    """Return the key of an article: its site and the start of the SHA-256 of its address.

    Neither its title, its date nor its place in a file changes it, and another store gives the
    same.
    """
    site = re.sub(r"[^a-z0-9]+", "-", site_of(url)).strip("-")[:40].strip("-")
    return f"{site or 'file'}-{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}"


def one_line(text: str, length: int) -> str:
    """Return a text on one line without what is no letter, cut at a word to so many characters."""
    head = text[: 4 * length]
    line = " ".join(_UNFIT.sub(" ", head).split())
    if len(line) <= length and len(head) == len(text):
        return line
    cut = line[: length - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[length // 2 :] else cut}…"


def _kind(article: Exported) -> str:
    is_document = article.kind == "document" or "pages" in article.details
    if is_document or _DOCUMENT.search(article.url):
        return REPORT
    return NEWS if article.published_on and not article.dated_in_future else WEB


def _address(url: str) -> str:
    """Return an address without what would end it in one of the formats."""
    return "" if url.startswith("urn:") else "%20".join(_UNFIT.sub(" ", url).split())


def _proof(article: Exported) -> str:
    if not article.capture_sha256 or article.captured_at is None:
        return ""
    at = article.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    what = "Imported record" if article.imported_from else "Archived copy"
    return f"{what} {at}, SHA-256 {article.capture_sha256}"
