"""One's library as a zip of CSV files, with the columns that Letterboxd's importer knows.

Each line names its film by TMDb's and IMDb's number, title and year, so that whoever reads it need
not search. A list is a file of its own, which begins with a block about it. `transfer.reading`
reads all of them back.
"""

import io
import zipfile
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from moviesite import clock, spreadsheets
from moviesite.extensions import Base
from moviesite.models import Favorite, Like, Review, User, Viewing, WatchlistItem
from moviesite.text import slug
from moviesite.transactions import snapshot
from moviesite.transfer import export_queries

FILM = ("tmdbID", "imdbID", "Title", "Year")
LIST_BLOCK = "Film list export v1"
LIST = ("ID", "Name", "Description", "Visibility", "Date")


class File(NamedTuple):
    """A file of the archive: its columns beside the film's, and where they are read."""

    name: str
    columns: tuple[str, ...]
    table: type[Base]
    said: tuple[Any, ...]
    only: ColumnElement[bool] | None = None


FILES = (
    File("diary.csv", ("WatchedDate",), Viewing, (Viewing.watched_at,), Viewing.finished.is_(True)),
    File(
        "ratings.csv",
        ("Rating", "Review", "Date"),
        Review,
        (Review.rating, Review.text, Review.created_at),
    ),
    File(
        "watchlist.csv",
        ("Note", "Date"),
        WatchlistItem,
        (WatchlistItem.note, WatchlistItem.added_at),
    ),
    File("likes.csv", ("Date",), Like, (Like.added_at,)),
    File("favorites.csv", ("Date",), Favorite, (Favorite.added_at,)),
)


def archive(user_id: int) -> bytes:
    """All of it as it is at one moment; one statement for each file, and two for all lists."""
    packed = io.BytesIO()
    with snapshot(), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for file in FILES:
            rows = export_queries.lines(user_id, file.table, *file.said, only=file.only)
            files.writestr(file.name, spreadsheets.written((*FILM, *file.columns), rows))
        for number, listed in enumerate(export_queries.lists(user_id), 1):
            name = "-".join(filter(None, (str(number), slug(listed.name))))
            files.writestr(f"lists/{name}.csv", _written(listed))
    return packed.getvalue()


def _written(listed: export_queries.Listed) -> str:
    parts = (
        spreadsheets.written((LIST_BLOCK,), ()),
        spreadsheets.written(LIST, [listed.block]),
        "\r\n",
        spreadsheets.written(("Position", *FILM, "Note", "Date"), listed.films),
    )
    return "".join(parts)


def file_name(user: User) -> str:
    """Such as `moviesite-ada-2026-11-30.zip`."""
    parts = ("moviesite", slug(user.username), clock.now().date().isoformat())
    return f"{'-'.join(filter(None, parts))}.zip"
