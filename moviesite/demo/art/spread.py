"""Finds like covers that would stand side by side and lets one of them draw again.

Run it when the catalogue changes; it prints the new `settled.py` and writes nothing itself:
`python -m moviesite.demo.art.spread catalogue.jsonl.gz [orders.json]`. Nothing imports it.
"""

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

from moviesite.demo.art.style import Style, style_of

ACROSS = (4, 6, 8)  # columns of the grids that show twenty-four films
_KEYS = ("id", "title", "release_date", "popularity", "vote_count", "vote_average", "runtime")
_HEAD = '''"""Films that draw their style again, written by `spread.py`. Data only."""

'''
_FOOT = """REDRAWN: dict[int, int] = {
    int(film): times for times, films in enumerate(_DRAWS, 1) for film in films.split()
}
"""


class Film(NamedTuple):
    """The facts that decide a style."""

    id: int
    year: int | None
    genre_ids: tuple[int, ...]


def alike(one: Style, other: Style) -> bool:
    """Same composition in the same palette (genre's inks and the ground among them)."""
    return one[:3] == other[:3]


def neighbours(order: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ids that touch at a side in any grid of `ACROSS` columns."""
    yield from pairwise(order)
    for columns in ACROSS:
        yield from zip(order, order[columns:], strict=False)


def settle(films: Mapping[int, Film], orders: Iterable[Sequence[int]]) -> dict[int, int]:
    """How often each film must draw again so that no neighbours are alike in any of the orders."""
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in (pair for order in orders for pair in neighbours(order)):
        beside[one].add(other)
        beside[other].add(one)
    styles = {film.id: style_of(*film, draw=0) for film in films.values()}
    for film in sorted(films.values()):
        around = {styles[other][:3] for other in beside[film.id] - {film.id}}
        while styles[film.id][:3] in around:
            styles[film.id] = style_of(*film, draw=styles[film.id].draw + 1)
    return {film_id: style.draw for film_id, style in sorted(styles.items()) if style.draw}


def film_of(row: Mapping[str, Any]) -> Film:
    """A film from a line of a catalogue."""
    genres = row.get("genre_ids") or [genre["id"] for genre in row.get("genres", ())]
    released = row.get("release_date") or ""
    return Film(row["id"], int(released[:4]) if released else None, tuple(genres))


def orders_of(rows: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """The catalogue, and each genre of it, up and down by whatever its lines can be sorted by."""
    genres = sorted({genre for row in rows for genre in film_of(row).genre_ids})
    shelves = [[row for row in rows if genre in film_of(row).genre_ids] for genre in genres]
    return [order for shelf in (rows, *shelves) for order in _sorted_every_way(shelf)]


def _sorted_every_way(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[int]]:
    """Ties go by id, as in the demo's answers."""
    by_id = sorted(rows, key=itemgetter("id"))
    for key in _KEYS:
        if all(row.get(key) is not None for row in rows):
            for falling in (False, True):
                yield [row["id"] for row in sorted(by_id, key=itemgetter(key), reverse=falling)]


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of a catalogue, one JSON object each, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def table(draws: Mapping[int, int]) -> str:
    """`settled.py` as text: films that draw once more, twice more and so on."""
    by_draw = [
        " ".join(str(film) for film, draw in draws.items() if draw == times)
        for times in range(1, max(draws.values(), default=0) + 1)
    ]
    groups = "".join(f'    """\n{fill(films, 96)}\n""",\n' for films in by_draw)
    return f"{_HEAD}_DRAWS = (\n{groups})\n{_FOOT}"


def main(names: Sequence[str]) -> None:
    """Settle catalogues (`.gz`) and further orders of their films (`.json`: lists of ids)."""
    catalogues = [read(Path(name)) for name in names if name.endswith(".gz")]
    lists = (json.loads(Path(name).read_text()) for name in names if name.endswith(".json"))
    further = [ids for every in lists for ids in every]
    films = {film.id: film for rows in catalogues for film in map(film_of, rows)}
    orders = [order for rows in catalogues for order in orders_of(rows)]
    sys.stdout.write(table(settle(films, orders + further)))


if __name__ == "__main__":
    main(sys.argv[1:])
