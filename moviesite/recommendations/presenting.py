"""Puts names to recommendations and their reasons for the doors. No request, no SQL of its own."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from moviesite.cache_kinds import PickedRow
from moviesite.catalogue.presenting import Listed
from moviesite.library.presenting import stored_movies
from moviesite.models import User
from moviesite.recommendations import queries
from moviesite.text import enumerated

# What kinds of reasons are called outside: whoever made a movie is a person.
_OUTSIDE = {"director": "person", "writer": "person", "cast": "person"}


class Named(NamedTuple):
    """A reason with a name: `kind` is movie, person, genre or keyword, `role` the person's part.

    `basis` says of a movie whether it was liked, rated or watched.
    """

    kind: str
    id: int
    name: str
    weight: float
    role: str | None = None
    basis: str = ""


class Recommended(NamedTuple):
    """A movie that is recommended, and why; `rest` is what no named reason accounts for.

    `found_by` is taste, trending or variety, `why` the same as the reasons in words.
    """

    item: Listed
    score: float
    is_new: bool
    reasons: Sequence[Named]
    rest: float
    found_by: str
    why: str


def recommended(rows: Sequence[PickedRow], user: User) -> list[Recommended]:
    """The rows with their movies and the names of their reasons; movies that are gone are not."""
    ids = [row.movie_id for row in rows]
    because = _ids(rows, "movie")
    listed = stored_movies([*ids, *(because - set(ids))], user)
    movies = {item.movie.id: item for item in listed}
    kinds = ("genre", "person", "keyword")
    wanted = {kind: _ids(rows, kind) for kind in kinds}
    names = queries.names_of({kind: found for kind, found in wanted.items() if found})
    names |= {("movie", id_): item.movie.title for id_, item in movies.items()}
    return [
        _recommended(row, movies[row.movie_id], names) for row in rows if row.movie_id in movies
    ]


def _ids(rows: Sequence[PickedRow], kind: str) -> set[int]:
    return {
        reason.id
        for row in rows
        for reason in row.reasons
        if _OUTSIDE.get(reason.kind, reason.kind) == kind
    }


def _recommended(row: PickedRow, item: Listed, names: dict[tuple[str, int], str]) -> Recommended:
    reasons = _named(row, names)
    why = row.why or in_words(reasons)
    return Recommended(item, row.score, row.is_new, reasons, row.rest, row.found_by, why)


def _named(row: PickedRow, names: dict[tuple[str, int], str]) -> list[Named]:
    """What cannot be named any more counts among the rest."""
    found = []
    for reason in row.reasons:
        kind = _OUTSIDE.get(reason.kind, reason.kind)
        name = names.get((kind, reason.id))
        if name:
            role = reason.kind if kind == "person" else None
            found.append(Named(kind, reason.id, name, reason.weight, role, reason.basis))
    return found


def as_json(one: Recommended) -> dict[str, Any]:
    """In the shape of the API."""
    named = [_reason(reason) for reason in one.reasons]
    rest = one.score - sum(reason.weight for reason in one.reasons)
    return {
        "movie": one.item,
        "score": one.score,
        "is_new": one.is_new,
        "found_by": one.found_by,
        "why": one.why,
        "reasons": [*named, {"kind": "rest", "weight": rest}],
    }


def _reason(reason: Named) -> dict[str, Any]:
    named = {"id": reason.id, "name": reason.name}
    if reason.kind == "movie":
        named = {"id": reason.id, "title": reason.name}
    role = {"role": reason.role} if reason.role else {}
    basis = {"basis": reason.basis} if reason.basis else {}
    return {"kind": reason.kind, "weight": reason.weight, reason.kind: named, **role, **basis}


def in_words(reasons: Iterable[Named]) -> str:
    """Why, in the words of a card: `Because you like Heat and watched Arrival`."""
    named = list(reasons)
    movies = {
        basis: [one.name for one in named if one.kind == "movie" and one.basis == basis]
        for basis in queries.BASES
    }
    if any(movies.values()):
        clauses = [said_of(basis, enumerated(titles)) for basis, titles in movies.items() if titles]
        return f"Because you {enumerated(clauses)}"
    shared = [reason.name for reason in named]
    return f"Shares {enumerated(shared)} with films you like or have seen" if shared else ""


def said_of(basis: str, titles: str) -> str:
    """What somebody did with films, so that they say something of others."""
    if basis == queries.RATED:
        return f"rated {titles} highly"
    return f"watched {titles}" if basis == queries.WATCHED else f"like {titles}"
