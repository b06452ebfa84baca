"""Pages of the movies that somebody keeps: filtered and in order. Changes nothing.

The rows of a page are chosen first, along an index where the order is that of adding; only then
their movies and genres are joined, all in one statement.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, FromClause, Row, Select, bindparam, func, or_, select

from moviesite import cache_kinds, caching
from moviesite.bounds import page_count
from moviesite.cache_kinds import KeptRow
from moviesite.catalogue import browse, override_queries, people_search, search, search_syntax
from moviesite.catalogue.filter_sql import AnySelect, conditions
from moviesite.catalogue.filters import ORDERS, Filters, Ordering
from moviesite.catalogue.queries import Community
from moviesite.database import one_of, table_of
from moviesite.extensions import db
from moviesite.library.changes_service import FAVORITE, LIKE, VOTE, WATCHLIST, Thing
from moviesite.library.seen_queries import seen_by
from moviesite.models import Genre, Movie, MovieAvailability, User, movie_genres
from moviesite.models.library import UP
from moviesite.providers.base import GenreData, MovieData
from moviesite.text import fold

# Nobody hides from themselves what they keep.
ANY = Filters(include_adult=True)
CACHED_PAGES = 5
PAGE_SIZE = 20

_FACTS = (
    *("id", "title", "original_title", "original_language", "overview", "release_date"),
    *("poster_path", "backdrop_path", "vote_average", "vote_count", "popularity", "adult"),
)
# Columns of the tables themselves, of which there is nothing to make.
MOVIE, _GENRE = table_of(Movie).c, table_of(Genre).c
MOVIE_COLUMNS = tuple(MOVIE[name].label(f"movie_{name}") for name in (*_FACTS, *Community._fields))


class KeptOrder(NamedTuple):
    """By an own column (`added_at`, `priority`), by length or one of the catalogue's orders."""

    name: str
    descending: bool = False


LATEST = KeptOrder("added_at", descending=True)
KEPT_ORDERS = ("added_at", "runtime", *ORDERS)
WATCHLIST_ORDERS = ("priority", *KEPT_ORDERS)


class Kept(NamedTuple):
    """A movie that somebody keeps; `priority` and `note` are the watchlist's, `value` a vote's."""

    movie: MovieData
    community: Community
    added_at: dt.datetime
    priority: int | None = None
    note: str | None = None
    value: str | None = None


class KeptPage(NamedTuple):
    """A page; `total` stops at 10,000 where filters narrow it, and `exact` says whether it did."""

    rows: Sequence[Kept]
    total: int
    exact: bool = True

    def pages(self, page_size: int = PAGE_SIZE) -> int:
        """How many pages of that size can be had."""
        return page_count(self.total, page_size)


class OwnPage(NamedTuple):
    """The same before anything is made of its rows: each with the genres of its movie."""

    rows: Sequence[tuple[Row[Any], Sequence[GenreData]]]
    total: int
    exact: bool


class Wish(NamedTuple):
    """What a page is to be narrowed to; `services` are ids of those that stream in a region.

    `seen` is whether the person saw the movie; None for either.
    """

    filters: Filters = ANY
    words: str = ""
    services: Collection[int] = ()
    region: str = ""
    seen: bool | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        plain = msgspec.structs.replace(self.filters, include_adult=True) == ANY
        return plain and not self.words and not self.services and self.seen is None


EVERYTHING = Wish()


def favorites_of(
    user: User,
    wish: Wish = EVERYTHING,
    ordering: KeptOrder | Ordering | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> KeptPage:
    """What somebody keeps, latest first unless put in an order: one statement, two if narrowed.

    The first pages in their usual shape are remembered until the person changes anything.
    """
    usual = wish.everything and ordering in (None, LATEST) and page_size == PAGE_SIZE
    if not usual or page > CACHED_PAGES:
        return _page(user, FAVORITE, wish, ordering, page, page_size)
    params = {"user_id": user.id, "page": page, "version": user.library_edition}
    read = partial(_rows_to_remember, user, page)
    rows = caching.remembered(cache_kinds.FAVORITES, params, read, override_queries.edition)
    kept = [Kept(row.movie, Community(*row.community), row.added_at) for row in rows]
    return KeptPage(kept, user.favorite_count)


def watchlist_of(
    user: User,
    wish: Wish = EVERYTHING,
    ordering: KeptOrder | Ordering | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> KeptPage:
    """What somebody means to see."""
    return _page(user, WATCHLIST, wish, ordering, page, page_size)


def likes_of(
    user: User,
    wish: Wish = EVERYTHING,
    ordering: KeptOrder | Ordering | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> KeptPage:
    """What somebody likes."""
    return _page(user, LIKE, wish, ordering, page, page_size)


def votes_of(
    user: User,
    wish: Wish = EVERYTHING,
    ordering: KeptOrder | Ordering | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> KeptPage:
    """What somebody voted on."""
    return _page(user, VOTE, wish, ordering, page, page_size)


def vote_of(user: User, movie_id: int) -> Kept | None:
    """How somebody voted on a movie, None where they did not: one statement."""
    return kept_of(user, VOTE, movie_id)


def kept_of(user: User, thing: Thing, movie_id: int) -> Kept | None:
    """One movie among those that somebody keeps, None where it is not: one statement."""
    table = thing.columns
    return only(select(table).where(table.c.user_id == user.id, table.c.movie_id == movie_id))


def only(row: AnySelect) -> Kept | None:
    """The one row that a statement finds, with its movie: one statement."""
    found = db.session.execute(with_movies(row.subquery("page")).order_by(_GENRE.name)).all()
    return next((_kept(*one) for one in gathered(found, "movie_id")), None)


def movies(movie_ids: Sequence[int]) -> list[tuple[MovieData, Community]]:
    """Stored movies with their counters, in the order of the ids: one statement."""
    found = db.session.execute(_MOVIES, {"ids": movie_ids}).all()
    known = {row.movie_id: (row, genres) for row, genres in gathered(found, "movie_id")}
    rows = [known[movie_id] for movie_id in movie_ids if movie_id in known]
    return [(movie_of(row, genres), community_of(row)) for row, genres in rows]


def movie_of(row: Row[Any], genres: Sequence[GenreData]) -> MovieData:
    """The movie in a row with MOVIE_COLUMNS."""
    facts = {name: getattr(row, f"movie_{name}") for name in _FACTS}
    return MovieData(genres=tuple(genres), **facts)


def community_of(row: Row[Any]) -> Community:
    """Its counters."""
    return Community(*(getattr(row, f"movie_{name}") for name in Community._fields))


def with_movies(page: Any) -> Select[Any]:
    """The rows of a subquery, which name a `movie_id`, with their movies, one row for each genre
    of each.
    """
    own = (column for column in page.c if column.name != "movie_id")  # the movie's columns hold it
    genre = _GENRE.id.label("genre_id"), _GENRE.name.label("genre_name")
    return (
        select(*own, *MOVIE_COLUMNS, *genre)
        .select_from(page)
        .join(MOVIE.id.table, MOVIE.id == page.c.movie_id)
        .outerjoin(movie_genres, movie_genres.c.movie_id == MOVIE.id)
        .outerjoin(_GENRE.id.table, _GENRE.id == movie_genres.c.genre_id)
    )


def movies_where(those: ColumnElement[bool]) -> Select[Any]:
    """The stored movies that fit, one row for each genre of each."""
    wanted = select(MOVIE.id.label("movie_id")).where(those).subquery("page")
    return with_movies(wanted).order_by(_GENRE.name)


# Built once: making it anew would take longer than asking it.
_MOVIES = movies_where(one_of(Movie.id, "ids"))


def gathered(rows: Sequence[Row[Any]], key: str) -> list[tuple[Row[Any], list[GenreData]]]:
    """One row for each `key` with the genres of all of its rows, in the order of the rows."""
    found: dict[Any, tuple[Row[Any], list[GenreData]]] = {}
    for row in rows:
        _, genres = found.setdefault(getattr(row, key), (row, []))
        if row.genre_id is not None:
            genres.append(GenreData(id=row.genre_id, name=row.genre_name))
    return list(found.values())


def _rows_to_remember(user: User, page: int) -> tuple[KeptRow, ...]:
    found = _page(user, FAVORITE, EVERYTHING, None, page, PAGE_SIZE)
    return tuple(KeptRow(row.movie, (*row.community,), row.added_at) for row in found.rows)


def _page(
    user: User,
    thing: Thing,
    wish: Wish,
    ordering: KeptOrder | Ordering | None,
    page: int,
    page_size: int,
) -> KeptPage:
    counters = {FAVORITE: user.favorite_count, WATCHLIST: user.watchlist_count}
    known = counters.get(thing)
    found = own_page(user, thing.columns, wish, ordering, page, page_size, known=known)
    return KeptPage([_kept(*one) for one in found.rows], found.total, found.exact)


def own_page(
    user: User,
    table: FromClause,
    wish: Wish,
    ordering: KeptOrder | Ordering | None,
    page: int,
    page_size: int,
    *,
    known: int | None = None,
) -> OwnPage:
    """A page of somebody's rows of a table, one for each movie, each with its movie's columns.

    The table has `user_id`, `movie_id` and `added_at`, and may be put in order by what else it
    has. `known` is how many they are, where that is counted already: one statement less.
    """
    order = ordering or LATEST
    mine = _narrowed(user, table, wish)
    total, exact = _total(mine, wish, known)
    offset = (page - 1) * page_size
    if offset >= total:
        return OwnPage((), total, exact)
    if order == LATEST and wish.everything:
        found = _latest(user, table, offset, page_size, total)
    else:
        joined = rows_with_movies(user, table, wish)
        chosen = _ordered(joined, table, order).offset(offset).limit(page_size)
        found = db.session.execute(_shown(chosen, order)).all()
    return OwnPage(gathered(found, "movie_id"), total, exact)


def rows_with_movies(user: User, table: FromClause, wish: Wish) -> AnySelect:
    """What of somebody's rows is wanted, each joined with its movie."""
    mine = _narrowed(user, table, wish)
    return mine.join(Movie, Movie.id == table.c.movie_id) if wish.everything else mine


def _shown(chosen: AnySelect, order: KeptOrder | Ordering) -> AnySelect:
    """The chosen rows with their movies, in order again."""
    rows = chosen.subquery("page")
    return _ordered(with_movies(rows), rows, order).order_by(_GENRE.name)


def _latest(
    user: User, table: FromClause, offset: int, size: int, total: int
) -> Sequence[Row[Any]]:
    """Along the index of adding, from the end that is nearer."""
    begin, count, newest_first = offset, size, offset <= total // 2
    if not newest_first:
        begin, count = max(total - offset - size, 0), min(size, total - offset)
    asked = {"user_id": user.id, "begin": begin, "count": count}
    return db.session.execute(_walking(table, newest_first=newest_first), asked).all()


@cache
def _walking(table: FromClause, *, newest_first: bool) -> AnySelect:
    """Built once for each kind of thing, since that takes longer than asking."""
    keys = (table.c.added_at, table.c.movie_id)
    mine = select(table).where(table.c.user_id == bindparam("user_id"))
    walk = mine.order_by(*(key.desc() if newest_first else key for key in keys))
    return _shown(walk.offset(bindparam("begin")).limit(bindparam("count")), LATEST)


def _total(mine: AnySelect, wish: Wish, known: int | None) -> tuple[int, bool]:
    if not wish.everything:
        return browse.counted(mine.with_only_columns(Movie.id))
    if known is None:
        known = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    return known, True


def _narrowed(user: User, table: FromClause, wish: Wish) -> AnySelect:
    mine = select(table).where(table.c.user_id == user.id)
    if wish.everything:
        return mine
    asked = search_syntax.read(wish.words)
    joined = mine.join(Movie, Movie.id == table.c.movie_id)
    for filters in (wish.filters, asked.filters):
        known = people_search.with_known_people(filters)
        joined = joined.where(*conditions(msgspec.structs.replace(known, include_adult=True)))
    if asked.target and asked.target.kind == "movie":
        joined = joined.where(Movie.id == int(asked.target.value))
    elif asked.target and asked.target.kind == "imdb":
        joined = joined.where(Movie.imdb_id == asked.target.value)
    elif asked.target or asked.words:
        joined = joined.where(_meant(asked.words or wish.words))
    if wish.seen is not None:
        joined = joined.where(seen_by(user, table.c.movie_id, wanted=wish.seen))
    return joined.where(_streams(wish)) if wish.services else joined


def _meant(words: str) -> ColumnElement[bool]:
    """What is closest to the words, mistakes forgiven, and every title that holds them all."""
    matches = search.search(words)
    found = [movie_id for match, movie_id in matches if match.kind == matches[0][0].kind]
    holds = [
        (" " + Movie.search_text).contains(f" {word}", autoescape=True)
        for word in fold(words).split()
    ]
    if not holds:
        return Movie.id.in_(found)
    literally = holds[0]
    for more in holds[1:]:
        literally &= more
    return or_(Movie.id.in_(found), literally)


def _streams(wish: Wish) -> ColumnElement[bool]:
    offered = select(MovieAvailability.movie_id).where(
        MovieAvailability.region == wish.region,
        MovieAvailability.offer == "stream",
        MovieAvailability.provider_id.in_(wish.services),
    )
    return Movie.id.in_(offered)


def _ordered(statement: AnySelect, table: Any, order: KeptOrder | Ordering) -> AnySelect:
    """Own columns and lengths first; what lacks a value comes last both ways.

    Ties of those go by the date of adding, all others by id.
    """
    latest = (table.c.added_at.desc(), table.c.movie_id.desc())
    if order.name in ORDERS and order.name not in table.c:
        return browse.ordered(statement, Ordering(order.name, order.descending))
    column = MOVIE.runtime if order.name == "runtime" else table.c[order.name]
    if order.name == "added_at":
        keys = (column, table.c.movie_id)
        return statement.order_by(*(key.desc() if order.descending else key for key in keys))
    value = column.desc() if order.descending else column.asc()
    return statement.order_by(value.nulls_last() if column.nullable else value, *latest)


def _kept(row: Row[Any], genres: Sequence[GenreData]) -> Kept:
    own = row._mapping
    value = own.get("value")
    return Kept(
        movie_of(row, genres),
        community_of(row),
        row.added_at,
        own.get("priority"),
        own.get("note"),
        None if value is None else "up" if value == UP else "down",
    )
