"""Pages of the catalogue as a visitor without JavaScript gets them."""

import re

import pytest
from flask.testing import FlaskClient

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def words(html: str) -> str:
    """The text of a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_home_shows_its_rows_and_says_that_it_is_the_demo(client: FlaskClient) -> None:
    page = words(client.get("/").text)
    for title in ("Trending this week", "Popular now", "In theaters", "Coming soon"):
        assert title in page
    assert "Demo catalog" in page
    assert "TMDB_API_KEY" in page


def test_the_cover_says_whose_picture_and_words_it_shows(client: FlaskClient) -> None:
    cover = re.search(r'<article class="cover.*?</article>', client.get("/").text, re.DOTALL)
    assert cover is not None
    assert '<p class="source">From the demo catalog.</p>' in cover[0]


def test_every_page_carries_tmdbs_notice(client: FlaskClient) -> None:
    notice = (
        "This website uses TMDB and the TMDB APIs but is not endorsed, certified, "
        "or otherwise approved by TMDB."
    )
    for address in ("/", "/search", "/movie/27205", "/about", "/no-such-page"):
        assert notice in client.get(address).text, address


def test_search_finds_a_film_without_its_accent(client: FlaskClient) -> None:
    assert "Amélie" in client.get("/search?query=amelie").text


def test_search_says_that_nothing_was_found(client: FlaskClient) -> None:
    page = words(client.get("/search?query=zzzzqqqq").text)
    assert "No films found" in page


def test_search_gives_htmx_the_results_alone(client: FlaskClient) -> None:
    response = client.get("/search?query=matrix", headers=FRAGMENT)
    assert "The Matrix" in response.text
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
        {},
    ],
)
def test_whole_pages_stay_whole(client: FlaskClient, headers: dict[str, str]) -> None:
    assert "<html" in client.get("/search?query=matrix", headers=headers).text


def test_a_movie_is_found_by_its_id_with_or_without_its_name(client: FlaskClient) -> None:
    assert "Christopher Nolan" in client.get("/movie/27205").text
    assert "Christopher Nolan" in client.get("/movie/27205-inception").text


def test_a_wrong_name_behind_the_id_leads_to_the_right_one(client: FlaskClient) -> None:
    response = client.get("/movie/27205-conception")
    assert response.status_code == 301
    assert response.headers["Location"].endswith("/movie/27205-inception")


def test_a_movie_page_says_where_to_see_it_and_credits_justwatch(client: FlaskClient) -> None:
    page = words(client.get("/movie/27205?region=DE").text)
    assert "Germany" in page
    assert "JustWatch" in page


def test_dates_and_countries_are_said_in_the_language_asked_for(client: FlaskClient) -> None:
    page = client.get("/movie/27205?language=de-DE").text
    assert "Vereinigtes Königreich" in page
    assert '<html lang="en">' in page, "the site's own words are English"
    assert re.search(r'<p class="note__overview" dir="auto" lang="de-DE">', page)


def test_an_unknown_movie_is_a_page_with_a_way_on(client: FlaskClient) -> None:
    response = client.get("/movie/99999999")
    assert response.status_code == 404
    assert 'href="/search"' in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/search?query=heat&page=0",
        "/search?query=heat&page=501",
        "/search?query=heat&page=x",
        "/search?query=heat&page=99999999999999999999",
        "/search?query=heat&page=%F0%9F%98%80",
        "/search?query=" + "x" * 201,
        "/search?query=%00",
        "/search?query=heat&year=1",
        "/search?query=heat&year=soon",
    ],
)
def test_bad_input_is_a_page_that_says_so(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 422
    assert "<html" in response.text


def test_about_tells_where_data_comes_from_and_what_no_model_gets(client: FlaskClient) -> None:
    page = words(client.get("/about").text)
    for phrase in ("JustWatch", "TMDB", "model"):
        assert phrase in page


def test_drawn_posters_come_under_the_addresses_that_pages_name(client: FlaskClient) -> None:
    source = re.search(r'src="(/demo/images/[^"]+)"', client.get("/").text)
    assert source is not None
    response = client.get(source[1])
    assert response.content_type.startswith("image/svg+xml")
    assert response.text.startswith("<svg")


@pytest.mark.parametrize(
    "name", ["poster-1.svg", "poster-x.svg", "portrait-999999999.svg", "a.png"]
)
def test_a_drawing_of_nothing_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/demo/images/w342/{name}").status_code == 404


@pytest.mark.parametrize("kind", ["backdrop-27205", "portrait-525", "provider-9001"])
def test_everything_that_has_a_picture_has_a_drawing(client: FlaskClient, kind: str) -> None:
    assert client.get(f"/demo/images/w342/{kind}.svg").status_code == 200


def test_static_files_may_be_kept_for_ever(client: FlaskClient) -> None:
    source = re.search(r'href="(/static/[^"]+/css/tokens\.css)"', client.get("/").text)
    assert source is not None
    response = client.get(source[1])
    response.close()
    assert response.status_code == 200
    assert "max-age=31536000" in response.headers["Cache-Control"]


def test_no_address_of_another_host_is_in_a_page(client: FlaskClient) -> None:
    for address in ("/", "/search?query=star", "/movie/27205", "/about", "/nothing"):
        page = client.get(address).text
        loaded = re.findall(r'(?:src|srcset|href)="(https?://[^"]+)"', page)
        own = "http://127.0.0.1:8000/"
        named = ("https://www.justwatch.com/", "https://www.themoviedb.org/", own)
        assert [link for link in loaded if not link.startswith(named)] == [], address


def test_an_error_page_speaks_plainly_and_programs_get_the_usual_names(client: FlaskClient) -> None:
    page = client.post("/about")
    assert page.status_code == 405
    assert "<h1>That does not work here</h1>" in page.text
    answer = client.post("/api/v1/movies/trending")
    assert (answer.status_code, answer.json and answer.json["title"]) == (405, "Method not allowed")


def test_only_what_broke_here_names_its_request(client: FlaskClient) -> None:
    missing = client.get("/nothing")
    assert missing.status_code == 404
    assert missing.headers["X-Request-ID"] not in missing.text
