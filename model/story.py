"""Which articles repeat one text and which tell one development.

Nothing here compares texts.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class CopyKind(StrEnum):
    """How one text repeats another."""

    VERBATIM = "verbatim"
    AGENCY = "agency"
    EXCERPT = "excerpt"
    REWRITE = "rewrite"
    TRANSLATION = "translation"


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """Article `article` repeats the text of article `of`.

    `score` is the shared part of the shorter text, 0 to 1; `evidence` is a passage or a list of
    names, dates and numbers that both hold.
    """

    article: int
    of: int
    kind: CopyKind
    score: float
    evidence: str


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Articles on one development, the earliest first; `origin` is None when none can be shown."""

    id: int
    title: str
    first_at: datetime
    last_at: datetime
    articles: tuple[int, ...]
    independent_sources: int
    origin: int | None = None
