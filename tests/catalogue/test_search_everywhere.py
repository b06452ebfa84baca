"""One search over what is stored and what TMDb knows, and suggestions from both."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import finding, service, suggesting
from moviesite.catalogue.finding import Found
from moviesite.catalogue.search_syntax import read
from moviesite.providers.base import MovieData
from tests import factories
from tests.servers import free_port
from tests.sites import own_site
from tests.statements import counted

STORED_ONLY = 9_000_001
INCEPTION = 27205


def everywhere(words: str, page: int = 1) -> Found:
    """A page of results for what was typed."""
    return finding.search_everywhere(read(words), page, "en-US")


@pytest.fixture
def stored(app: Flask) -> None:
    """Two movies that the source does not know."""
    service.store_movies(
        [
            factories.movie(STORED_ONLY, "The Night Nobody Knows"),
            factories.movie(STORED_ONLY + 1, "Night of Nights", release_date=None),
        ]
    )


@pytest.fixture
def offline(tmp_path: Path) -> Iterator[Flask]:
    """The application over a TMDb that does not answer."""
    settings = {
        "INSTANCE_DIR": str(tmp_path),
        "TMDB_BASE_URL": f"http://127.0.0.1:{free_port()}/3",
        "TMDB_API_KEY": "a-token-for-tests",
        "THROTTLE_PROFILE": "off",
        "LOG_LEVEL": "ERROR",
    }
    with own_site(settings) as app, app.app_context():
        service.store_movies([factories.movie()])
        yield app


@pytest.mark.usefixtures("stored")
def test_stored_hits_come_first_and_nothing_comes_twice() -> None:
    first = everywhere("night")
    assert [movie.id for movie in first.page.results[:2]] == [STORED_ONLY + 1, STORED_ONLY]
    assert first.answer is not None
    pages = range(1, first.page.total_pages + 1)
    everything = [movie.id for page in pages for movie in everywhere("night", page).page.results]
    assert len(everything) == len(set(everything)) == first.page.total_results
    assert first.page.total_results == 2 + first.answer.value.total_results


def test_what_is_stored_and_upstream_is_shown_once(app: Flask) -> None:
    service.store_movies([MovieData(id=INCEPTION, title="Inception")])
    shown = everywhere("inception").page.results
    assert [movie.id for movie in shown].count(INCEPTION) == 1


@pytest.mark.parametrize("typed", ["inception 2010", "Inception (2010)", "inception y:2010"])
def test_a_film_that_only_the_source_knows_is_found_by_title_and_year(
    app: Flask, typed: str
) -> None:
    found = everywhere(typed)
    assert [movie.id for movie in found.page.results] == [INCEPTION]
    assert (found.page.total_results, found.close_to) == (1, None)


def test_a_year_that_is_part_of_a_title_is_looked_for_as_it_is(app: Flask) -> None:
    assert [movie.title for movie in everywhere("2001 space odyssey").page.results] == [
        "2001: A Space Odyssey"
    ]
    assert everywhere("inception 1999").page.results == ()
    assert everywhere("1999").page.total_results == 0


@pytest.mark.usefixtures("stored")
def test_filters_hold_for_the_source_as_well() -> None:
    found = everywhere("night year:1990..1999")
    assert all(movie.year in range(1990, 2000) for movie in found.page.results)
    without = everywhere("night -genre:drama")
    names = {genre.name for movie in without.page.results for genre in movie.genres}
    assert "Drama" not in names


@pytest.mark.usefixtures("stored")
def test_what_the_source_cannot_tell_is_answered_from_what_is_stored() -> None:
    found = everywhere("night dir:nobody")
    assert found.answer is None
    assert found.problem is None
    assert found.page.results == ()


def test_a_pasted_address_opens_the_film(app: Flask) -> None:
    service.store_detail(factories.detail())
    for pasted in (
        *("https://www.themoviedb.org/movie/949-heat", "tt0113277"),
        *("https://www.imdb.com/title/tt0113277/", "https://letterboxd.com/film/heat-1995/"),
    ):
        assert everywhere(pasted).opens == 949
    assert everywhere("https://www.themoviedb.org/movie/27205").opens == INCEPTION
    assert everywhere("https://letterboxd.com/film/inception/").opens == INCEPTION
    nothing = everywhere("https://www.themoviedb.org/movie/2147483647")
    assert (nothing.opens, nothing.problem, nothing.page.results) == (None, None, ())


def test_nothing_asked_finds_nothing(app: Flask) -> None:
    assert everywhere(" ").page.results == ()


@pytest.mark.usefixtures("offline")
def test_a_source_that_is_down_leaves_what_is_stored_and_is_said() -> None:
    found = everywhere("haet")
    assert [movie.title for movie in found.page.results] == ["Heat"]
    assert found.answer is None
    assert found.problem == "Only films saved here, because The Movie Database is not answering."
    assert everywhere("https://www.themoviedb.org/movie/5").problem
    nothing = everywhere("zzqqxx")
    assert nothing.problem == f"{found.problem} None match."


@pytest.mark.usefixtures("offline")
def test_suggestions_go_on_while_the_source_is_down() -> None:
    assert [one.movie.title for one in suggesting.suggest("hea", "en-US") if one.movie] == ["Heat"]


def suggested(client: FlaskClient, typed: str) -> list[dict[str, object]]:
    """Suggestions as JSON."""
    response = client.get(f"/api/v1/search/suggest?q={quote(typed)}")
    assert response.status_code == 200
    results: list[dict[str, object]] = response.get_json()["results"]
    return results


def test_movies_and_people_are_suggested_with_their_addresses(client: FlaskClient) -> None:
    service.store_detail(factories.detail(poster_path="/heat.jpg"))
    movie = suggested(client, "hea")[0]
    assert movie == {
        "kind": "movie",
        "id": 949,
        "title": "Heat",
        "year": 1995,
        "poster_url": "/demo/images/w92/heat.jpg",
        "url": "/movie/949-heat",
    }
    person = suggested(client, "pacin")[0]
    assert person == {
        "kind": "person",
        "id": 1158,
        "name": "Al Pacino",
        "photo_url": "/demo/images/w45/pacino.jpg",
        "url": "/person/1158-al-pacino",
    }


def test_at_most_ten_are_suggested_and_then_the_source_is_not_asked(client: FlaskClient) -> None:
    service.store_movies([factories.movie(n, f"Nightly {n}") for n in range(1, 15)])
    names = [one["title"] for one in suggested(client, "nightl")]
    assert len(names) == 10
    assert all(str(name).startswith("Nightly") for name in names)


def test_the_source_adds_suggestions_where_few_are_stored(client: FlaskClient) -> None:
    assert INCEPTION in [one["id"] for one in suggested(client, "inception")]


@pytest.mark.parametrize("typed", ["x", "😀", "مرحبا", "dir:mann", "%", "tt0113277", "foo:bar"])
def test_whatever_is_typed_gets_an_answer(client: FlaskClient, typed: str) -> None:
    assert len(suggested(client, typed)) <= 10


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=%00", "q=" + "x" * 10_000, "q=a&q=b", "q=a&language=English"]
)
def test_bad_input_for_suggestions_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/search/suggest?{query}")
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"


def test_suggestions_take_few_statements(client: FlaskClient) -> None:
    service.store_movies([factories.movie(n, f"Nightly {n}") for n in range(1, 15)])
    with counted() as statements:
        suggested(client, "nightl")
    assert len(statements) <= 5


def test_without_the_source_only_what_is_saved_is_spoken_of(offline: Flask) -> None:
    page = offline.test_client().get("/search?query=haet").text
    assert "No film saved here is called “haet”. One film comes close." in page
