"""Bytes to text: which charset a page is in, and who said so.

It never changes the bytes, and it never trusts a declaration that the bytes contradict.
"""

import codecs
import re
from collections.abc import Iterator

import msgspec
from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUNS = re.compile(rb"[\x80-\xff]{3,}")
_MOJIBAKE = re.compile("Ã[\u0080-¿]|â€[™œ\u009d“”¦]|Â[\u00a0«»°]")
_HEAD_BYTES = 2048
_SNIFF_BYTES = 65536
# WHATWG Encoding Standard, section 4.2: these labels mean windows-1252 on the web.
_AS_WINDOWS_1252 = frozenset({"iso8859-1", "ascii", "latin-1"})


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """A page's text with its charset.

    `source` is `bom`, `header`, `meta`, `bytes` (the declaration was wrong or absent and the
    bytes decided) or `text` (it came decoded). `damaged` is true when some bytes fit no reading
    or the text looks decoded twice.
    """

    text: str
    charset: str
    source: str
    damaged: bool = False


def decode_html(body: bytes, content_type: str | None = None) -> Decoded:
    """Return the text of `body` in the charset that its bytes bear out."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], charset, "bom")
    as_utf8 = _text_or_none(body, "utf-8")
    for name, source in _declarations(body, content_type):
        named = _known(name)
        if named == "utf-8":
            if as_utf8 is not None:
                return _judged(as_utf8, "utf-8", source)
            return _decoded(body, *_repaired_utf8(body, source))
        is_refuted = named is None or (as_utf8 is not None and not body.isascii())
        if named is not None and not is_refuted and _text_or_none(body, named) is not None:
            return _decoded(body, named, source)
    if as_utf8 is not None:
        return _judged(as_utf8, "utf-8", "bytes")
    return _decoded(body, _sniffed(body), "bytes")


def _decoded(body: bytes, charset: str, source: str) -> Decoded:
    text = body.decode(charset, "replace")
    return _judged(text, charset, source)


def _judged(text: str, charset: str, source: str) -> Decoded:
    is_suspect = "Ã" in text or "â€" in text or "Â" in text
    damaged = "\ufffd" in text or (is_suspect and len(_MOJIBAKE.findall(text)) > 2)
    return Decoded(text=text, charset=charset, source=source, damaged=damaged)


def _declarations(body: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    if found := _HEADER_CHARSET.search(content_type or ""):
        yield found[1], "header"
    head = body[:_HEAD_BYTES]
    if match := _XML_CHARSET.search(head) or _META_CHARSET.search(head):
        yield match[1].decode("ascii", "replace"), "meta"


def _known(name: str) -> str | None:
    """Return Python's name of a text charset, None for a label that names none."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in {"utf-7", "idna", "punycode"}:
        return None
    return "cp1252" if info.name in _AS_WINDOWS_1252 else info.name


def _text_or_none(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except (UnicodeDecodeError, ValueError):
        return None


def _repaired_utf8(body: bytes, source: str) -> tuple[str, str]:
    """Return UTF-8 when only stray bytes break it, else what the bytes look like."""
    in_sequences = sum(len(match) for match in _MULTIBYTE.findall(body))
    stray = len(_HIGH.findall(body)) - in_sequences
    if stray <= in_sequences // 4:
        return "utf-8", source
    return _sniffed(body), "bytes"


def _sniffed(body: bytes) -> str:
    """Return windows-1252 or what statistics say, for bytes that are not UTF-8."""
    sample = body[:_SNIFF_BYTES]
    if len(sample) > 1 and sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if len(sample) > 1 and sample[::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    # Accents stand alone between plain letters; Cyrillic, Greek or Chinese come in runs.
    in_runs = sum(len(run) for run in _HIGH_RUNS.findall(sample))
    if in_runs * 2 < len(_HIGH.findall(sample)) and _text_or_none(body, "cp1252") is not None:
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"
