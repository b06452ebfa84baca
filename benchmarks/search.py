"""Lists and searches of the stored catalogue as it grows, on both databases.

    python -m benchmarks.search --sizes 1000 100000 1000000

Makes movies up in a temporary folder, measures in this process and deletes everything again. A
million takes five to fifteen minutes and 3 GB for each database.
"""

import argparse
import random
import statistics
import string
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from benchmarks import made_up
from moviesite.app import create_app
from moviesite.catalogue.browse import COUNTED
from moviesite.catalogue.filters import NO_FILTERS, Filters, Ordering
from moviesite.catalogue.finding import browse_closely
from moviesite.catalogue.search import search
from moviesite.catalogue.search_syntax import Wording
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Movie
from tests import servers

ROUNDS = 15
QUERIES = 60
LAST = COUNTED // 20

Measured = dict[str, float]


def main() -> None:
    """Measure and print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    for kind in wanted.databases:
        results = {size: _measured(kind, size) for size in wanted.sizes}
        _print(kind, results)


def _measured(kind: str, size: int) -> Measured:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        app, fill = _database(kind, folder, stack)
        with app.app_context():
            upgrade()
            start = time.perf_counter()
            fill(size)
            filled = time.perf_counter() - start
            results = {"filling (s)": filled, **dict(_lists(size)), **dict(_searches())}
            db.session.remove()
            db.engine.dispose()
        return results


def _database(kind: str, folder: Path, stack: ExitStack) -> tuple[Flask, Callable[[int], None]]:
    settings = {"INSTANCE_DIR": str(folder / "instance"), "LOG_LEVEL": "WARNING"}
    if kind == "sqlite":
        path = str(folder / "movies.db")
        app = create_app(load_config({**settings, "DATABASE_URL": f"sqlite:///{path}"}))
        return app, lambda size: made_up.fill_sqlite(path, size)
    folder.chmod(0o755)
    (folder / "server").mkdir()
    url = stack.enter_context(servers.postgresql(folder / "server"))
    app = create_app(load_config({**settings, "DATABASE_URL": url}))
    return app, lambda size: made_up.fill_postgresql(url, size)


def _lists(size: int) -> Iterator[tuple[str, float]]:
    last = min(LAST, size // 20 - 1)
    genre = Filters(genres=(("genre-01",),))
    small = Filters(genres=(("genre-18",),))
    rare = Filters(genres=(("genre-15",),), year_from=1990, year_to=1991)
    yield "list, first page", _page(NO_FILTERS)
    yield "list, last page", _page(NO_FILTERS, page=last)
    yield "list, 100 rows", _page(NO_FILTERS, page_size=100)
    for name in ("title", "release_date", "genre"):
        yield f"by {name}, first page", _page(NO_FILTERS, Ordering(name, True))
        yield f"by {name}, last page", _page(NO_FILTERS, Ordering(name, True), page=last)
    yield "a common genre, first page", _page(genre)
    yield "a common genre, last page", _page(genre, page=min(last, size // 60))
    yield "a small genre, first page", _page(small)
    yield "a small genre, last page", _page(small, page=max(1, size // 2_200))
    yield "a rare genre in two years", _page(rare)


def _page(
    filters: Filters,
    ordering: Ordering | None = None,
    *,
    page: int = 1,
    page_size: int = 20,
) -> float:
    def show() -> None:
        browse_closely(Wording(filters=filters), ordering, page=page, page_size=page_size)

    return statistics.median(_timed(show) for _ in range(ROUNDS))


def _searches() -> Iterator[tuple[str, float]]:
    chance = random.Random(7)
    titles = dict(db.session.execute(select(Movie.id, Movie.title).where(Movie.id % 10 == 0)).all())
    long = {movie_id: title for movie_id, title in titles.items() if len(title) > 7}
    chosen = {movie_id: long[movie_id] for movie_id in chance.sample(sorted(long), QUERIES)}
    misspelt = {movie_id: _misspelt(title, chance) for movie_id, title in chosen.items()}
    for name, typed in (("exact", chosen), ("fuzzy", misspelt)):
        times, hits = [], 0
        for movie_id, words in typed.items():
            search(words)
            times.append(_timed(lambda words=words: search(words)))  # type: ignore[misc]
            hits += movie_id in [found for _, found in search(words)[:3]]
        yield f"{name} search, median", statistics.median(times)
        yield f"{name} search, 95 of 100", statistics.quantiles(times, n=20)[-1]
        yield f"{name} search, longest", max(times)
        yield f"{name} search, right (%)", 100 * hits / QUERIES
    for words in ("the", "the man", "a", "st", "lo", "the last house", "zzzzzz"):
        times = [_timed(lambda words=words: search(words)) for _ in range(5)]  # type: ignore[misc]
        yield f"words: {words}", statistics.median(times)


def _misspelt(title: str, chance: random.Random) -> str:
    at = chance.randrange(len(title))
    return title[:at] + chance.choice(string.ascii_lowercase) + title[at + chance.randint(0, 1) :]


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds, with a transaction of its own as in a request."""
    start = time.perf_counter()
    work()
    db.session.remove()
    return (time.perf_counter() - start) * 1000


def _print(kind: str, results: dict[int, Measured]) -> None:
    sizes = list(results)
    print(f"\n| {kind}, ms | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |")
    print("|---|" + "---:|" * (len(sizes) + 1))
    for name in results[sizes[0]]:
        row = [results[size][name] for size in sizes]
        shown = " | ".join(f"{value:.1f}" for value in row)
        print(f"| {name} | {shown} | {row[-1] / max(row[0], 0.001):.1f} |")


if __name__ == "__main__":
    main()
