"""TMDb's lists and small answers in our words. Nothing here raises: what does not fit is left out.

Shapes: TMDb API v3, https://developer.themoviedb.org/reference; older shapes are read as well.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from moviesite.providers import reading as read
from moviesite.providers.base import (
    ChangesPage,
    GenreData,
    ImageSizes,
    KeywordData,
    MovieData,
    MoviePage,
    PersonRef,
    ProviderData,
    RegionData,
    Suggestion,
    SuggestionPage,
)

LAST_PAGE = 500  # TMDb refuses pages behind it whatever it says their number is
MOST_ROWS = 100
_WIDTH = re.compile(r"[wh][1-9]\d{0,4}|original", re.ASCII)


def movie_row(row: dict[str, Any]) -> MovieData | None:
    """A movie, unless it lacks an id or every title, or is something else than a movie."""
    facts = movie_facts(row)
    is_movie = row.get("media_type") in (None, "movie")
    return MovieData(**facts) if is_movie and facts["id"] and facts["title"] else None


def changes(body: dict[str, Any]) -> ChangesPage:
    """A page of the list of changes."""
    ids = (read.identifier(row.get("id")) for row in read.rows(body.get("results"), MOST_ROWS))
    pages = min(read.count(body.get("total_pages")), LAST_PAGE)
    return ChangesPage(tuple(one for one in ids if one), pages)


def movie_facts(row: dict[str, Any]) -> dict[str, Any]:
    """What list rows and details have in common, by the names of MovieData."""
    original = read.text(row.get("original_title"), 500)
    return {
        "id": read.identifier(row.get("id")),
        "title": read.text(row.get("title"), 500) or original,
        "original_title": original,
        "original_language": read.language(row.get("original_language")),
        "overview": read.text(row.get("overview"), 10_000),
        "release_date": read.date(row.get("release_date")),
        "genres": genre_list(row),
        "poster_path": read.image_path(row.get("poster_path")),
        "backdrop_path": read.image_path(row.get("backdrop_path")),
        "vote_average": read.number(row.get("vote_average"), 10),
        "vote_count": read.count(row.get("vote_count")),
        "popularity": read.number(row.get("popularity"), 1e9),
        # Whatever is not plainly "no" hides the title from those who did not ask for it.
        "adult": bool(row.get("adult") or row.get("softcore")),
    }


def genre_list(row: dict[str, Any]) -> tuple[GenreData, ...]:
    """Genres of a detail, or of a list's row, which tells ids alone: there the name is empty."""
    if isinstance(row.get("genres"), list):
        return genres(row)
    ids = row.get("genre_ids")
    known = [read.identifier(value) for value in (ids[:50] if isinstance(ids, list) else [])]
    return tuple(GenreData(id_, "") for id_ in dict.fromkeys(known) if id_)


def genres(body: dict[str, Any]) -> tuple[GenreData, ...]:
    """Objects under `genres`; a name is required."""
    return tuple(GenreData(id_, name) for id_, name in named(body.get("genres"), 100, 100))


def keywords(value: Any) -> tuple[KeywordData, ...]:
    """Objects with id and name."""
    return tuple(KeywordData(id_, name) for id_, name in named(value, 300, 200))


def named(value: Any, most: int, length: int) -> Iterator[tuple[int, str]]:
    """Id and name of each object that has both; no id twice."""
    found: dict[int, str] = {}
    for row in read.rows(value, most):
        id_, name = read.identifier(row.get("id")), read.text(row.get("name"), length)
        if id_ and name:
            found.setdefault(id_, name)
    return iter(found.items())


def movies(
    value: Any, *, most: int = MOST_ROWS, include_adult: bool = False
) -> tuple[MovieData, ...]:
    """The movies among the rows, none twice, adult ones only when asked for."""
    found: dict[int, MovieData] = {}
    for row in read.rows(value, most):
        movie = movie_row(row)
        if movie and (include_adult or not movie.adult):
            found.setdefault(movie.id, movie)
    return tuple(found.values())


def movie_page(body: dict[str, Any], page: int, *, include_adult: bool = False) -> MoviePage | None:
    """A page of movies; None when it is plainly another page than the one asked for."""
    answered = read.identifier(body.get("page"))
    if answered is not None and answered != page:
        return None
    return MoviePage(
        page=page,
        total_pages=min(read.count(body.get("total_pages")), LAST_PAGE),
        total_results=read.count(body.get("total_results")),
        results=movies(body.get("results"), include_adult=include_adult),
    )


def person_ref(row: dict[str, Any]) -> PersonRef | None:
    """A person, when there is an id and a name."""
    id_ = read.identifier(row.get("id"))
    name = read.text(row.get("name"), 300) or read.text(row.get("original_name"), 300)
    if not id_ or not name:
        return None
    return PersonRef(id_, name, read.image_path(row.get("profile_path")))


def suggestions(body: dict[str, Any], *, include_adult: bool = False) -> SuggestionPage:
    """Movies and people of a mixed search, in its order; series are left out."""
    found: dict[tuple[str, int], Suggestion] = {}
    for row in read.rows(body.get("results"), MOST_ROWS):
        if row.get("media_type") == "movie":
            for movie in movies([row], include_adult=include_adult):
                found.setdefault(("movie", movie.id), Suggestion(movie=movie))
        elif row.get("media_type") == "person" and (include_adult or not row.get("adult")):
            person = person_ref(row)
            if person:
                found.setdefault(("person", person.id), Suggestion(person=person))
    return SuggestionPage(tuple(found.values()))


def image_sizes(body: dict[str, Any]) -> ImageSizes:
    """Widths on offer. The address of the images is a setting: the host is not TMDb's to choose."""
    images = read.mapping(body.get("images"))
    return ImageSizes(
        poster=_widths(images.get("poster_sizes")),
        backdrop=_widths(images.get("backdrop_sizes")),
        profile=_widths(images.get("profile_sizes")),
        logo=_widths(images.get("logo_sizes")),
    )


def _widths(value: Any) -> tuple[str, ...]:
    sizes = value[:20] if isinstance(value, list) else []
    return tuple(size for size in sizes if read.matching(_WIDTH, size))


def provider(row: dict[str, Any], region: str = "") -> ProviderData | None:
    """A service; its place among others is the region's own where there is one."""
    id_, name = read.identifier(row.get("provider_id")), read.text(row.get("provider_name"), 200)
    if not id_ or not name:
        return None
    place = read.mapping(row.get("display_priorities")).get(region, row.get("display_priority"))
    return ProviderData(id_, name, read.image_path(row.get("logo_path")), read.count(place))


def providers(value: Any, *, most: int = 1000, region: str = "") -> tuple[ProviderData, ...]:
    """Services in the order in which they are to be shown, none twice."""
    found = {p.id: p for row in read.rows(value, most) if (p := provider(row, region))}
    return tuple(sorted(found.values(), key=lambda service: service.display_priority))


def regions(body: dict[str, Any]) -> tuple[RegionData, ...]:
    """Countries with providers, by name."""
    found: dict[str, RegionData] = {}
    for row in read.rows(body.get("results"), 300):
        code = read.region(row.get("iso_3166_1"))
        name = first_text((row.get("native_name"), row.get("english_name")), 100)
        if code and name:
            found.setdefault(code, RegionData(code, name))
    return tuple(sorted(found.values(), key=lambda region: region.name))


def first_text(values: Iterable[Any], limit: int) -> str:
    """The first that says something."""
    return next((found for value in values if (found := read.text(value, limit))), "")
