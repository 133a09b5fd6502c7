"""Articles as CSV and as lines of JSON.

Neither leaves an article out. It opens no file and asks the store nothing.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import BinaryIO

import msgspec

from store.exports import Exported

COLUMNS = tuple(name for name in Exported.__struct_fields__ if name != "details")
"""The columns of a table; what a page says beyond them is in the lines of JSON alone."""

JOINT = " | "
"""Stands between the values of a list in one cell."""

EXCEL_CELL = 32_767
"""What one cell of Excel holds: it spills the rest over the next rows."""

# what str.splitlines takes for the end of a line, and JSON may hold as it is
_LINE_ENDS = {"\x85": b"\\u0085", "\u2028": b"\\u2028", "\u2029": b"\\u2029"}
_ESCAPED = {end.encode(): escape for end, escape in _LINE_ENDS.items()}

_FORMULA = tuple("=+-@＝＋－＠﹢﹣﹦﹫")  # noqa: RUF001 - wide and small forms are taken alike
# blanks, controls and what Unicode calls ignorable by default
_NO_LETTER = (
    r"\s\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\"';,"
)
# where a cell begins, or may for a program that parts cells by the other sign, and all from there
# to the next letter; possessive: a text of a million blanks is passed once
_OPENINGS = {apart: re.compile(rf"(?:\A|[{apart}\t\r\n])[{_NO_LETTER}]*+") for apart in (";", ",")}
_CELL_ENDS = {apart: re.compile(rf"([{apart}\t\r\n])") for apart in (";", ",")}
_BREAKS_CELL = ("\t", "\r", "\n")


def write_jsonl(articles: Iterable[Exported], out: BinaryIO) -> None:
    """Write one line of JSON an article; every value comes back exactly."""
    encode = msgspec.json.Encoder().encode
    for article in articles:
        line = encode(article)
        for end, escape in _ESCAPED.items():
            line = line.replace(end, escape)
        out.write(line + b"\n")


class Table:
    """A CSV file that is written; `cut` counts the cells that Excel could not have held."""

    def __init__(self, out: BinaryIO, *, is_for_excel: bool = False) -> None:
        """Write the names of the columns.

        For Excel, as it is set up in France, a mark says that it is UTF-8 and semicolons part
        the cells.
        """
        self.cut = 0
        self._out = out
        self._is_for_excel = is_for_excel
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line, delimiter=";" if is_for_excel else ",")
        if is_for_excel:
            self._line.write("\ufeff")
        self._write(COLUMNS)

    def write(self, article: Exported) -> None:
        """Write one article."""
        self._write([self._cell(getattr(article, name)) for name in COLUMNS])

    def _write(self, cells: Iterable[object]) -> None:
        self._writer.writerow(cells)
        self._out.write(self._line.getvalue().encode("utf-8", "replace"))
        self._line.seek(0)
        self._line.truncate()

    def _cell(self, value: object) -> object:
        cell = spell(value)
        if not isinstance(cell, str):
            return cell
        apart = "," if self._is_for_excel else ";"
        cell = neutralise(cell, apart).replace("\x00", "\ufffd")
        if self._is_for_excel and len(cell) > EXCEL_CELL:
            self.cut += 1
            cell = cell[:EXCEL_CELL]
        return cell


def spell(value: object) -> object:
    """Return a value as a cell holds it: numbers as they are, times in UTC, lists joined."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return JOINT.join(map(str, value))
        case _:
            return value


def neutralise(text: str, apart: str = ";") -> str:
    """Return a text that no spreadsheet takes for a formula.

    An apostrophe is set before it, and inside it behind `apart`, tabs and ends of lines, which a
    spreadsheet of another country takes for the end of a cell or row, wherever a formula could
    begin there. Nothing else is changed.
    """
    return _OPENINGS[apart].sub(lambda opening: _guard(opening, apart), text)


def _guard(opening: re.Match[str], apart: str) -> str:
    blank, is_start = opening[0], opening.start() == 0
    if opening.string.startswith(_FORMULA, opening.end()):
        return ("'" if is_start else "") + _CELL_ENDS[apart].sub(r"\1'", blank)
    breaks_cell = is_start and blank.lstrip("'").startswith(_BREAKS_CELL)
    return f"'{blank}" if breaks_cell else blank
