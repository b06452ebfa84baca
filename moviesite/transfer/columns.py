"""Tables of films, whoever wrote them: rows are told apart and handed to their kind. Pure."""

import csv
import io
from collections.abc import Iterator

from moviesite.text import fold
from moviesite.transfer import values
from moviesite.transfer.entries import SOURCES, Gathering, NotKnown, Unreadable, refused
from moviesite.transfer.sources import KINDS, Kind, Row, named

_DELIMITERS = ",;\t"
_LONGEST_HEADER = 5000
_MOST_COLUMNS = 200
_LONGEST_TOLD = 150
# Far beyond any table of films; more would take memory and time for nothing.
_LONGEST_LINE = 500_000
_MOST_LINE_ENDS = 1_000_000
# Where a text may run over several lines; anywhere else a quotation mark was left open.
_LONG_TEXTS = {"review", "description", "notes", "tags"}


def read_table(name: str, text: str, hint: str, gathering: Gathering) -> None:
    """Adds the films of a table to what is gathered; `hint` is its name in folded words.

    Raises InvalidInput for a table that is none of those known.
    """
    rows = _rows(text)
    header = next((row for _, row in rows if row and "".join(row).strip()), [])
    columns = [fold(column) for column in header[:_MOST_COLUMNS]]
    kind = _kind(columns, header, hint)
    gathering.known(kind.source)
    for number, row in rows:
        if gathering.full:
            return
        if row is None or any(value.strip() for value in row):
            _read_row(f"{name}, line {number}", row, columns, kind, gathering)


def _read_row(
    place: str, row: list[str] | None, columns: list[str], kind: Kind, gathering: Gathering
) -> None:
    if row is None:
        gathering.unread(place, "a value is too long, or a quotation mark was left open.")
        return
    cells = Row(zip(columns, (value.strip() for value in row), strict=False))
    try:
        _check_closed(cells)
        gathering.add(kind.name, kind.entry(cells, place))
    except Unreadable as error:
        gathering.unread(place, error)


def _check_closed(row: Row) -> None:
    if any("\n" in value for column, value in row.items() if column not in _LONG_TEXTS):
        raise Unreadable("a quotation mark was left open.")


def _rows(text: str) -> Iterator[tuple[int, list[str] | None]]:
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


def _kind(columns: list[str], header: list[str], hint: str) -> Kind:
    if columns and columns[0].startswith("letterboxd list export"):
        raise refused("This is a list from Letterboxd; lists are not read.")
    for kind in KINDS:
        if kind.columns.issubset(columns):
            return named(kind, hint)
    told = values.line(
        ", ".join(column for column in header[:_MOST_COLUMNS] if column.strip())[:_LONGEST_HEADER]
    )
    told = f"{told}." if len(told) <= _LONGEST_TOLD else told[:_LONGEST_TOLD].rstrip(" ,") + " …"
    raise refused(
        f"This is not an export of {SOURCES} that is known here: it has the columns {told}",
        NotKnown,
    )
