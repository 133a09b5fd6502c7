"""A text as copies are looked for, and what two of them share. Nothing here compares them."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from model.story import CopyKind, SharedRun
from nlp.vectors import Vectors

Embed = Callable[[Sequence[str]], Vectors]

LEAST_WORDS = 25
"""A shorter text repeats too little to be called a copy."""
MAX_FACTS = 20


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """An article's text as copies are looked for; paragraphs are joined by a newline.

    `group` is that of the articles known to repeat one text, 0 for one that is not known yet.
    """

    article: int
    text: str
    url: str = ""
    lang: str = ""
    site: str = ""
    published_at: datetime | None = None
    seen_at: datetime | None = None
    group: int = 0


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one text shares with another, before anybody says which came first."""

    kind: CopyKind
    score: float
    share: float
    evidence: str
    runs: tuple[SharedRun, ...] = ()
