"""JSON of the catalogue, field by field as the contract names them."""

import pytest
from flask.testing import FlaskClient

from moviesite.catalogue import service
from tests import factories

SUMMARY = {
    *("id", "title", "original_title", "original_language", "overview", "release_date", "genres"),
    *("poster_url", "backdrop_url", "vote_average", "vote_count", "popularity", "adult"),
    *("community", "viewer"),
}
DETAIL = SUMMARY | {
    *("tagline", "runtime", "status", "imdb_id", "homepage", "budget", "revenue", "countries"),
    *("languages", "keywords", "cast", "crew", "videos", "watch_providers", "certifications"),
    *("collection", "external_ratings", "omdb", "similar", "source"),
}
COMMUNITY = {"likes", "votes_up", "votes_down", "rating_average", "rating_count"}
PAGE = {"count", "page", "page_size", "total_pages", "next", "previous", "results", "source"}
LISTS = ("popular", "top-rated", "upcoming", "now-playing", "discover", "search?query=the")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_page_of_summaries(client: FlaskClient, name: str) -> None:
    page = client.get(f"/api/v1/movies/{name}").get_json()
    assert page.keys() >= PAGE
    assert page["page_size"] == 20
    assert page["results"]
    for movie in page["results"]:
        assert movie.keys() == SUMMARY
        assert movie["community"].keys() == COMMUNITY
        assert movie["viewer"] is None
        assert movie["adult"] is False
        assert all(genre["name"] for genre in movie["genres"])
        assert movie["poster_url"].startswith("/demo/images/w342/")


def test_pages_are_linked_in_the_body_and_in_the_header(client: FlaskClient) -> None:
    response = client.get("/api/v1/movies/popular?page=2&language=en-US")
    page = response.get_json()
    assert page["next"] == "/api/v1/movies/popular?language=en-US&page=3"
    assert page["previous"] == "/api/v1/movies/popular?language=en-US&page=1"
    for relation in ("first", "prev", "next", "last"):
        assert f'rel="{relation}"' in response.headers["Link"]
    first = client.get(page["previous"]).get_json()
    assert first["previous"] is None
    assert not {m["id"] for m in first["results"]} & {m["id"] for m in page["results"]}


def test_a_movie_tells_everything_the_contract_names(client: FlaskClient) -> None:
    movie = client.get("/api/v1/movies/27205?region=DE").get_json()
    assert movie.keys() == DETAIL
    assert (movie["title"], movie["release_date"], movie["runtime"]) == (
        "Inception",
        "2010-07-14",
        148,
    )
    assert movie["cast"][0].keys() == {"person", "character", "order"}
    assert movie["cast"][0]["person"].keys() == {"id", "name", "photo_url"}
    assert {"Director"} <= {work["job"] for work in movie["crew"]}
    providers = movie["watch_providers"]
    assert providers.keys() == {"region", "link", "stream", "rent", "buy", "source"}
    assert (providers["region"], providers["source"]) == ("DE", "JustWatch")
    assert movie["source"].keys() == {"name", "fetched_at", "stale", "missing"}
    assert "imdb_id" in movie["source"]["missing"]
    assert movie["similar"][0].keys() == SUMMARY


def test_counters_of_this_site_stand_beside_the_sources_votes(client: FlaskClient) -> None:
    service.store_movies([factories.movie(27205, "Inception")])
    movie = client.get("/api/v1/movies/27205").get_json()
    assert movie["community"] == {
        "likes": 0,
        "votes_up": 0,
        "votes_down": 0,
        "rating_average": None,
        "rating_count": 0,
    }


@pytest.mark.parametrize("kind", ["similar", "recommendations"])
def test_movies_that_go_with_another_say_whose_word_it_is(client: FlaskClient, kind: str) -> None:
    page = client.get(f"/api/v1/movies/27205/{kind}").get_json()
    assert page["results"]
    assert {movie["origin"] for movie in page["results"]} == {"tmdb"}
    assert 27205 not in {movie["id"] for movie in page["results"]}


def test_a_person_has_a_filmography_newest_first(client: FlaskClient) -> None:
    person = client.get("/api/v1/people/525").get_json()
    assert person["name"] == "Christopher Nolan"
    assert person["photo_url"].startswith("/demo/images/")
    dates = [row["movie"]["release_date"] for row in person["filmography"]]
    assert dates == sorted(dates, reverse=True)
    assert {"movie", "character", "job", "department"} == person["filmography"][0].keys()
    assert client.get("/api/v1/people/999999999").status_code == 404


def test_services_are_those_of_the_region(client: FlaskClient) -> None:
    answer = client.get("/api/v1/watch-providers?region=DE").get_json()
    assert answer["region"] == "DE"
    assert {"id", "name", "logo_url"} == answer["results"][0].keys()
    assert "DE" in {region["code"] for region in answer["regions"]}
    assert answer["source"] == "JustWatch"


def test_discover_narrows_by_what_is_given(client: FlaskClient) -> None:
    address = (
        "/api/v1/movies/discover?with_genres=878&release_date.gte=2000-01-01"
        "&with_runtime.lte=120&sort_by=primary_release_date.desc"
    )
    page = client.get(address).get_json()
    assert page["results"]
    for movie in page["results"]:
        assert 878 in {genre["id"] for genre in movie["genres"]}
        assert movie["release_date"] >= "2000-01-01"


def test_services_count_in_the_readers_country_unless_another_is_named(
    client: FlaskClient,
) -> None:
    def count(query: str) -> int:
        page = client.get(f"/api/v1/movies/discover?with_watch_providers=9003{query}")
        return int(page.get_json()["count"])

    everything = client.get("/api/v1/movies/discover").get_json()["count"]
    assert 0 < count("") == count("&watch_region=US") < everything
    assert count("&region=DE") == count("&watch_region=DE") != count("")


@pytest.mark.parametrize(
    "query",
    [
        "sort_by=random",
        "with_genres=drama",
        "with_genres=1;2",
        "year=1",
        "release_date.gte=yesterday",
        "vote_average.gte=11",
        "with_runtime.lte=-1",
        "watch_region=Germany",
    ],
)
def test_discover_names_the_filter_at_fault(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/movies/discover?{query}")
    assert response.status_code == 422
    assert list(response.get_json()["errors"]["query"]) == [query.partition("=")[0]]


def test_titles_come_in_the_language_asked_for(client: FlaskClient) -> None:
    french = client.get("/api/v1/movies/194?language=fr-FR").get_json()
    assert french["title"] == "Le fabuleux destin d'Amélie Poulain"
    assert client.get("/api/v1/movies/194").get_json()["title"] == "Amélie"


def test_search_puts_stored_films_first_and_forgives_mistakes(client: FlaskClient) -> None:
    service.store_movies([factories.movie(157336, "Interstellar")])
    page = client.get("/api/v1/movies/search?query=Interstelar").get_json()
    assert page["results"][0]["title"] == "Interstellar"
    assert (page["problem"], page["opens"], page["not_understood"]) == (None, None, [])


def test_search_narrows_by_genre_and_year(client: FlaskClient) -> None:
    heat, other = factories.movie(), factories.movie(2, "Heat", genres=())
    service.store_movies([heat, other])
    found = client.get("/api/v1/movies/search?query=heat&genre=crime&year=1995").get_json()
    assert [movie["id"] for movie in found["results"]] == [949]
    assert client.get("/api/v1/movies/search?query=heat&year=1950").get_json()["results"] == []
    for several, ids in (("80,18", [949]), ("80|37", [949]), ("80,37", [])):
        address = f"/api/v1/movies/search?query=heat&year=1995&genre={several}"
        assert [movie["id"] for movie in client.get(address).get_json()["results"]] == ids


def test_search_says_what_it_did_not_understand_and_what_an_address_opens(
    client: FlaskClient,
) -> None:
    odd = client.get("/api/v1/movies/search?query=heat colour:red").get_json()
    assert odd["not_understood"] == ["colour:red"]
    address = "https://www.themoviedb.org/movie/27205-inception"
    assert client.get(f"/api/v1/movies/search?query={address}").get_json()["opens"] == 27205
