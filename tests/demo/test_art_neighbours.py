"""Covers side by side: whoever looks at a page of them sees no pair alike.

Run as a program it prints the lists that the demo answers, for `moviesite.demo.art.spread`.
"""

import gzip
import json
import random
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from werkzeug.test import Client

from moviesite.demo.art.figures import FIGURES
from moviesite.demo.art.inks import FAMILIES
from moviesite.demo.art.settled import REDRAWN
from moviesite.demo.art.spread import film_of, main, settle
from moviesite.demo.art.style import COMPOSITIONS, style_of
from moviesite.demo.server import create_server

ROOT = Path(__file__).parents[2]
FILMS_5000 = ROOT.parent / "shared/data/tmdb/films-5000.jsonl.gz"
BUNDLED = ROOT / "moviesite/demo/catalogue.jsonl.gz"
LISTS = ("/3/movie/popular", "/3/movie/top_rated", "/3/movie/now_playing", "/3/movie/upcoming")
LISTS += ("/3/trending/movie/day", "/3/trending/movie/week")
SORTS = ("popularity", "vote_average", "vote_count", "primary_release_date", "title")


def rows_of(path):
    if not path.exists():
        pytest.skip("this catalogue is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sorted_ids(rows):
    """By id, popularity, votes, date and title, as far as the file has them, both ways."""
    for key in ("id", "popularity", "vote_count", "release_date", "title"):
        if key in rows[0]:
            by_id = sorted(rows, key=lambda row: row["id"])
            for falling in (False, True):
                ordered = sorted(by_id, key=lambda row: row[key], reverse=falling)
                yield [row["id"] for row in ordered]


def answered_ids():
    """The lists of the demo, and each genre in every order of discover."""
    client = Client(create_server())

    def every_page(path, **wanted):
        pages, page = 1, 1
        while page <= pages:
            asked = {"api_key": "0" * 32, "page": page, **wanted}
            body = client.get(path, query_string=asked).get_json()
            pages = body["total_pages"]
            yield from (row["id"] for row in body["results"])
            page += 1

    first, further = [list(every_page(path)) for path in LISTS], []
    genres = {genre for row in rows_of(BUNDLED) for genre in film_of(row).genre_ids}
    for genre in (None, *sorted(genres)):
        only = {"with_genres": genre} if genre else {}
        for sort in SORTS if genre is None else SORTS[:1]:
            further.append(list(every_page("/3/discover/movie", sort_by=f"{sort}.desc", **only)))
    return {"first": first, "further": further}


def styles_of(rows):
    return {row["id"]: style_of(*film_of(row)) for row in rows}


def alike_pairs(order, styles, columns):
    """Pairs that touch in any twenty-four of the order laid out in so many columns."""
    looks = [styles[film_id][:3] for film_id in order]
    across = [(a, b) for a, b in pairwise(looks) if a == b]
    down = [(a, b) for a, b in zip(looks, looks[columns:], strict=False) if a == b]
    return across + down


@pytest.mark.parametrize("path", [FILMS_5000, BUNDLED], ids=["films-5000", "bundled"])
@pytest.mark.parametrize("columns", [4, 6, 8])
def test_no_neighbours_are_alike_in_the_orders_of_a_catalogue(path, columns):
    rows = rows_of(path)
    styles = styles_of(rows)
    assert [alike_pairs(order, styles, columns) for order in sorted_ids(rows)] == [[]] * len(
        list(sorted_ids(rows))
    )


def test_no_neighbours_are_alike_in_the_lists_that_the_demo_answers():
    styles = styles_of(rows_of(BUNDLED))
    answered = answered_ids()
    orders = answered["first"] + answered["further"]
    found = [alike_pairs(order, styles, columns) for order in orders for columns in (4, 6, 8)]
    assert not any(found), "the catalogue changed: see moviesite/demo/art/spread.py"


def test_the_first_screen_of_every_list_hardly_repeats_a_composition():
    styles = styles_of(rows_of(BUNDLED))
    for order in answered_ids()["first"]:
        opening = [styles[film_id].composition for film_id in order[:24]]
        touching = sum(a == b for a, b in pairwise(opening))
        assert touching == 0
        assert max(Counter(opening).values()) <= 4


def test_in_an_order_that_nobody_foresaw_alike_neighbours_are_rare():
    rows, dice = rows_of(BUNDLED), random.Random(7)
    styles, windows, pairs = styles_of(rows), 0, 0
    for _ in range(20):
        order = dice.sample(sorted(styles), len(styles))
        for start in range(0, len(order) - 24, 24):
            windows += 1
            pairs += len(alike_pairs(order[start : start + 24], styles, 6))
    assert pairs / windows < 0.06


def test_compositions_and_grounds_are_used_evenly():
    styles = list(styles_of(rows_of(BUNDLED)).values())
    used = Counter(style.composition for style in styles)
    grounds = Counter(style.colourway for style in styles)
    assert set(used) == set(COMPOSITIONS)
    assert max(used.values()) < 2.5 * min(used.values())
    assert max(grounds.values()) < 1.3 * min(grounds.values())
    assert len(FIGURES) >= 7
    assert {style.family for style in styles} <= set(FAMILIES)


def test_films_that_draw_again_are_few():
    rows = rows_of(BUNDLED)
    assert len({row["id"] for row in rows} & REDRAWN.keys()) < len(rows) / 2


def test_settling_parts_films_that_would_stand_alike_and_leaves_the_others():
    films = {n: film_of({"id": n, "release_date": "1999-01-01"}) for n in range(1, 200)}
    order = sorted(films)
    draws = settle(films, [order])
    styles = {n: style_of(*film, draw=draws.get(n, 0)) for n, film in films.items()}
    assert draws
    assert len(draws) < 20
    assert not [pair for columns in (4, 6, 8) for pair in alike_pairs(order, styles, columns)]


def test_the_settled_table_is_printed_as_a_module_that_says_the_same(tmp_path, capsys):
    lines = "\n".join(json.dumps({"id": n, "release_date": ""}) for n in range(1, 300))
    (tmp_path / "few.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "lists.json").write_text(json.dumps({"first": [[1, 9, 5]], "further": [[2, 3]]}))
    main([str(tmp_path / "few.jsonl.gz"), str(tmp_path / "lists.json")])
    module: dict = {}
    exec(capsys.readouterr().out, module)  # noqa: S102 - our own output
    assert module["REDRAWN"]
    assert all(times >= 1 for times in module["REDRAWN"].values())


if __name__ == "__main__":
    json.dump(answered_ids(), sys.stdout)
