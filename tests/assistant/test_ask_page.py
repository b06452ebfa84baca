"""The page for wishes without JavaScript: who answered, what it cost, and what went wrong."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moviesite.assistant import quota_service
from moviesite.assistant.pages import EXAMPLES
from moviesite.caching import purge
from moviesite.models import User
from tests import model_server
from tests.model_server import KEY, Act, ModelServer, answer, error, films, message
from tests.people import form_token, signed_in_browser

WISH = "comedies that bend the mind"
BUTTON = "Ask the model"
GIVEN_BACK = "This one does not count."

pytestmark = pytest.mark.usefixtures("tiers")


@pytest.fixture(scope="module")
def source() -> Iterator[ModelServer]:
    with model_server.model_server() as server:
        yield server


@pytest.fixture
def site(site_with: Callable[..., Flask], source: ModelServer) -> Iterator[Flask]:
    source.told.clear()
    source.plays(films(("Inception", 2010, 97)))
    site = site_with(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=source.url)
    with site.app_context():
        yield site


@pytest.fixture
def browser(site: Flask, ada: User) -> FlaskClient:
    """Ada's browser."""
    return signed_in_browser(site, ada)


def words_of(page: TestResponse) -> str:
    """What stands on a page."""
    main = page.text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def press(browser: FlaskClient, wish: str = WISH, **headers: str) -> TestResponse:
    """The button below an answer by rules, and the page it leads to."""
    sent = browser.post("/ask", data={"q": wish, "csrf_token": form_token(browser)})
    assert sent.status_code == 303, sent.text
    return browser.get(sent.headers["Location"], headers=headers)


@pytest.mark.usefixtures("films")
@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_finds_what_it_promises(client: FlaskClient, example: str) -> None:
    page = client.get("/ask", query_string={"q": example}).text
    assert "Not understood" not in page
    assert page.count("100 % match") >= 3


def test_rules_answer_first_and_the_model_is_one_button_away(
    browser: FlaskClient, source: ModelServer
) -> None:
    words = words_of(browser.get("/ask", query_string={"q": WISH}))
    assert "Found by rules" in words
    assert BUTTON in words
    assert "3 of 3 model requests left today." in words
    assert source.told == []


def test_the_button_leads_to_what_the_model_names_under_an_address_of_its_own(
    browser: FlaskClient, source: ModelServer
) -> None:
    page = press(browser)
    words = words_of(page)
    assert "Suggested by a model" in words
    assert "97 % match" in words
    assert "2 of 3 model requests left today." in words
    assert page.headers["Cache-Control"] == "private, no-store"
    assert BUTTON not in words
    assert page.request.args.to_dict() == {"q": WISH, "by": "model"}
    assert words_of(browser.get(page.request.path, query_string=page.request.args)) == words
    assert len(source.told) == 1, "looking again costs nothing"


def test_a_part_of_a_page_brings_its_address_along(browser: FlaskClient) -> None:
    page = press(browser, **{"HX-Request": "true"})
    assert "<html" not in page.text
    assert page.headers["HX-Push-Url"] == page.request.full_path


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (error(429, "rate_limit_error"), "is too busy"),
        (error(500, "api_error"), "could not be reached"),
        (answer(message(stop_reason="refusal")), "declined to answer this"),
        (answer(message(text="{", stop_reason="max_tokens")), "was cut off"),
        (answer(b"<h1>Hello</h1>", content_type="text/html"), "could not be read"),
        (films(("The Utterly Invented Picture", 1999, 9)), "no films known here"),
    ],
)
def test_each_failure_is_said_in_words_and_rules_answer(
    browser: FlaskClient, source: ModelServer, act: Act, words: str
) -> None:
    source.plays(act)
    page = press(browser)
    said = words_of(page)
    assert words in said
    assert GIVEN_BACK in said
    assert "3 of 3 model requests left today." in said
    assert "Ask the model again" in said
    assert page.text.count("card__title") > 1, "rules found films"


def test_when_the_day_is_used_up_there_is_no_button(
    browser: FlaskClient, ada: User, source: ModelServer
) -> None:
    for _ in range(3):
        quota_service.take(ada)
    words = words_of(browser.get("/ask", query_string={"q": WISH}))
    assert "0 of 3 model requests left today; more from midnight UTC." in words
    assert BUTTON not in words
    assert "You have used all your model requests for today" in words_of(press(browser))
    assert source.told == []


def test_an_answer_that_is_not_kept_any_more_is_not_asked_for_again_by_itself(
    browser: FlaskClient, source: ModelServer
) -> None:
    press(browser)
    purge()
    words = words_of(browser.get("/ask", query_string={"q": WISH, "by": "model"}))
    assert "is no longer saved" in words
    assert BUTTON in words
    assert len(source.told) == 1


def test_visitors_are_led_to_sign_in(site: Flask, source: ModelServer) -> None:
    visitor = site.test_client()
    assert "Sign in to ask a model too." in words_of(visitor.get("/ask", query_string={"q": WISH}))
    sent = visitor.post("/ask", data={"q": WISH, "csrf_token": form_token(visitor)})
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith("/sign-in")
    assert source.told == []


def test_a_form_from_elsewhere_asks_nothing(browser: FlaskClient, source: ModelServer) -> None:
    assert browser.post("/ask", data={"q": WISH}).status_code == 400
    assert source.told == []


def test_nothing_asked_asks_nothing(browser: FlaskClient, source: ModelServer) -> None:
    assert "What do you feel like watching?" in words_of(press(browser, " "))
    assert source.told == []


def test_without_a_model_the_page_speaks_of_none(ada_browsing: FlaskClient) -> None:
    words = words_of(ada_browsing.get("/ask", query_string={"q": WISH}))
    assert "model" not in words
    assert ada_browsing.get("/api/v1/assistant/search").status_code == 405
