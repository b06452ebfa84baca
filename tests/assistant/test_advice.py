"""Wishes answered with a model's help: what it costs, what is shown, and what happens instead."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests_mock
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from moviesite.assistant import advice_service, quota_service, tier_service
from moviesite.assistant.service import Asker
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import Movie, User
from tests import model_server
from tests.model_server import KEY, Act, ModelServer, answer, error, films, message
from tests.people import signed_in_program, succeed

HOSTILE = [
    json.loads(line)
    for line in (Path(__file__).parent / "hostile_answers.jsonl").read_text().splitlines()
]
INCEPTION, DARK_KNIGHT = ("Inception", 2010, 97), ("The Dark Knight", 2008, 80)
WISH = "comedies that bend the mind"

pytestmark = pytest.mark.usefixtures("tiers")


@pytest.fixture(scope="module")
def source() -> Iterator[ModelServer]:
    with model_server.model_server() as server:
        yield server


@pytest.fixture
def site(site_with: Callable[..., Flask], source: ModelServer) -> Iterator[Flask]:
    """The application with a model, which names two films until it is told otherwise."""
    source.told.clear()
    source.plays(films(INCEPTION, DARK_KNIGHT))
    site = site_with(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=source.url)
    with site.app_context():
        yield site


@pytest.fixture
def program(site: Flask, ada: User) -> FlaskClient:
    """Ada's program."""
    return signed_in_program(site, ada)


def asked(client: FlaskClient, prompt: str = WISH, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/assistant/search", json={"prompt": prompt, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def shown(told: dict[str, Any]) -> list[tuple[str, int]]:
    return [(hit["movie"]["title"], hit["match"]) for hit in told["results"]]


def test_films_that_a_model_names_are_shown_as_we_know_them_at_the_cost_of_one_call(
    program: FlaskClient, source: ModelServer
) -> None:
    told = asked(program)
    assert shown(told) == [("Inception", 97), ("The Dark Knight", 80)]
    assert (told["engine"], told["fallback"], told["used"], told["left"]) == ("model", None, 1, 2)
    assert told["results"][0]["movie"]["id"] == 27205
    assert told["interpretation"]["filters"]["with_genres"] == "35"
    assert program.get("/api/v1/me/quota").get_json()["model"] is True
    [request] = source.told
    assert request.body["messages"] == [{"role": "user", "content": WISH}]
    assert "ada" not in json.dumps(request.body).lower().split()


def test_the_same_words_cost_nothing_again(program: FlaskClient, source: ModelServer) -> None:
    first = asked(program)
    assert asked(program) == first
    assert len(source.told) == 1
    asked(program, "something else")
    assert len(source.told) == 2


def test_another_persons_answer_is_not_used(
    site: Flask, program: FlaskClient, ben: User, source: ModelServer
) -> None:
    asked(program)
    assert asked(signed_in_program(site, ben))["used"] == 1
    assert len(source.told) == 2


def test_the_answer_of_somebody_who_is_gone_is_not_used_for_who_has_their_number(
    site: Flask, program: FlaskClient, ada: User, source: ModelServer
) -> None:
    asked(program)
    assert asked(signed_in_program(site, succeed(ada, "ben")))["used"] == 1
    assert len(source.told) == 2


def test_without_an_account_rules_answer(site: Flask, source: ModelServer) -> None:
    told = asked(site.test_client())
    assert (told["engine"], told["fallback"], told["left"]) == ("rules", None, 0)
    assert source.told == []


def test_rules_can_be_asked_for(program: FlaskClient, source: ModelServer) -> None:
    told = asked(program, engine="rules")
    assert (told["engine"], told["fallback"], told["left"]) == ("rules", None, 3)
    assert source.told == []


def test_when_the_day_is_used_up_rules_answer_and_say_so(
    program: FlaskClient, ada: User, source: ModelServer
) -> None:
    for _ in range(3):
        quota_service.take(ada)
    told = asked(program)
    assert (told["engine"], told["fallback"], told["left"]) == ("rules", "used_up", 0)
    assert told["results"]
    assert source.told == []


def test_a_tier_without_calls_asks_no_model(
    program: FlaskClient, ada: User, source: ModelServer
) -> None:
    tier_service.create("none", "None", 0)
    tier_service.assign(ada, "none")
    assert asked(program)["fallback"] == "used_up"
    assert source.told == []


def test_a_wish_beyond_the_limit_is_neither_asked_nor_charged(
    site_with: Callable[..., Flask], ada: User, source: ModelServer
) -> None:
    source.told.clear()
    site = site_with(
        ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=source.url, ASSISTANT_MAX_PROMPT_TOKENS="10"
    )
    with site.app_context():
        told = asked(signed_in_program(site, ada), "a comedy " * 5)
        assert (told["reason"], told["results"], told["left"]) == ("too_long", [], 3)
        assert asked(signed_in_program(site, ada), "喜劇電影推薦給我看看吧")["reason"] == "too_long"
    assert source.told == []


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: str(case["note"]))
def test_whatever_a_model_says_rules_answer_and_the_call_is_given_back(
    site: Flask, program: FlaskClient, source: ModelServer, case: dict[str, Any]
) -> None:
    source.plays(_act(case))
    told = asked(program)
    assert (told["engine"], told["fallback"]) == ("rules", case["why"])
    assert (told["used"], told["left"]) == (0, 3)
    assert told["results"], "rules found something"
    assert len(source.told) == 1


def _act(case: dict[str, Any]) -> Act:
    if "raw" in case or "raw_hex" in case:
        raw = bytes.fromhex(case["raw_hex"]) if "raw_hex" in case else case["raw"].encode()
        return answer(raw, content_type=case.get("content_type", "application/json"))
    changes = case.get("changes", {})
    stop = case.get("stop_reason", "end_turn")
    return answer(message(text=case.get("text"), stop_reason=stop, **changes))


def test_there_are_at_least_fifty_hostile_answers_and_none_twice() -> None:
    kinds = [json.dumps({**case, "note": ""}, sort_keys=True) for case in HOSTILE]
    assert len(set(kinds)) == len(kinds) >= 50


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (error(429, "rate_limit_error"), "busy"),
        (error(529, "overloaded_error"), "busy"),
        (error(500, "api_error"), "away"),
        (error(401, "authentication_error"), "away"),
        (model_server.hang_up, "away"),
    ],
)
def test_a_model_that_fails_costs_nothing_and_can_be_asked_again(
    program: FlaskClient, source: ModelServer, act: Act, why: str
) -> None:
    source.plays(act)
    told = asked(program)
    assert (told["engine"], told["fallback"], told["left"]) == ("rules", why, 3)
    source.plays(films(INCEPTION))
    told = asked(program)
    assert (told["engine"], told["left"]) == ("model", 2)


@pytest.mark.parametrize(
    "named",
    [
        ("INCEPTION", 2010, 97),
        ("Inception (2010)", 2010, 97),
        ("Inception", 2011, 97),
        ("Inception", 2009, 97),
    ],
)
@pytest.mark.parametrize("stored", [True, False])
def test_a_film_is_found_by_its_title_and_a_year_nearby(
    program: FlaskClient,
    source: ModelServer,
    request: pytest.FixtureRequest,
    named: tuple[str, int, int],
    stored: bool,
) -> None:
    if stored:
        request.getfixturevalue("films")
    source.plays(films(named))
    assert shown(asked(program)) == [("Inception", 97)]


def test_what_nobody_knows_is_left_out_and_the_rest_is_shown(
    program: FlaskClient, source: ModelServer
) -> None:
    source.plays(films(("The Utterly Invented Picture", 1999, 99), INCEPTION, ("Incepti", 2010, 9)))
    assert shown(asked(program)) == [("Inception", 97)]


def test_two_names_of_one_film_show_it_once(program: FlaskClient, source: ModelServer) -> None:
    source.plays(films(INCEPTION, ("Inception", 2011, 60)))
    assert shown(asked(program)) == [("Inception", 97)]


def test_what_somebody_muted_or_saw_is_not_offered(
    program: FlaskClient, ada: User, source: ModelServer, films: None
) -> None:
    library.hide(ada, "movie", 155)
    assert shown(asked(program)) == [("Inception", 97)]
    library.mark_seen(ada, 27205)
    told = asked(program, "films I haven't seen")
    assert (told["engine"], told["results"]) == ("model", [])


def test_while_the_source_of_films_is_away_stored_ones_are_shown_and_it_is_said(
    site_with: Callable[..., Flask], ada: User, source: ModelServer, films: None
) -> None:
    source.plays(model_server.films(INCEPTION, ("The Dark Knight", 2008, 80)))
    site = site_with(
        ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=source.url, TMDB_BASE_URL="http://127.0.0.1:9/3"
    )
    with site.app_context():
        told = asked(signed_in_program(site, ada))
    assert shown(told) == [("Inception", 97)]
    assert "could not be looked up" in told["problem"]


def test_of_fifty_at_once_with_one_call_left_one_asks_the_model(
    site: Flask, program: FlaskClient, ada: User, source: ModelServer
) -> None:
    for _ in range(2):
        quota_service.take(ada)
    user_id, start = ada.id, Barrier(50)
    db.session.rollback()

    def one(place: int) -> str:
        with site.app_context():
            user = db.session.get(User, user_id)
            db.session.commit()
            start.wait(30)
            reply = advice_service.search(f"{WISH} {place}", Asker(user, "en-US", "US"))
            return reply.engine

    with ThreadPoolExecutor(50) as pool:
        engines = list(pool.map(one, range(50)))
    assert engines.count("model") == 1
    assert len(source.told) == 1
    db.session.rollback()
    assert quota_service.quota_of(ada).used == 3


@pytest.mark.parametrize(("title", "found"), [("Origen", ["Inception"]), ("Origen 2", [])])
def test_a_title_that_another_source_alone_knows_leads_to_our_film(
    site_with: Callable[..., Flask],
    ada: User,
    source: ModelServer,
    films: None,
    title: str,
    found: list[str],
) -> None:
    change = update(Movie).where(Movie.id == 27205).values(imdb_id="tt1375666")
    db.session.execute(change)
    db.session.commit()
    hit = {"Title": title, "Year": "2010", "imdbID": "tt1375666", "Type": "movie"}
    source.plays(model_server.films(("Origen", 2010, 97)))
    omdb = "http://omdb.invalid"
    with requests_mock.Mocker(real_http=True) as outside:
        outside.get(f"{omdb}/", json={"Response": "True", "Search": [hit]})
        site = site_with(
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=source.url,
            OMDB_API_KEY="o",
            OMDB_BASE_URL=omdb,
        )
        with site.app_context():
            told = asked(signed_in_program(site, ada))
    assert [name for name, _ in shown(told) if told["engine"] == "model"] == found
