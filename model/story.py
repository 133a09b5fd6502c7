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
    REPOST = "repost"


class Direction(StrEnum):
    """By what it is known which of two texts repeats the other."""

    PUBLISHED = "published"
    CREDITED = "credited"
    SEEN = "seen"
    UNKNOWN = "unknown"


class SharedRun(msgspec.Struct, frozen=True):
    """A passage that both texts hold: its place in the copy, then in what it repeats."""

    start: int
    end: int
    of_start: int
    of_end: int


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """Article `article` repeats the text of article `of`.

    `score` is the shared part of the shorter text, 0 to 1, `share` that of the copy itself;
    `evidence` is a passage or a list of what both hold, `runs` tells where both hold the longest
    passages, `facts` are the names, dates and numbers they share.
    """

    article: int
    of: int
    kind: CopyKind
    score: float
    evidence: str
    share: float = 1.0
    runs: tuple[SharedRun, ...] = ()
    facts: tuple[str, ...] = ()
    direction: Direction = Direction.UNKNOWN


class OriginBy(StrEnum):
    """By what it is known who was first to tell a story."""

    REPEATED = "repeated"
    CREDITED = "credited"
    UNKNOWN = "unknown"


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an article names as its source, at a place in its text.

    `said` where the words can only mean a publication (an inquiry of X, X revealed); else `name`
    is one only if it is known to be. `of` is the article meant, where its story holds it.
    """

    article: int
    name: str
    start: int
    end: int
    said: bool = False
    of: int | None = None


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Articles on one development, the earliest first.

    `origin` is the article that was first, None when none can be shown; `origin_name` is whom
    others credit where nothing of theirs is held. Copies of one text and articles of one site are
    one independent source; `carriers` are the sites.
    """

    id: int
    title: str
    first_at: datetime
    last_at: datetime
    articles: tuple[int, ...]
    independent_sources: int
    origin: int | None = None
    origin_by: OriginBy = OriginBy.UNKNOWN
    origin_name: str = ""
    carriers: int = 0
    credits: tuple[Credit, ...] = ()


class StoryMember(msgspec.Struct, frozen=True, kw_only=True):
    """An article of a story as the story is summed up."""

    article: int
    at: datetime
    published_at: datetime | None
    site: str
    title: str
    copy_group: int


class StoryDecisionKind(StrEnum):
    """What a person can decide about an article and a story."""

    LEAVE = "leave"
    JOIN = "join"


class StoryDecision(msgspec.Struct, frozen=True, kw_only=True):
    """An article was taken out of a story, or put beside the article `beside`.

    `members` are the other articles of the story it was in.
    """

    id: int
    what: StoryDecisionKind
    article: int
    beside: int | None
    members: tuple[int, ...]
    made_at: datetime
    undone_at: datetime | None = None
