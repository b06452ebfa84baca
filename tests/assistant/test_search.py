"""Wishes answered over the demo catalogue, by JSON and on a page."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import naming
from moviesite.library import service as library
from moviesite.models import User
from tests.people import signed_in_program

ACTION, COMEDY, HORROR = 28, 35, 27


def asked(client: FlaskClient, prompt: str) -> dict[str, Any]:
    answer = client.post("/api/v1/assistant/search", json={"prompt": prompt})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def test_a_wish_is_told_as_filters_and_answered_with_films(client: FlaskClient) -> None:
    told = asked(client, "90s comedies under two hours, no horror")
    assert told["interpretation"] == {
        "filters": {
            "release_date.gte": "1990-01-01",
            "release_date.lte": "1999-12-31",
            "with_runtime.lte": 120,
            "with_genres": str(COMEDY),
            "without_genres": str(HORROR),
        },
        "seen": None,
        "on_my_services": False,
        "like": None,
        "not_understood": [],
    }
    assert told["engine"] == "rules"
    assert told["results"]
    for hit in told["results"]:
        assert hit["match"] == 100
        assert hit["movie"]["release_date"].startswith("199")
        assert COMEDY in [genre["id"] for genre in hit["movie"]["genres"]]


def test_the_filters_are_the_ones_of_discovering(client: FlaskClient) -> None:
    told = asked(client, "highly rated action from the 80s")
    found = client.get("/api/v1/movies/discover", query_string=told["interpretation"]["filters"])
    assert found.status_code == 200
    ids = [row["id"] for row in found.get_json()["results"]]
    assert ids, "the demo's films have few votes"
    assert sorted(hit["movie"]["id"] for hit in told["results"]) == sorted(ids)


@pytest.mark.usefixtures("films")
def test_names_are_those_of_the_stored_catalogue(client: FlaskClient) -> None:
    told = asked(client, "directed by Christopher Nolan")
    assert told["interpretation"]["filters"] == {"with_people": "525"}
    assert asked(client, "by Nolan")["interpretation"]["filters"] == {"with_people": "525"}
    heist = naming.keyword_called("heist")
    assert asked(client, "heist")["interpretation"]["filters"] == {"with_keywords": str(heist)}


@pytest.mark.usefixtures("films")
def test_films_like_another_share_what_it_is_made_of_and_leave_it_out(client: FlaskClient) -> None:
    told = asked(client, "something like Inception")
    assert told["interpretation"]["like"] == {"id": 27205, "title": "Inception"}
    assert told["interpretation"]["filters"]["with_genres"]
    assert told["results"]
    assert 27205 not in [hit["movie"]["id"] for hit in told["results"]]


@pytest.mark.usefixtures("films")
def test_where_few_films_fit_those_that_miss_one_wish_follow_with_a_lower_match(
    client: FlaskClient,
) -> None:
    told = asked(client, "heist films from 2010")
    matches = [hit["match"] for hit in told["results"]]
    assert matches == sorted(matches, reverse=True)
    assert matches[-1] < 100


def test_what_was_not_understood_lowers_the_match(client: FlaskClient) -> None:
    told = asked(client, "comedies about blorp")
    assert told["interpretation"]["not_understood"] == ["blorp"]
    assert {hit["match"] for hit in told["results"]} == {50}


def test_films_that_were_seen_are_left_out_for_whoever_saw_them(
    as_ada: FlaskClient, ada: User, films: None, client: FlaskClient
) -> None:
    first = asked(as_ada, "comedies")["results"][0]["movie"]["id"]
    library.mark_seen(ada, first)
    told = asked(as_ada, "comedies I haven't seen")
    assert told["interpretation"]["seen"] is False
    assert first not in [hit["movie"]["id"] for hit in told["results"]]
    seen = asked(as_ada, "comedies I have already seen")
    assert [hit["movie"]["id"] for hit in seen["results"] if hit["match"] == 100] == [first]
    assert first in [hit["movie"]["id"] for hit in asked(client, "comedies")["results"]]


def test_own_services_become_a_filter_and_are_asked_for_where_unknown(
    as_ada: FlaskClient, client: FlaskClient
) -> None:
    as_ada.patch("/api/v1/me", json={"providers": [9001, 9002], "region": "DE"})
    told = asked(as_ada, "comedies on my services")
    filters = told["interpretation"]["filters"]
    assert (filters["with_watch_providers"], filters["watch_region"]) == ("9001|9002", "DE")
    assert asked(client, "comedies on my services")["problem"]


def test_answers_by_rules_cost_nothing(as_ada: FlaskClient, tiers: None, films: None) -> None:
    for _ in range(5):
        told = asked(as_ada, "comedies")
    assert (told["used"], told["left"]) == (0, 3)


def test_a_wish_beyond_the_limit_is_not_read(site_with: Callable[..., Flask]) -> None:
    site = site_with(ASSISTANT_MAX_PROMPT_TOKENS="10")
    with site.app_context():
        told = asked(site.test_client(), "a comedy " * 5)
        assert (told["reason"], told["results"]) == ("too_long", [])
        assert asked(site.test_client(), "a comedy please")["reason"] is None


def test_a_wish_of_which_nothing_is_understood_finds_nothing(client: FlaskClient) -> None:
    told = asked(client, "flurble wibble")
    assert (told["reason"], told["results"]) == ("nothing_understood", [])


@pytest.mark.parametrize(
    "body", [{}, {"prompt": ""}, {"prompt": "   "}, {"prompt": 7}, {"prompt": "a\x00b"}, []]
)
def test_what_is_no_wish_is_refused_and_said(client: FlaskClient, body: Any) -> None:
    answer = client.post("/api/v1/assistant/search", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_a_page_shows_what_a_wish_was_taken_for(client: FlaskClient) -> None:
    page = client.get("/ask?q=90s+comedies+about+blorp").text
    assert "since 1990" in page
    assert "Comedy" in page
    assert "blorp</q>" in page
    address = re.search(r'href="/discover\?([^"]+)"', page)
    assert address
    assert "with_genres=35" in address[1]
    discovered = client.get("/discover?" + address[1].replace("&amp;", "&"))
    assert discovered.status_code in (200, 302)


def test_the_title_follows_the_wish_on_the_page_and_in_its_part(client: FlaskClient) -> None:
    title = "<title>90s comedies: Ask - moviesite</title>"
    assert title in client.get("/ask?q=90s+comedies").text
    part = client.get("/ask?q=90s+comedies", headers={"HX-Request": "true"}).text
    assert part.startswith(title)
    assert "<html" not in part


def test_each_part_of_a_wish_can_be_taken_away_by_a_plain_link(client: FlaskClient) -> None:
    page = client.get("/ask?q=90s+comedies").text
    links = [
        link.replace("&amp;", "&") for link in re.findall(r'class="mark" href="([^"]+)"', page)
    ]
    off = next(link for link in links if "with_genres:35" in unquote(link))
    without = client.get(off).text
    assert "Comedy</span>" not in without.partition("</ul>")[0].rpartition("What we understood")[2]
    assert "since 1990" in without
    assert "with_genres" not in re.findall(r'href="/discover\?([^"]+)"', without)[0]


def test_a_page_without_a_wish_offers_some(client: FlaskClient) -> None:
    page = client.get("/ask").text
    assert "90s heist films" in page
    assert 'href="/ask"' in client.get("/search").text


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 2001])
def test_an_address_that_is_no_wish_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/ask?{query}").status_code == 422


@pytest.mark.usefixtures("films")
def test_while_the_source_is_away_stored_films_answer_and_it_is_said(
    site_with: Callable[..., Flask],
) -> None:
    site = site_with(TMDB_BASE_URL="http://127.0.0.1:9", TMDB_API_KEY="a-token-for-tests")
    with site.app_context():
        told = asked(site.test_client(), "90s comedies under two hours")
        page = site.test_client().get("/ask?q=90s+comedies").text
    assert "not answering" in told["problem"]
    assert "not answering" in page
    assert told["results"]
    assert all(hit["movie"]["release_date"].startswith("199") for hit in told["results"])


def test_one_person_may_ask_so_often_a_day(
    site_with: Callable[..., Flask], ada: User, ben: User
) -> None:
    site = site_with(THROTTLE_PROFILE="strict")
    with site.app_context():
        callers = [signed_in_program(site, user) for user in (ada, ada, ada, ben)]
        statuses = [
            caller.post("/api/v1/assistant/search", json={"prompt": "comedy"}).status_code
            for caller in callers
        ]
    assert statuses == [200, 200, 429, 200]


@pytest.mark.parametrize(
    "wish",
    [
        "by Christopher Nolan",
        "christopher nolan films",
        "Christopher Nolan's",
        "with Nolan",
        "Nolan's films",
    ],
)
def test_people_who_are_not_stored_are_found_at_the_source(client: FlaskClient, wish: str) -> None:
    told = asked(client, wish)
    assert told["interpretation"]["filters"] == {"with_people": "525"}
    assert told["interpretation"]["not_understood"] == []
    assert told["results"]


def test_while_the_source_is_silent_unknown_people_are_told_not_to_be_understood(
    site_with: Callable[..., Flask], films: None
) -> None:
    site = site_with(TMDB_BASE_URL="http://127.0.0.1:9/3")
    with site.app_context():
        told = asked(site.test_client(), "comedies by Tomas Nobody")
    assert told["interpretation"]["filters"] == {"with_genres": str(COMEDY)}
    assert told["interpretation"]["not_understood"] == ["tomas nobody"]
    assert told["results"], "stored films"


@pytest.mark.usefixtures("films")
def test_a_film_can_be_what_others_are_compared_with(client: FlaskClient) -> None:
    told = asked(client, "shorter than Inception")
    assert told["interpretation"]["filters"] == {"with_runtime.lte": 147}
    told = asked(client, "comedies newer than Inception")
    assert told["interpretation"]["filters"]["release_date.gte"] == "2011-01-01"
