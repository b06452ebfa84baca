"""Puts lists and what is in them side by side for the doors. No request, no SQL of its own."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from moviesite.catalogue.presenting import Listed
from moviesite.catalogue.queries import Community, as_data
from moviesite.library.presenting import with_viewer
from moviesite.lists import policy, queries, seen_queries
from moviesite.lists.queries import News, Shown
from moviesite.lists.seen_queries import Seen
from moviesite.models import ListItem, Movie, User


class ItemRow(NamedTuple):
    """A movie in a list or behind a link; `position` is None and `note` empty but in lists."""

    movie: Listed
    position: int | None
    note: str
    added_at: dt.datetime


class NewsRow(NamedTuple):
    """A followed list and the newest of what came since its follower last looked."""

    shown: Shown
    new_count: int
    newest_at: dt.datetime
    movies: Sequence[ListItem]


def listed(movie: Movie) -> Listed:
    """A stored movie as lists show it; its genres must be loaded."""
    community = Community(
        movie.likes, movie.votes_up, movie.votes_down, movie.rating_average, movie.rating_count
    )
    return Listed(as_data(movie), community)


def rows(items: Sequence[ListItem]) -> list[ItemRow]:
    """The items without anybody's own part."""
    return [ItemRow(listed(item.movie), item.position, item.note, item.added_at) for item in items]


def rows_for(found: Sequence[ItemRow], viewer: User | None) -> list[ItemRow]:
    """The rows with what the viewer has done with each movie: one statement, none for nobody."""
    movies = with_viewer([row.movie for row in found], viewer)
    return [row._replace(movie=movie) for row, movie in zip(found, movies, strict=True)]


def seen_by_now(viewer: User, list_id: UUID) -> Seen | None:
    """How much of a list somebody has seen: two statements; None where it is not there for them."""
    movie_list = queries.with_owner(list_id)
    if movie_list is None or not policy.may_see(viewer, movie_list):
        return None
    return seen_queries.seen_of(viewer, movie_list)


def news_rows(news: Sequence[News], movies: dict[int, list[ListItem]]) -> list[NewsRow]:
    """Each list with the newest of its movies."""
    return [
        NewsRow(one.shown, one.new_count, one.newest_at, movies.get(one.shown.movie_list.id, []))
        for one in news
    ]
