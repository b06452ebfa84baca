"""Puts names to recommendations and their reasons for the doors. No request, no SQL of its own."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from moviesite.caching import PickedRow
from moviesite.catalogue.presenting import Listed
from moviesite.library.presenting import stored_movies
from moviesite.models import User
from moviesite.providers.base import MovieData
from moviesite.recommendations import queries

# What kinds of reasons are called outside: whoever made a movie is a person.
_OUTSIDE = {"director": "person", "writer": "person", "cast": "person"}


class Named(NamedTuple):
    """A reason with a name: `kind` is movie, person, genre or keyword, `role` the person's part."""

    kind: str
    id: int
    name: str
    weight: float
    role: str | None = None
    movie: MovieData | None = None


class Recommended(NamedTuple):
    """A movie that is recommended, and why; `rest` is what no named reason accounts for."""

    item: Listed
    score: float
    is_new: bool
    reasons: Sequence[Named]
    rest: float


def recommended(rows: Sequence[PickedRow], user: User) -> list[Recommended]:
    """The rows with their movies and the names of their reasons; movies that are gone are not."""
    ids = [row.movie_id for row in rows]
    because = _ids(rows, "movie")
    listed = stored_movies([*ids, *(because - set(ids))], user)
    movies = {item.movie.id: item for item in listed}
    kinds = ("genre", "person", "keyword")
    wanted = {kind: _ids(rows, kind) for kind in kinds}
    names = queries.names_of({kind: found for kind, found in wanted.items() if found})
    return [
        Recommended(
            movies[row.movie_id], row.score, row.is_new, _named(row, movies, names), row.rest
        )
        for row in rows
        if row.movie_id in movies
    ]


def _ids(rows: Sequence[PickedRow], kind: str) -> set[int]:
    return {id_ for row in rows for its, id_, _ in row.reasons if _OUTSIDE.get(its, its) == kind}


def _named(
    row: PickedRow, movies: dict[int, Listed], names: dict[tuple[str, int], str]
) -> list[Named]:
    found = []
    for role, id_, weight in row.reasons:
        kind = _OUTSIDE.get(role, role)
        movie = movies[id_].movie if kind == "movie" and id_ in movies else None
        name = movie.title if movie else names.get((kind, id_), "")
        if name:
            part = role if kind == "person" else None
            found.append(Named(kind, id_, name, weight, part, movie))
    return found


def as_json(one: Recommended) -> dict[str, Any]:
    """In the shape of the API; what cannot be named any more counts among the rest."""
    named = [_reason(reason) for reason in one.reasons]
    rest = one.score - sum(reason.weight for reason in one.reasons)
    return {
        "movie": one.item,
        "score": one.score,
        "is_new": one.is_new,
        "reasons": [*named, {"kind": "rest", "weight": rest}],
    }


def _reason(reason: Named) -> dict[str, Any]:
    told = {"id": reason.id, "name": reason.name}
    if reason.kind == "movie":
        told = {"id": reason.id, "title": reason.name}
    role = {"role": reason.role} if reason.role else {}
    return {"kind": reason.kind, "weight": reason.weight, reason.kind: told, **role}


def in_words(reasons: Iterable[Named]) -> str:
    """Why, in the words of a card: `Because you like Heat and Arrival`."""
    named = list(reasons)
    movies = [reason.name for reason in named if reason.kind == "movie"]
    if movies:
        return f"Because you like {_joined(movies)}"
    shared = [reason.name for reason in named]
    return f"Shares {_joined(shared)} with what you like" if shared else ""


def _joined(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
