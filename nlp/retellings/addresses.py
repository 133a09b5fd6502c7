"""Whether two addresses are one page that moved. Only they are looked at: nobody is asked."""

import re
from urllib.parse import urlsplit

_VARIANT = re.compile(r"^(?:amp|m|mobile|print|impression)$|\.(?:amp|print)(?=\.|$)")
LEAST_SLUG = 12
"""A shorter last part of a path (`index.html`, `2023`) says nothing."""


def is_moved(one: str, other: str) -> bool:
    """Say whether two addresses look like one page at two places.

    The same site, or the same last part of the path on another: a site that moved, a page for
    telephones or for printing.
    """
    first, second = urlsplit(one), urlsplit(other)
    if not first.hostname or not second.hostname or one == other:
        return False
    if _site(first.hostname) == _site(second.hostname):
        return True
    slugs = _slug(first.path), _slug(second.path)
    return slugs[0] == slugs[1] and len(slugs[0]) >= LEAST_SLUG


def _site(host: str) -> str:
    parts = host.lower().split(".")
    while len(parts) > 2 and parts[0] in {"www", "amp", "m", "mobile"}:
        parts = parts[1:]
    return ".".join(parts)


def _slug(path: str) -> str:
    """Return the last part of a path that names the article, without its kind of page."""
    parts = [part for part in path.lower().split("/") if part and not _VARIANT.search(part)]
    return re.sub(r"\.(?:html?|php|aspx?)$", "", parts[-1]) if parts else ""
