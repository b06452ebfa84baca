"""TMDb's answers about one movie or one person in our words. Nothing here raises.

One call carries the parts that were appended to it; a part that is absent is named as missing.
"""

import datetime as dt
import re
from typing import Any, NamedTuple

from moviesite.providers import reading as read
from moviesite.providers import tmdb_parse as parse
from moviesite.providers.base import (
    CastData,
    CertificationData,
    CollectionData,
    CollectionDetail,
    CrewData,
    MovieData,
    MovieDetailData,
    NamedCode,
    PersonCredit,
    PersonData,
    ProviderData,
    VideoData,
    WatchProvidersData,
)

MOVIE_PARTS = (
    "credits",
    "videos",
    "images",
    "keywords",
    "release_dates",
    "watch/providers",
    "similar",
    "recommendations",
    "external_ids",
    "translations",
)
PERSON_PARTS = ("movie_credits", "external_ids", "translations")
MOST_CREDITS = 1000

# Our name of a part, and where TMDb tells it.
_PARTS: tuple[tuple[str, tuple[str, ...], type], ...] = (
    ("genres", ("genres",), list),
    ("countries", ("production_countries",), list),
    ("languages", ("spoken_languages",), list),
    ("keywords", ("keywords", "keywords"), list),
    ("credits", ("credits", "cast"), list),
    ("credits", ("credits", "crew"), list),
    ("videos", ("videos", "results"), list),
    ("watch_providers", ("watch/providers", "results"), dict),
    ("certifications", ("release_dates", "results"), list),
    ("similar", ("similar", "results"), list),
    ("recommendations", ("recommendations", "results"), list),
)
# Facts, and what an answer of ours calls them.
_FACTS = {
    **{name: name for name in ("overview", "release_date", "runtime", "status", "imdb_id")},
    "poster_path": "poster_url",
}

_VIDEO_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VIDEO_ADDRESSES = {
    "YouTube": "https://www.youtube.com/watch?v=",
    "Vimeo": "https://vimeo.com/",
}
_THEATRICAL = 3


def movie_detail(body: dict[str, Any], language: str) -> MovieDetailData | None:
    """A movie with everything told about it; None without an id or any title."""
    facts = parse.movie_facts(body) | _own_facts(body) | _lists(body)
    facts |= _in_language(body, facts, language)
    if not facts["id"] or not facts["title"]:
        return None
    return MovieDetailData(**facts, missing=_missing(body, facts))


def _own_facts(body: dict[str, Any]) -> dict[str, Any]:
    external = read.mapping(body.get("external_ids"))
    images = read.mapping(body.get("images"))
    return {
        "tagline": read.text(body.get("tagline"), 1000),
        "runtime": read.integer(body.get("runtime"), 1, 10_000),
        "status": read.text(body.get("status"), 50),
        "imdb_id": read.imdb_id(body.get("imdb_id")) or read.imdb_id(external.get("imdb_id")),
        "homepage": read.address(body.get("homepage")),
        "budget": read.amount(body.get("budget")),
        "revenue": read.amount(body.get("revenue")),
        "collection": _collection(read.mapping(body.get("belongs_to_collection"))),
        "poster_path": _image(body.get("poster_path"), images.get("posters")),
        "backdrop_path": _image(body.get("backdrop_path"), images.get("backdrops")),
    }


def _image(chosen: Any, others: Any) -> str | None:
    paths = [chosen, *(row.get("file_path") for row in read.rows(others, 50))]
    return next((found for path in paths if (found := read.image_path(path))), None)


def _collection(row: dict[str, Any]) -> CollectionData | None:
    id_, name = read.identifier(row.get("id")), read.text(row.get("name"), 300)
    if not id_ or not name:
        return None
    return CollectionData(id_, name, read.image_path(row.get("poster_path")))


def _lists(body: dict[str, Any]) -> dict[str, Any]:
    credits = read.mapping(body.get("credits"))
    return {
        "countries": _codes(body.get("production_countries"), "iso_3166_1", read.region),
        "languages": _codes(body.get("spoken_languages"), "iso_639_1", read.language),
        "keywords": parse.keywords(read.mapping(body.get("keywords")).get("keywords")),
        "cast": _cast(credits.get("cast")),
        "crew": _crew(credits.get("crew")),
        "videos": _videos(read.mapping(body.get("videos")).get("results")),
        "watch_providers": _watch(read.mapping(body.get("watch/providers")).get("results")),
        "certifications": _certificates(read.mapping(body.get("release_dates")).get("results")),
        "similar": _movies_under(body.get("similar")),
        "recommended": _movies_under(body.get("recommendations")),
    }


def _movies_under(value: Any) -> tuple[MovieData, ...]:
    return parse.movies(read.mapping(value).get("results"), most=40)


def _codes(value: Any, key: str, reader: Any) -> tuple[NamedCode, ...]:
    found: dict[str, NamedCode] = {}
    for row in read.rows(value, 100):
        code = reader(row.get(key))
        if code:
            name = parse.first_text((row.get("english_name"), row.get("name")), 100)
            found.setdefault(code, NamedCode(code, name or code))
    return tuple(found.values())


def _cast(value: Any) -> tuple[CastData, ...]:
    found: dict[tuple[int, str], CastData] = {}
    for place, row in enumerate(read.rows(value, MOST_CREDITS)):
        person = parse.person_ref(row)
        if person:
            order = read.integer(row.get("order"), 0, 100_000)
            part = read.text(row.get("character"), 500)
            billed = CastData(person, part, place if order is None else order)
            found.setdefault((person.id, part), billed)
    return tuple(sorted(found.values(), key=lambda billed: billed.order))


def _crew(value: Any) -> tuple[CrewData, ...]:
    found: dict[tuple[int, str], CrewData] = {}
    for row in read.rows(value, MOST_CREDITS):
        person = parse.person_ref(row)
        if person:
            job, department = read.text(row.get("job"), 100), read.text(row.get("department"), 100)
            found.setdefault((person.id, job), CrewData(person, job, department))
    return tuple(found.values())


def _videos(value: Any) -> tuple[VideoData, ...]:
    found: dict[tuple[str, str], VideoData] = {}
    for row in read.rows(value, 200):
        site, key = read.text(row.get("site"), 50), read.text(row.get("key"), 200)
        if site and key:
            name, kind = read.text(row.get("name"), 500), read.text(row.get("type"), 50)
            found.setdefault((site, key), VideoData(site, key, name, kind, video_url(site, key)))
    return tuple(found.values())


def video_url(site: str, key: str) -> str:
    """The page of a video at the two sites whose addresses are known, else empty."""
    known = _VIDEO_ADDRESSES.get(site)
    return known + key if known and _VIDEO_KEY.fullmatch(key) else ""


def _watch(value: Any) -> tuple[WatchProvidersData, ...]:
    found = []
    for code, offers in list(read.mapping(value).items())[:300]:
        region, row = read.region(code), read.mapping(offers)
        if region and row:
            found.append(
                WatchProvidersData(
                    region,
                    link=read.address(row.get("link")),
                    stream=_services(row, "flatrate", "free", "ads"),
                    rent=_services(row, "rent"),
                    buy=_services(row, "buy"),
                )
            )
    return tuple(found)


def _services(row: dict[str, Any], *kinds: str) -> tuple[ProviderData, ...]:
    offered = [offer for kind in kinds for offer in read.rows(row.get(kind), 100)]
    return parse.providers(offered)


def _certificates(value: Any) -> tuple[CertificationData, ...]:
    found: dict[str, CertificationData] = {}
    for row in read.rows(value, 300):
        region, certificate = read.region(row.get("iso_3166_1")), _certificate(row)
        if region and certificate:
            found.setdefault(region, CertificationData(region, certificate))
    return tuple(found.values())


def _certificate(row: dict[str, Any]) -> str:
    """A region's certificate; the one for cinemas goes first."""
    releases = sorted(
        read.rows(row.get("release_dates"), 100), key=lambda r: r.get("type") != _THEATRICAL
    )
    return parse.first_text((release.get("certification") for release in releases), 50)


class _Translations(NamedTuple):
    """Sets of texts: of the asked region, of its language elsewhere, and of other languages."""

    exact: list[dict[str, Any]]
    base: list[dict[str, Any]]
    others: list[dict[str, Any]]

    def first(self, given: str, key: str, limit: int) -> str:
        """What was given, else the first that says something."""
        texts = (data.get(key) for data in [*self.exact, *self.base, *self.others])
        return given or parse.first_text(texts, limit)


def _translations(body: dict[str, Any], asked: str, original: str) -> _Translations:
    rows = list(read.rows(read.mapping(body.get("translations")).get("translations"), 300))
    base, _, region = asked.partition("-")

    def texts(language: str, where: str = "") -> list[dict[str, Any]]:
        return [
            read.mapping(row.get("data"))
            for row in rows
            if language and row.get("iso_639_1") == language
            if not where or row.get("iso_3166_1") == where
        ]

    exact = texts(base, region) if region else []
    return _Translations(exact, texts(base), texts(original) + texts("en"))


def _in_language(body: dict[str, Any], facts: dict[str, Any], asked: str) -> dict[str, Any]:
    """Texts in the asked language, its base, the original one or English, each on its own."""
    original = facts["original_language"]
    translations = _translations(body, asked, original)
    # TMDb gives the original title where it has none in the asked language; whoever translated
    # for the asked region and left the title empty kept it on purpose.
    kept = bool(translations.exact) or original == asked.partition("-")[0]
    translated = facts["title"] if kept or facts["title"] != facts["original_title"] else ""
    return {
        "title": translated
        or parse.first_text((data.get("title") for data in translations.base), 500)
        or translations.first(facts["title"], "title", 500),
        "overview": translations.first(facts["overview"], "overview", 10_000),
        "tagline": translations.first(facts["tagline"], "tagline", 1000),
    }


def _missing(body: dict[str, Any], facts: dict[str, Any]) -> tuple[str, ...]:
    parts = [name for name, path, kind in _PARTS if not isinstance(_dig(body, path), kind)]
    untold = [told_as for name, told_as in _FACTS.items() if not facts[name]]
    return tuple(dict.fromkeys(untold + parts))


def _dig(body: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = body
    for key in path:
        value = read.mapping(value).get(key)
    return value


def collection(body: dict[str, Any]) -> CollectionDetail | None:
    """A series with its films; None without an id or a name. Adult films are left out."""
    known = _collection(body)
    if known is None:
        return None
    parts = parse.movies(body.get("parts"), most=200)
    return CollectionDetail(
        id=known.id,
        name=known.name,
        overview=read.text(body.get("overview"), 10_000),
        poster_path=known.poster_path,
        backdrop_path=read.image_path(body.get("backdrop_path")),
        parts=tuple(sorted(parts, key=lambda part: part.release_date or dt.date.max)),
    )


def person(body: dict[str, Any], language: str) -> PersonData | None:
    """A person with a filmography; None without an id or a name."""
    ref = parse.person_ref(body)
    if ref is None:
        return None
    translations = _translations(body, language, "")
    external = read.mapping(body.get("external_ids"))
    return PersonData(
        id=ref.id,
        name=ref.name,
        profile_path=ref.profile_path,
        biography=translations.first(read.text(body.get("biography"), 20_000), "biography", 20_000),
        birthday=read.date(body.get("birthday")),
        deathday=read.date(body.get("deathday")),
        place_of_birth=read.text(body.get("place_of_birth"), 300),
        known_for=read.text(body.get("known_for_department"), 100),
        imdb_id=read.imdb_id(body.get("imdb_id")) or read.imdb_id(external.get("imdb_id")),
        credits=_filmography(body),
    )


def _filmography(body: dict[str, Any]) -> tuple[PersonCredit, ...]:
    credits = read.mapping(body.get("movie_credits")) or read.mapping(body.get("combined_credits"))
    found: dict[tuple[int, str, str], PersonCredit] = {}
    for row in [*read.rows(credits.get("cast"), 1000), *read.rows(credits.get("crew"), 1000)]:
        movie = parse.movie_row(row)
        if movie and not movie.adult:
            credit = PersonCredit(
                movie,
                read.text(row.get("character"), 500),
                read.text(row.get("job"), 100),
                read.text(row.get("department"), 100),
            )
            found.setdefault((movie.id, credit.character, credit.job), credit)
    return tuple(found.values())
