"""What a list of stored movies may be narrowed by and put in order by. Plain values: no SQL."""

from typing import Literal, NamedTuple

import msgspec

from moviesite.text import slug

# Those of one group are alternatives; every group must be met.
Groups = tuple[tuple[str, ...], ...]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds are inclusive; runtimes are minutes, ratings are `vote_average` out of ten.

    Genres are ids, slugs or names; people and keywords ids or names; languages and countries ISO
    codes in any case.
    """

    title: str = ""
    imdb_id: str = ""
    genres: Groups = ()
    without_genres: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    rating_min: float | None = None
    rating_max: float | None = None
    people: Groups = ()
    directors: Groups = ()
    cast: Groups = ()
    keywords: Groups = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    include_adult: bool = False

    @property
    def year(self) -> int | None:
        """The one year that is wanted; None where it is none or several."""
        return self.year_from if self.year_from == self.year_to else None


NO_FILTERS = Filters()

OrderName = Literal[
    "title",
    "release_date",
    "year",
    "popularity",
    "vote_average",
    "likes",
    "rating",
    "imdb_id",
    "genre",
    "created_at",
]
ORDERS: tuple[OrderName, ...] = OrderName.__args__  # type: ignore[attr-defined]


class Ordering(NamedTuple):
    """By what, and whether from the highest down."""

    name: OrderName
    descending: bool = False


# Names that people use for a genre besides its own.
_GENRES = {"sci-fi": "science-fiction", "scifi": "science-fiction", "sf": "science-fiction"}

MOST_POPULAR = Ordering("popularity", descending=True)


def alternatives(given: str) -> Groups:
    """`28,12` asks for both, `28|12` for one of the two."""
    groups = (tuple(filter(None, map(str.strip, part.split("|")))) for part in given.split(","))
    return tuple(group for group in groups if group)


def genre_slug(given: str) -> str:
    """The address of a genre by its id, slug or name, or by what people call it."""
    return _GENRES.get(slug(given), slug(given))
