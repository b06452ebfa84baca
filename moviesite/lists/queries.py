"""Reads of lists, what is in them, and who follows them. Changes nothing, and decides nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from moviesite.accounts.names import folded
from moviesite.bounds import Page
from moviesite.catalogue.browse import counted
from moviesite.database import firsts, from_first
from moviesite.extensions import db
from moviesite.lists import policy
from moviesite.models import ListItem, ListSubscription, Movie, MovieList, User
from moviesite.models.lists import PRIVATE, PUBLIC
from moviesite.text import fold

# A cover shows so many posters, of the first few movies that have one.
COVER = 4
_COVER_TRIED = 6
# Of what is new in a followed list.
_MOST_NEW = 5

DirectoryOrder = Literal["subscribers", "created_at"]


class Shown(NamedTuple):
    """A list as somebody sees it: paths of its cover's posters, whether they follow it."""

    movie_list: MovieList
    cover: tuple[str, ...]
    subscribed: bool


class Wanted(NamedTuple):
    """Which lists: of one owner (a UUID or a username), followed or not, with words."""

    owner: str = ""
    subscribed: bool | None = None
    search: str = ""
    curated: bool | None = None


class News(NamedTuple):
    """A followed list with how many movies came since its follower last looked, and when."""

    shown: Shown
    new_count: int
    newest_at: dt.datetime


def shown(list_id: UUID, viewer: User | None) -> Shown:
    """A list with its owner, cover and the viewer's part: one statement, fresh from the database.

    Raises NotFound where it does not exist for this person.
    """
    statement = _shown(viewer).where(MovieList.uuid == list_id)
    row = db.session.execute(statement.execution_options(populate_existing=True)).first()
    policy.check_visible(viewer, row[0] if row else None)
    return _as_shown(cast("Any", row))


def directory(
    viewer: User | None,
    wanted: Wanted,
    *,
    order: DirectoryOrder = "subscribers",
    descending: bool = True,
    page: int = 1,
    page_size: int = 20,
) -> Page[Shown]:
    """A page of the lists that the viewer may find: public ones and their own. Two statements."""
    conditions = [_findable(viewer), *_wanted(wanted, viewer)]
    ids = select(MovieList.id).join(MovieList.owner).where(*conditions)
    total, _ = counted(ids)
    offset = (page - 1) * page_size
    if offset >= total:
        return Page((), total, page_size)
    column = MovieList.subscriber_count if order == "subscribers" else MovieList.created_at
    keys = (column.desc(), MovieList.id.desc()) if descending else (column, MovieList.id)
    # Chosen first: else covers would be looked up for all that are sorted.
    chosen = ids.order_by(*keys).offset(offset).limit(page_size).subquery("page")
    statement = _shown(viewer).join(chosen, chosen.c.id == MovieList.id)
    rows = db.session.execute(statement.order_by(*keys))
    return Page([_as_shown(row) for row in rows], total, page_size)


def own_lists(user: User, *, containing: int | None = None) -> list[tuple[MovieList, bool]]:
    """Somebody's lists, newest edited first, at most 500, and whether each holds a movie."""
    holds = exists().where(ListItem.list_id == MovieList.id, ListItem.movie_id == (containing or 0))
    statement = select(MovieList, holds).where(MovieList.owner_id == user.id)
    ordered = statement.order_by(MovieList.updated_at.desc(), MovieList.id.desc()).limit(500)
    return [(row[0], bool(row[1])) for row in db.session.execute(ordered)]


def news(user: User, *, page: int = 1, page_size: int = 20) -> tuple[list[News], int]:
    """Followed lists with something new in them, newest first, and how many there are."""
    newest = func.max(ListItem.added_at)
    fresh = (
        _new_to(user, ListItem.list_id, func.count().label("new_count"), newest.label("newest"))
        .join(MovieList, MovieList.id == ListItem.list_id)
        .join(MovieList.owner)
        .where(_visible(user))
        .group_by(ListItem.list_id)
    )
    total, _ = counted(fresh)
    chosen = fresh.order_by(newest.desc(), ListItem.list_id)
    part = chosen.offset((page - 1) * page_size).limit(page_size).subquery("fresh")
    statement = _shown(user, part.c.new_count, part.c.newest)
    statement = statement.join(part, part.c.list_id == MovieList.id)
    rows = db.session.execute(statement.order_by(part.c.newest.desc(), MovieList.id)).all()
    return [News(_as_shown(row), row.new_count, row.newest) for row in rows], total


def newest_movies(user: User, list_ids: Sequence[int]) -> dict[int, list[ListItem]]:
    """The newest of what is new to a follower in each of these lists: one statement."""
    if not list_ids:
        return {}
    place = func.row_number().over(
        partition_by=ListItem.list_id, order_by=(ListItem.added_at.desc(), ListItem.position)
    )
    new = _new_to(user, ListItem.list_id, ListItem.movie_id, place.label("place"))
    ranked = new.where(ListItem.list_id.in_(list_ids)).subquery("ranked")
    same = and_(ranked.c.list_id == ListItem.list_id, ranked.c.movie_id == ListItem.movie_id)
    statement = select(ListItem).join(ranked, same).join(ListItem.movie)
    statement = statement.where(ranked.c.place <= _MOST_NEW).order_by(
        ranked.c.list_id, ranked.c.place
    )
    found: dict[int, list[ListItem]] = {}
    for item in db.session.scalars(statement.options(contains_eager(ListItem.movie))):
        found.setdefault(item.list_id, []).append(item)
    return found


def _new_to(user: User, *columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Any:
    """What came into followed lists since the follower last looked, as far as they see it."""
    statement = select(*columns).join(
        ListSubscription, ListSubscription.list_id == ListItem.list_id
    )
    statement = statement.where(ListSubscription.user_id == user.id)
    statement = statement.where(ListItem.added_at > ListSubscription.seen_at)
    if user.show_adult:
        return statement
    return statement.join(Movie, Movie.id == ListItem.movie_id).where(Movie.adult.is_(False))


def public_ranges(size: int) -> list[int]:
    """Which ranges of so many numbers hold lists that the whole world may find: one statement.

    The first range is 1: what number a list has inside is nobody's business.
    """
    ids = _worldwide().with_only_columns(MovieList.id)
    return [first // size + 1 for first in db.session.scalars(firsts(ids, size))]


def public_lists(number: int, size: int) -> list[tuple[UUID, dt.datetime]]:
    """Public ids of such lists in a range and when each was changed: one statement."""
    within = from_first(MovieList.id, (number - 1) * size, size)
    rows = db.session.execute(_worldwide().where(within).order_by(MovieList.id))
    return [(row[0], row[1]) for row in rows]


def _worldwide() -> Select[UUID, dt.datetime]:
    # Asked so, they are looked through by their numbers; SQLite would sort all that are public.
    public = (MovieList.visibility == PUBLIC).is_(True)
    found = select(MovieList.uuid, MovieList.updated_at).join(MovieList.owner)
    return found.where(public, User.is_active, MovieList.movie_count > 0)


def stored_movie(movie_id: int) -> Movie | None:
    """A movie as it is stored, without its parts; None where it is not."""
    return db.session.get(Movie, movie_id)


def subscription(user: User, movie_list: MovieList) -> ListSubscription | None:
    """That somebody follows a list, if they do."""
    return db.session.get(ListSubscription, (user.id, movie_list.id))


def with_owner(list_id: UUID) -> MovieList | None:
    """A list with its owner, None where there is none: one statement."""
    wanted = select(MovieList).join(MovieList.owner).where(MovieList.uuid == list_id)
    return db.session.scalar(wanted.options(contains_eager(MovieList.owner)))


def _shown(viewer: User | None, *more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    follows = exists().where(
        ListSubscription.list_id == MovieList.id,
        ListSubscription.user_id == (viewer.id if viewer else 0),
    )
    posters = (_poster_at(place).label(f"poster_{place}") for place in range(_COVER_TRIED))
    statement: Select[*tuple[Any, ...]] = select(
        MovieList, follows.label("subscribed"), *posters, *more
    )
    return statement.join(MovieList.owner).options(contains_eager(MovieList.owner))


def _poster_at(place: int) -> Any:
    """Positions have no gaps, so that each poster is one look into an index."""
    return (
        select(Movie.poster_path)
        .join(ListItem, ListItem.movie_id == Movie.id)
        .where(ListItem.list_id == MovieList.id, ListItem.position == place)
        .where(Movie.adult.is_(False))
        .limit(1)
        .scalar_subquery()
    )


def _as_shown(row: Any) -> Shown:
    posters = [getattr(row, f"poster_{place}") for place in range(_COVER_TRIED)]
    return Shown(row[0], tuple(filter(None, posters))[:COVER], bool(row.subscribed))


def _findable(viewer: User | None) -> ColumnElement[bool]:
    public = and_(MovieList.visibility == PUBLIC, User.is_active)
    if viewer is None:
        return public
    followed = exists().where(
        ListSubscription.list_id == MovieList.id, ListSubscription.user_id == viewer.id
    )
    return or_(public, MovieList.owner_id == viewer.id, and_(_visible(viewer), followed))


def _visible(viewer: User) -> ColumnElement[bool]:
    """As the policy has it, for lists that somebody has found before."""
    if viewer.is_admin:
        return MovieList.id.is_not(None)
    others = and_(MovieList.visibility != PRIVATE, User.is_active)
    return or_(others, MovieList.owner_id == viewer.id)


def _wanted(wanted: Wanted, viewer: User | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.owner:
        found.append(_owner(wanted.owner))
    if wanted.subscribed is not None:
        mine = ListSubscription.user_id == (viewer.id if viewer else 0)
        followed = MovieList.id.in_(select(ListSubscription.list_id).where(mine))
        found.append(followed if wanted.subscribed else ~followed)
    if wanted.curated is not None:
        found.append(MovieList.curated.is_(wanted.curated))
    words = fold(wanted.search).split()
    return found + [MovieList.search_text.contains(word, autoescape=True) for word in words]


def _owner(given: str) -> ColumnElement[bool]:
    try:
        return User.uuid == UUID(given)
    except ValueError:
        return User.username_folded == folded(given)
