"""The sub-resources of a film: credits, pictures, kin and the rest. Reads no request itself."""

from collections.abc import Callable
from typing import Any, Final

from moviesite.demo.answers import credit_id, image, paged, summary, with_media_type
from moviesite.demo.catalogue import Catalogue
from moviesite.demo.kinship import Kinship
from moviesite.demo.params import Params
from moviesite.demo.places import LANGUAGES, language_name
from moviesite.demo.records import Film, Row
from moviesite.demo.watching import providers_of


class Parts:
    """The sub-resources of a film, by the name they are appended under."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kinship = Kinship(catalogue)

    def prepare(self) -> None:
        """Make now what is otherwise made when first needed."""
        self._kinship.prepare()

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


def _release_dates(_parts: Parts, film: Film, _params: Params) -> dict[str, Any]:
    """The one date that is known, filed under the film's home; certificates are not known."""
    if not film.released:
        return {"results": []}
    release = {
        "certification": "",
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{film.released}T00:00:00.000Z",
        "type": 3,
    }
    return {"results": [{"iso_3166_1": _home(film), "release_dates": [release]}]}


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
    """The country a film is filed under: rows name theirs by the alphabet, not by weight."""
    countries = [c["iso_3166_1"] for c in film.row.get("production_countries") or ()]
    likely = ("US", "GB") if film.language == "en" else ()
    return next((code for code in likely if code in countries), countries[0] if countries else "US")


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
