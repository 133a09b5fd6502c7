"""Articles as they are exported, and texts that want to break what they stand in."""

from datetime import UTC, date, datetime
from typing import Any

from store.exports import Exported

AT = datetime(2023, 11, 21, 23, 30, tzinfo=UTC)
ON = date(2023, 11, 22)
SHA256 = "ab" * 32

HOSTILE = {
    "an open brace": "A {brace",
    "a closed brace": "B } close",
    "a field that ends": "} , author = {Forged}, title = {x",
    "an escaped brace": "\\}",
    "what TeX reads": "100 % \\ $ # & _ ^ ~ \\input{/etc/passwd}",
    "an entry of BibTeX": "@article{x, title={y}}",
    "an entry on its own line": "a\n@article{x,\n  title={y}\n}\n",
    "a comment of BibTeX": "@comment{",
    "a macro of BibTeX": '@string{a={b}} # "c" #',
    "a list of names": "Forged, F. and Others, O.",
    "a record of RIS": "line\nER  - \n\nTY  - JOUR\nTI  - forged\nER  - \n",
    "a record of RIS with CR": "a\r\nER  - \r\nTY  - JOUR",
    "a record after a line separator": "a\u2028ER  - \u2028TY  - JOUR",
    "a record after a next line": "a\x85ER  - \x85TY  - JOUR",
    "a record after a form feed": "a\x0b\x0c\x1c\x1d\x1eER  - x",
    "a tag of RIS": "ER  - ",
    "marks of direction": "RTL \u202e\u2067\u200f\u202c mark",
    "a lone surrogate": "lone \ud800 half",
    "NUL": "a\x00b",
    "a million letters": "x" * 1_000_000,
    "a million words": "mot " * 250_000,
    "five hundred braces": "{" * 500,
    "markup": '<i>a</b> <script>alert(1)</script> &amp; "q"',
    "a template": "{{7*7}} %s {0.__class__}",
    "a formula": "=1+1",
    "blanks": " \t ",
    "nothing": "",
    "a conjunction": "and",
    "a comma": ",",
    "other scripts": "é e\u0301 مرحبا 漢字 😀",
}


def make_exported(number: int = 1, **fields: Any) -> Exported:
    """Return an article in which only what matters to a test is said."""
    usual: dict[str, Any] = {
        "article": number,
        "url": f"https://gazette.example/{number}",
        "title": "Le port et ses caméras",
        "outlet": "La Gazette",
        "site": "gazette.example",
        "published_at": AT,
        "published_on": ON,
        "first_seen_at": AT,
        "seen_at": AT,
        "captured_at": AT,
        "capture_sha256": SHA256,
        "capture_url": f"https://gazette.example/{number}",
        "lang": "fr",
        "kind": "feed",
    }
    return Exported(**(usual | fields))
