"""Tables as CSV that is safe to open in a spreadsheet.

As RFC 4180 has it: commas, lines that end in CR LF, quotation marks around what holds
either. Nothing is put into an empty cell, `true` and `false` are in small letters. In
a folder the files begin with a byte order mark, without which Excel takes UTF-8 for
something else.

A cell that a spreadsheet would take for a formula, one whose text begins with `=`, `+`,
`-`, `@`, their full-width forms, a tab or a line end, gets an apostrophe before it. So
does one that has apostrophes before such a character, so that `unguarded` can undo it.
A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from extractor.export.rows import Row
from extractor.export.tables import TABLES, Table, find_table
from extractor.schema import Extraction

MARK: Final = "'"
"""Put before what a spreadsheet would calculate."""

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def export_csv(extractions: Iterable[Extraction], table: str) -> Iterator[str]:
    """One table of all extractions, a line at a time; the first has the columns.

    Raises:
        UsageError: there is no such table.
    """
    chosen = find_table(table)
    yield _line(chosen.columns)
    for extraction in extractions:
        yield from _lines(chosen, extraction)


def write_csv(extractions: Iterable[Extraction], folder: Path) -> None:
    """Every table as a file of the folder, `quotes.csv` and so on."""
    with ExitStack() as opened:
        files = {
            name: opened.enter_context(
                (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="")
            )
            for name in TABLES
        }
        for name, table in TABLES.items():
            files[name].write(_line(table.columns))
        for extraction in extractions:
            for name, table in TABLES.items():
                files[name].writelines(_lines(table, extraction))


def guarded(text: str) -> str:
    """The text as a cell that is no formula."""
    return MARK + text if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The inverse of `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _lines(table: Table, extraction: Extraction) -> Iterator[str]:
    for row in table.rows(extraction):
        yield _line(_cells(row))


def _cells(row: Row) -> list[str]:
    return [_cell(value) for _, value in row]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return guarded(_SURROGATE.sub("\ufffd", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()
