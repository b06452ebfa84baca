"""Rows of measurements as one Markdown table."""

from typing import NamedTuple


class Row(NamedTuple):
    """A measurement in words, and what was promised; `kept` is None where nothing was."""

    name: str
    found: str
    promised: str = ""
    kept: bool | None = None


def markdown(rows: list[Row]) -> str:
    """The table; what was promised and not kept is said in capitals."""
    words = {True: "yes", False: "NO", None: ""}
    lines = [f"| {row.name} | {row.found} | {row.promised} | {words[row.kept]} |" for row in rows]
    return "\n".join(["| measured | found | promised | kept |", "|---|---:|---|---|", *lines])


def at_least(name: str, found: float, promised: float, digits: int = 2) -> Row:
    """A ratio that may not be smaller."""
    limit = f"≥ {promised:.{digits}f}"
    return Row(name, f"{found:.{digits}f}", limit, found >= promised)


def at_most(name: str, found: float, promised: float, unit: str = "", digits: int = 2) -> Row:
    """A figure that may not be larger."""
    shown, limit = f"{found:,.{digits}f}{unit}", f"≤ {promised:,g}{unit}"
    return Row(name, shown, limit, found <= promised)
