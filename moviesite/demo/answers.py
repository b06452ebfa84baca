"""The shapes of TMDb's answers about films. Values come from the catalogue; no request is read."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from moviesite.demo.catalogue import Catalogue, Film, Row
from moviesite.demo.kinship import Kinship
from moviesite.demo.params import Params
from moviesite.demo.places import LANGUAGES, language_name
from moviesite.demo.watching import providers_of

PAGE_SIZE = 20
Thing = TypeVar("Thing")


def paged(found: Sequence[Thing], page: int, shape: Callable[[Thing], Any]) -> dict[str, Any]:
    """`{page, results, total_pages, total_results}`; a page past the end is empty."""
    rows = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "page": page,
        "results": [shape(row) for row in rows],
        "total_pages": max(1, -(-len(found) // PAGE_SIZE)),
        "total_results": len(found),
    }


def dates(span: tuple[dt.date, dt.date]) -> dict[str, str]:
    """`{maximum, minimum}` of a window."""
    return {"maximum": span[1].isoformat(), "minimum": span[0].isoformat()}


def title_in(film: Film, language: str) -> str:
    """The original title where its language is asked for, else the English one."""
    spoken = language.partition("-")[0].lower()
    own = "zh" if film.language == "cn" else film.language
    return film.original_title if spoken in (own, film.language) else film.title


def summary(film: Film, language: str) -> dict[str, Any]:
    """One row of a list of films."""
    row = film.row
    return {
        "adult": film.adult,
        "backdrop_path": f"/backdrop-{film.id}.svg",
        "genre_ids": [genre["id"] for genre in row.get("genres", ())],
        "id": film.id,
        "original_language": film.language,
        "original_title": film.original_title,
        "overview": row.get("overview") or "",
        "popularity": film.popularity,
        "poster_path": f"/poster-{film.id}.svg",
        "release_date": film.released,
        "title": title_in(film, language),
        "video": False,
        "vote_average": film.vote_average,
        "vote_count": film.vote_count,
    }


def with_media_type(film: Film, language: str) -> dict[str, Any]:
    """A row of a list that mixes kinds."""
    return {**summary(film, language), "media_type": "movie"}


def detail(film: Film, language: str) -> dict[str, Any]:
    """Everything about one film but the parts that are appended."""
    row = film.row
    shown = summary(film, language)
    del shown["genre_ids"]
    return {
        **shown,
        "belongs_to_collection": row.get("belongs_to_collection"),
        "budget": row.get("budget") or 0,
        "genres": row.get("genres") or [],
        "homepage": row.get("homepage") or "",
        "imdb_id": row.get("imdb_id"),
        "origin_country": [c["iso_3166_1"] for c in row.get("production_countries") or ()][:1],
        "production_companies": [_company(c) for c in row.get("production_companies") or ()],
        "production_countries": row.get("production_countries") or [],
        "revenue": film.revenue,
        "runtime": film.runtime,
        "spoken_languages": [_spoken(s) for s in row.get("spoken_languages") or ()],
        "status": row.get("status") or "Released",
        "tagline": row.get("tagline") or "",
    }


def credit_id(movie_id: int, person_id: int, role: str) -> str:
    """24 hex digits that are the same at every call."""
    name = f"{movie_id}/{person_id}/{role}".encode()
    return hashlib.blake2b(name, digest_size=12).hexdigest()


class Parts:
    """The sub-resources of a film, by the name they are appended under."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kinship = Kinship(catalogue)

    def part(self, name: str, film: Film, params: Params) -> dict[str, Any] | None:
        """One part without the film's id; None for a name that TMDb does not append."""
        make = _PARTS.get(name)
        return make(self, film, params) if make else None

    def credits(self, film: Film, _params: Params) -> dict[str, Any]:
        """Cast in billing order and crew."""
        return {
            "cast": [self._cast(film, credit) for credit in film.row.get("cast", ())],
            "crew": [self._crew(film, credit) for credit in film.row.get("crew", ())],
        }

    def similar(self, film: Film, params: Params) -> dict[str, Any]:
        """Films that share traits with this one."""
        language = params.text("language")
        found = self._kinship.similar(film.id)
        return paged(found, params.page(), lambda other: summary(other, language))

    def recommendations(self, film: Film, params: Params) -> dict[str, Any]:
        """Films liked by those who like this one."""
        language = params.text("language")
        found = self._kinship.recommended(film.id)
        return paged(found, params.page(), lambda other: with_media_type(other, language))

    def _cast(self, film: Film, credit: Row) -> dict[str, Any]:
        order = credit.get("order", 0)
        return {
            **self._person(credit),
            "cast_id": order + 1,
            "character": credit.get("character") or "",
            "credit_id": credit_id(film.id, credit["id"], f"cast{order}"),
            "order": order,
        }

    def _crew(self, film: Film, credit: Row) -> dict[str, Any]:
        job = credit.get("job") or ""
        return {
            **self._person(credit),
            "credit_id": credit_id(film.id, credit["id"], job),
            "department": credit.get("department") or "",
            "job": job,
        }

    def _person(self, credit: Row) -> dict[str, Any]:
        person = self._catalogue.people[credit["id"]]
        return {
            "adult": False,
            "gender": 0,
            "id": person.id,
            "known_for_department": person.department,
            "name": credit["name"],
            "original_name": credit["name"],
            "popularity": round(person.popularity, 3),
            "profile_path": f"/portrait-{person.id}.svg",
        }


def _keywords(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    return {"keywords": film.row.get("keywords") or []}


def _videos(_parts: Parts, _film: Film, _params: Params) -> dict[str, Any]:
    return {"results": []}


def _images(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    return {
        "backdrops": [image(f"/backdrop-{film.id}.svg", 1280, 720)],
        "logos": [],
        "posters": [image(f"/poster-{film.id}.svg", 600, 900)],
    }


def image(path: str, width: int, height: int) -> dict[str, Any]:
    """One picture with its size in pixels."""
    return {
        "aspect_ratio": round(width / height, 3),
        "height": height,
        "iso_639_1": None,
        "file_path": path,
        "vote_average": 0.0,
        "vote_count": 0,
        "width": width,
    }


def _release_dates(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    if not film.released:
        return {"results": []}
    countries = film.row.get("production_countries") or ({"iso_3166_1": "US"},)
    release = {
        "certification": "",
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{film.released}T00:00:00.000Z",
        "type": 3,
    }
    return {"results": [{"iso_3166_1": countries[0]["iso_3166_1"], "release_dates": [release]}]}


def _providers(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    return {"results": providers_of(film.id)}


def _external_ids(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    others = ("wikidata_id", "facebook_id", "instagram_id", "twitter_id")
    return {"imdb_id": film.row.get("imdb_id"), **dict.fromkeys(others)}


def _translations(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    row = film.row
    english = _translation("US", "en", film, film.title, row.get("overview") or "")
    translations = [english]
    if film.language not in ("en", "xx"):
        translations.append(_translation(_home(film), film.language, film, film.original_title, ""))
    return {"translations": translations}


def _translation(
    country: str, language: str, film: Film, title: str, overview: str
) -> dict[str, Any]:
    return {
        "iso_3166_1": country,
        "iso_639_1": language,
        "name": LANGUAGES.get(language, ("", ""))[1],
        "english_name": language_name(language),
        "data": {
            "homepage": "",
            "overview": overview,
            "runtime": film.runtime,
            "tagline": "",
            "title": title,
        },
    }


def _home(film: Film) -> str:
    countries = film.row.get("production_countries") or ({"iso_3166_1": "US"},)
    return str(countries[0]["iso_3166_1"])


def _alternative_titles(_parts: Parts, film: Film, params: Params) -> dict[str, Any]:
    home, asked = _home(film), params.text("country").upper()
    if film.original_title == film.title or asked not in ("", home):
        return {"titles": []}
    return {"titles": [{"iso_3166_1": home, "title": film.original_title, "type": ""}]}


_PARTS: Final[dict[str, Callable[[Parts, Film, Params], dict[str, Any]]]] = {
    "credits": Parts.credits,
    "videos": _videos,
    "images": _images,
    "keywords": _keywords,
    "release_dates": _release_dates,
    "watch/providers": _providers,
    "similar": Parts.similar,
    "recommendations": Parts.recommendations,
    "external_ids": _external_ids,
    "translations": _translations,
    "alternative_titles": _alternative_titles,
}


def _company(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "logo_path": None,
        "name": row.get("name") or "",
        "origin_country": row.get("origin_country") or "",
    }


def _spoken(row: Row) -> dict[str, Any]:
    code = row["iso_639_1"]
    name = row.get("name") or LANGUAGES.get(code, ("", ""))[1]
    return {"english_name": language_name(code), "iso_639_1": code, "name": name}
