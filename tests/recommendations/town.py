"""A small town with two tastes: films of two kinds, and people who keep those of one."""

import datetime as dt
import random
from typing import Any

from sqlalchemy import insert

from moviesite import clock
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.models import Favorite
from moviesite.providers.base import (
    CastData,
    CrewData,
    GenreData,
    KeywordData,
    MovieDetailData,
    PersonRef,
)
from moviesite.transactions import transactional
from tests import factories
from tests.trending import crowd

HEISTS, WALTZES = range(1_000_001, 1_000_021), range(1_000_101, 1_000_121)
FILMS = (*HEISTS, *WALTZES)
NEWCOMER = 1_000_901
_GENRES = {
    HEISTS: (GenreData(80, "Crime"), GenreData(53, "Thriller")),
    WALTZES: (GenreData(10402, "Music"), GenreData(10749, "Romance")),
}


def film(movie_id: int, kind: range = HEISTS, title: str = "", **changes: Any) -> MovieDetailData:
    """A film of a kind: each kind has its directors, its company of actors and its keywords."""
    start, number = kind.start, movie_id % 100
    director = PersonRef(start + number % 2, f"Director {start + number % 2}")
    company = (PersonRef(start + 10 + (number + n) % 7, f"Actor {n}") for n in range(3))
    facts: dict[str, Any] = {
        "imdb_id": None,
        "release_date": dt.date(1980 + number, 5, 17),
        "genres": (_GENRES[kind][number % 2], factories.DRAMA),
        "keywords": (KeywordData(start + 20 + number % 3, f"keyword {start + number % 3}"),),
        "cast": tuple(CastData(person, "", place) for place, person in enumerate(company)),
        "crew": (CrewData(director, "Director", "Directing"),),
        "collection": None,
        "similar": (),
        "recommended": (),
        "popularity": float(number),
    }
    return factories.detail(movie_id, title or f"Film {movie_id}", **{**facts, **changes})


def films() -> None:
    """All of them are known whole."""
    kinds = ((movie_id, kind) for kind in (HEISTS, WALTZES) for movie_id in kind)
    catalogue.store_details([film(movie_id, kind) for movie_id, kind in kinds])


@transactional
def people(count: int = 40) -> list[int]:
    """Ids of grown accounts, each with eight favorites of one kind and one of the other."""
    now, chance = clock.now(), random.Random(5)
    everybody = crowd.accounts(count, now - dt.timedelta(days=90))
    rows = []
    for number, one in enumerate(everybody):
        own, other = (HEISTS, WALTZES) if number % 2 else (WALTZES, HEISTS)
        kept = (*chance.sample(own, 8), chance.choice(other))
        rows += [{"user_id": one, "movie_id": film, "added_at": now} for film in kept]
    db.session.execute(insert(Favorite), rows)
    return everybody


def look(everybody: list[int]) -> None:
    """Everybody turns to films, the first of either kind most of all."""
    now = clock.now()
    crowd.looks(
        (movie_id, crowd.hour(now, 2), one)
        for place, movie_id in enumerate((*HEISTS[:8], *WALTZES[:8]))
        for one in everybody[place * 2 :]
    )
