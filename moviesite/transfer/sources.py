"""What a row of a table from Letterboxd, IMDb, TMDb or Yamtrack says of a film. Pure.

A table is known by its columns; what it is called decides only what its columns cannot tell. One
that begins with a block about a list is a list.
"""

from collections.abc import Callable
from typing import NamedTuple

from moviesite.transfer import values
from moviesite.transfer.entries import (
    FEEDBACK,
    HIDDEN_KINDS,
    PRIORITIES,
    VOTES,
    Entry,
    FileName,
    HiddenData,
    ListData,
    Unreadable,
    list_data,
    refused,
)

PLAIN = "a table of films"
# As IMDb writes them now, wrote them until 2017, and writes "movie" in the languages of its pages.
_IMDB_FILMS = {
    *("movie", "tvmovie", "short", "video", "tvspecial", "tvshort"),
    *("featurefilm", "shortfilm", "documentary", "film", "filme", "película"),
}


class Row(dict[str, str]):
    """Values by the lower-case names of their columns; what is not there is empty."""

    def __missing__(self, column: str) -> str:
        return ""


Making = Callable[[Row, str], Entry | HiddenData | None]
Listing = Callable[[Row, str], ListData]


class Kind(NamedTuple):
    """A kind of table: its columns, and what makes an entry of a row and its place, or None.

    `listing` makes the list that it is, if it is one, of the block about it and the file's title.
    """

    source: str
    name: str
    columns: set[str]
    entry: Making
    listing: Listing | None = None


def named(kind: Kind, file: FileName) -> Kind:
    """The kind that the file's name makes of it, where columns leave that open."""
    hint = file.hint
    if kind.name == "films":
        return kind._replace(name="named", entry=_letterboxd_named(hint))
    if kind.name == "until 2017" and "rating" in hint:
        return kind._replace(name="rated", entry=_imdb_rated)
    if kind.name in ("until 2017", "listed") and "watchlist" not in hint:
        return kind._replace(name="list", entry=_imdb_in_list, listing=_imdb_list(file.title))
    if kind.name == "plain":
        return kind._replace(entry=_plain_named(hint, kind))
    if kind.name == "tmdb" and ("favorite" in hint or "favourite" in hint):
        return kind._replace(entry=_tmdb_favorite)
    return kind


# Letterboxd


def _letterboxd_film(row: Row, place: str, address: str) -> Entry:
    if address and not address.startswith("http"):
        # A title with a comma that nobody quoted.
        raise Unreadable("its values are in the wrong columns.")
    return Entry(place, values.line(row["name"]), values.year(row["year"]))


def _letterboxd(row: Row, place: str) -> Entry:
    film = _letterboxd_film(row, place, row["letterboxd uri"])
    rating = values.rating(row["rating"], 5)
    return film._replace(rating=rating, noted_at=values.moment(row["date"]))


def _letterboxd_in_list(row: Row, place: str) -> Entry:
    film = _letterboxd_film(row, place, row["url"])
    return film._replace(
        note=values.plain(row["description"]), position=values.whole(row["position"])
    )


def _letterboxd_list(block: Row, title: str) -> ListData:
    """Two may have one name; each has an address of its own."""
    name = values.line(block["name"]) or title or "A list"
    described = values.plain(block["description"])
    return list_data("Letterboxd", name, described, key=values.line(block["url"]))


def _letterboxd_diary(row: Row, place: str) -> Entry:
    day = values.moment(row["watched date"])
    return _letterboxd(row, place)._replace(watched_at=day, seen=day is None)


def _letterboxd_review(row: Row, place: str) -> Entry:
    entry = _letterboxd(row, place)._replace(review=values.plain(row["review"]))
    day = values.moment(row["watched date"])
    return entry._replace(watched_at=day, seen=bool(row["watched date"]) and day is None)


def _letterboxd_named(hint: str) -> Making:
    """What a table of mere films says of them, by its name."""
    words = hint.split()
    watchlist = "watchlist" in hint
    seen = any(word.startswith("watched") for word in words)
    liked = any(word.startswith("like") for word in words) or words[:1] == ["films"]
    if watchlist + seen + liked != 1:
        raise refused(
            "Only the file name says whether these films were watched, liked or on a watchlist:"
            " please keep the name that Letterboxd gave it, such as watchlist.csv."
        )
    return lambda row, place: _letterboxd(row, place)._replace(
        watchlist=watchlist, seen=seen, liked=liked
    )


# IMDb


def _imdb(row: Row, place: str) -> Entry | None:
    kind = "".join(row["title type"].casefold().split())
    # Lists may hold people and pictures, whose ids begin otherwise.
    if (kind and kind not in _IMDB_FILMS) or row["const"][:2] not in ("tt", ""):
        return None
    film = Entry(place, values.line(row["title"]), values.year(row["year"]))
    rating = values.rating(row["your rating"] or row["you rated"], 10)
    noted_at = values.moment(row["date rated"] or row["created"])
    imdb_id = values.imdb_id(row["const"])
    return film._replace(imdb_id=imdb_id, rating=rating, noted_at=noted_at)


def _imdb_rated(row: Row, place: str) -> Entry | None:
    entry = _imdb(row, place)
    return entry and entry._replace(seen=True)


def _imdb_listed(row: Row, place: str) -> Entry | None:
    entry = _imdb(row, place)
    return entry and entry._replace(watchlist=True, note=values.text(row["description"]))


def _imdb_in_list(row: Row, place: str) -> Entry | None:
    entry = _imdb(row, place)
    return entry and entry._replace(
        note=values.text(row["description"]), position=values.whole(row["position"])
    )


def _imdb_list(title: str) -> Listing:
    if not title:
        raise refused(
            "Only the file name says whether this is your watchlist or another list:"
            " please say what it is called at IMDb, “Watchlist” or the name of the list."
        )
    return lambda _block, title: list_data("IMDb", title)


# TMDb


def _tmdb(row: Row, place: str) -> Entry | None:
    if row["type"].lower() != "movie":
        return None
    return Entry(
        place,
        values.line(row["name"]),
        values.year(row["release date"]),
        values.tmdb_id(row["tmdb id"]),
        values.imdb_id(row["imdb id"]),
        # TMDb takes halves of ten.
        rating=values.rating(row["your rating"], 10, rounded=True),
        noted_at=values.moment(row["date rated"]),
    )


def _tmdb_rated(row: Row, place: str) -> Entry | None:
    entry = _tmdb(row, place)
    return entry and entry._replace(watchlist=entry.rating is None)


def _tmdb_favorite(row: Row, place: str) -> Entry | None:
    entry = _tmdb(row, place)
    return entry and entry._replace(liked=True)


# Yamtrack


def _yamtrack(row: Row, place: str) -> Entry | None:
    # Before 2024 TMDb was the only source of films, and there was no such column.
    source = row["source"] or "tmdb"
    if row["media type"] != "movie" or source not in ("tmdb", "imdb"):
        return None
    film = Entry(
        place,
        values.line(row["title"]),
        None,
        values.tmdb_id(row["media id"]) if source == "tmdb" else None,
        values.imdb_id(row["media id"]) if source == "imdb" else None,
        rating=values.rating(row["score"], 10, rounded=True),
    )
    return _yamtrack_status(row, film)


def _yamtrack_status(row: Row, film: Entry) -> Entry:
    status = row["status"].lower()
    if status == "planning":
        return film._replace(watchlist=True, note=values.text(row["notes"]))
    day = values.moment(row["end date"]) if status == "completed" else None
    return film._replace(watched_at=day, seen=status == "completed" and day is None)


# What this site writes, with the columns that Letterboxd's importer knows


def _plain(row: Row, place: str) -> Entry:
    ten, five = row["rating10"], row["rating"]
    # The moment, where this site wrote it beside the day.
    day = values.moment(row["watchedat"]) or values.moment(row["watcheddate"])
    return Entry(
        place,
        values.line(values.typed(row["title"])),
        values.year(row["year"]),
        values.tmdb_id(row["tmdbid"]),
        values.imdb_id(row["imdbid"]),
        rating=values.rating(five, 5) if five else values.rating(ten, 10),
        watched_at=day,
        seen=bool(row["watcheddate"]) and day is None,
        review=values.text(values.typed(row["review"])),
        spoiler=values.is_true(row["spoiler"]),
        progress_seconds=values.whole(row["progress"]) or None,
        vote=values.one_of(row["vote"], VOTES),
        feedback=values.one_of(row["suggest"], FEEDBACK),
        noted_at=values.moment(row["date"]),
    )


def _plain_named(hint: str, kind: Kind) -> Making:
    """The name says what was done with films of which nothing else is told."""
    if "watchlist" in hint:
        return lambda row, place: _plain(row, place)._replace(
            watchlist=True, note=values.text(values.typed(row["note"])), priority=_priority(row)
        )
    if "begun" in hint:
        return lambda row, place: _plain(row, place)._replace(
            begun=True, progress_seconds=values.whole(row["progress"])
        )
    if "favorite" in hint:
        return lambda row, place: _plain(row, place)._replace(favorite=True)
    if "like" in hint:
        return lambda row, place: _plain(row, place)._replace(liked=True)
    return kind.entry


def _priority(row: Row) -> int:
    number = values.whole(row["priority"])
    return number if number in PRIORITIES else 0


def _plain_in_list(row: Row, place: str) -> Entry:
    return _plain(row, place)._replace(
        note=values.text(values.typed(row["note"])), position=values.whole(row["position"])
    )


def _plain_list(block: Row, title: str) -> ListData:
    name = values.line(values.typed(block["name"])) or title or "A list"
    described = values.text(values.typed(block["description"]))
    listing = list_data(PLAIN, name, described, key=values.line(block["id"]))
    return listing._replace(exported_as=values.uuid(block["id"]))


def _hidden(row: Row, _place: str) -> HiddenData:
    target_id = values.tmdb_id(row["id"])
    if row["hidden"] not in HIDDEN_KINDS or target_id is None:
        raise Unreadable("it names nothing that can be hidden.")
    return HiddenData(row["hidden"], target_id, values.moment(row["date"]))


# The first whose columns are all there.
KINDS: tuple[Kind, ...] = (
    Kind("Letterboxd", "review", {"letterboxd uri", "name", "review"}, _letterboxd_review),
    Kind("Letterboxd", "diary", {"letterboxd uri", "name", "watched date"}, _letterboxd_diary),
    Kind("Letterboxd", "ratings", {"letterboxd uri", "name", "rating"}, _letterboxd),
    Kind("Letterboxd", "films", {"letterboxd uri", "name"}, _letterboxd),
    Kind("IMDb", "until 2017", {"const", "position", "you rated"}, _imdb_listed),
    Kind("IMDb", "listed", {"const", "position"}, _imdb_listed),
    Kind("IMDb", "rated", {"const", "your rating"}, _imdb_rated),
    Kind("TMDb", "tmdb", {"tmdb id", "type", "your rating"}, _tmdb_rated),
    Kind(PLAIN, "plain", {"title", "tmdbid"}, _plain),
    Kind(PLAIN, "plain", {"title", "imdbid"}, _plain),
    Kind(PLAIN, "hidden", {"hidden", "id"}, _hidden),
    Kind("Yamtrack", "yamtrack", {"media id", "media type", "status"}, _yamtrack),
)
# Of tables below a block about a list.
LIST_KINDS: tuple[Kind, ...] = (
    Kind("Letterboxd", "list", {"position", "name", "url"}, _letterboxd_in_list, _letterboxd_list),
    Kind(PLAIN, "list", {"position", "title", "tmdbid"}, _plain_in_list, _plain_list),
)
