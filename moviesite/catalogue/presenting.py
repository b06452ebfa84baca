"""Puts what is public about a movie side by side for the doors. No request, no SQL of its own."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from moviesite.caching import Answer
from moviesite.catalogue import live, queries
from moviesite.catalogue.queries import Community
from moviesite.providers.base import (
    CertificationData,
    CrewData,
    MovieData,
    MovieDetailData,
    PersonCredit,
    PersonData,
    PersonRef,
    WatchProvidersData,
)

# What TMDb calls the work of those in front of the camera.
_ACTING = "Acting"
_NAMED_ABOVE = frozenset({"Directing", "Writing"})
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


class Credit(NamedTuple):
    """A film of a filmography and, in words, what was done in it."""

    movie: MovieData
    what: str


class Role(NamedTuple):
    """One kind of work, newest first."""

    name: str
    credits: Sequence[Credit]


class Relatives(NamedTuple):
    """A row of films that go with another, and whose choice they are."""

    key: str
    title: str
    note: str
    movies: Sequence[MovieData]
    source: None = None
    href: None = None


class Source(NamedTuple):
    """Where an answer comes from, `words` being its name inside a sentence; `answering` is whether
    that source did so last time."""

    name: str
    words: str
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
        words=live.source_in_words(),
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


def crew_by_department(movie: MovieDetailData) -> dict[str, list[CrewData]]:
    """The crew under the names of their departments, in the order of the credits.

    Nothing where those are only the makers that a page names above.
    """
    found: dict[str, list[CrewData]] = {}
    for part in movie.crew:
        found.setdefault(part.department or "Crew", []).append(part)
    return found if found.keys() - _NAMED_ABOVE else {}


def other_certificates(movie: MovieDetailData, region: str) -> list[CertificationData]:
    """Certificates of all regions but one."""
    return [c for c in movie.certifications if c.region != region]


def relatives(movie: MovieDetailData) -> list[Relatives]:
    """What goes with the movie and who says so; no film twice."""
    source = live.source_in_words()
    liked = Relatives("next", "What to watch next", f"Picked by {source}", movie.recommended)
    known = {other.id for other in movie.recommended}
    rest = [other for other in movie.similar if other.id not in known]
    alike = Relatives("alike", "Similar films", f"In subject and makers, from {source}", rest)
    return [row for row in (liked, alike) if row.movies]


def detail(answer: Answer[MovieDetailData], region: str) -> dict[str, Any]:
    """What the movie's JSON shows: the movie, its counters and the part of one region."""
    movie = answer.value
    first, *similar = listed([movie, *movie.similar])
    elsewhere = queries.elsewhere(movie.id)
    return {
        "movie": movie,
        "community": first.community,
        "viewer": first.viewer,
        "watch_providers": providers_in(movie, region) or WatchProvidersData(region=region),
        "external_ratings": elsewhere.ratings,
        "omdb": elsewhere.omdb,
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


def roles(person: PersonData) -> list[Role]:
    """A filmography by kind of work: what the person is known for first, then by how much."""
    works: dict[str, dict[int, Credit]] = {}
    for credit in sorted(person.credits, key=_newest_first):
        work = works.setdefault(_department(credit), {})
        before = work.get(credit.movie.id)
        what = " / ".join(filter(None, (before.what if before else "", _what(credit))))
        work[credit.movie.id] = Credit(credit.movie, what)
    found = [Role(name or "Crew", list(work.values())) for name, work in works.items()]
    return sorted(found, key=lambda role: (role.name != person.known_for, -len(role.credits)))


def best_known(person: PersonData, count: int = 12) -> list[MovieData]:
    """The films that most people voted on, of the person's own kind of work where that is known."""
    own = [c.movie for c in person.credits if person.known_for in ("", _department(c))]
    movies = {movie.id: movie for movie in own or [c.movie for c in person.credits]}
    return sorted(movies.values(), key=lambda movie: (-movie.vote_count, movie.id))[:count]


def _department(credit: PersonCredit) -> str:
    return credit.department if credit.job else _ACTING


def _what(credit: PersonCredit) -> str:
    return credit.job or credit.character
