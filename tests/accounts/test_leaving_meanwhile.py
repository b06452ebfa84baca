"""Whoever deletes their account while they do something else is a stranger from then on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event

from moviesite.catalogue import service
from moviesite.extensions import db
from moviesite.models import User
from tests import factories
from tests.people import form_token, signed_in_browser, signed_in_program

HEAT = 949


@contextmanager
def leaving(user_id: int) -> Iterator[None]:
    """Have the account deleted, in another window, once it is known who is calling."""

    def look(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT") and "sessions" in statement:
            with db.engine.begin() as other:
                other.execute(delete(User).where(User.id == user_id))

    event.listen(db.engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(db.engine, "after_cursor_execute", look)


@pytest.mark.parametrize(
    "write",
    [
        lambda program: program.post("/api/v1/lists", json={"name": "Rain"}),
        lambda program: program.put(f"/api/v1/me/favorites/{HEAT}"),
        lambda program: program.post(
            "/api/v1/me/shares", json={"source": "favorites", "name": "A"}
        ),
    ],
)
def test_a_program_is_a_strangers_from_then_on(
    app: Flask, ada: User, write: Callable[[FlaskClient], Any]
) -> None:
    service.store_movies([factories.movie(HEAT, "Heat", genres=())])
    program = signed_in_program(app, ada)
    with leaving(ada.id):
        answer = write(program)
    assert answer.status_code == 401, answer.text
    assert answer.content_type == "application/problem+json"


def test_a_browser_is_led_to_the_sign_in(app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, ada)
    fields = {"name": "Rain", "visibility": "private", "csrf_token": form_token(browser)}
    with leaving(ada.id):
        answer = browser.post("/lists", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert "Content-Security-Policy" in answer.headers


def test_a_page_of_what_is_gone_is_drawn_for_a_stranger(app: Flask, ada: User) -> None:
    service.store_movies([factories.movie(HEAT, "Heat", genres=())])
    browser = signed_in_browser(app, ada)
    fields = {"date": "1996-02-29", "csrf_token": form_token(browser)}
    with leaving(ada.id):
        answer = browser.post(f"/movie/{HEAT}/plays", data=fields)
    assert answer.status_code == 404
    assert "Sign in" in answer.text
