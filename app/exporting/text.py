"""Texts of strangers as XML, HTML and calendars can hold them, and ids that last.

It opens no file and asks the store nothing.
"""

import re
from html import escape
from uuid import UUID, uuid5

import msgspec

from model.article import PAGE_BREAK

REPLACED = "\ufffd"

# https://www.w3.org/TR/xml/#charsets, without the controls of ISO 6429 that it advises against
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NAMESPACE = UUID("6f1c9d52-6a0e-5b0b-9d0c-6b7c1f4a7e11")
"""What ids of exports are made under: changing it changes every one of them."""


def fit(text: str) -> str:
    """Return a text that any XML holds: what none can hold becomes U+FFFD, nothing else changes."""
    return _UNFIT.sub(REPLACED, text)


def paragraphs(text: str) -> str:
    """Return a text as paragraphs of HTML in which nothing is markup."""
    lines = fit(text.replace(PAGE_BREAK, "\n")).split("\n")
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())


def lasting_id(*parts: str) -> UUID:
    """Return the id of what these texts tell apart: the same anywhere, at any time."""
    return uuid5(_NAMESPACE, msgspec.json.encode([fit(part) for part in parts]).decode())
