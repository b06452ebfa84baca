"""The site with its limits on, and with pages that show who is signed in."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort, redirect, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moviesite.accounts import service, session_service
from moviesite.accounts.forms import client
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.web import identity
from tests.people import form_token


def who() -> str:
    """The name of who is signed in."""
    found = identity.viewer()
    return found.user.username if found else abort(401)


def sign_in() -> object:
    """What a sign-in page does."""
    user = service.sign_in(request.form["identifier"], request.form["password"], client())
    secret = session_service.open_browser(user, client(), instead_of=identity.carried_secret())
    identity.begin_browsing(secret)
    return redirect("/who")


def sign_out() -> object:
    """What a sign-out button does."""
    session_service.end_by_cookie(identity.carried_secret() or "")
    identity.end_browsing()
    return redirect("/")


def send_form(browser: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Send a page's form as the page itself would."""
    fields["csrf_token"] = form_token(browser)
    return browser.post(address, data=fields)


def with_pages(settings: dict[str, str]) -> Flask:
    """The application, and the least of pages."""
    app = create_app(load_config(settings))
    app.testing = True
    app.add_url_rule("/who", view_func=who)
    app.add_url_rule("/sign-in-here", view_func=sign_in, methods=["POST"])
    app.add_url_rule("/sign-out-here", view_func=sign_out, methods=["POST"])
    return app


@pytest.fixture(scope="session")
def guarded(settings: dict[str, str], migrated_app: Flask) -> Iterator[Flask]:
    """The site as a household would run it, over the same tables."""
    site = with_pages({**settings, "THROTTLE_PROFILE": "household"})
    yield site
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(app: Flask, guarded: Flask) -> Iterator[Flask]:
    """The same, emptied after each test, inside its context."""
    with guarded.app_context():
        yield guarded
