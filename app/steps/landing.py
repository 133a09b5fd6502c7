"""Where a request for a page landed: at home, elsewhere for good, or on a front page.

Pure functions over a response; they never follow anything.
"""

from urllib.parse import urlsplit

from crawler.addresses import source_key
from model.capture import Response

_PERMANENT = frozenset({301, 308})


def is_elsewhere(response: Response) -> bool:
    """Tell whether another address answered than was asked, spellings of it aside."""
    return source_key(response.url) != source_key(response.final_url)


def is_moved(response: Response) -> bool:
    """Tell whether permanent redirects alone led to another address."""
    statuses = response.redirect_statuses
    return is_elsewhere(response) and bool(statuses) and _PERMANENT.issuperset(statuses)


def leads_to_front(response: Response) -> bool:
    """Tell whether an address that named more redirects to the bare front page of a site."""
    asked, found = urlsplit(response.url), urlsplit(response.final_url)
    is_front = not found.path.strip("/") and not found.query
    return is_front and bool(asked.path.strip("/") or asked.query)
