"""What every source of movies beside TMDb keeps to, whichever it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests_mock

from moviesite.errors import NotFound, Unavailable
from moviesite.providers.base import EnrichmentData, MovieProvider, RatingData, TitleHit
from moviesite.providers.imdb import Imdb
from moviesite.providers.omdb import Omdb
from tests.providers.scripted import ScriptedServer, answer

KEY = "a-key-of-the-operators"
ANYTHING = requests_mock.ANY

# As recorded from OMDb, reduced to what is read.
GUARDIANS: dict[str, Any] = {
    "Title": "Guardians of the Galaxy Vol. 2",
    "Year": "2017",
    "Rated": "PG-13",
    "Plot": "The Guardians must fight to keep their newfound family together.",
    "Awards": "Nominated for 1 Oscar. Another 12 wins & 42 nominations.",
    "Ratings": [
        {"Source": "Internet Movie Database", "Value": "7.7/10"},
        {"Source": "Rotten Tomatoes", "Value": "83%"},
        {"Source": "Metacritic", "Value": "67/100"},
    ],
    "Metascore": "67",
    "imdbRating": "7.7",
    "imdbVotes": "397,820",
    "imdbID": "tt3896198",
    "Type": "movie",
}
NOTHING_KNOWN = {
    **dict.fromkeys(("Rated", "Plot", "Awards", "Metascore", "imdbRating", "imdbVotes"), "N/A"),
    "Ratings": [],
    "imdbID": "tt3896198",
    "Type": "movie",
}
ROWS = [
    {"Title": "Batman Begins", "Year": "2005", "imdbID": "tt0372784", "Type": "movie"},
    {"Title": "Lost", "Year": "2004–2010", "imdbID": "tt0411008", "Type": "series"},
    {"Title": "", "Year": "2005", "imdbID": "tt0000001", "Type": "movie"},
    {"Title": "No id", "Year": "2005", "imdbID": "603", "Type": "movie"},
    {"Title": "No year", "Year": "N/A", "imdbID": "tt0000002", "Type": "movie"},
]


class Spoken(NamedTuple):
    """How a source is built, and how it says things."""

    build: Callable[[str], MovieProvider]
    found: Callable[[Any], dict[str, Any]]
    told: Callable[[Any], dict[str, Any]]
    nothing: dict[str, Any]


def omdb(url: str) -> MovieProvider:
    return Omdb(url, KEY, redis_client=None, threads=8)


def imdb(url: str) -> MovieProvider:
    return Imdb(url, KEY, redis_client=None, threads=8)


SOURCES = {
    "omdb": Spoken(
        omdb,
        lambda rows: {"Search": rows, "totalResults": str(len(rows)), "Response": "True"},
        lambda body: {**body, "Response": "True"},
        {"Response": "False", "Error": "Movie not found!"},
    ),
    "imdb": Spoken(
        imdb,
        lambda rows: {"success": True, "result": rows},
        lambda body: {"success": True, "result": body},
        {"success": True, "result": ""},
    ),
}


@pytest.fixture(params=sorted(SOURCES))
def spoken(request: pytest.FixtureRequest) -> Spoken:
    """Each source in turn."""
    return SOURCES[request.param]


@pytest.fixture
def provider(spoken: Spoken) -> MovieProvider:
    """A client whose answers are declared."""
    return spoken.build("http://source.invalid")


def test_a_name_finds_movies_and_nothing_else(
    spoken: Spoken, provider: MovieProvider, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(ANYTHING, json=spoken.found(ROWS))
    assert provider.search("batman") == (
        TitleHit("tt0372784", "Batman Begins", 2005),
        TitleHit("tt0000002", "No year", None),
    )


def test_a_movie_is_told_in_our_words(
    spoken: Spoken, provider: MovieProvider, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(ANYTHING, json=spoken.told(GUARDIANS))
    assert provider.movie("tt3896198") == EnrichmentData(
        imdb_id="tt3896198",
        awards="Nominated for 1 Oscar. Another 12 wins & 42 nominations.",
        plot="The Guardians must fight to keep their newfound family together.",
        rated="PG-13",
        metascore=67,
        imdb_rating=7.7,
        imdb_votes=397_820,
        ratings=(
            RatingData("Internet Movie Database", "7.7/10"),
            RatingData("Rotten Tomatoes", "83%"),
            RatingData("Metacritic", "67/100"),
        ),
    )


def test_what_is_not_available_is_absent(
    spoken: Spoken, provider: MovieProvider, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(ANYTHING, json=spoken.told(NOTHING_KNOWN))
    assert provider.movie("tt3896198") == EnrichmentData(imdb_id="tt3896198")


def test_nothing_found_is_no_failure(
    spoken: Spoken, provider: MovieProvider, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(ANYTHING, json=spoken.nothing)
    assert provider.search("lsdfoweirjrpwef323423ds") == ()
    with pytest.raises(NotFound):
        provider.movie("tt3896198")


@pytest.mark.parametrize("change", [{"imdbID": "tt0000009"}, {"Type": "series"}, {"Type": "game"}])
def test_another_thing_than_the_movie_that_was_asked_for_is_not_it(
    spoken: Spoken,
    provider: MovieProvider,
    requests_mock: requests_mock.Mocker,
    change: dict[str, str],
) -> None:
    requests_mock.get(ANYTHING, json=spoken.told({**GUARDIANS, **change}))
    with pytest.raises(NotFound):
        provider.movie("tt3896198")


@pytest.mark.parametrize("body", [{}, [], {"Response": 1, "success": "yes"}, {"x": "y"}])
def test_an_answer_of_another_shape_is_unavailable(
    provider: MovieProvider, requests_mock: requests_mock.Mocker, body: Any
) -> None:
    requests_mock.get(ANYTHING, json=body)
    with pytest.raises(Unavailable):
        provider.search("batman")


def test_damaged_values_cost_no_more_than_themselves(
    spoken: Spoken, requests_mock: requests_mock.Mocker
) -> None:
    for name in GUARDIANS.keys() - {"imdbID", "Type"}:
        for value in (None, 7, [], {}, "x" * 20_000, "\x00", "-1", "1e400", True):
            requests_mock.get(ANYTHING, json=spoken.told({**GUARDIANS, name: value}))
            # A client that asked all of this would be kept waiting by its own allowance.
            told = spoken.build("http://source.invalid").movie("tt3896198")
            assert len(told.plot) <= 5000
            assert told.metascore is None or 0 <= told.metascore <= 100
            assert told.imdb_rating is None or 0 < told.imdb_rating <= 10


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_source_that_fails_is_unavailable_and_its_key_stays_secret(
    spoken: Spoken, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    source = ScriptedServer()
    source.plays(answer({"Response": "False", "Error": "Invalid API key!"}, status=status))
    with pytest.raises(Unavailable) as caught:
        spoken.build(source.url).search("batman")
    source.close()
    printed = capsys.readouterr()
    assert KEY not in str(caught.value) + printed.out + printed.err
    assert any(KEY in request for request in source.requests), "it was sent"


def test_a_year_narrows_a_search(
    spoken: Spoken, provider: MovieProvider, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(ANYTHING, json=spoken.found(ROWS[:1]))
    assert [hit.year for hit in provider.search("batman", 2005)] == [2005]
    requests_mock.get(ANYTHING, json=spoken.nothing)
    assert provider.search("batman", 1899) == ()


def test_recorded_answers_of_omdb_are_read(
    shared_data: Path, requests_mock: requests_mock.Mocker
) -> None:
    client = omdb("http://source.invalid")
    read = 0
    for path in sorted((shared_data / "omdb").glob("*.json")):
        if path.name == "index.json":
            continue
        body = json.loads(path.read_text())
        requests_mock.get(ANYTHING, json=body)
        if "Search" in body:
            assert client.search("x")
        elif body.get("Type") == "movie":
            told = client.movie(body["imdbID"])
            assert told.imdb_rating
            assert told.imdb_votes
            assert told.awards
        else:
            with pytest.raises(NotFound):
                client.movie(body.get("imdbID", "tt0000001"))
        read += 1
    assert read == 11
