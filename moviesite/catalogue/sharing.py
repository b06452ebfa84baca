"""A movie in the words of schema.org, for those who read pages by program. Pure."""

from collections.abc import Iterable
from typing import Any

from moviesite.providers.base import MovieDetailData, PersonRef

_ACTORS = 10


def movie_data(movie: MovieDetailData, address: str | None) -> dict[str, Any]:
    """A `Movie` as JSON-LD; only what is known."""
    data = {
        "@context": "https://schema.org",
        "@type": "Movie",
        "url": address,
        "name": movie.title,
        "alternateName": movie.original_title if movie.original_title != movie.title else None,
        "description": movie.overview,
        "datePublished": movie.release_date.isoformat() if movie.release_date else None,
        "duration": f"PT{movie.runtime}M" if movie.runtime else None,
        "genre": [genre.name for genre in movie.genres],
        "inLanguage": movie.original_language,
        "director": _people(part.person for part in movie.crew if part.job == "Director"),
        "actor": _people(part.person for part in movie.cast[:_ACTORS]),
        "sameAs": f"https://www.imdb.com/title/{movie.imdb_id}/" if movie.imdb_id else None,
        "aggregateRating": _rating(movie),
    }
    return {name: value for name, value in data.items() if value}


def _people(people: Iterable[PersonRef]) -> list[dict[str, str]]:
    found = {person.id: person.name for person in people}
    return [{"@type": "Person", "name": name} for name in found.values()]


def _rating(movie: MovieDetailData) -> dict[str, Any] | None:
    if not movie.vote_count:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": round(movie.vote_average, 1),
        "ratingCount": movie.vote_count,
        "bestRating": 10,
        "worstRating": 0,
    }
