"""Reads the files that people export from Letterboxd, IMDb, Trakt, TMDb, Yamtrack and here.

Pure but for the time it is. Says what somebody did with which film, and which lists it is in;
whether that film is known here, and what of it is new, is for others to find out. Series and
whatever else is in the files are left out.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

from moviesite.errors import InvalidInput
from moviesite.text import fold
from moviesite.transfer.columns import read_table
from moviesite.transfer.entries import (
    MOST_ENTRIES,
    MOST_LINES,
    SOURCES,
    Entry,
    FileName,
    Gathering,
    HiddenData,
    ListData,
    NotKnown,
    Reading,
    refused,
)
from moviesite.transfer.files import decoded, is_archive, unfolded
from moviesite.transfer.trakt import read_list
from moviesite.transfer.values import at_noon, line

__all__ = ["Entry", "HiddenData", "ListData", "Reading", "read"]

_LONGEST_PLACE = 80
_LAST_PLACE = 10**6
# With what a browser puts behind the name of a file that it has already.
_ENDING = re.compile(r"(\s*\(\d+\))?(\.(csv|json|txt))?$", re.IGNORECASE)
# What sites call any list's file.
_UNTITLED = re.compile(
    r"(imdb|trakt|export|lists?|items|untitled|ls\d+|[0-9a-f]{8}( [0-9a-f]{4}){3} [0-9a-f]{12}| )*"
)
# Time zones: somewhere it is tomorrow already.
_AHEAD = dt.timedelta(days=1)


def read(
    name: str,
    content: bytes,
    *,
    called: str = "",
    zone: dt.tzinfo = dt.UTC,
    now: dt.datetime | None = None,
) -> Reading:
    """What a file tells, or all the files of a zip; `name` is what it was called.

    `called` is what a single file was called where it comes from, if its name does not say so:
    the name of a list, or a word such as "watchlist". Days are those of `zone`, where the person
    lives. A play that lies after `now` (by default, the time it is) has no day. Raises InvalidInput
    naming `file` for what is none of the exports that are known, damaged, larger than 20 MB or of
    more than 40,000 entries. Single lines that cannot be read are told of in `unread`.
    """
    gathering = Gathering()
    if is_archive(name, content):
        _read_archive(content, gathering)
    else:
        _read_file(_file_name(name, called), content, gathering)
    if gathering.full:
        most = f"{MOST_ENTRIES:,} entries and {MOST_LINES:,} other lines"
        raise refused(f"At most {most} can be imported at once.")
    entries = _in_place(_once(_as_rated_now(gathering.entries)))
    latest = (now or dt.datetime.now(dt.UTC)) + _AHEAD
    return Reading(
        " and ".join(gathering.sources),
        tuple(_past(_settled(entry, zone), latest) for entry in entries),
        gathering.others,
        gathering.sentences,
        gathering.lists(),
        tuple(_hidden_there(hidden, zone) for hidden in gathering.hidden),
    )


def _read_archive(content: bytes, gathering: Gathering) -> None:
    for path, inner in unfolded(content, gathering):
        file = _file_name(path)
        try:
            _read_file(file, inner, gathering)
        except NotKnown as error:
            # Trakt puts much into its archives that tells nothing of films.
            if not path.lower().endswith(".json"):
                gathering.say(f"{file.place}: {error.detail}")
        except InvalidInput as error:
            gathering.say(f"{file.place}: {error.detail}")
    if not gathering.sources:
        why = "".join(f" {sentence}" for sentence in gathering.sentences[:1])
        raise refused(f"No file in this archive looks like an export from {SOURCES}.{why}")


def _read_file(file: FileName, content: bytes, gathering: Gathering) -> None:
    text = decoded(content)
    is_json = file.place.lower().endswith(".json") or text.lstrip()[:1] in ("[", "{")
    reader = read_list if is_json else read_table
    reader(file, text, gathering)


def _file_name(path: str, called: str = "") -> FileName:
    """A path's folder counts where that is what the file is about."""
    *folders, last = path.replace("\\", "/").split("/")
    full = f"{folders[-1]}/{last}" if folders[-1:] in (["likes"], ["lists"]) else last
    place = line(full)[-_LONGEST_PLACE:] or "the file"
    given = line(called)
    if given:
        return FileName(place, fold(given), given)
    stem = line(_ENDING.sub("", last))
    return FileName(place, fold(full), "" if _UNTITLED.fullmatch(fold(stem)) else stem)


def _in_place(entries: list[Entry]) -> list[Entry]:
    """Those in a list stand in its order, behind all others; without a place at its end."""
    return sorted(entries, key=lambda one: (one.listed_in, one.position or _LAST_PLACE))


def _settled(entry: Entry, zone: dt.tzinfo) -> Entry:
    """A bare day is one where the person lives, who would find it a day off otherwise."""
    watched_at, noted_at = (
        moment and at_noon(moment, zone) for moment in (entry.watched_at, entry.noted_at)
    )
    return entry._replace(watched_at=watched_at, noted_at=noted_at)


def _hidden_there(hidden: HiddenData, zone: dt.tzinfo) -> HiddenData:
    return hidden._replace(noted_at=hidden.noted_at and at_noon(hidden.noted_at, zone))


def _past(entry: Entry, latest: dt.datetime) -> Entry:
    if entry.watched_at is None or entry.watched_at <= latest:
        return entry
    return entry._replace(watched_at=None, seen=True)


def _as_rated_now(gathered: Iterable[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """Letterboxd's diary and reviews tell how a film was rated then, its ratings how it is now."""
    gathered = list(gathered)
    now = {entry.film: entry.rating for kind, entry in gathered if kind == "ratings"}
    return [
        (kind, entry._replace(rating=now.get(entry.film, entry.rating)))
        if kind in ("diary", "review")
        else (kind, entry)
        for kind, entry in gathered
    ]


def _once(gathered: Iterable[tuple[str, Entry]]) -> list[Entry]:
    """All entries, where a play that two files tell comes once.

    A review goes to the play in the diary; the last play that a summary tells is in the history.
    """
    gathered = list(gathered)
    plays: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, (kind, entry) in enumerate(gathered):
        if kind in ("diary", "history") and entry.watched_at:
            plays[kind, *_play(entry)].append(at)
    entries: list[Entry | None] = [entry for _, entry in gathered]
    for at, (kind, entry) in enumerate(gathered):
        if kind == "review" and (found := plays.get(("diary", *_play(entry)))):
            played = found.pop(0)
            entries[played] = _reviewed(gathered[played][1], entry)
            entries[at] = None
        elif kind == "watched" and ("history", *_play(entry)) in plays:
            entries[at] = entry._replace(watched_at=None, seen=True)
    return [entry for entry in entries if entry]


def _play(entry: Entry) -> tuple[object, ...]:
    return (*entry.film, entry.watched_at)


def _reviewed(play: Entry, review: Entry) -> Entry:
    return play._replace(review=review.review, rating=review.rating or play.rating)
