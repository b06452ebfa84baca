"""Reads the files that people export from Letterboxd, IMDb, Trakt, TMDb, Yamtrack and here.

Pure but for the time it is. Says what somebody did with which film; whether that film is known
here, and what of it is new, is for others to find out. Lists, series and whatever else is in the
files are left out.
"""

import datetime as dt
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
    Gathering,
    NotKnown,
    Reading,
    refused,
)
from moviesite.transfer.files import decoded, is_archive, unfolded
from moviesite.transfer.trakt import read_list
from moviesite.transfer.values import line

__all__ = ["Entry", "Reading", "read"]

_LONGEST_NAME = 80
# Time zones: somewhere it is tomorrow already.
_AHEAD = dt.timedelta(days=1)


def read(name: str, content: bytes, *, now: dt.datetime | None = None) -> Reading:
    """What a file tells, or all the files of a zip; `name` is what it was called.

    A play that lies after `now` (by default, the time it is) has no day. Raises InvalidInput
    naming `file` for what is none of the exports that are known, damaged, larger than 20 MB or
    of more than 20,000 entries. Single lines that cannot be read are told of in `unread`.
    """
    gathering = Gathering()
    if is_archive(name, content):
        _read_archive(content, gathering)
    else:
        _read_file(name, content, gathering)
    if gathering.full:
        most = f"{MOST_ENTRIES:,} entries and {MOST_LINES:,} other lines"
        raise refused(f"At most {most} are read at once.")
    entries = _once(gathering.told)
    latest = (now or dt.datetime.now(dt.UTC)) + _AHEAD
    return Reading(
        " and ".join(gathering.sources),
        tuple(_past(entry, latest) for entry in entries),
        gathering.others,
        gathering.sentences,
    )


def _read_archive(content: bytes, gathering: Gathering) -> None:
    for path, inner in unfolded(content, gathering):
        try:
            _read_file(path, inner, gathering)
        except NotKnown as error:
            # Trakt puts much into its archives that tells nothing of films.
            if not path.lower().endswith(".json"):
                gathering.say(f"{_place(path)}: {error.detail}")
        except InvalidInput as error:
            gathering.say(f"{_place(path)}: {error.detail}")
    if not gathering.sources:
        why = "".join(f" {sentence}" for sentence in gathering.sentences[:1])
        raise refused(f"No file in this archive is a known export of {SOURCES}.{why}")


def _read_file(name: str, content: bytes, gathering: Gathering) -> None:
    text = decoded(content)
    is_json = name.lower().endswith(".json") or text.lstrip()[:1] in ("[", "{")
    reader = read_list if is_json else read_table
    reader(_place(name), text, fold(_last(name)), gathering)


def _last(path: str) -> str:
    """A file's own name, and of a path the folder too where that is what it is about."""
    *folders, name = path.replace("\\", "/").split("/")
    return f"likes/{name}" if folders[-1:] == ["likes"] else name


def _place(path: str) -> str:
    return line(_last(path))[-_LONGEST_NAME:] or "the file"


def _past(entry: Entry, latest: dt.datetime) -> Entry:
    if entry.watched_at is None or entry.watched_at <= latest:
        return entry
    return entry._replace(watched_at=None, seen=True)


def _once(told: Iterable[tuple[str, Entry]]) -> list[Entry]:
    """All entries, where a play that two files tell comes once.

    A review goes to the play in the diary; the last play that a summary tells is in the history.
    """
    told = list(told)
    plays: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, (kind, entry) in enumerate(told):
        if kind in ("diary", "history") and entry.watched_at:
            plays[kind, *_play(entry)].append(at)
    entries: list[Entry | None] = [entry for _, entry in told]
    for at, (kind, entry) in enumerate(told):
        if kind == "review" and (found := plays.get(("diary", *_play(entry)))):
            played = found.pop(0)
            entries[played] = _reviewed(told[played][1], entry)
            entries[at] = None
        elif kind == "watched" and ("history", *_play(entry)) in plays:
            entries[at] = entry._replace(watched_at=None, seen=True)
    return [entry for entry in entries if entry]


def _play(entry: Entry) -> tuple[object, ...]:
    film = (entry.tmdb_id, entry.imdb_id, entry.title.casefold(), entry.year)
    return (*film, entry.watched_at)


def _reviewed(play: Entry, review: Entry) -> Entry:
    return play._replace(review=review.review, rating=review.rating or play.rating)
