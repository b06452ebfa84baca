"""Rows as CSV that no spreadsheet runs. Pure: no database, no request."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

# What a spreadsheet takes for the beginning of a formula; the wide signs where East Asian
# languages are written.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n")


def written(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The rows below a line of names, each line ending in CR LF as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([[defused(value) for value in row] for row in rows])
    return out.getvalue()


def defused(value: Any) -> Any:
    """A cell that is text and nothing else: what begins like a formula gets an apostrophe.

    Numbers stay numbers; None is an empty cell.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    begins = value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if begins else value
