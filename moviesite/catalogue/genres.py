"""Genres under the readable names of their addresses. No request, no SQL of its own."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from moviesite.bounds import MAX_ID
from moviesite.catalogue import live, queries
from moviesite.catalogue.filters import alternatives, genre_slug
from moviesite.catalogue.overrides import OWN_IDS
from moviesite.config import current_config
from moviesite.errors import MovieSiteError, NotFound
from moviesite.providers.base import GenreData
from moviesite.text import slug, whole_number

# Films made for television fill no cinema's programme.
_NO_ROW = frozenset({10770})


class GenrePlace(NamedTuple):
    """A genre: its name in the reader's language, its slug in the site's."""

    id: int
    name: str
    slug: str


def everything(language: str) -> list[GenrePlace]:
    """All genres, by name; the stored ones while the source is away."""
    slugs = {genre.id: slug(genre.name) for genre in _known(current_config().default_language)}
    places = [
        GenrePlace(genre.id, genre.name, slugs.get(genre.id) or slug(genre.name))
        for genre in _known(language)
    ]
    return sorted(places, key=lambda place: place.name)


def of_the_source(language: str) -> list[GenrePlace]:
    """The same without those of our own, of which no source knows a film."""
    return [place for place in everything(language) if place.id < OWN_IDS]


def by_slug(wanted: str, language: str) -> GenrePlace:
    """The genre at an address; raises NotFound."""
    for place in everything(language):
        if place.slug == wanted:
            return place
    raise NotFound("There is no such genre.")


def ids_of(given: str, language: str) -> tuple[tuple[int, ...], ...]:
    """Ids of genres by id, slug or name, in groups as `filters` has them.

    What is no genre is left out: no film meets a group in which nothing is left.
    """
    return tuple(
        tuple(id_ for one in group if (id_ := _id_of(one, language)) is not None)
        for group in alternatives(given)
    )


def of_the_day(day: dt.date, language: str, count: int) -> Sequence[GenrePlace]:
    """As many genres as asked for: others every day, the same all day, each in its turn."""
    places = sorted(place for place in of_the_source(language) if place.id not in _NO_ROW)
    if not places:
        return []
    first = day.toordinal() * count
    return [places[(first + step) % len(places)] for step in range(min(count, len(places)))]


def _id_of(given: str, language: str) -> int | None:
    if given.isascii() and given.isdecimal():
        return whole_number(given, 1, MAX_ID)
    wanted = genre_slug(given)
    return next((place.id for place in everything(language) if place.slug == wanted), None)


def _known(language: str) -> Sequence[GenreData]:
    try:
        return live.genres(language).value
    except MovieSiteError:
        return queries.stored_genres()
