"""What is known of a page beside its tree, for those who decide what its article is.

It decides nothing itself.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from lxml.html import HtmlElement

from crawler.body_blocks import key_of
from crawler.site_memory import SiteMemory


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the page beside its tree.

    Words that repeat its head, its own copy of the body, its canonical address, what the other
    pages of its site showed, and the parts that a selector chose.
    """

    repeated: frozenset[str]
    authors: tuple[str, ...] = ()
    declared_body: str = ""
    summaries: tuple[str, ...] = ()
    address: str = ""
    memory: SiteMemory | None = None
    chosen: tuple[HtmlElement, ...] = ()


def make_context(
    titles: Iterable[str],
    authors: Sequence[str],
    declared_body: Any,
    summaries: Iterable[str],
    *,
    address: str = "",
    memory: SiteMemory | None = None,
    chosen: tuple[HtmlElement, ...] = (),
) -> Context:
    """Return the context for `extract_body` from what the page declares."""
    body = declared_body if isinstance(declared_body, str) else ""
    return Context(
        repeated=frozenset(key_of(text) for text in (*titles, *authors) if text),
        authors=tuple(key_of(name) for name in authors),
        declared_body=key_of(re.sub(r"<[^<>]*>", " ", body)),
        summaries=tuple(key_of(text) for text in summaries if text),
        address=address,
        memory=memory,
        chosen=chosen,
    )
