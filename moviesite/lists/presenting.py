"""Puts lists and what is in them side by side for the doors. No request, no SQL of its own."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from moviesite.catalogue.presenting import Listed
from moviesite.catalogue.queries import Community, as_data
from moviesite.lists.queries import News, Shown
from moviesite.lists.sharing import SharedItem
from moviesite.models import ListItem, Movie, User


class ItemRow(NamedTuple):
    """A movie in a list, as its JSON shows it."""

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


def rows(items: Sequence[ListItem], viewer: User | None) -> list[ItemRow]:
    """A list's items as their JSON shows them, each with the viewer's own part."""
    movies = with_viewer([listed(item.movie) for item in items], viewer)
    return [
        ItemRow(movie, item.position, item.note, item.added_at)
        for movie, item in zip(movies, items, strict=True)
    ]


def shared_rows(items: Sequence[SharedItem], viewer: User | None) -> list[ItemRow]:
    """What a link shows, as its JSON shows it."""
    movies = with_viewer([listed(item.movie) for item in items], viewer)
    return [
        ItemRow(movie, item.position, item.note, item.added_at)
        for movie, item in zip(movies, items, strict=True)
    ]


def with_viewer(found: list[Listed], viewer: User | None) -> list[Listed]:  # noqa: ARG001
    return found


def news_rows(news: Sequence[News], movies: dict[int, list[ListItem]]) -> list[NewsRow]:
    """Each list with the newest of its movies."""
    return [
        NewsRow(one.shown, one.new_count, one.newest_at, movies.get(one.shown.movie_list.id, []))
        for one in news
    ]


def list_tag(shown: Shown) -> str:
    """An entity tag: the version, which `If-Match` is held to, then what else the answer shows."""
    found = shown.movie_list
    rest = (found.subscriber_count, shown.subscribed, shown.cover, found.owner.username)
    return f"{found.version}.{_digest(rest)}"


def _digest(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
