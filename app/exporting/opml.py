"""Sources as OPML: what any reader understands, and beside it all that is ours, so nothing is lost.

It reads no configuration and writes no file.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec
from lxml import etree

from crawler.addresses import site_of
from crawler.source_lists import OPML_NAMESPACE, SETTINGS, plain_source
from model.source import Source, SourceKind

# what XML 1.0 cannot hold, however it is escaped
_UNWRITABLE = re.compile("[^\\t\\n\\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_opml(sources: Sequence[Source]) -> str:
    """Return the OPML 2.0 document of a list of sources, in its order.

    Each outline says in plain attributes what they can say, and the rest as JSON in
    `vigie:source`; `crawler.source_lists.read_opml` gives the same sources back.
    """
    root = etree.Element("opml", nsmap={"vigie": OPML_NAMESPACE}, version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        etree.SubElement(body, "outline", _attributes(source))
    written = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written.decode("utf-8")


def _attributes(source: Source) -> dict[str, str]:
    called = _writable(source.name) or site_of(source.url) or _writable(source.url)
    plain = {
        "type": "rss" if source.kind is SourceKind.FEED else str(source.kind),
        "text": called,
        "title": called,
        "xmlUrl": _writable(source.url),
    }
    if source.lang:
        plain["language"] = _writable(source.lang)
    more = _unsaid(source, plain)
    return {**plain, SETTINGS: json.dumps(more)} if more else plain


def _unsaid(source: Source, plain: dict[str, str]) -> dict[str, Any]:
    """Return the keys of a source that its plain attributes do not bring back."""
    said = msgspec.to_builtins(plain_source(plain))
    return {key: value for key, value in msgspec.to_builtins(source).items() if value != said[key]}


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)
