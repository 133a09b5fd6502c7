"""Pages of text, line by line as they are printed, into paragraphs.

Pages stay apart. What repeats at the head and foot of pages is taken out and a word cut at the
end of a line is joined; nothing else is changed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

_EDGE_LINES = 3
_MIN_REPEATS = 3
_SHARE = 0.4
_PAGE_NUMBER = re.compile(r"[-– ]*(?:page )?\d{1,4}(?: ?(?:/|sur|of) ?\d{1,4})?[-– ]*$", re.I)
_NUMBER = re.compile(r"\d{1,4}")
_NUMBERED = re.compile(r"(?:[IVX]{1,5}|\d{1,2}|[A-Z])[.)]\s+[^\W\d_]")
_CUT_WORD = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]\n([a-zà-ÿœ]+)")
_COMPOUND = re.compile(r"\b[^\W\d_]+(?:[-\u2010][^\W\d_]+)+\b")
_KEEPS_HYPHEN = frozenset(
    "ce ci là je tu il elle on nous vous ils elles le la les lui leur moi toi même mêmes".split()
)


def join_pages(pages: Sequence[str]) -> list[str]:
    """Return each page as paragraphs, one a line."""
    lines = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    kept = ["\n".join(page) for page in _without_furniture(lines)]
    compounds = {
        word.replace("\u2010", "-").casefold() for page in kept for word in _COMPOUND.findall(page)
    }
    return [_paragraphs(_join_words(page, compounds)) for page in kept]


def _without_furniture(pages: list[list[str]]) -> Iterator[list[str]]:
    """Yield the pages without the lines that repeat at their edges, and without page numbers."""
    filled = [[line for line in page if line] for page in pages]
    seen: Counter[str] = Counter()
    for number, page in enumerate(filled, start=1):
        seen.update({key for line in _edges(page) for key in _keys(line, number)})
    enough = max(_MIN_REPEATS, _SHARE * len(pages))
    for number, page in enumerate(pages, start=1):
        repeated = {
            line
            for line in _edges(filled[number - 1])
            if any(seen[key] >= enough for key in _keys(line, number))
        }
        yield _without_edges(page, repeated)


def _edges(page: list[str]) -> list[str]:
    return page[:_EDGE_LINES] + page[_EDGE_LINES:][-_EDGE_LINES:]


def _keys(line: str, page: int) -> set[str]:
    """Return what is the same in a line on each page, one number that counts pages aside."""
    keys = {line}
    for found in _NUMBER.finditer(line):
        counted = f"\x00{int(found[0]) - page}\x00"
        keys.add(line[: found.start()] + counted + line[found.end() :])
    return keys


def _without_edges(page: list[str], repeated: set[str]) -> list[str]:
    def is_furniture(line: str) -> bool:
        return not line or line in repeated or bool(_PAGE_NUMBER.match(line))

    first = next((n for n, line in enumerate(page) if not is_furniture(line)), len(page))
    last = next((n for n in range(len(page), first, -1) if not is_furniture(page[n - 1])), first)
    return page[first:last]


def _join_words(page: str, compounds: set[str]) -> str:
    def joined(cut: re.Match[str]) -> str:
        is_compound = cut[2] in _KEEPS_HYPHEN or f"{cut[1]}-{cut[2]}".casefold() in compounds
        return f"{cut[1]}-{cut[2]}" if is_compound else cut[1] + cut[2]

    return _CUT_WORD.sub(joined, page)


def _paragraphs(page: str) -> str:
    """Join the lines of a page into paragraphs; a short line or a full stop ends one."""
    lines = page.split("\n")
    width = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        if line and is_open and not _NUMBERED.match(line):
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        is_open = bool(line) and (len(line) > 0.9 * width or line[-1] not in '.!?:;»"')
        is_open = is_open and not (len(line) < 0.5 * width and line[:1].isupper())
    return "\n".join(paragraphs)
