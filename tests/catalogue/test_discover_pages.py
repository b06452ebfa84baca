"""Discovering as a visitor without JavaScript does it: forms, addresses, plain links."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from moviesite.catalogue import seeding

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
ACTION, COMEDY, HORROR, NOLAN = 28, 35, 27, 525


def words(html: str) -> str:
    """The text of a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def count(html: str) -> int:
    """How many films the page says it found."""
    found = re.search(r'class="results__count">\s*(One|No|[\d,]+) film', html)
    assert found, html
    return {"One": 1, "No": 0}.get(found[1]) or int(found[1].replace(",", "").replace("No", "0"))


def test_who_would_rather_say_it_in_words_is_led_there(client: FlaskClient) -> None:
    assert '<a href="/ask">ask in your own words</a>' in client.get("/discover").text


def test_every_filter_narrows_the_list(client: FlaskClient) -> None:
    everything = count(client.get("/discover").text)
    for query in (
        f"with_genres={ACTION}",
        f"without_genres={COMEDY}",
        "release_date.gte=1990-01-01",
        "release_date.lte=1990-12-31",
        "year=1999",
        "with_runtime.gte=150",
        "with_runtime.lte=90",
        "vote_average.gte=7.5",
        "vote_count.gte=50",
        "with_original_language=fr",
        "with_origin_country=JP",
        f"with_people={NOLAN}",
        "with_keywords=1930",
        "watch_region=DE&with_watch_providers=9001",
    ):
        assert 0 < count(client.get(f"/discover?{query}").text) < everything, query


def test_genres_may_all_be_wanted_or_one_of_them(client: FlaskClient) -> None:
    both = count(client.get(f"/discover?with_genres={ACTION},{COMEDY}").text)
    either = count(client.get(f"/discover?with_genres={ACTION}|{COMEDY}").text)
    assert 0 < both < either


def test_what_a_form_sends_becomes_the_apis_own_address(client: FlaskClient) -> None:
    response = client.get(
        f"/discover?with_genres={ACTION}&with_genres={COMEDY}&any_genre=1&without_genres={HORROR}"
        "&release_date.gte=1990&release_date.lte=1999&vote_average.gte=&certification="
        "&certification_country=US&watch_region=US&sort_by=popularity.desc"
    )
    assert response.status_code == 302
    assert parse_qs(urlsplit(response.headers["Location"]).query) == {
        "with_genres": [f"{ACTION}|{COMEDY}"],
        "without_genres": [str(HORROR)],
        "release_date.gte": ["1990-01-01"],
        "release_date.lte": ["1999-12-31"],
    }
    assert client.get(response.headers["Location"]).status_code == 200


def test_a_service_and_a_certificate_count_in_the_readers_country(client: FlaskClient) -> None:
    response = client.get("/discover?with_watch_providers=9001&certification=12&region=DE")
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    assert query["watch_region"] == ["DE"]
    assert query["certification_country"] == ["DE"]
    assert query["region"] == ["DE"]


def test_each_filter_is_named_and_has_a_link_that_takes_it_away(client: FlaskClient) -> None:
    page = client.get(
        f"/discover?with_genres={ACTION},{COMEDY}&release_date.gte=1990-01-01"
        f"&with_original_language=en&with_people={NOLAN}"
    ).text
    for name in ("Action", "Comedy", "since 1990", "in English", "with Christopher Nolan"):
        assert f'<span dir="auto">{name}</span>' in page, name
    marks = dict(
        re.findall(r'class="mark" href="([^"]+)"><span[^>]*>[^<]*</span><span[^>]*>([^<]+)', page)
    )
    without_action = next(href for href, name in marks.items() if name == "Action")
    assert f"with_genres={COMEDY}" in without_action
    assert "release_date.gte=1990-01-01" in without_action
    assert 'href="/discover">Clear all' in page


def test_htmx_gets_the_films_alone_and_the_address_to_show(client: FlaskClient) -> None:
    response = client.get(f"/discover?with_genres={ACTION}&vote_count.gte=", headers=FRAGMENT)
    assert "<html" not in response.text
    assert "<form" not in response.text
    assert response.headers["HX-Push-Url"] == f"/discover?with_genres={ACTION}"
    assert "HX-Target" in response.headers["Vary"]


def test_the_next_page_continues_the_list(client: FlaskClient) -> None:
    first = client.get("/discover").text
    assert 'rel="next" href="/discover?page=2"' in first
    more = client.get("/discover?page=2", headers={**FRAGMENT, "HX-Target": "nav#more"})
    assert "results__count" not in more.text
    assert 'data-batch="/discover?page=2"' in more.text
    assert "HX-Push-Url" not in more.headers


def test_after_five_pages_the_reader_decides(client: FlaskClient) -> None:
    assert 'hx-trigger="revealed' in client.get("/discover?page=4").text
    fifth = client.get("/discover?page=5").text
    assert 'hx-trigger="revealed' not in fifth
    assert "Show more films" in fifth


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"with_genres={ACTION}&without_genres={ACTION}", "included and excluded"),
        ("release_date.gte=2000-01-01&release_date.lte=1990-12-31", "after the last"),
        ("with_runtime.gte=200&with_runtime.lte=100", "longer than the longest"),
        (f"with_genres={ACTION},99,10749", "Match any of them instead"),
        ("vote_count.gte=9999999", "Remove one of the filters"),
    ],
)
def test_an_empty_answer_says_why_and_how_to_widen_it(
    client: FlaskClient, query: str, said: str
) -> None:
    page = client.get(f"/discover?{query}").text
    assert "No films match" in page
    assert said in words(page)
    assert 'class="mark"' in page


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=501", "page"),
        ("page=-1", "page"),
        ("page=abc", "page"),
        ("page=9223372036854775808", "page"),
        ("sort_by=best", "sort_by"),
        ("with_genres=drama", "with_genres"),
        ("with_genres=" + "1," * 300 + "1", "with_genres"),
        ("without_genres=%00", "without_genres"),
        ("release_date.gte=soon", "release_date.gte"),
        ("release_date.gte=0000", "release_date.gte"),
        ("vote_average.gte=11", "vote_average.gte"),
        ("vote_average.gte=nan", "vote_average.gte"),
        ("vote_count.gte=1e9", "vote_count.gte"),
        ("with_runtime.gte=" + "9" * 5000, "with_runtime.gte"),
        ("with_original_language=English", "with_original_language"),
        ("watch_region=Germany", "watch_region"),
        ("certification=" + "x" * 21, "certification"),
        ("year=1999&year=2000", "year"),
        ("language=xx_YY", "language"),
        ("region=%F0%9F%8E%AC", "region"),
    ],
)
def test_a_wrong_filter_is_a_page_that_names_it(
    client: FlaskClient, query: str, field: str
) -> None:
    response = client.get(f"/discover?{query}")
    assert response.status_code == 422
    assert "<html" in response.text
    assert f"<code>{field}</code>" in response.text
    assert "Continue without it" in response.text


def test_unknown_parameters_and_ids_do_no_harm(client: FlaskClient) -> None:
    assert client.get("/discover?utm_source=x").headers["Location"] == "/discover"
    page = client.get("/discover?with_people=999999999&with_keywords=999999999").text
    assert "person 999999999" in page
    assert "keyword 999999999" in page


def test_the_services_follow_the_country(client: FlaskClient) -> None:
    response = client.get("/discover/services?watch_region=DE&with_watch_providers=9001")
    assert response.status_code == 200
    assert "<html" not in response.text
    assert re.search(r'value="9001" checked', response.text)
    assert client.get("/discover/services?watch_region=x").status_code == 422


def test_a_name_typed_becomes_the_person_or_keyword_of_that_name(client: FlaskClient) -> None:
    seeding.seed_demo()
    response = client.get("/discover?person=denis+villeneuve&keyword=Dream&with_people=31")
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    assert query == {"with_people": ["31,137427"], "with_keywords": ["1566"]}
    page = client.get("/discover?with_people=137427&with_keywords=1566").text
    assert 'name="with_people" value="137427" checked' in page
    assert 'name="with_keywords" value="1566" checked' in page


def test_a_name_nobody_bears_is_said_and_can_be_taken_away(client: FlaskClient) -> None:
    page = client.get(f"/discover?person=Xyzzy+Quux&keyword=qqqq&with_genres={ACTION}").text
    assert "No one named “ Xyzzy Quux ” was found" in words(page)
    assert "No keyword called “ qqqq ” was found" in words(page)
    assert 'name="person" value="Xyzzy Quux"' in page
    assert f'href="/discover?keyword=qqqq&amp;with_genres={ACTION}">Remove it' in page
    assert client.get("/discover?person=" + "x" * 101).status_code == 422


def test_what_was_picked_follows_in_the_panel(client: FlaskClient) -> None:
    seeding.seed_demo()
    response = client.get("/discover?person=villeneuve", headers=FRAGMENT)
    assert response.headers["HX-Push-Url"] == "/discover?with_people=137427"
    assert re.search(r'id="picked-person" hx-swap-oob="true"', response.text)
    assert "?person=" not in response.text, "links are made from the address that is shown"


def test_certificates_are_those_of_the_country(client: FlaskClient) -> None:
    part = client.get("/discover/certificates?certification_country=DE").text
    assert re.findall(r'<option value="([^"]*)"', part) == ["", "0", "6", "12", "16", "18"]
    unknown = client.get("/discover/certificates?certification_country=AF").text
    assert '<input class="input" id="certificate"' in unknown
    assert client.get("/discover/certificates?certification_country=x").status_code == 422
    page = client.get("/discover?certification=PG-13&certification_country=DE").text
    assert "Germany has no age rating PG-13" in words(page)
    assert '<option value="PG-13" selected>' in page


def test_a_service_that_another_country_lacks_stays_and_is_named(client: FlaskClient) -> None:
    part = client.get("/discover/services?watch_region=DE&with_watch_providers=8").text
    assert re.search(r'value="8" checked', part)
    assert "(not in Germany)" in part


def test_the_panel_shows_what_is_set(client: FlaskClient) -> None:
    page = client.get(
        f"/discover?with_genres={ACTION}&without_genres={COMEDY}&release_date.gte=1990-05-01"
        "&sort_by=title.asc&vote_average.gte=6.5"
    ).text
    assert f'name="with_genres" value="{ACTION}" data-tri checked' in page
    assert f'name="without_genres" value="{COMEDY}" data-tri checked' in page
    assert 'value="1990-05-01"' in page
    assert 'value="6.5"' in page
    assert '<option value="title.asc" selected>' in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/discover?vote_count.gte=abc", "Votes: Use a whole number."),
        ("/discover?release_date.gte=1990-13-77", "Use a date such as 2026-01-31."),
        ("/discover?page=900", "Page: Use a value from 1 to 500."),
    ],
)
def test_what_is_wrong_in_an_address_is_said_plainly(
    client: FlaskClient, address: str, words: str
) -> None:
    page = client.get(address)
    assert page.status_code == 422
    assert words in page.text
