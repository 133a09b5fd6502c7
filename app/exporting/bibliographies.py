"""Articles as RIS, BibTeX and CSL-JSON, for Zotero and its like.

No text of a site can end a field, an entry or the file: each stands on one line, escaped as its
format wants. It opens no file and asks the store nothing.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from app.exporting.citing import NEWS, REPORT, WEB, Cited, cite
from app.exporting.people import Name
from store.exports import Exported


def _iso(on: date | None) -> str:
    return "" if on is None else on.isoformat()


# --- RIS

_RIS_TYPES = {NEWS: "NEWS", WEB: "ELEC", REPORT: "RPRT"}


def write_ris(articles: Iterable[Exported], out: BinaryIO) -> None:
    """Write one RIS record an article."""
    for article in articles:
        lines = (f"{tag}  - {value}\r\n" for tag, value in _ris_lines(cite(article)) if value)
        out.write(f"{''.join(lines)}ER  - \r\n\r\n".encode())


def _ris_lines(cited: Cited) -> Iterator[tuple[str, str]]:
    """Yield the tags of a record and their values; an empty one is not written."""
    yield "TY", _RIS_TYPES[cited.kind]
    yield "ID", cited.key
    yield "TI", cited.title
    for name in cited.people:
        yield "AU", f"{name.family}, {name.given}" if name.family else name.literal
    yield "PB" if cited.kind == REPORT else "T2", cited.outlet
    yield "PY", _iso(cited.on)[:4]
    yield "DA", _iso(cited.on).replace("-", "/")
    yield "Y2", _iso(cited.accessed_on).replace("-", "/")
    yield "LA", cited.lang
    # a semicolon would part two addresses
    yield "UR", cited.url.replace(";", "%3B")
    yield "AB", cited.summary
    for tag in cited.tags:
        yield "KW", tag
    yield "AV", cited.archived
    yield "N1", cited.proof


# --- BibTeX

_BIB_TYPES = {NEWS: "article", WEB: "online", REPORT: "techreport"}
_BIB_OUTLET = {NEWS: "journal", WEB: "organization", REPORT: "institution"}
_LANGUAGES = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "nl": "dutch", "pt": "portuguese",
}  # fmt: skip
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# a brace counts even behind a backslash, so each is spelt by its name
_TEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_TEX_TABLE = str.maketrans(_TEX)


def write_bibtex(articles: Iterable[Exported], out: BinaryIO) -> None:
    """Write one entry of BibTeX (with the fields of biblatex) an article."""
    for article in articles:
        cited = cite(article)
        fields = "".join(
            f"  {name} = {value},\n" for name, value in _bib_fields(cited) if value != "{}"
        )
        out.write(f"@{_BIB_TYPES[cited.kind]}{{{cited.key},\n{fields}}}\n\n".encode())


def _bib_fields(cited: Cited) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry and their values in braces; an empty one is not written."""
    yield "title", f"{{{{{escape_tex(cited.title)}}}}}"
    yield "author", f"{{{' and '.join(map(_bib_name, cited.people))}}}"
    yield _BIB_OUTLET[cited.kind], f"{{{_whole(cited.outlet)}}}"
    yield "year", f"{{{_iso(cited.on)[:4]}}}"
    yield "month", "{}" if cited.on is None else _MONTHS[cited.on.month - 1]
    yield "date", f"{{{_iso(cited.on)}}}"
    yield "url", f"{{{_bib_address(cited.url)}}}"
    yield "urldate", f"{{{_iso(cited.accessed_on)}}}"
    yield "langid", f"{{{_LANGUAGES.get(cited.lang, '')}}}"
    yield "language", f"{{{cited.lang}}}"
    yield "keywords", f"{{{', '.join(_keyword(tag) for tag in cited.tags)}}}"
    yield "abstract", f"{{{escape_tex(cited.summary)}}}"
    yield "note", f"{{{escape_tex(cited.proof)}}}"


def escape_tex(text: str) -> str:
    """Return a text that TeX prints as it is, with every brace paired."""
    return text.translate(_TEX_TABLE)


def _whole(text: str) -> str:
    """Return a name that stays one and keeps its capitals, or nothing."""
    return f"{{{escape_tex(text)}}}" if text else ""


def _bib_name(name: Name) -> str:
    if not name.family:
        return _whole(name.literal)
    return f"{escape_tex(name.family)}, {escape_tex(name.given)}"


def _keyword(tag: str) -> str:
    return _whole(tag) if "," in tag else escape_tex(tag)


def _bib_address(url: str) -> str:
    """Return an address as it is, but for what would end its field."""
    return re.sub(r'[\\{}^"<>|`\s]', lambda unfit: quote(unfit[0], safe=""), url)


# --- CSL-JSON

_CSL_TYPES = {NEWS: "article-newspaper", WEB: "webpage", REPORT: "report"}


def write_csl(articles: Iterable[Exported], out: BinaryIO) -> None:
    """Write a list of items of CSL-JSON, one a line."""
    opening = b"[\n"
    for article in articles:
        out.write(opening + msgspec.json.encode(_csl_item(cite(article))))
        opening = b",\n"
    out.write(b"[]\n" if opening == b"[\n" else b"\n]\n")


def _csl_item(cited: Cited) -> dict[str, Any]:
    item = {
        "id": cited.key,
        "type": _CSL_TYPES[cited.kind],
        "title": cited.title,
        "author": [_csl_name(name) for name in cited.people],
        "publisher" if cited.kind == REPORT else "container-title": cited.outlet,
        "issued": cited.on and _csl_date(cited.on),
        "accessed": cited.accessed_on and _csl_date(cited.accessed_on),
        "URL": cited.url,
        "language": cited.lang,
        "abstract": cited.summary,
        "keyword": ", ".join(cited.tags),
        "archive_location": cited.archived,
        "note": cited.proof,
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if not name.family:
        return {"literal": name.literal}
    return {"family": name.family, "given": name.given}


def _csl_date(on: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[on.year, on.month, on.day]]}
