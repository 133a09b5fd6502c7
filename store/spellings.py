"""How one page's address may also be spelt: pure rules.

It never opens a connection, and never calls two addresses one when a parameter tells them apart.
"""

from urllib.parse import urlsplit, urlunsplit

_SCHEMES = ("https", "http")


def spellings(url: str) -> tuple[str, ...]:
    """Return an address as a site rebuilt may spell it: the one given is the first.

    Over http or https, with or without `www.`, with or without a slash at the end of its path.
    An address with a port of its own keeps its scheme; a path that names a file takes no slash.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url,)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        return (url,)
    schemes = (parts.scheme,) if ":" in parts.netloc else _SCHEMES
    bare = parts.netloc.removeprefix("www.")
    found = (
        urlunsplit((scheme, host, path, parts.query, parts.fragment))
        for scheme in schemes
        for host in (bare, f"www.{bare}")
        for path in _paths(parts.path)
    )
    return tuple(dict.fromkeys((url, *found)))


def _paths(path: str) -> tuple[str, ...]:
    if path in ("", "/"):
        return ("/", "")
    bare = path.rstrip("/")
    if "." in bare.rpartition("/")[2]:
        return (path,)
    return bare, f"{bare}/"
