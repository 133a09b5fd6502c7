"""XML made safe to parse: decoded, and refused when it declares entities of its own.

Nothing here parses. Entities are what XML bombs and the reading of local files are made of; no
feed or sitemap needs its own (FAULTS 18, 19: a six-level bomb passes expat's limits).
"""

import codecs
import re

from crawler.charsets import decode_html
from model.capture import Response
from model.errors import CrawlError

# XML 1.0, appendix F: how `<?xm` or a mark begins in each family of encodings
_MARKERS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile("<!ENTITY", re.IGNORECASE)
_INTERNAL_SUBSET = re.compile(r"<!DOCTYPE(?:[^<>\"'\[]|\"[^\"]*\"|'[^']*')*\[", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<\w")


def safe_xml(response: Response) -> str:
    """Return the text of an XML document without its declaration of an encoding.

    Raises CrawlError (`not_a_feed`) when it is empty or declares entities.
    """
    text = _DECLARATION.sub("", _decode(response)).strip("\ufeff\x00 \t\r\n")
    if not text:
        raise CrawlError(response.url, "not_a_feed", "the answer is empty")
    if _declares_entities(text):
        reason = "it declares entities of its own, as only attacks on readers do"
        raise CrawlError(response.url, "not_a_feed", reason)
    return text


def _decode(response: Response) -> str:
    for marker, encoding in _MARKERS:
        if response.body.startswith(marker):
            return response.body.decode(encoding, "replace")
    return decode_html(response.body, response.header("Content-Type")).text


def _declares_entities(text: str) -> bool:
    """Return whether an entity is declared anywhere a parser would heed it.

    That is before the first element, or after a document type that opens an internal subset; an
    article about such attacks may quote one in its text.
    """
    declared = _ENTITY.search(text)
    if declared is None:
        return False
    first = _FIRST_ELEMENT.search(text)
    if first is None or declared.start() < first.start():
        return True
    subset = _INTERNAL_SUBSET.search(text)
    return subset is not None and "<![CDATA[" not in text[: subset.start()]
