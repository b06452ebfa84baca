"""Who and what of the stored catalogue is called so. Many names at once; changes nothing."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from sqlalchemy import func, select

from moviesite.catalogue import terms
from moviesite.catalogue.closeness import compact
from moviesite.extensions import db
from moviesite.models import (
    Keyword,
    Movie,
    MovieCast,
    MovieTerm,
    Person,
    PersonTerm,
    Viewing,
    movie_genres,
    movie_keywords,
)
from moviesite.text import fold

# Names in one statement: databases take only so many.
_AT_ONCE = 500
_MOST_KEYWORDS, _MOST_FILMS = 6, 100


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(set(names)))
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def people_called(names: Iterable[str]) -> dict[str, int]:
    """Ids of people by their whole folded names; of several the one with most parts."""
    parts = select(func.count()).where(MovieCast.person_id == Person.id).scalar_subquery()
    found: dict[str, int] = {}
    for batch in _batches(terms.whole(compact(name)) for name in names):
        ids = select(PersonTerm.person_id).where(PersonTerm.term.in_(batch))
        rows = select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(parts.desc())
        for row in db.session.execute(rows.limit(_AT_ONCE)):
            found.setdefault(fold(row.name), row.id)
    return found


def keywords_called(names: Iterable[str]) -> dict[str, int]:
    """Ids of keywords by their folded names; `names` are as they are stored."""
    found: dict[str, int] = {}
    for batch in _batches(names):
        rows = select(Keyword.id, Keyword.name).where(Keyword.name.in_(batch)).order_by(Keyword.id)
        for row in db.session.execute(rows):
            found.setdefault(fold(row.name), row.id)
    return found


def films_called(titles: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Ids and titles of films by their folded titles; of several the best known."""
    found: dict[str, tuple[int, str]] = {}
    for batch in _batches(terms.whole(compact(title)) for title in titles):
        ids = select(MovieTerm.movie_id).where(MovieTerm.term.in_(batch))
        rows = select(Movie.id, Movie.title).where(Movie.id.in_(ids), Movie.adult.is_(False))
        for row in db.session.execute(rows.order_by(Movie.popularity.desc()).limit(_AT_ONCE)):
            found.setdefault(fold(row.title), (row.id, row.title))
    return found


def film_ids_titled(titles: Iterable[str]) -> list[int]:
    """Ids of the stored films with any of these titles, the best known first."""
    folded = sorted({terms.whole(compact(fold(title))) for title in titles})
    ids = select(MovieTerm.movie_id).where(MovieTerm.term.in_(folded))
    rows = select(Movie.id).where(Movie.id.in_(ids)).order_by(Movie.popularity.desc())
    return list(db.session.scalars(rows.limit(_MOST_FILMS)))


def length_and_year(movie_id: int) -> tuple[int | None, int | None]:
    """A film's length in minutes and the year of its release, as far as they are known."""
    facts = select(Movie.runtime, Movie.release_date).where(Movie.id == movie_id)
    row = db.session.execute(facts).one_or_none()
    if row is None:
        return None, None
    return row.runtime or None, row.release_date.year if row.release_date else None


def genres_of(movie_id: int) -> list[int]:
    """Ids of a film's genres."""
    own = movie_genres.c.movie_id == movie_id
    return list(db.session.scalars(select(movie_genres.c.genre_id).where(own)))


def telling_keywords_of(movie_id: int) -> list[int]:
    """Ids of a film's keywords, those first that most stored films share."""
    others = movie_keywords.alias()
    films = select(func.count()).where(others.c.keyword_id == movie_keywords.c.keyword_id)
    own = select(movie_keywords.c.keyword_id).where(movie_keywords.c.movie_id == movie_id)
    ordered = own.order_by(films.scalar_subquery().desc(), movie_keywords.c.keyword_id)
    return list(db.session.scalars(ordered.limit(_MOST_KEYWORDS)))


def seen_among(user_id: int, movie_ids: Collection[int]) -> set[int]:
    """Those of the films that somebody has seen."""
    own = Viewing.user_id == user_id, Viewing.movie_id.in_(movie_ids), Viewing.finished.is_(True)
    return set(db.session.scalars(select(Viewing.movie_id).where(*own)))
