"""The page for wishes in a real browser: a model that answers, and one that fails in every way."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from moviesite.extensions import cache
from moviesite.models import User
from tests import model_server
from tests.browsing import DESK, PHONE, OpenPage, check_usable, running, session_cookie, windows
from tests.model_server import KEY, Act, ModelServer, answer, error, films, message

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("tiers"),
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

WISH = "comedies that bend the mind"
GIVEN_BACK = "This one does not count."


@pytest.fixture(scope="module")
def source() -> Iterator[ModelServer]:
    with model_server.model_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(settings: dict[str, str], source: ModelServer) -> Iterator[tuple[Flask, str]]:
    """A running site with a model, and its address."""
    model = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": source.url}
    with running(settings, **model) as house:
        yield house


@pytest.fixture
def opened(
    app: Flask, house: tuple[Flask, str], chromium: Browser, ada: User, source: ModelServer
) -> Iterator[OpenPage]:
    """Opens a wish as Ada in a window of some kind; every complaint of a page fails the test."""
    source.told.clear()
    source.plays(films(("Inception", 2010, 97), ("The Dark Knight", 2008, 80)))
    house[0].extensions["adviser"].gate.passed()
    with house[0].app_context():
        cache.clear()

    def open_wish(**options: Any) -> Page:
        page = open_window(session_cookie(app, ada), **options).new_page()
        page.goto(f"/ask?q={WISH}")
        return page

    with windows(chromium, house[1]) as open_window:
        yield open_wish


def press(page: Page) -> None:
    page.get_by_role("button", name="Ask the model").press("Enter")


def test_a_model_names_films_below_the_same_question(opened: OpenPage) -> None:
    page = opened()
    expect(page.locator(".engine__title")).to_have_text("Found by rules")
    expect(page.locator(".engine__left")).to_have_text("3 of 3 model requests left today.")
    press(page)
    expect(page.locator(".engine__title")).to_have_text("Suggested by a model")
    expect(page.locator(".engine__left")).to_have_text("2 of 3 model requests left today.")
    expect(page.locator(".card__title")).to_have_text(["Inception", "The Dark Knight"])
    expect(page).to_have_url(f"/ask?q={WISH.replace(' ', '+')}&by=model")
    expect(page.locator("#wish")).to_have_value(WISH)


def test_going_back_and_loading_again_cost_nothing(opened: OpenPage, source: ModelServer) -> None:
    page = opened()
    press(page)
    expect(page.locator(".engine__title")).to_have_text("Suggested by a model")
    page.reload()
    expect(page.locator(".engine__title")).to_have_text("Suggested by a model")
    page.go_back()
    expect(page.locator(".engine__title")).to_have_text("Found by rules")
    expect(page.locator(".engine__left")).to_have_text("2 of 3 model requests left today.")
    page.go_forward()
    expect(page.locator(".engine__title")).to_have_text("Suggested by a model")
    assert len(source.told) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("act", "words"),
    [
        (error(429, "rate_limit_error"), "The model is too busy right now"),
        (error(529, "overloaded_error"), "The model is too busy right now"),
        (error(500, "api_error"), "The model could not be reached"),
        (model_server.hang_up, "The model could not be reached"),
        (answer(message(stop_reason="refusal")), "The model declined to answer this"),
        (answer(message(text="{", stop_reason="max_tokens")), "answer was cut off"),
        (answer(b"<h1>Hello</h1>", content_type="text/html"), "answer could not be read"),
        (answer(message(text="Watch something nice.")), "answer could not be read"),
        (films(("The Utterly Invented Picture", 1999, 9)), "no films known here"),
    ],
)
def test_each_failure_is_said_and_rules_answer(
    opened: OpenPage, source: ModelServer, act: Act, words: str, script: bool
) -> None:
    page = opened(java_script_enabled=script)
    source.plays(act)
    press(page)
    expect(page.locator(".engine__why")).to_contain_text(words)
    expect(page.locator(".engine__why")).to_contain_text(GIVEN_BACK)
    expect(page.locator(".engine__left")).to_have_text("3 of 3 model requests left today.")
    expect(page.get_by_role("button", name="Ask the model again")).to_be_visible()
    expect(page.locator(".card__title").first).to_be_visible()


def test_a_model_that_is_silent_for_eight_seconds_is_said_to_be_slow(
    opened: OpenPage, source: ModelServer
) -> None:
    page = opened(viewport=PHONE)
    source.plays(model_server.silent)
    press(page)
    expect(page.locator(".engine__why")).to_contain_text("took longer than eight seconds")
    expect(page.locator(".engine__left")).to_have_text("3 of 3 model requests left today.")


def test_after_the_last_call_of_the_day_there_is_no_button(opened: OpenPage) -> None:
    page = opened(viewport=PHONE)
    for turn in range(3):
        page.goto(f"/ask?q=comedies {turn}")
        press(page)
        expect(page.locator(".engine__title")).to_have_text("Suggested by a model")
    page.goto(f"/ask?q={WISH}")
    words = "0 of 3 model requests left today; more from midnight UTC."
    expect(page.locator(".engine__left")).to_have_text(words)
    expect(page.get_by_role("button", name="Ask the model")).to_have_count(0)


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_answers_fit_their_window(opened: OpenPage, size: dict[str, int], mood: str) -> None:
    page = opened(viewport=size, color_scheme=mood)
    check_usable(page)
    press(page)
    expect(page.locator(".engine__title")).to_have_text("Suggested by a model")
    check_usable(page)
