"""As many movies as wanted, made up with the word frequencies of real titles. Always the same."""

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

import psycopg

from moviesite.catalogue.storage import search_columns

GENRES = 19
BATCH = 20_000
_ONSETS = (*"bcdfghjklmnprstvwz", "st", "tr")
_SYLLABLES = [onset + vowel for onset in _ONSETS for vowel in "aeiou"]
_COMMON = ("the", "of", "and", "a", "in", "to", "love", "man", "night", "last", "day", "house")
_COLUMNS = (
    *("id", "title", "original_title", "original_language", "search_text", "title_key"),
    *("overview", "tagline", "status", "homepage", "release_date", "runtime", "vote_average"),
    *("vote_count", "popularity", "adult", "first_genre", "created_at", "fetched_at"),
)
Row = tuple[Any, ...]


def genre_rows() -> list[Row]:
    """Id, name and slug of each genre."""
    return [(n, f"Genre {n:02}", f"genre-{n:02}") for n in range(1, GENRES + 1)]


def movies(count: int) -> Iterator[tuple[Row, list[int]]]:
    """Columns of each movie, and the ids of its genres."""
    chance = random.Random(1895)
    words = _vocabulary(chance, min(60_000, count))
    weights = list(_running(1 / (rank + 3) for rank in range(len(words))))
    for movie_id in range(1, count + 1):
        genres = sorted({min(int(chance.expovariate(0.25)) + 1, GENRES) for _ in range(3)})
        title = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(1, 5)))
        yield _movie(chance, movie_id, title.title(), genres[0]), genres


def _movie(chance: random.Random, movie_id: int, title: str, genre: int) -> Row:
    keys = search_columns(title, title)
    released = dt.date(1920, 1, 1) + dt.timedelta(days=chance.randrange(38_000))
    seen = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=movie_id)
    moment = seen.isoformat(sep=" ", timespec="microseconds").removesuffix("+00:00")
    return (
        *(movie_id, title, title, chance.choice(["en"] * 7 + ["fr", "ja", "de"])),
        *(keys["search_text"], keys["title_key"], "Words about it. " * 12, "", "Released", ""),
        *(released.isoformat() if chance.random() > 0.01 else None, chance.randint(60, 200)),
        *(round(chance.uniform(2, 9), 1), chance.randrange(5_000)),
        *(round(chance.paretovariate(0.8), 3), chance.random() < 0.005, f"Genre {genre:02}"),
        *(moment, moment),
    )


def _vocabulary(chance: random.Random, count: int) -> list[str]:
    words = dict.fromkeys(_COMMON)
    while len(words) < count:
        words["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(words)


def _running(weights: Iterator[float]) -> Iterator[float]:
    total = 0.0
    for weight in weights:
        total += weight
        yield total


def fill_sqlite(path: str, count: int) -> None:
    """Fill migrated tables of an SQLite file."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executemany("INSERT INTO genres (id, name, slug) VALUES (?, ?, ?)", genre_rows())
        rows = movies(count)
        while batch := list(islice(rows, BATCH)):
            names, marks = ", ".join(_COLUMNS), ", ".join("?" * len(_COLUMNS))
            insert = f"INSERT INTO movies ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            connection.executemany(insert, [row for row, _ in batch])
            connection.executemany("INSERT INTO movie_genres VALUES (?, ?)", _links(batch))
            connection.commit()
    connection.close()


def fill_postgresql(url: str, count: int) -> None:
    """Fill migrated tables of a PostgreSQL database."""
    with psycopg.connect(url, autocommit=True) as connection:
        _copy(connection, "genres (id, name, slug)", genre_rows())
        rows = movies(count)
        while batch := list(islice(rows, BATCH)):
            _copy(connection, f"movies ({', '.join(_COLUMNS)})", [row for row, _ in batch])
            _copy(connection, "movie_genres (movie_id, genre_id)", _links(batch))
        connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection, target: str, rows: list[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _links(batch: list[tuple[Row, list[int]]]) -> list[Row]:
    return [(row[0], genre) for row, genres in batch for genre in genres]
