"""Finds like covers that would stand side by side and lets one of them draw again.

Run it when the catalogue or its viewers change, from the top folder; nothing imports it:
`PYTHONPATH=. python tests/demo/test_art_neighbours.py > lists.json`, then
`python -m moviesite.demo.art.spread CATALOGUE.jsonl.gz ... lists.json`, which prints `settled.py`.
"""

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count, islice, pairwise
from operator import itemgetter
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

from moviesite.demo.art.style import Style, style_of

ACROSS = (4, 6, 8)  # columns of the grids that show twenty-four films
OPENING = 48  # films of a list that are seen first
_CHOICE = 24
_KEYS = ("id", "title", "release_date", "popularity", "vote_count", "vote_average", "runtime")
_HEAD = '''"""Films that draw their style again, written by `spread.py`. Data only."""

'''
_FOOT = """REDRAWN: dict[int, int] = {
    int(film): int(times or 1)
    for film, _, times in (entry.partition(":") for entry in _DRAWS.split())
}
"""


class Film(NamedTuple):
    """The facts that decide a style."""

    id: int
    year: int | None
    genre_ids: tuple[int, ...]


def neighbours(order: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ids that touch at a side in any grid of `ACROSS` columns."""
    yield from pairwise(order)
    for columns in ACROSS:
        yield from zip(order, order[columns:], strict=False)


def settle(
    films: Mapping[int, Film], orders: Iterable[Sequence[int]], first: Iterable[Sequence[int]] = ()
) -> dict[int, int]:
    """How often each film must draw again so that no neighbours are alike in any of the orders.

    In the opening of the `first` orders as few covers as can be share even a composition.
    """
    beside = _ties(pair for order in orders for pair in neighbours(order))
    near = _ties(pair for order in first for pair in _within(order[:OPENING], max(ACROSS)))
    styles = {film.id: style_of(*film, draw=0) for film in films.values()}
    for film in sorted(films.values()):
        around = {styles[other][:3] for other in beside[film.id]}
        seen = [styles[other].composition for other in near[film.id]]
        free = (style for style in map(partial(_drawn, film), count()) if style[:3] not in around)
        choice = islice(free, _CHOICE if seen else 1)
        styles[film.id] = min(choice, key=lambda style: seen.count(style.composition))
    return {film_id: style.draw for film_id, style in sorted(styles.items()) if style.draw}


def _drawn(film: Film, draw: int) -> Style:
    return style_of(*film, draw=draw)


def _ties(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    tied: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        if one != other:
            tied[one].add(other)
            tied[other].add(one)
    return tied


def _within(order: Sequence[int], reach: int) -> Iterator[tuple[int, int]]:
    """Ids that stand at most `reach` places apart."""
    for step in range(1, reach + 1):
        yield from zip(order, order[step:], strict=False)


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
    """`settled.py` as text."""
    words = " ".join(f"{film}" if draw == 1 else f"{film}:{draw}" for film, draw in draws.items())
    return f'{_HEAD}_DRAWS = """\n{fill(words, 98)}\n"""\n{_FOOT}'


def main(names: Sequence[str]) -> None:
    """Settle catalogues (`.gz`) and lists of ids (`.json`: `{"first": [...], "further": …}`)."""
    catalogues = [read(Path(name)) for name in names if name.endswith(".gz")]
    answered = [json.loads(Path(name).read_text()) for name in names if name.endswith(".json")]
    films = {film.id: film for rows in catalogues for film in map(film_of, rows)}
    orders = [order for rows in catalogues for order in orders_of(rows)]
    first = [order for lists in answered for order in lists["first"]]
    orders += first + [order for lists in answered for order in lists["further"]]
    sys.stdout.write(table(settle(films, orders, first)))


if __name__ == "__main__":
    main(sys.argv[1:])
