"""What pages that are somebody's own share: the way back, what was just done. No data."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from babel.dates import format_skeleton
from flask import Flask, flash, get_flashed_messages, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite import clock
from moviesite.models.accounts import User
from moviesite.text import halves
from moviesite.web.filters import locale, runtime
from moviesite.web.htmx import draw_again, wants_fragment
from moviesite.web.redirects import page_left, safe_next

# What films are narrowed to, by the word in the address: whether the reader has seen them.
SEEN = {"no": False, "yes": True}
_TOAST = "toast"
_PLACES = (
    ("For you", "recommendations_pages.for_you", "smile"),
    ("Favorites", "shelf_pages.favorites", "heart"),
    ("Watchlist", "shelf_pages.watchlist", "bookmark"),
    ("History", "history_pages.history", "calendar"),
    ("Statistics", "statistics_pages.statistics", "chart"),
    ("Ratings and reviews", "shelf_pages.ratings", "star"),
    ("Hidden", "hidden_pages.hidden", "close"),
)
_ANCHOR = re.compile(r"[a-z][a-z0-9-]{0,79}")


class Notice(NamedTuple):
    """What was just done, in words; `undo` is the token that takes it back, where one does.

    `also` is that of what went with it.
    """

    words: str
    undo: UUID | str | None = None
    trouble: bool = False
    also: UUID | str | None = None


class Place(NamedTuple):
    """A page of somebody's own."""

    label: str
    href: str
    icon: str
    current: bool


def init_app(app: Flask) -> None:
    """Bind to the application's templates."""
    app.add_template_global(notices)
    app.add_template_global(own_places)
    app.add_template_filter(halves)
    app.add_template_filter(in_zone)
    app.add_template_filter(today_of)
    app.add_template_filter(span)
    app.add_template_filter(monthname)
    app.add_template_filter(ordinal)
    app.add_template_filter(seen_of)
    app.add_template_filter(recently)
    app.add_template_filter(weekday)


def own_places() -> list[Place]:
    """Where somebody's own films are."""
    return [Place(label, url_for(end), i, request.endpoint == end) for label, end, i in _PLACES]


def span(minutes: int) -> str:
    """`3 days 4 h`, `5 h 20 min`, `40 min`: as much as one can picture, numbers at their units."""
    days, rest = divmod(minutes, 24 * 60)
    if not days:
        return runtime(rest) or "0\N{NO-BREAK SPACE}min"
    words = f"{days}\N{NO-BREAK SPACE}{'day' if days == 1 else 'days'}"
    return " ".join([words, runtime(rest // 60 * 60)]).rstrip()


def monthname(day: dt.date) -> str:
    """`November 2026`, in the reader's language."""
    return format_skeleton("yMMMM", day, locale=locale())


def weekday(day: dt.date) -> str:
    """`Sun, Nov 29`, in the reader's language; for where the year is said already."""
    return format_skeleton("MMMEd", day, locale=locale())


def recently(day: dt.date, user: User) -> str | None:
    """`today` or `yesterday` where the person lives; None for every other day."""
    return {0: "today", 1: "yesterday"}.get((today_of(user) - day).days)


def ordinal(number: int) -> str:
    """`2nd`, `13th`."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in (11, 12, 13) else endings.get(number % 10, "th")
    return f"{number}{ending}"


def seen_of(movies: Iterable[Any], states: Mapping[int, Any]) -> int:
    """How many of the movies were seen, by what somebody did with each."""
    found = (states.get(movie.id) for movie in movies)
    return sum(state is not None and state.watched_at is not None for state in found)


def today_of(user: User) -> dt.date:
    """This day where the person lives."""
    return in_zone(clock.now(), user)


def in_zone(moment: dt.datetime, user: User) -> dt.date:
    """The day on which a moment fell for this person."""
    return moment.astimezone(user.zone).date()


def notify(notice: Notice) -> None:
    """Say it on the next page that this browser is shown."""
    parts = (notice.undo or "", notice.also or "", int(notice.trouble), notice.words)
    flash("|".join(map(str, parts)), _TOAST)


def notices() -> list[Notice]:
    """What is to be said on this page, once."""
    return [_read(str(flashed)) for flashed in get_flashed_messages(category_filter=[_TOAST])]


def _read(flashed: str) -> Notice:
    undo, also, trouble, words = flashed.split("|", 3)
    return Notice(words, undo or None, trouble == "1", also or None)


def back(default: str) -> str:
    """Where a form's `next` leads, else the page that it was on; `at` names the place on it."""
    wanted = request.values.get("next") or page_left()
    address, _, _ = safe_next(wanted, default).partition("#")
    at = request.args.get("at", "")
    return f"{address}#{at}" if _ANCHOR.fullmatch(at) else address


def go_back(default: str, notice: Notice | None = None) -> AnyResponse:
    """To where the form was, saying there what was done; a page with htmx is drawn again."""
    if notice:
        notify(notice)
    if wants_fragment():
        return draw_again()
    return redirect(back(default), 303)
