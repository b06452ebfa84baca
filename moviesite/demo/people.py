"""The shapes of TMDb's answers about people. Values come from the catalogue; no request is read."""

from collections.abc import Callable
from typing import Any, Final

from moviesite.demo.answers import credit_id, image, summary, with_media_type
from moviesite.demo.records import Film, Person, Row

_UNKNOWN_IDS: Final = (
    *("freebase_mid", "freebase_id", "imdb_id", "tvrage_id", "wikidata_id", "facebook_id"),
    *("instagram_id", "tiktok_id", "twitter_id", "youtube_id"),
)


def detail(person: Person) -> dict[str, Any]:
    """A person. Only name and credits are known; the rest is empty, as it may be at TMDb."""
    return {
        "adult": False,
        "also_known_as": [],
        "biography": "",
        "birthday": None,
        "deathday": None,
        "gender": 0,
        "homepage": None,
        "id": person.id,
        "imdb_id": None,
        "known_for_department": person.department,
        "name": person.name,
        "place_of_birth": None,
        "popularity": round(person.popularity, 3),
        "profile_path": f"/portrait-{person.id}.svg",
    }


def found(person: Person, language: str) -> dict[str, Any]:
    """A row of a search for people, with up to three best-known films."""
    return {
        "adult": False,
        "gender": 0,
        "id": person.id,
        "known_for": [with_media_type(film, language) for film in _known_for(person)],
        "known_for_department": person.department,
        "name": person.name,
        "original_name": person.name,
        "popularity": round(person.popularity, 3),
        "profile_path": f"/portrait-{person.id}.svg",
    }


def part(name: str, person: Person, language: str) -> dict[str, Any] | None:
    """One sub-resource without the person's id; None for a name that is not appended."""
    make = _PARTS.get(name)
    return make(person, language) if make else None


def _movie_credits(person: Person, language: str) -> dict[str, Any]:
    return {
        "cast": [_part_played(person, film, credit, language) for film, credit in person.cast],
        "crew": [_job_done(person, film, credit, language) for film, credit in person.crew],
    }


def _part_played(person: Person, film: Film, credit: Row, language: str) -> dict[str, Any]:
    order = credit.get("order", 0)
    return {
        **summary(film, language),
        "character": credit.get("character") or "",
        "credit_id": credit_id(film.id, person.id, f"cast{order}"),
        "order": order,
    }


def _job_done(person: Person, film: Film, credit: Row, language: str) -> dict[str, Any]:
    job = credit.get("job") or ""
    return {
        **summary(film, language),
        "credit_id": credit_id(film.id, person.id, job),
        "department": credit.get("department") or "",
        "job": job,
    }


def _external_ids(_person: Person, _language: str) -> dict[str, Any]:
    return dict.fromkeys(_UNKNOWN_IDS)


def _images(person: Person, _language: str) -> dict[str, Any]:
    return {"profiles": [image(f"/portrait-{person.id}.svg", 600, 900)]}


_PARTS: Final[dict[str, Callable[[Person, str], dict[str, Any]]]] = {
    "movie_credits": _movie_credits,
    "external_ids": _external_ids,
    "images": _images,
}


def _known_for(person: Person) -> list[Film]:
    films = {film.id: film for film, _ in (*person.cast, *person.crew)}
    return sorted(films.values(), key=lambda film: (-film.popularity, film.id))[:3]
