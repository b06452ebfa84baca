"""The shapes of TMDb's answers about films. Values come from the catalogue; no request is read."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from moviesite.demo.places import LANGUAGES, language_name
from moviesite.demo.records import Film, Row

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
        "origin_country": [c["iso_3166_1"] for c in row.get("production_countries") or ()],
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
