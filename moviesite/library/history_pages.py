"""HTML doors of what somebody saw and when: a calendar by month, plays to add and to delete."""

import calendar
import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.bounds import page_count
from moviesite.errors import NotFound
from moviesite.library import forms, own_queries, service
from moviesite.library.forms import Month
from moviesite.library.own_queries import Play
from moviesite.library.pages import after_seeing, changed
from moviesite.models import Viewing
from moviesite.web.arguments import page_number
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import render, shown_path, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.personal import Notice, back, go_back, today_of
from moviesite.web.throttle import browse_limit

pages = Blueprint("history_pages", __name__)
pages.after_request(keep_private)


# Of the list beside the calendar, which holds the whole month.
PAGE_SIZE = 200


class Day(NamedTuple):
    """A day of the calendar with what was seen on it; `inside` is whether it is of the month.

    `page` is the one of the list on which it begins.
    """

    date: dt.date
    inside: bool
    plays: Sequence[Play]
    page: int


@pages.get("/history")
@browse_limit
def history() -> AnyResponse:
    """A month of somebody's plays: posters on their days, and a list beside them."""
    user = current_user()
    zone = user.zone
    month = forms.month(zone)
    plays = own_queries.plays_between(user, *month.bounds(zone))
    edges = None if plays else own_queries.played_months(user)
    total_pages = max(page_count(len(plays), PAGE_SIZE), 1)
    number = min(page_number(), total_pages)
    shown = plays[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    page = render_template(
        "library/history.html",
        month=month,
        today=today_of(user),
        plays=plays,
        days=[(day, list(own)) for day, own in groupby(shown, lambda play: _day(play, zone))],
        number=number,
        total_pages=total_pages,
        weeks=_weeks(month, plays, zone),
        latest=edges[1].astimezone(zone).date() if edges else None,
        rewatched=sum(play.number > 1 for play in plays),
        minutes=sum(play.movie.runtime or 0 for play in plays if play.viewing.finished),
        weekdays=list(calendar.day_name),
    )
    return make_response(page)


@pages.post("/movie/<id:movie_id>/plays")
@browse_limit
def add(movie_id: int) -> AnyResponse:
    """Note that a film was seen on a day."""
    user = current_user()
    moment = forms.day_seen(user.zone)
    change = service.record_viewing(user, movie_id, watched_at=moment)
    notice = after_seeing(user, movie_id, "Added to your history", change.undo)
    return changed(user, movie_id, notice, plays=True)


@pages.get("/history/<uuid:viewing_id>")
@browse_limit
def play(viewing_id: UUID) -> AnyResponse:
    """On which day a film was seen, to be changed: a page, or a dialog over another one."""
    found = _play(viewing_id)
    next_ = back(url_for(".history"))
    return render("library/play.html", "library/_play.html", play=found, next=next_)


@pages.post("/history/<uuid:viewing_id>")
@browse_limit
def move(viewing_id: UUID) -> AnyResponse:
    """Say that a film was seen on another day."""
    user, found = current_user(), _play(viewing_id)
    moment = forms.moved(found.watched_at, user.zone)
    change = service.move_viewing(user, viewing_id, moment)
    notice = Notice("Date changed." if change.undo else "Nothing was changed.", change.undo)
    return go_back(url_for(".history"), notice)


@pages.post("/history/<uuid:viewing_id>/delete")
@browse_limit
def delete(viewing_id: UUID) -> AnyResponse:
    """Delete a play."""
    user = current_user()
    movie_id = own_queries.movie_played(user, viewing_id)
    change = service.delete_viewing(user, viewing_id)
    notice = Notice("Deleted from your history.", change.undo)
    if wants_fragment() and not shown_path().startswith("/history") and movie_id:
        return changed(user, movie_id, notice, plays=True)
    return go_back(url_for(".history"), notice)


def _play(viewing_id: UUID) -> Viewing:
    found = own_queries.play_of(current_user(), viewing_id)
    if found is None:
        raise NotFound(service.NO_SUCH_PLAY)
    return found


def _day(play: Play, zone: dt.tzinfo) -> dt.date:
    return play.viewing.watched_at.astimezone(zone).date()


def _weeks(month: Month, plays: Sequence[Play], zone: dt.tzinfo) -> list[list[Day]]:
    """Whole weeks from Monday that hold the month."""
    by_day: dict[dt.date, list[Play]] = {}
    pages: dict[dt.date, int] = {}
    for place, play in reversed([*enumerate(plays)]):
        day = _day(play, zone)
        by_day.setdefault(day, []).append(play)
        pages[day] = place // PAGE_SIZE + 1
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return [
        [
            Day(date, date.month == month.month, by_day.get(date, ()), pages.get(date, 1))
            for date in week
        ]
        for week in weeks
    ]
