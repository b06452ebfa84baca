"""Puts real films into the tables at once. For measurements and tests alone."""

import datetime as dt
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from moviesite import clock
from moviesite.catalogue import storage
from moviesite.extensions import Base, db
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
    _insert(Genre, [{**g, "slug": slug(g["name"])} for g in _unique(films, "genres")])
    _insert(Keyword, _unique(films, "keywords"))
    people = _unique(films, "cast") + _unique(films, "crew")
    known = {person["id"]: PersonRef(person["id"], person["name"]) for person in people}
    _insert(Person, [_person(person) for person in known.values()])
    _insert(Movie, [_row(film) for film in films])
    _insert(movie_genres, list(_links(films, "genres", "genre_id")))
    _insert(movie_keywords, list(_links(films, "keywords", "keyword_id")))
    countries = {(f["id"], c["iso_3166_1"]) for f in films for c in f["production_countries"]}
    _insert(MovieCountry, [{"movie_id": movie, "code": code} for movie, code in countries])
    _credits(MovieCast, films, "cast", ("character", "order"))
    _credits(MovieCrew, films, "crew", ("job", "department"))


def _insert(table: type[Base] | Table, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(table), rows)


def _person(person: PersonRef) -> dict[str, Any]:
    return {**storage.person_row(person), "biography": "", "place_of_birth": "", "known_for": ""}


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
    released = dt.date.fromisoformat(film["release_date"]) if film["release_date"] else None
    return {
        **storage.summary_row(movie, clock.now()),
        "release_date": released,
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
    _insert(table, rows)
