"""Tables of films, whoever wrote them: rows are told apart and handed to their kind. Pure."""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from moviesite.text import fold
from moviesite.transfer import values
from moviesite.transfer.entries import (
    SOURCES,
    FileName,
    Gathering,
    NotKnown,
    Unreadable,
    refused,
)
from moviesite.transfer.sources import KINDS, LIST_KINDS, Kind, Row, named

_DELIMITERS = ",;\t"
_LONGEST_HEADER = 5000
_MOST_COLUMNS = 200
_LONGEST_TOLD = 150
# Far beyond any table of films; more would take memory and time for nothing.
_LONGEST_LINE = 500_000
_MOST_LINE_ENDS = 1_000_000
# Where a text may run over several lines; anywhere else a quotation mark was not closed.
_LONG_TEXTS = {"review", "description", "note", "notes", "tags"}
# How a file begins that has a block about a list above the films in it.
_LIST_BLOCKS = ("letterboxd list export", "film list export")

Rows = Iterator[tuple[int, list[str] | None]]


class Table(NamedTuple):
    """How the rows of a table are read; `listed_in` is the origin of the list that it is."""

    columns: list[str]
    kind: Kind
    listed_in: str


def read_table(file: FileName, text: str, gathering: Gathering) -> None:
    """Adds the films of a table to what is gathered.

    Raises InvalidInput for a table that is none of those known.
    """
    rows = _rows(text)
    table = _table(file, rows, gathering)
    for number, row in rows:
        if gathering.full:
            return
        if row is None or any(value.strip() for value in row):
            _read_row(f"{file.place}, line {number}", row, table, gathering)


def _table(file: FileName, rows: Rows, gathering: Gathering) -> Table:
    header, kinds, block = _next(rows), KINDS, Row()
    if fold("".join(header[:1])).startswith(_LIST_BLOCKS):
        block, header, kinds = _cells(_folded(_next(rows)), _next(rows)), _next(rows), LIST_KINDS
        if not header:
            raise refused("There is nothing in this list.")
    columns = _folded(header)
    kind = _kind(columns, header, kinds, file)
    gathering.known(kind.source)
    if kind.listing is None:
        return Table(columns, kind, "")
    listing = kind.listing(block, file.title)
    gathering.begin_list(file.place, listing)
    return Table(columns, kind, listing.origin)


def _next(rows: Rows) -> list[str]:
    """The next row that says anything."""
    return next((row for _, row in rows if row and "".join(row).strip()), [])


def _folded(header: list[str]) -> list[str]:
    return [fold(column) for column in header[:_MOST_COLUMNS]]


def _cells(columns: list[str], row: list[str]) -> Row:
    return Row(zip(columns, (value.strip() for value in row), strict=False))


def _read_row(place: str, row: list[str] | None, table: Table, gathering: Gathering) -> None:
    if row is None:
        gathering.unread(place, "a value is too long, or a quotation mark was not closed.")
        return
    cells = _cells(table.columns, row)
    try:
        _check_closed(cells)
        gathering.add(table.kind.name, table.kind.entry(cells, place), table.listed_in)
    except Unreadable as error:
        gathering.unread(place, error)


def _check_closed(row: Row) -> None:
    if any("\n" in value for column, value in row.items() if column not in _LONG_TEXTS):
        raise Unreadable("a quotation mark was not closed.")


def _rows(text: str) -> Rows:
    """Rows and the lines at which they start; None where the row cannot be told apart."""
    text = text.replace("\x00", "")
    if text.count("\n") + text.count("\r") > _MOST_LINE_ENDS:
        raise refused("This file has too many lines.")
    reader = csv.reader(_lines(text), delimiter=_delimiter(text))
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, None


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise refused("This file has a line that is too long.")
        yield line


def _delimiter(text: str) -> str:
    head = text.lstrip()[:_LONGEST_HEADER].partition("\n")[0].partition("\r")[0]
    return max(_DELIMITERS, key=lambda one: len(next(csv.reader([head], delimiter=one), [])))


def _kind(columns: list[str], header: list[str], kinds: tuple[Kind, ...], file: FileName) -> Kind:
    for kind in kinds:
        if kind.columns.issubset(columns):
            return named(kind, file)
    shown = values.line(
        ", ".join(column for column in header[:_MOST_COLUMNS] if column.strip())[:_LONGEST_HEADER]
    )
    shown = (
        f"{shown}." if len(shown) <= _LONGEST_TOLD else shown[:_LONGEST_TOLD].rstrip(" ,") + " …"
    )
    raise refused(
        f"This does not look like an export from {SOURCES}: it has the columns {shown}",
        NotKnown,
    )
