"""XML made safe to parse: decoded, and without any declaration of entities.

Nothing here parses. Entities are what XML bombs and the reading of local files are made of (FAULTS
18, 19: a six-level bomb passes expat's limits). Those that stand for a few words are written out;
a document that declares any other is refused.
"""

import codecs
import re

from crawler.charsets import decode_html
from crawler.entities import write_out_entities
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
# one without declarations of its own says nothing that is read; that of a web page is left
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE\s+(?!html\b)[^<>\[\]]*>", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<\w")


def safe_xml(response: Response) -> str:
    """Return the text of an XML document without its declaration of an encoding.

    Raises CrawlError (`not_a_feed`) when it is empty or declares entities that are no mere words.
    """
    text = _DECLARATION.sub("", _decode(response))
    if _declares_entities(text):
        written = write_out_entities(text)
        if written is None or _declares_entities(written):
            reason = "it declares entities that are more than a few words, as attacks on readers do"
            raise CrawlError(response.url, "not_a_feed", reason)
        text = written
    first = _FIRST_ELEMENT.search(text)
    if (named := _DOCUMENT_TYPE.search(text)) and first and named.start() < first.start():
        text = text[: named.start()] + text[named.end() :]
    if not (stripped := text.strip("\ufeff\x00 \t\r\n")):
        raise CrawlError(response.url, "not_a_feed", "the answer is empty")
    return stripped


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
