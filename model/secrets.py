"""Addresses as they may be shown, logged and mailed: without what lets a reader in.

It never changes the address that is asked.
"""

import re

_USER_INFO = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*:/*)[^/?#\\]*@")
_SECRET = re.compile(r"([?&;][^=&;#]*(?:token|key|secret|passw|auth|sig)[^=&;#]*=)[^&;#]+", re.I)


def hide_password(url: str) -> str:
    """Return an address without the user name and password written in it."""
    return _USER_INFO.sub(r"\1", url)


def holds_secret(url: str) -> bool:
    """Tell whether an address holds a login, a token or a key."""
    return hide_secrets(url) != url


def hide_secrets(url: str) -> str:
    """Return an address to be shown: without its password and the values that let a reader in."""
    return _SECRET.sub(r"\1...", hide_password(url))
