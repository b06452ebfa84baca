"""Reads of what somebody mutes. Changes nothing."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select, union_all

from moviesite.database import one_of
from moviesite.extensions import db
from moviesite.library.muting import Muted, unmuted
from moviesite.models import (
    Genre,
    Hidden,
    Keyword,
    Movie,
    MovieCast,
    MovieCrew,
    Person,
    User,
    movie_keywords,
)
from moviesite.providers.base import MovieData

# All of it is looked at with each page of suggestions.
MOST_HIDDEN = 1000
ALL_HIDDEN = f"You can hide at most {MOST_HIDDEN:,} things."


class HiddenThing(NamedTuple):
    """Something muted; `name` is None where it is not stored."""

    kind: str
    target_id: int
    name: str | None
    added_at: dt.datetime


def muted(user_id: int) -> Muted:
    """All that somebody does not want to be offered: one statement."""
    kinds: dict[str, set[int]] = {"genre": set(), "person": set(), "keyword": set(), "movie": set()}
    for kind, target_id in hidden_keys(user_id):
        kinds[kind].add(target_id)
    return Muted(*map(frozenset, kinds.values()))


def hidden_keys(user_id: int) -> set[tuple[str, int]]:
    """The same as kinds and numbers: one statement."""
    keys = select(Hidden.kind, Hidden.target_id).where(Hidden.user_id == user_id)
    return {(kind, target_id) for kind, target_id in db.session.execute(keys)}


def offered(user_id: int, rows: Sequence[MovieData]) -> list[MovieData]:
    """Those of the movies that somebody does not mute, in their order.

    One statement; a second one where people or keywords are muted, which only stored movies tell.
    None for no movies.
    """
    if not rows:
        return []
    found = muted(user_id)
    if found.nothing:
        return list(rows)
    return unmuted(rows, found, _muted_for_parts(found, [movie.id for movie in rows]))


def _muted_for_parts(found: Muted, movie_ids: Collection[int]) -> set[int]:
    """Ids of those of the movies that are by or with somebody muted, or about something muted."""
    if not movie_ids or not (found.people or found.keywords):
        return set()
    about = movie_keywords.c.keyword_id
    parts = (
        select(MovieCast.movie_id).where(one_of(MovieCast.person_id, found.people)),
        select(MovieCrew.movie_id).where(one_of(MovieCrew.person_id, found.people)),
        select(movie_keywords.c.movie_id).where(one_of(about, found.keywords)),
    )
    narrowed = (part.where(one_of(part.selected_columns.movie_id, movie_ids)) for part in parts)
    return set(db.session.scalars(union_all(*narrowed)))


def hidden_besides(user: User, kind: str, target_id: int) -> int:
    """How many things somebody mutes besides this one: one statement."""
    this = and_(Hidden.kind == kind, Hidden.target_id == target_id)
    others = select(func.count()).where(Hidden.user_id == user.id, ~this)
    return db.session.scalar(others) or 0


def hidden_of(user: User) -> list[HiddenThing]:
    """What somebody muted, latest first, at most MOST_HIDDEN: one statement."""
    names: dict[str, Any] = {"genre": Genre, "person": Person, "keyword": Keyword}
    name = case(
        *((Hidden.kind == kind, table.name) for kind, table in names.items()), else_=Movie.title
    )
    statement = select(Hidden.kind, Hidden.target_id, name, Hidden.added_at)
    for kind, table in {**names, "movie": Movie}.items():
        statement = statement.outerjoin(
            table, and_(Hidden.kind == kind, table.id == Hidden.target_id)
        )
    mine = statement.where(Hidden.user_id == user.id)
    latest = mine.order_by(Hidden.added_at.desc(), Hidden.kind, Hidden.target_id)
    return [HiddenThing(*row) for row in db.session.execute(latest.limit(MOST_HIDDEN))]
