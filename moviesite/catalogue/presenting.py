"""Puts what is public about a movie side by side for the doors. No request, no SQL of its own."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from moviesite.caching import Answer
from moviesite.catalogue import live, queries
from moviesite.catalogue.queries import Community
from moviesite.providers.base import (
    MovieData,
    MovieDetailData,
    PersonCredit,
    PersonData,
    PersonRef,
    WatchProvidersData,
)

_LOOKED_FOR = frozenset(
    {
        "credits",
        "videos",
        "keywords",
        "watch_providers",
        "certifications",
        "similar",
        "recommendations",
    }
)


class Listed(NamedTuple):
    """A movie in a list; `viewer` is the caller's own part and None for anonymous calls."""

    movie: MovieData
    community: Community
    viewer: Any = None


class Source(NamedTuple):
    """Where an answer comes from; `answering` is whether that source did so last time."""

    name: str
    fetched_at: Any
    stale: bool
    missing: Sequence[str]
    answering: bool


def listed(movies: Sequence[MovieData]) -> list[Listed]:
    """The movies with their community counters: one statement."""
    known = queries.community_of([movie.id for movie in movies])
    return [Listed(movie, known.get(movie.id, Community())) for movie in movies]


def source_of(answer: Answer[Any], missing: Sequence[str] = ()) -> Source:
    """The label of an answer."""
    return Source(
        name=live.source_name(),
        fetched_at=answer.fetched_at,
        stale=answer.stale,
        missing=missing,
        answering=live.source_answering(),
    )


def noteworthy(missing: Sequence[str]) -> list[str]:
    """Those missing parts that a reader of the page would look for."""
    return [part for part in missing if part in _LOOKED_FOR]


def providers_in(movie: MovieDetailData, region: str) -> WatchProvidersData | None:
    """Where the movie can be watched in a region, as far as is known."""
    return next((p for p in movie.watch_providers if p.region == region), None)


def certificate_in(movie: MovieDetailData, region: str) -> str | None:
    """The movie's age certificate in a region, as far as is known."""
    return next((c.value for c in movie.certifications if c.region == region), None)


def makers(movie: MovieDetailData, *jobs: str) -> list[PersonRef]:
    """Those of the crew with one of the jobs, each once."""
    found = {part.person.id: part.person for part in movie.crew if part.job in jobs}
    return list(found.values())


def detail(answer: Answer[MovieDetailData], region: str) -> dict[str, Any]:
    """What the movie's JSON shows: the movie, its counters and the part of one region."""
    movie = answer.value
    first, *similar = listed([movie, *movie.similar])
    return {
        "movie": movie,
        "community": first.community,
        "viewer": first.viewer,
        "watch_providers": providers_in(movie, region) or WatchProvidersData(region=region),
        "external_ratings": queries.external_ratings(movie.id),
        "omdb": None,
        "similar": similar,
        "source": source_of(answer, movie.missing),
    }


def filmography(answer: Answer[PersonData]) -> dict[str, Any]:
    """What the person's JSON shows: the person, and every part and job with its movie."""
    credits = sorted(answer.value.credits, key=_newest_first)
    shown = listed([credit.movie for credit in credits])
    rows = [
        {"movie": item, "character": c.character, "job": c.job, "department": c.department}
        for item, c in zip(shown, credits, strict=True)
    ]
    return {"person": answer.value, "filmography": rows, "source": source_of(answer)}


def _newest_first(credit: PersonCredit) -> tuple[int, int]:
    """Sorts newest first; a movie without a date is still to come or lost: it goes last."""
    date = credit.movie.release_date
    return (0, -date.toordinal()) if date else (1, credit.movie.id)
