"""Entities that an XML document declares, written out as plain words before anything parses it.

No parser is shown a declaration. What is more than a few words is not written out, and its document
is refused: a value with markup, with a reference to another entity (bombs are made of these), or
somewhere else (no file and no address is ever looked at), a parameter entity, and what makes the
document grow.
"""

import html
import re

MAX_ENTITIES = 300
"""HTML 4, whose names are what is declared at most, has 252."""

MAX_VALUE_CHARS = 1_000
MAX_WRITTEN_CHARS = 100_000
"""So much is written in the place of all references together."""

_SUBSET = re.compile(r"<!DOCTYPE\s+[A-Za-z_][\w:.-]{0,99}\s*\[")
_DECLARED = re.compile(
    r"\s*<!ENTITY\s+(?P<name>[A-Za-z_][\w.-]{0,99})\s+"
    rf"(?:\"(?P<double>[^\"<%]{{0,{MAX_VALUE_CHARS}}})\"|'(?P<single>[^'<%]{{0,{MAX_VALUE_CHARS}}})')"
    r"\s*>"
)
_SUBSET_END = re.compile(r"\s*\]\s*>")
_CHARACTER = re.compile(r"&#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]{0,99});")
_SECTIONS = re.compile(r"<!\[CDATA\[|<!--|<\?")
_SECTION_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}


def write_out_entities(text: str) -> str | None:
    """Return a document without its type, its own entities written out; None where it is refused.

    It may declare others elsewhere: who calls this looks.
    """
    subset = _SUBSET.search(text)
    if subset is None:
        return None
    words, at = _read_declarations(text, subset.end())
    end = _SUBSET_END.match(text, at)
    if end is None or words is None:
        return None
    body = text[end.end() :]
    written = _written_out(body, words)
    return None if written is None else text[: subset.start()] + written


def without_sections(text: str) -> str:
    """Return XML with its CDATA, comments and orders blanked, of the same length.

    One that never ends is left, and all behind it.
    """
    pieces: list[str] = []
    at = 0
    while start := _SECTIONS.search(text, at):
        mark = _SECTION_ENDS[start[0]]
        end = text.find(mark, start.end())
        if end < 0:
            break
        end += len(mark)
        pieces += [text[at : start.start()], " " * (end - start.start())]
        at = end
    return "".join([*pieces, text[at:]])


def _read_declarations(text: str, at: int) -> tuple[dict[str, str] | None, int]:
    """Return the words that are declared, None where one is more than words, and where they end.

    Of a name that is declared twice the first counts (XML 1.0, section 4.2).
    """
    words: dict[str, str] = {}
    while declared := _DECLARED.match(text, at):
        value = _CHARACTER.sub(_character, declared["double"] or declared["single"] or "")
        if len(words) == MAX_ENTITIES or "&" in value or "<" in value or "\0" in value:
            return None, at
        words.setdefault(declared["name"], html.escape(value))
        at = declared.end()
    return words, at


def _character(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    sign = chr(number) if number < 0x110000 else "\0"
    return sign if sign.isprintable() or sign in "\t\n\r\u00a0\u00ad" else "\0"


def _written_out(body: str, words: dict[str, str]) -> str | None:
    """Return a document with its references written out, None where that makes too much."""
    pieces: list[str] = []
    at = written = 0
    for match in _REFERENCE.finditer(without_sections(body)):
        value = words.get(match[1])
        if value is None:
            continue
        written += len(value)
        if written > MAX_WRITTEN_CHARS:
            return None
        pieces += [body[at : match.start()], value]
        at = match.end()
    return "".join([*pieces, body[at:]])
