"""How much of lists somebody has seen. Changes nothing, and decides nothing."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select

from moviesite.extensions import db
from moviesite.library.seen_queries import seen_by
from moviesite.lists import policy
from moviesite.lists.share_queries import Opened
from moviesite.models import Favorite, ListItem, Movie, MovieList, User, WatchlistItem
from moviesite.models.lists import FAVORITES


class Seen(NamedTuple):
    """How many movies somebody has seen of all that they are shown of a list, on any page."""

    number: int
    total: int


def seen_of(viewer: User, movie_list: MovieList) -> Seen:
    """How much of a list somebody has seen: one statement."""
    return _counted(viewer, _items(movie_list), adult=policy.shows_adult(viewer, movie_list))


def seen_through(viewer: User, opened: Opened) -> Seen:
    """How much somebody has seen of what a link shows, to everybody alike: one statement."""
    if opened.movie_list is not None:
        return _counted(viewer, _items(opened.movie_list), adult=False)
    kept = Favorite if opened.link.source == FAVORITES else WatchlistItem
    held = select(kept.movie_id).where(kept.user_id == opened.owner.id)
    return _counted(viewer, held, adult=False)


def seen_counts(viewer: User, list_ids: Collection[int]) -> dict[int, int]:
    """How many movies of each of these lists somebody has seen, where any: one statement."""
    if not list_ids:
        return {}
    statement = (
        select(ListItem.list_id, func.count())
        .where(ListItem.list_id.in_(list_ids), seen_by(viewer, ListItem.movie_id))
        .group_by(ListItem.list_id)
    )
    if not viewer.show_adult:
        shown = or_(Movie.adult.is_(False), MovieList.owner_id == viewer.id)
        statement = statement.join(Movie, Movie.id == ListItem.movie_id)
        statement = statement.join(MovieList, MovieList.id == ListItem.list_id).where(shown)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _items(movie_list: MovieList) -> Select[int]:
    return select(ListItem.movie_id).where(ListItem.list_id == movie_list.id)


def _counted(viewer: User, movie_ids: Select[int], *, adult: bool) -> Seen:
    held = movie_ids.subquery("held")
    seen = func.count().filter(seen_by(viewer, held.c.movie_id))
    statement = select(seen, func.count()).select_from(held)
    if not adult:
        statement = statement.join(Movie, Movie.id == held.c.movie_id)
        statement = statement.where(Movie.adult.is_(False))
    return Seen(*db.session.execute(statement).one())
