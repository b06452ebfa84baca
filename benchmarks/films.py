"""Puts real or made-up movies into the tables at once. For measurements and tests alone."""

import gzip
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from moviesite import clock
from moviesite.catalogue import storage
from moviesite.database import upsert
from moviesite.extensions import Base
from moviesite.models import (
    Genre,
    Keyword,
    Movie,
    MovieCast,
    MovieCountry,
    MovieCrew,
    Person,
    movie_genres,
    movie_keywords,
)
from moviesite.providers.base import GenreData, MovieData, PersonRef
from moviesite.text import slug
from moviesite.transactions import transactional

Film = dict[str, Any]


def read(path: Path) -> list[Film]:
    """The films of a gzipped file with one JSON object a line."""
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


@transactional
def store(films: Iterable[Film]) -> None:
    """Movies with genres, keywords, countries and people, as a source would have told them."""
    films = list(films)
    genres = _unique(films, "genres")
    upsert(Genre, [{**g, "slug": slug(g["name"])} for g in genres])
    upsert(Keyword, _unique(films, "keywords"))
    people = [person for film in films for person in film["cast"] + film["crew"]]
    upsert(Person, [storage.person_row(PersonRef(p["id"], p["name"])) for p in people])
    upsert(Movie, [_row(film) for film in films])
    upsert(movie_genres, list(_links(films, "genres", "genre_id")))
    upsert(movie_keywords, list(_links(films, "keywords", "keyword_id")))
    countries = [(f["id"], c["iso_3166_1"]) for f in films for c in f["production_countries"]]
    upsert(MovieCountry, [{"movie_id": movie, "code": code} for movie, code in countries])
    _credits(MovieCast, films, "cast", ("character", "order"))
    _credits(MovieCrew, films, "crew", ("job", "department"))


def _row(film: Film) -> dict[str, object]:
    movie = MovieData(
        id=film["id"],
        title=film["title"],
        original_title=film["original_title"],
        original_language=film["original_language"],
        vote_average=film["vote_average"],
        vote_count=film["vote_count"],
        popularity=film["popularity"],
        genres=tuple(GenreData(**genre) for genre in film["genres"]),
    )
    first = min((genre["name"] for genre in film["genres"]), default=None)
    return {
        **storage.summary_row(movie, clock.now()),
        "release_date": clock.dt.date.fromisoformat(film["release_date"])
        if film["release_date"]
        else None,
        "runtime": film["runtime"] or None,
        "first_genre": first,
        **dict.fromkeys(("tagline", "status", "homepage"), ""),
    }


def _unique(films: list[Film], part: str) -> list[dict[str, Any]]:
    return list({row["id"]: row for film in films for row in film[part]}.values())


def _links(films: list[Film], part: str, column: str) -> Iterator[dict[str, int]]:
    for film in films:
        yield from ({"movie_id": film["id"], column: row["id"]} for row in film[part])


def _credits(table: type[Base], films: list[Film], part: str, facts: tuple[str, ...]) -> None:
    rows = [
        {"movie_id": film["id"], "position": n, "person_id": row["id"]}
        | {fact: row[fact] for fact in facts}
        for film in films
        for n, row in enumerate(film[part])
    ]
    upsert(table, rows)


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of at most that many."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
