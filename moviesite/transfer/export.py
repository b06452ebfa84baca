"""One's library as a zip of CSV files, with the columns that Letterboxd's importer knows.

Each line names its film by TMDb's and IMDb's number, title and year, so that whoever reads it need
not search. A list is a file of its own, which begins with a block about it. `transfer.reading`
reads all of them back.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func

from moviesite import clock, spreadsheets
from moviesite.extensions import Base
from moviesite.library import muting_queries
from moviesite.models import (
    Favorite,
    Feedback,
    Like,
    Review,
    User,
    Viewing,
    Vote,
    WatchlistItem,
)
from moviesite.models.library import UP
from moviesite.text import slug
from moviesite.transactions import snapshot
from moviesite.transfer import export_queries

FILM = ("tmdbID", "imdbID", "Title", "Year")
LIST_BLOCK = "Film list export v1"
HIDDEN = ("Hidden", "ID", "Name", "Date")
LIST = ("ID", "Name", "Description", "Visibility", "Date")
REWATCH = (
    func.row_number().over(partition_by=Viewing.movie_id, order_by=(Viewing.watched_at, Viewing.id))
    > 1
)
VOTE = case((Vote.value == UP, "up"), else_="down")
_YES_OR_NOT = {True: "true", False: ""}


class File(NamedTuple):
    """A file of the archive: its columns beside the film's, and where they are read."""

    name: str
    columns: tuple[str, ...]
    table: type[Base]
    values: tuple[Any, ...]
    only: ColumnElement[bool] | None = None


# Other sites take a day alone; this one reads the moment beside it.
DAY, MOMENT = "WatchedDate", "WatchedAt"
FILES = (
    File(
        "diary.csv",
        (DAY, "Rewatch", "Progress", MOMENT),
        Viewing,
        (Viewing.watched_at, REWATCH, Viewing.progress_seconds, Viewing.watched_at),
        Viewing.finished.is_(True),
    ),
    File(
        "begun.csv",
        ("Progress", MOMENT),
        Viewing,
        (Viewing.progress_seconds, Viewing.watched_at),
        Viewing.finished.is_(False),
    ),
    File(
        "ratings.csv",
        ("Rating", "Review", "Spoiler", "Date"),
        Review,
        (Review.rating, Review.text, Review.spoiler, Review.created_at),
    ),
    File(
        "watchlist.csv",
        ("Note", "Priority", "Date"),
        WatchlistItem,
        (WatchlistItem.note, WatchlistItem.priority, WatchlistItem.added_at),
    ),
    File("likes.csv", ("Date",), Like, (Like.added_at,)),
    File("favorites.csv", ("Date",), Favorite, (Favorite.added_at,)),
    File("votes.csv", ("Vote", "Date"), Vote, (VOTE, Vote.added_at)),
    File("suggestions.csv", ("Suggest", "Date"), Feedback, (Feedback.value, Feedback.added_at)),
)


def archive(user: User) -> bytes:
    """All of it as it is at one moment: one statement for each file, and two for all lists."""
    packed = io.BytesIO()
    with snapshot(), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for file in FILES:
            rows = export_queries.lines(user.id, file.table, *file.values, only=file.only)
            files.writestr(file.name, _table(user, (*FILM, *file.columns), rows))
        files.writestr("hidden.csv", _table(user, HIDDEN, muting_queries.hidden_of(user)))
        for number, listed in enumerate(export_queries.lists(user.id), 1):
            name = "-".join(filter(None, (str(number), slug(listed.name))))
            files.writestr(f"lists/{name}.csv", _list(user, listed))
    return packed.getvalue()


def _list(user: User, listed: export_queries.Listed) -> str:
    parts = (
        spreadsheets.written((LIST_BLOCK,), ()),
        _table(user, LIST, [listed.block]),
        "\r\n",
        _table(user, ("Position", *FILM, "Note", "Date"), listed.films),
    )
    return "".join(parts)


def _table(user: User, columns: tuple[str, ...], rows: Iterable[export_queries.Line]) -> str:
    cells = ([_cell(user, *cell) for cell in zip(columns, row, strict=True)] for row in rows)
    return spreadsheets.written(columns, cells)


def _cell(user: User, column: str, value: Any) -> Any:
    """Moments as they are where the person lives, so that a day is the one of the diary."""
    if isinstance(value, dt.datetime):
        there = value.astimezone(user.zone)
        return there.date() if column == DAY else there.isoformat()
    return _YES_OR_NOT[value] if isinstance(value, bool) else value


def file_name(user: User) -> str:
    """Such as `moviesite-ada-2026-11-30.zip`."""
    parts = ("moviesite", slug(user.username), clock.now().date().isoformat())
    return f"{'-'.join(filter(None, parts))}.zip"
