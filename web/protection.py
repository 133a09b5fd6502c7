"""What every answer carries and every request must show, whatever page it is.

It knows no page.
"""

import re

from litestar.types import Message, Scope

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

_LOCAL = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)


def is_asked_locally(scope: Scope) -> bool:
    """Tell whether a request names this machine itself.

    Another name means that a site elsewhere had its own name point here, to read what only this
    machine may (DNS rebinding).
    """
    hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
    return len(hosts) == 1 and _LOCAL.fullmatch(hosts[0]) is not None


def protect(message: Message) -> None:
    """Add the headers to the start of an answer, each once."""
    if message["type"] != "http.response.start":
        return
    ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    names = {name for name, _ in ours}
    others = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
    message["headers"] = [*others, *ours]
