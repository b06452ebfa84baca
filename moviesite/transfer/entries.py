"""What files tell of films, in one shape for all sources, and how it is gathered. Pure.

Knows no file format: `columns` and `trakt` do.
"""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from moviesite.errors import InvalidInput

MOST_ENTRIES = 40_000
# Lines of all files together, also those about series: whoever reads them has to end some time.
MOST_LINES = 200_000
MOST_SENTENCES = 20
MOST_LISTS = 500
LONGEST_REVIEW = 10_000
LONGEST_NOTE = 1000
LONGEST_NAME = 255
LONGEST_DESCRIPTION = 1000
PRIORITIES = range(1, 6)
VOTES = ("up", "down")
FEEDBACK = ("more", "less", "not_interested")
HIDDEN_KINDS = ("genre", "person", "keyword", "movie")
SOURCES = "Letterboxd, IMDb, Trakt, TMDb or Yamtrack"


class FileName(NamedTuple):
    """What a file's name says, or what its sender says that it is called."""

    # For the reader: "ratings.csv" or "lists/noir.csv".
    place: str
    # Folded words, by which kinds are told apart where columns do not.
    hint: str
    # The name of a list that it may hold; empty where the name is no more than a number.
    title: str


class ListData(NamedTuple):
    """A list that somebody made elsewhere; entries are in it whose `listed_in` is its origin."""

    # The source, and what tells this list from its others: the same whenever it comes again.
    origin: str
    # At most LONGEST_NAME characters.
    name: str
    # At most LONGEST_DESCRIPTION characters.
    description: str = ""
    # Its public id on the site that exported it, which may be this one.
    exported_as: UUID | None = None


def list_data(source: str, name: str, description: str = "", *, key: str = "") -> ListData:
    """A list of this source, known there by `key`, else by its name."""
    return ListData(f"{source}: {(key or name)[:LONGEST_NAME]}", name, description)


class Entry(NamedTuple):
    """What somebody did with one film, as one line of a file tells it."""

    # Where it stands, for the reader: "ratings.csv, line 12" or "history.json, entry 3".
    place: str
    # Empty where the file has none; then there is an id.
    title: str
    year: int | None
    tmdb_id: int | None = None
    # "tt" and 5 to 12 digits.
    imdb_id: str | None = None
    # 0.5 to 5 in halves.
    rating: float | None = None
    # In UTC. A play on a known day; of a bare date it is noon where the person lives.
    watched_at: dt.datetime | None = None
    # Seen on no day that is known; never together with `watched_at`.
    seen: bool = False
    watchlist: bool = False
    liked: bool = False
    # Plain text of at most LONGEST_REVIEW characters.
    review: str = ""
    # Of an entry of a watchlist or a list; at most LONGEST_NOTE characters.
    note: str = ""
    favorite: bool = False
    # When all of this was noted, as far as that is told.
    noted_at: dt.datetime | None = None
    # The origin of the list that it is in, and the place there that is told; 0 where none is.
    listed_in: str = ""
    position: int = 0
    # Of an entry of a watchlist: one of PRIORITIES, 0 where none is told.
    priority: int = 0
    # Of a review: that it tells how the film ends.
    spoiler: bool = False
    # Of a play: how far it went, and that this was not to the end.
    progress_seconds: int | None = None
    begun: bool = False
    # One of VOTES and one of FEEDBACK; empty where none is told.
    vote: str = ""
    feedback: str = ""

    @property
    def names_a_film(self) -> bool:
        """Whether anything says which film is meant."""
        return bool(self.title or self.tmdb_id or self.imdb_id)

    @property
    def film(self) -> tuple[object, ...]:
        """What tells its film from others."""
        return self.tmdb_id, self.imdb_id, self.title.casefold(), self.year

    @property
    def says_something(self) -> bool:
        """Whether anything was done with the film."""
        done = self.watched_at or self.seen or self.watchlist or self.liked or self.favorite
        said = self.rating or self.review or self.vote or self.feedback
        return bool(done or said or self.listed_in)


class HiddenData(NamedTuple):
    """One of HIDDEN_KINDS, by TMDb's number, that somebody does not want to be offered."""

    kind: str
    target_id: int
    noted_at: dt.datetime | None = None


class Reading(NamedTuple):
    """What was understood of a file, and what was not.

    `source` joins the names of several by " and "; `others` counts lines that are left out: about
    series, episodes, games, people, or nothing that is kept here; `unread` are sentences.
    """

    source: str
    entries: tuple[Entry, ...]
    others: int
    unread: tuple[str, ...]
    lists: tuple[ListData, ...] = ()
    hidden: tuple[HiddenData, ...] = ()


class Unreadable(ValueError):
    """A line that cannot be understood; its text is the rest of the sentence that says why."""


class NotKnown(InvalidInput):
    """A file that is sound, but of no kind that is known here."""


def refused(why: str, kind: type[InvalidInput] = InvalidInput) -> InvalidInput:
    """The error that says why a whole file cannot be read."""
    return kind({"files": {"file": [why]}}, why)


class Gathering:
    """What is told by one or several files while they are read, with the kind of each entry."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Entry]] = []
        self.hidden: list[HiddenData] = []
        self.sources: list[str] = []
        self.others = 0
        self._lists: dict[str, ListData] = {}
        self._described: dict[str, ListData] = {}
        self._mixed: set[str] = set()
        self._sentences: list[str] = []
        self._more_sentences = 0
        self._lines = 0

    def known(self, source: str) -> None:
        """A file of this source begins."""
        if source not in self.sources:
            self.sources.append(source)

    def begin_list(self, place: str, listing: ListData) -> None:
        """A file of this list begins; a list may have several. Raises InvalidInput for too many."""
        if listing.origin in self._lists:
            return
        if len(self._lists) >= MOST_LISTS:
            raise refused(f"At most {MOST_LISTS} lists can be imported at once.")
        self._lists[listing.origin] = self._fitting(place, listing)

    def describe_list(self, place: str, listing: ListData) -> None:
        """What a list is called, where that stands in another file than what is in it."""
        self._described[listing.origin] = self._fitting(place, listing)

    def lists(self) -> tuple[ListData, ...]:
        """The lists that were read, but for those that hold other things and no film."""
        filled = {entry.listed_in for _, entry in self.entries}
        return tuple(
            self._described.get(origin, listing)
            for origin, listing in self._lists.items()
            if origin in filled or origin not in self._mixed
        )

    def add(self, kind: str, entry: Entry | HiddenData | None, listed_in: str = "") -> None:
        """One line was read, which may be in a list; None and what says nothing are others."""
        self._lines += 1
        if isinstance(entry, HiddenData):
            self.hidden.append(entry)
            return
        if entry is not None and listed_in:
            entry = entry._replace(listed_in=listed_in)
        if entry is None or not entry.says_something:
            self.others += 1
            self._mixed.add(listed_in)
        elif not entry.names_a_film:
            self.say(f"{entry.place}: no film is named.")
        else:
            self.entries.append((kind, self._bounded(entry)))

    def unread(self, place: str, why: object) -> None:
        """One line could not be read."""
        self._lines += 1
        self.say(f"{place}: {why}")

    def say(self, sentence: str) -> None:
        """A sentence on what could not be read."""
        if len(self._sentences) < MOST_SENTENCES:
            self._sentences.append(sentence)
        else:
            self._more_sentences += 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """What could not be read, at most MOST_SENTENCES and one that counts the others."""
        more = self._more_sentences
        return (*self._sentences, *([f"… and {more} more."] if more else []))

    @property
    def full(self) -> bool:
        """Whether it is more than is taken at once; what comes after that need not be read."""
        return len(self.entries) > MOST_ENTRIES or self._lines > MOST_LINES

    def _fitting(self, place: str, listing: ListData) -> ListData:
        name, description = listing.name[:LONGEST_NAME], listing.description[:LONGEST_DESCRIPTION]
        if len(name) < len(listing.name):
            self.say(f"{place}: the list’s name was cut to {LONGEST_NAME} characters.")
        if len(description) < len(listing.description):
            most = f"{LONGEST_DESCRIPTION:,} characters"
            self.say(f"{place}: the list’s description was cut to {most}.")
        return listing._replace(name=name.rstrip(), description=description.rstrip())

    def _bounded(self, entry: Entry) -> Entry:
        if len(entry.review) > LONGEST_REVIEW:
            self.say(f"{entry.place}: the review is longer than {LONGEST_REVIEW:,} characters.")
            entry = entry._replace(review="")
        if len(entry.note) > LONGEST_NOTE:
            self.say(f"{entry.place}: the note was cut to {LONGEST_NOTE:,} characters.")
            entry = entry._replace(note=entry.note[:LONGEST_NOTE])
        return entry
