"""What a title, a summary or a content of a feed says: as plain text, and as HTML.

Words that a slip in the markup would hide from a browser are kept: behind a comment that is never
closed, in a frame that is not, in a CDATA section written twice. Scripts and styles never are
words. Nothing here is safe to show as HTML.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

import nh3

_BLOCK_END = re.compile(r"<(?:/p|/div|/li|/h[1-6]|/tr|br)\b[^<>]*>", re.IGNORECASE)
# nh3 takes the text of SVG and MathML for markup; every tag goes, so <main> may match as well
_FOREIGN = re.compile(r"</?(?:svg|m[a-z]+)\b[^<>]*>", re.IGNORECASE)
# HTML takes tags inside these for text, and all that follows where one is closed as in XML
_FRAME = re.compile(r"</?(?:iframe|noscript|noembed|noframes|xmp)\b[^<>]*>", re.IGNORECASE)
_CLEANER = nh3.Cleaner(tags=set())
# a run is tried from its start alone: a title of a million hard spaces would take hours otherwise
_SPACES = re.compile(
    r"(?<![ \t\r\f\v\u00a0])[ \t\r\f\v\u00a0]*+\n[ \t\r\n\f\v\u00a0]*"
    r"|[ \t\r\f\v]{2,}|[\t\r\f\v]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# `?page=1&copy=2`: no entity, though HTML reads © in it outside of attributes
_PARAMETER = re.compile(r"&(?=[A-Za-z]\w{0,30}=)")
_OPENED = re.compile(r"<!(--|[A-Za-z\[>-])?")
_SECTION_MARK = re.compile(r"<!\[CDATA\[|\]\](?:>|&gt;)")


def to_text(detail: Mapping[str, Any] | None) -> str:
    """Return what feedparser's (type, value) detail says as plain text."""
    if not detail:
        return ""
    value = str(detail.get("value") or "")
    if "html" in str(detail.get("type")) and ("<" in value or "&" in value):
        value = html_to_text(value)
    return _SPACES.sub(_one_space, _CONTROLS.sub("", value)).strip()


def html_to_text(value: str) -> str:
    """Return the text of an HTML fragment, without scripts, its blocks on lines of their own."""
    value = _without_section_marks(value)
    if "<!" in value:
        value = _without_open_marks(value)
    if "&" in value:
        value = _PARAMETER.sub("&amp;", value)
    if "<svg" in value or "<math" in value:
        value = _FOREIGN.sub("", value)
    bare = _CLEANER.clean(_FRAME.sub("", _BLOCK_END.sub("\n", value)))
    return html.unescape(bare).replace("\u00a0", " ")


def to_html(detail: Mapping[str, Any]) -> str:
    """Return what feedparser's (type, value) detail says as HTML; text is escaped."""
    value = str(detail.get("value") or "")
    if "html" in str(detail.get("type")):
        return _without_section_marks(value)
    return html.escape(value, quote=False)


def _one_space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


def _without_section_marks(value: str) -> str:
    """Return HTML without the marks of CDATA sections, which a browser takes for comments."""
    return _SECTION_MARK.sub("", value) if "<![CDATA[" in value else value


def _without_open_marks(value: str) -> str:
    """Return HTML in which no `<!` hides all that follows it.

    A comment that is never closed ends with its first `>`, as other declarations do; without one,
    its words are text.
    """
    last_end, last_comment = value.rfind(">"), max(value.rfind("-->"), value.rfind("--!>"))

    def mend(match: re.Match[str]) -> str:
        mark, start = match[1], match.start()
        if mark == "--":
            return match[0] if match.end() <= last_comment else "<!-" if start < last_end else ""
        if mark is not None and start < last_end:
            return match[0]
        return f"&lt;!{mark or ''}"

    return _OPENED.sub(mend, value)
