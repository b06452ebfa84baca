"""Reads of the movies in one list: pages in any order, narrowed. Changes nothing.

In the list's own order a page is a range of positions, which have no gaps: the last page of
ten thousand movies costs what the first does. Other orders sort the ids of at most so many.
"""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Select, String, and_, func, literal_column, or_, select
from sqlalchemy.orm import contains_eager

from moviesite.bounds import Page
from moviesite.catalogue import people_search, search_syntax
from moviesite.catalogue.browse import ordered
from moviesite.catalogue.filter_sql import narrowed
from moviesite.catalogue.filters import NO_FILTERS, ORDERS, Filters, Ordering
from moviesite.database import dialect
from moviesite.errors import NotSignedIn
from moviesite.extensions import db
from moviesite.library.seen_queries import seen_by
from moviesite.lists import policy
from moviesite.models import Genre, ListItem, Movie, MovieList, User, movie_genres
from moviesite.text import ACCENTS, fold, unaccented

POSITION, ADDED_AT = "position", "added_at"
ITEM_ORDERS = (POSITION, ADDED_AT, *ORDERS)

AnySelect = Select[*tuple[Any, ...]]


class ItemOrder(NamedTuple):
    """By what of ITEM_ORDERS, and whether from the end."""

    name: str = POSITION
    descending: bool = False


class ItemWish(NamedTuple):
    """What of a list is wanted: words as they are typed into a search, filters, an order.

    `seen` is whether the reader saw the movie; None for either.
    """

    search: str = ""
    filters: Filters = NO_FILTERS
    order: ItemOrder = ItemOrder()
    seen: bool | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.search) or self.filters != NO_FILTERS or self.seen is not None


EVERYTHING = ItemWish()


def items(
    movie_list: MovieList,
    wish: ItemWish = EVERYTHING,
    *,
    viewer: User | None = None,
    page: int = 1,
    page_size: int = 20,
) -> Page[ListItem]:
    """A page of a list's movies with their genres.

    Movies for adults are left out where the viewer is not shown any; in the list's own order they
    leave a gap. One statement, two where the page is past the end of a narrowed list. Raises
    NotSignedIn where a visitor asks for what they have seen.
    """
    offset = (page - 1) * page_size
    if wish.order.name == POSITION and not wish.narrows:
        adult = policy.shows_adult(viewer, movie_list)
        rows = _whole(movie_list, adult).where(_range(movie_list, wish.order, offset, page_size))
        found = db.session.scalars(_in_order(rows, wish.order).order_by(Genre.name))
        return Page(found.unique().all(), movie_list.movie_count, page_size)
    return _sorted(movie_list, wish, viewer, offset, page_size)


def _range(
    movie_list: MovieList, order: ItemOrder, offset: int, page_size: int
) -> ColumnElement[bool]:
    if order.descending:
        end = movie_list.movie_count - offset
        return ListItem.position.between(end - page_size, end - 1)
    return ListItem.position.between(offset, offset + page_size - 1)


def _sorted(
    movie_list: MovieList, wish: ItemWish, viewer: User | None, offset: int, page_size: int
) -> Page[ListItem]:
    ids = _narrowed(movie_list, wish, viewer)
    page = _in_order(ids, wish.order).offset(offset).limit(page_size).subquery("page")
    rows = _whole(movie_list, adult=True).join(page, page.c.movie_id == ListItem.movie_id)
    rows = _in_order(rows.add_columns(page.c.total), wish.order).order_by(Genre.name)
    found = db.session.execute(rows).unique().all()
    if found or not offset:
        return Page([row[0] for row in found], found[0][1] if found else 0, page_size)
    total = db.session.scalar(select(func.count()).select_from(ids.subquery()))
    return Page((), total or 0, page_size)


def _narrowed(movie_list: MovieList, wish: ItemWish, viewer: User | None) -> AnySelect:
    adult = policy.shows_adult(viewer, movie_list)
    wanted = search_syntax.read(wish.search)
    ids: AnySelect = (
        select(ListItem.movie_id, func.count().over().label("total"))
        .select_from(ListItem)
        .join(Movie, Movie.id == ListItem.movie_id)
        .where(ListItem.list_id == movie_list.id)
    )
    for filters in (wish.filters, people_search.with_known_people(wanted.filters)):
        ids = narrowed(ids, msgspec.structs.replace(filters, include_adult=adult))
    return ids.where(*_meant(wanted), *_seen(wish.seen, viewer))


def _seen(wanted: bool | None, viewer: User | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    if viewer is None:
        raise NotSignedIn("Sign in to narrow a list to what you have seen, or have not.")
    return [seen_by(viewer, ListItem.movie_id, wanted=wanted)]


def _meant(wanted: search_syntax.Wording) -> list[ColumnElement[bool]]:
    """What words, or a pasted address of a film, ask for."""
    kind, value = wanted.target or ("title", wanted.words)
    if kind == "movie":
        return [Movie.id == int(value)]
    if kind == "imdb":
        return [Movie.imdb_id == value]
    return [_has(word, folded) for word in value.split() if (folded := fold(word))]


def _has(word: str, folded: str) -> ColumnElement[bool]:
    """A title with words that begin so, or a note that holds the word."""
    title = " " + Movie.search_text
    begins = (title.contains(f" {part}", autoescape=True) for part in folded.split())
    notes = (
        _unaccented_note().contains(variant, autoescape=True)
        for variant in dict.fromkeys((unaccented(word), folded))
    )
    return or_(and_(*begins), *notes)


def _unaccented_note() -> ColumnElement[str]:
    """Notes are kept as they were written. There are at most so many as a list has movies."""
    if dialect() == "sqlite":
        return func.unaccented(ListItem.note, type_=String)
    apart = func.normalize(ListItem.note, literal_column("NFKD"))
    return func.lower(func.regexp_replace(apart, ACCENTS, "", "g"), type_=String)


def _in_order(statement: AnySelect, order: ItemOrder) -> AnySelect:
    own = {POSITION: ListItem.position, ADDED_AT: ListItem.added_at}.get(order.name)
    if own is None:
        name = next(name for name in ORDERS if name == order.name)
        return ordered(statement, Ordering(name, order.descending))
    if order.descending:
        return statement.order_by(own.desc(), ListItem.movie_id.desc())
    return statement.order_by(own, ListItem.movie_id)


def _whole(movie_list: MovieList, adult: bool) -> AnySelect:
    """Genres come in the same statement, since a round trip costs more than longer rows."""
    statement: AnySelect = (
        select(ListItem)
        .join(ListItem.movie)
        .outerjoin(movie_genres, movie_genres.c.movie_id == Movie.id)
        .outerjoin(Genre, Genre.id == movie_genres.c.genre_id)
        .where(ListItem.list_id == movie_list.id)
        .options(contains_eager(ListItem.movie).contains_eager(Movie.genres))
        .execution_options(populate_existing=True)
    )
    return statement if adult else statement.where(Movie.adult.is_(False))
