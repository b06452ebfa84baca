"""What Trakt exports, file by file, in JSON. Pure. Shows, seasons and people are left out.

An entry is known by its keys; what the file is called tells a watchlist from other lists, and
which list it is: `lists-list-9-noir.json` holds what is in that of number 9, and `lists-lists.json`
what all of them are called.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from moviesite.transfer import values
from moviesite.transfer.entries import (
    SOURCES,
    Entry,
    FileName,
    Gathering,
    ListData,
    NotKnown,
    Unreadable,
    list_data,
    refused,
)

# Brackets and commas: each stands for an object in memory that is much larger than itself.
_MOST_PARTS = 2_000_000
_OWN_LIST = re.compile(r"lists list (\d+)(?: (.+))?")
_OWN_LISTS = "lists lists"
# Keys of entries that say nothing that is kept here.
_LEFT_OUT = (
    *("comment", "collected_at", "last_collected_at", "hidden_at", "liked_at"),
    *("followed_at", "friends_at"),
)

Making = Callable[[Mapping[str, Any], Entry], Entry]


class Kind(NamedTuple):
    """A kind of entry: the key by which it is known, and what it says of its film."""

    name: str
    key: str
    entry: Making


def read_list(file: FileName, text: str, gathering: Gathering) -> None:
    """Adds the films of a file to what is gathered.

    Raises InvalidInput for what is no JSON and, as NotKnown, for what is no list from Trakt.
    """
    items = _items(text)
    if file.hint.startswith(_OWN_LISTS):
        _describe(file, items, gathering)
        return
    own = _own_list(file, items)
    kinds = _IN_LIST if own else _kinds(file.hint)
    if not any(_is_of(item, kinds) for item in items):
        raise refused(_not_known(items), NotKnown)
    gathering.known("Trakt")
    if own:
        gathering.begin_list(file.place, own)
    for number, item in enumerate(items, 1):
        if gathering.full:
            return
        place = f"{file.place}, entry {number}"
        _read_item(place, item, kinds, gathering, own.origin if own else "")


def _describe(file: FileName, items: list[Any], gathering: Gathering) -> None:
    gathering.known("Trakt")
    for item in items:
        ids = item.get("ids") if isinstance(item, dict) else None
        number = _written(ids.get("trakt")) if isinstance(ids, dict) else ""
        name = values.line(_written(item["name"])) if number and "name" in item else ""
        if name:
            described = values.text(_written(item.get("description")))
            gathering.describe_list(file.place, list_data("Trakt", name, described, key=number))


def _own_list(file: FileName, items: list[Any]) -> ListData | None:
    """The list that a file is, if it is one that somebody made."""
    own = _OWN_LIST.fullmatch(file.hint.removesuffix(" json"))
    if own:
        return list_data("Trakt", own[2] or "A list", key=own[1])
    named = file.title and _kinds(file.hint) is _KINDS
    return list_data("Trakt", file.title) if named and _are_listed(items) else None


def _items(text: str) -> list[Any]:
    if sum(text.count(mark) for mark in "[{,") > _MOST_PARTS:
        raise refused("This file holds more than can be read at once.")
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise refused("This JSON is nested too deeply.") from error
    except ValueError as error:
        raise refused("This JSON cannot be read.") from error
    if not isinstance(found, list):
        raise refused(
            f"This is not an export from {SOURCES}: it is not a list of entries.", NotKnown
        )
    if not found:
        raise refused("There are no entries in this file.", NotKnown)
    return found


def _is_of(item: Any, kinds: tuple[Kind, ...]) -> bool:
    """Whether an entry is of a kind that is known, left out or not."""
    if not isinstance(item, dict):
        return False
    return any(key in item for key in _LEFT_OUT) or any(kind.key in item for kind in kinds)


def _not_known(items: list[Any]) -> str:
    if _are_listed(items):
        return (
            "Only the file name says whether this is a watchlist or another list:"
            " please keep the name that Trakt gave it, such as lists-watchlist.json."
        )
    keys = ", ".join(map(str, items[0])) if isinstance(items[0], dict) else ""
    keys_found = f": its entries have the keys {values.line(keys)[:150]}" if keys else ""
    return f"This does not look like an export from {SOURCES}{keys_found}."


def _are_listed(items: list[Any]) -> bool:
    return any(isinstance(item, dict) and "listed_at" in item for item in items)


def _read_item(
    place: str, item: Any, kinds: tuple[Kind, ...], gathering: Gathering, listed_in: str
) -> None:
    if not isinstance(item, dict):
        gathering.unread(place, "this is not an entry.")
        return
    kind = next((one for one in kinds if one.key in item), None)
    if kind is None or any(key in item for key in _LEFT_OUT) or not _is_movie(item):
        gathering.add("", None, listed_in)
        return
    try:
        gathering.add(kind.name, kind.entry(item, _film(item["movie"], place)), listed_in)
    except Unreadable as error:
        gathering.unread(place, error)


def _is_movie(item: Mapping[str, Any]) -> bool:
    return item.get("type", "movie") == "movie" and isinstance(item.get("movie"), dict)


def _film(movie: Mapping[str, Any], place: str) -> Entry:
    ids = movie.get("ids")
    ids = ids if isinstance(ids, dict) else {}
    return Entry(
        place,
        values.line(_written(movie.get("title"))),
        values.year(_written(movie.get("year"))),
        values.tmdb_id(_written(ids.get("tmdb"))),
        values.imdb_id(_written(ids.get("imdb"))),
    )


def _written(value: Any) -> str:
    """A value as a table would have it; nothing for what is neither text nor number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    # Python refuses to write out a number of thousands of digits.
    return str(value).strip() if not isinstance(value, int) or abs(value) < 10**18 else ""


def _played(item: Mapping[str, Any], film: Entry) -> Entry:
    day = values.moment(_written(item.get("watched_at")))
    return film._replace(watched_at=day, seen=day is None)


def _watched(item: Mapping[str, Any], film: Entry) -> Entry:
    """All plays of a film in one: only of the last the day is told."""
    day = values.moment(_written(item.get("last_watched_at")))
    return film._replace(watched_at=day, seen=day is None)


def _rated(item: Mapping[str, Any], film: Entry) -> Entry:
    rated_at = values.moment(_written(item.get("rated_at")))
    return film._replace(rating=values.rating(_written(item["rating"]), 10), noted_at=rated_at)


def _in_list(item: Mapping[str, Any], film: Entry) -> Entry:
    listed_at = values.moment(_written(item.get("listed_at")))
    note = values.text(_written(item.get("notes")))
    place = values.whole(_written(item.get("rank")))
    return film._replace(note=note, noted_at=listed_at, position=place)


def _listed(item: Mapping[str, Any], film: Entry) -> Entry:
    return _in_list(item, film)._replace(watchlist=True, position=0)


def _liked(item: Mapping[str, Any], film: Entry) -> Entry:
    return film._replace(liked=True, noted_at=values.moment(_written(item.get("listed_at"))))


def _kinds(hint: str) -> tuple[Kind, ...]:
    """The kinds of entries in a file of this name, the first whose key is there."""
    if "watchlist" in hint:
        return (*_KINDS, Kind("listed", "movie", _listed), Kind("listed", "type", _listed))
    if "favorite" in hint or "favourite" in hint:
        return (*_KINDS, Kind("listed", "movie", _liked), Kind("listed", "type", _liked))
    return _KINDS


_KINDS = (
    Kind("history", "watched_at", _played),
    Kind("watched", "last_watched_at", _watched),
    Kind("watched", "plays", _watched),
    Kind("rated", "rating", _rated),
)
_IN_LIST = (Kind("list", "movie", _in_list), Kind("list", "type", _in_list))
