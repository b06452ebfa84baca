"""The rows of the home page: which ones, and each with its own trouble. No request."""

from collections.abc import Sequence
from typing import NamedTuple

from moviesite.catalogue import live, presenting
from moviesite.catalogue.presenting import Source
from moviesite.errors import Unavailable
from moviesite.providers.base import MovieData


class ShelfKind(NamedTuple):
    """A row before it is filled: the listing it shows, its title and a note."""

    key: str
    listing: str
    title: str
    note: str


class Shelf(NamedTuple):
    """A row as shown; `problem` says why it is empty."""

    key: str
    title: str
    note: str
    href: str | None
    movies: Sequence[MovieData]
    source: Source | None
    problem: str | None


TRENDING = ShelfKind(
    "trending", "trending:week", "Trending this week", "What visitors of {source} look up"
)

HOME = (
    TRENDING,
    ShelfKind("popular", "popular", "Popular now", "Most looked at on {source}"),
    ShelfKind("now-playing", "now_playing", "In cinemas", "In your region, by {source}"),
    ShelfKind("upcoming", "upcoming", "Coming soon", "Next in cinemas of your region, by {source}"),
    ShelfKind("top-rated", "top_rated", "Rated highest", "By visitors of {source}"),
)


def home(language: str, region: str) -> list[Shelf]:
    """All rows of the home page."""
    return [load(kind, language, region) for kind in HOME]


def load(kind: ShelfKind, language: str, region: str) -> Shelf:
    """One row, filled or with a sentence about why it is not."""
    try:
        answer = live.listing(kind.listing, 1, language, region)
    except Unavailable:
        return _shelf(
            kind, (), None, f"{_capital(live.source_in_words())} is not answering right now."
        )
    return _shelf(kind, answer.value.results, presenting.source_of(answer), None)


def _shelf(
    kind: ShelfKind, movies: Sequence[MovieData], source: Source | None, problem: str | None
) -> Shelf:
    note = kind.note.format(source=live.source_in_words())
    return Shelf(kind.key, kind.title, note, None, movies, source, problem)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
