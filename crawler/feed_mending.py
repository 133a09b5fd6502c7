"""Feeds mended where a slip of their makers breaks the XML, so that they can be read strictly.

It closes what is left open, drops what closes nothing, and writes as XML has them the signs and
entities that only HTML knows. No word is added or left out; what it makes may still be broken, and
only who parses it can tell whether it is better. No entity is looked up but those of HTML itself.
"""

import re
from html.entities import entitydefs, html5

from crawler.entities import without_sections

_SIGN = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)"
    r"(?:(?P<entity>\w{1,31};)|#X(?=[0-9A-Fa-f]{1,6};))?"
)
_TOKEN = re.compile(
    rf"{_SIGN.pattern}"
    r"|<(?P<slash>/?)(?P<name>[A-Za-z_][\w.:-]*)(?P<rest>[^<>]*)>"
    r"|<(?![A-Za-z_/!?])"
)
# HTML 5 gives other signs to `lang` and `rang`
_HTML4 = {f"{name};": sign for name, sign in entitydefs.items()}
# XML 1.0, production 2: these stand in no document
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MAX_DEPTH = 100
_CUT_TAG = re.compile(r"<(?:[A-Za-z_/!?][^<>]*)?\Z")
_ITEMS = frozenset({"item", "entry"})
# what stands side by side in an item or around items: none of it holds another
_SIDE_BY_SIDE = frozenset(
    "title link guid pubDate lastBuildDate language description category comments enclosure id"
    " published updated summary content rights subtitle".split()
)
_PREFIXES = ("dc:", "content:", "media:", "itunes:", "slash:", "wfw:", "atom:", "feedburner:")


def mend_xml(text: str) -> str:
    """Return a document with the slips of its makers mended, as far as they are known.

    One that is nested as no feed is comes back as it is.
    """
    whole, text = text, _CUT_TAG.sub("", _CONTROLS.sub("", text))
    pieces: list[str] = []
    open_names: list[str] = []
    at = 0
    for match in _TOKEN.finditer(without_sections(text)):
        pieces.append(text[at : match.start()])
        pieces.append(_mended_tag(match, open_names) if match["name"] else _mended_sign(match))
        at = match.end()
        if len(open_names) > _MAX_DEPTH:
            return whole
    return "".join([*pieces, text[at:], *_closing(open_names, 0)])


def _mended_sign(match: re.Match[str]) -> str:
    """Return `&` and `<` that stand for themselves, and HTML's entities, as XML has them."""
    if name := match["entity"]:
        known = _HTML4.get(name) or html5.get(name)
        return "".join(f"&#{ord(sign)};" for sign in known) if known else f"&amp;{name}"
    return {"<": "&lt;", "&#X": "&#x"}.get(match[0], "&amp;")


def _mended_tag(match: re.Match[str], open_names: list[str]) -> str:
    """Return a tag behind the ends that it lacks; nothing for an end without a beginning."""
    name = match["name"]
    if match["slash"]:
        if name not in open_names:
            return ""
        return "".join(_closing(open_names, _last(open_names, name)))
    ends = _closing(open_names, _kept(open_names, name))
    if not match["rest"].endswith("/"):
        open_names.append(name)
    return f"{''.join(ends)}<{name}{_SIGN.sub(_mended_sign, match['rest'])}>"


def _kept(open_names: list[str], name: str) -> int:
    """Return how many of the open elements may hold one of this name."""
    if name in _ITEMS and name in open_names:
        return _last(open_names, name)
    if open_names and _stands_beside(open_names[-1]) and _stands_beside(name):
        return len(open_names) - 1
    return len(open_names)


def _stands_beside(name: str) -> bool:
    return name in _SIDE_BY_SIDE or name.startswith(_PREFIXES)


def _last(open_names: list[str], name: str) -> int:
    return len(open_names) - 1 - open_names[::-1].index(name)


def _closing(open_names: list[str], kept: int) -> list[str]:
    """Return the ends of the open elements but the first `kept`, which are then closed."""
    ends = [f"</{name}>" for name in reversed(open_names[kept:])]
    del open_names[kept:]
    return ends
