"""The rows of the home page: which ones, and what a silent source takes from them. No request."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

from moviesite import clock
from moviesite.caching import Answer
from moviesite.catalogue import genres, live, presenting
from moviesite.catalogue.genres import GenrePlace
from moviesite.catalogue.presenting import Source
from moviesite.config import current_config
from moviesite.errors import Unavailable
from moviesite.providers.base import DiscoverQuery, MovieData, MoviePage

GENRES_A_DAY = 3
# Films of a row that is counted here, and how few of them are no row.
LONGEST, SHORTEST = 20, 6


class ShelfKind(NamedTuple):
    """A row before it is filled: the listing it shows, its title and a note."""

    key: str
    listing: str
    title: str
    note: str


class Shelf(NamedTuple):
    """A row as shown; `away` is whether its source is silent and nothing was saved, `slug` is
    that of a genre.

    `href` leads to all of it: the door that shows the row knows the address.
    """

    key: str
    title: str
    note: str
    movies: Sequence[MovieData]
    source: Source | None
    away: bool = False
    slug: str | None = None
    href: str | None = None


class Silence(NamedTuple):
    """What silence of the source does to a page: titles of rows that it lacks, and when the oldest
    saved answer on it was given (none where nothing on it was saved)."""

    missing: list[str]
    saved_at: dt.datetime | None


TRENDING = ShelfKind(
    "trending", "trending:week", "Trending this week", "Popular with visitors of {source}"
)
POPULAR = ShelfKind("popular", "popular", "Popular now", "Most viewed on {source}")
NOW_PLAYING = ShelfKind(
    "now-playing", "now_playing", "In theaters", "In your region, from {source}"
)
UPCOMING = ShelfKind(
    "upcoming", "upcoming", "Coming soon", "Next in theaters in your region, from {source}"
)
TOP_RATED = ShelfKind("top-rated", "top_rated", "Top rated", "By visitors of {source}")

HOME = (TRENDING, NOW_PLAYING, POPULAR, UPCOMING, TOP_RATED)
# What has a page of its own, by the last part of its address.
LISTED = {kind.key: kind for kind in (POPULAR, NOW_PLAYING, UPCOMING, TOP_RATED)}


def home(language: str, region: str) -> list[Shelf]:
    """All rows of the home page; a genre that has nothing to show has no row."""
    first, *rest = [load(kind, language, region) for kind in HOME]
    today = genres.of_the_day(clock.now().date(), language, GENRES_A_DAY)
    rows = [_of_genre(place, language, region) for place in today]
    return [first, *_alternating(rest, [row for row in rows if row.movies])]


def counted_here(shelf: Shelf, movies: Sequence[MovieData]) -> Shelf:
    """The row of what trends with what people turn to here first; as it was if that is little."""
    if len(movies) < SHORTEST:
        return shelf
    known = {movie.id for movie in movies}
    fill = [movie for movie in shelf.movies if movie.id not in known][: LONGEST - len(movies)]
    who = "demo viewers and people" if current_config().demo else "people"
    if not fill:
        note = f"Popular with {who} here"
        return shelf._replace(note=note, movies=movies, source=None, away=False)
    note = f"Popular with {who} here, then on {live.source_in_words()}"
    return shelf._replace(note=note, movies=[*movies, *fill])


def silence(rows: Sequence[Shelf]) -> Silence | None:
    """What these rows lack, and how old they are, because the source is silent; else None."""
    missing = [row.title for row in rows if row.away]
    sources = [row.source for row in rows if row.source]
    saved = [one.fetched_at for one in sources if one.stale and not one.answering]
    return Silence(missing, min(saved, default=None)) if missing or saved else None


def load(kind: ShelfKind, language: str, region: str) -> Shelf:
    """One row, filled as far as its source answers or did so once."""
    shelf = Shelf(kind.key, kind.title, note_of(kind), (), None)
    return _filled(shelf, lambda: live.listing(kind.listing, 1, language, region))


def note_of(kind: ShelfKind) -> str:
    """What a row says of itself."""
    return kind.note.format(source=live.source_in_words())


def _of_genre(place: GenrePlace, language: str, region: str) -> Shelf:
    note = f"Most popular on {live.source_in_words()}"
    shelf = Shelf(f"genre-{place.slug}", place.name, note, (), None, slug=place.slug)
    query = DiscoverQuery(language=language, region=region, with_genres=str(place.id))
    return _filled(shelf, lambda: live.discover(query))


def _filled(shelf: Shelf, ask: Callable[[], Answer[MoviePage]]) -> Shelf:
    try:
        answer = ask()
    except Unavailable:
        return shelf._replace(away=True)
    return shelf._replace(movies=answer.value.results, source=presenting.source_of(answer))


def _alternating(lists: Sequence[Shelf], by_genre: Sequence[Shelf]) -> list[Shelf]:
    """Lists and genres in turn, so that the page does not end in one kind."""
    rows = list(lists)
    for place, row in enumerate(by_genre):
        rows.insert(min(2 * place + 1, len(rows)), row)
    return rows
