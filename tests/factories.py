"""Things for tests, complete unless told otherwise."""

import datetime as dt
from typing import Any

from moviesite.providers.base import (
    CastData,
    CertificationData,
    CollectionData,
    CrewData,
    GenreData,
    KeywordData,
    MovieData,
    MovieDetailData,
    NamedCode,
    PersonRef,
    ProviderData,
    VideoData,
    WatchProvidersData,
)

DRAMA = GenreData(18, "Drama")
CRIME = GenreData(80, "Crime")
PACINO = PersonRef(1158, "Al Pacino", "/pacino.jpg")
MANN = PersonRef(638, "Michael Mann")


def movie(movie_id: int = 949, title: str = "Heat", **changes: Any) -> MovieData:
    """A row of a list."""
    facts: dict[str, Any] = {
        "original_title": title,
        "original_language": "en",
        "release_date": dt.date(1995, 12, 15),
        "genres": (DRAMA, CRIME),
        "poster_path": "/heat.jpg",
        "vote_average": 7.9,
        "vote_count": 7000,
        "popularity": 40.0,
    }
    return MovieData(id=movie_id, title=title, **{**facts, **changes})


def detail(movie_id: int = 949, title: str = "Heat", **changes: Any) -> MovieDetailData:
    """Everything about a movie."""
    stream = ProviderData(9001, "Demo Stream", None, 0)
    store = ProviderData(9005, "Demo Store", None, 1)
    facts: dict[str, Any] = {
        "original_title": title,
        "release_date": dt.date(1995, 12, 15),
        "genres": (DRAMA, CRIME),
        "runtime": 170,
        "status": "Released",
        "imdb_id": "tt0113277",
        "budget": 60_000_000,
        "revenue": 3_000_000_000,
        "countries": (NamedCode("US", "United States of America"),),
        "languages": (NamedCode("en", "English"), NamedCode("es", "Español")),
        "keywords": (KeywordData(642, "robbery"), KeywordData(10051, "heist")),
        "cast": (CastData(PACINO, "Vincent Hanna", 0), CastData(MANN, "Himself", 1)),
        "crew": (
            CrewData(MANN, "Director", "Directing"),
            CrewData(MANN, "Screenplay", "Writing"),
        ),
        "videos": (VideoData("YouTube", "abc", "Trailer", "Trailer", "https://youtu.be/abc"),),
        "watch_providers": (
            WatchProvidersData("US", "", stream=(stream,), rent=(store,), buy=(store,)),
            WatchProvidersData("DE", "", stream=(stream,)),
        ),
        "certifications": (CertificationData("US", "R"), CertificationData("DE", "16")),
        "collection": CollectionData(7, "Los Angeles"),
        "similar": (movie(107, "Snatch"),),
        "recommended": (movie(524, "Casino"),),
    }
    return MovieDetailData(id=movie_id, title=title, **{**facts, **changes})
