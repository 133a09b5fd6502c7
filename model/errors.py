"""The error tree, branched by who must act.

It never decides what happens next: commands turn an error's `exit_status` into theirs.
"""

from datetime import datetime
from typing import Any

from model.visible import EXCERPT_COLUMNS, point_at


class VigieError(Exception):
    """The root of every expected failure; its message names the thing, the fact, the remedy."""

    exit_status = 1


class ConfigError(VigieError):
    """The user's configuration or arguments are wrong."""

    exit_status = 2


class QueryError(ConfigError):
    """A query cannot be read.

    `position` is the offset in code points at which reading stopped.
    """

    def __init__(self, query: str, position: int, reason: str) -> None:
        """Keep the query and the place beside the sentence."""
        self.query = query
        self.position = position
        self.reason = reason
        super().__init__("\n  ".join((reason, *self.pointed())))

    def pointed(self, columns: int = EXCERPT_COLUMNS) -> tuple[str, str]:
        """Return the query around the place, and a line with a mark under it."""
        return point_at(self.query, self.position, columns)


class InputError(VigieError):
    """A file given to `import`, `extract` or `tag` cannot be read; the others go on."""

    exit_status = 4

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        """Name the file, its line (from 1, None when it has none) and what is wrong."""
        self.path = path
        self.line = line
        self.reason = reason
        place = path if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}")

    def __reduce__(self) -> tuple[type, tuple[str, int | None, str]]:
        """Say how another process makes the same error."""
        return type(self), (self.path, self.line, self.reason)


class CrawlError(VigieError):
    """Something on the web failed; it is recorded and the run goes on.

    `state` is one word of a closed list (`blocked_address`, `too_large`, `timeout`, `truncated`,
    `http_error`, `unreachable`, `bad_certificate`, `redirects`, `not_a_feed`, `soft_block`,
    `removed`, `extract_failed`, `robots`, `bad_stamp`).
    """

    def __init__(self, url: str, state: str, reason: str) -> None:
        """Keep the address, the state word and the sentence apart."""
        self.url = url
        self.state = state
        self.reason = reason
        super().__init__(f"{url}: {reason}")

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        """Say how another process makes the same error."""
        return type(self), (self.url, self.state, self.reason)


class PutOffError(CrawlError):
    """A host is left in peace for now: what was to be asked of it is asked from `until` on."""

    def __init__(self, url: str, reason: str, until: datetime) -> None:
        """Say why and until when."""
        super().__init__(url, "busy", reason)
        self.until = until

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        """Say how another process makes the same error."""
        return type(self), (self.url, self.reason, self.until)


class ExtractError(CrawlError):
    """A page or document holds no article that can be read."""

    def __init__(self, url: str, reason: str, state: str = "extract_failed") -> None:
        """Say which page and why."""
        super().__init__(url, state, reason)

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        """Say how another process makes the same error."""
        return type(self), (self.url, self.reason, self.state)


class StoreError(VigieError):
    """The database or the disk failed; the run stops and the operator must act."""


class BusyError(StoreError):
    """Another Vigie holds the lock that this command needs."""

    exit_status = 75


class DamageError(StoreError):
    """Stored evidence no longer matches its proof."""

    exit_status = 5


class MissingError(VigieError):
    """What was asked for by its id is not held."""

    exit_status = 2


class DeliveryError(VigieError):
    """A digest could not be handed to the mail server."""
