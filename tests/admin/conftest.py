"""Those who run the site, at their desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from moviesite.extensions import db
from moviesite.models import AuditEntry, User
from tests.people import PASSWORD, form_token, signed_in_browser, signed_in_program


@pytest.fixture
def admin(app: Flask, cleo: User) -> FlaskClient:
    """Cleo's program, its session confirmed."""
    client = signed_in_program(app, cleo)
    confirm(client)
    return client


@pytest.fixture
def desk(app: Flask, cleo: User) -> FlaskClient:
    """Cleo's browser, its session confirmed."""
    browser = signed_in_browser(app, cleo)
    answer = post(browser, "/account/again", password=PASSWORD)
    assert answer.status_code == 303
    return browser


def confirm(client: FlaskClient, password: str = PASSWORD) -> int:
    """Show that it is they; the status of the answer."""
    given = {"password": password}
    return client.put("/api/v1/me/confirmation", json=given).status_code


def post(browser: FlaskClient, address: str, **fields: str | list[str]) -> TestResponse:
    """Send a form of a page."""
    return browser.post(address, data={"csrf_token": form_token(browser), **fields})


def acts() -> list[AuditEntry]:
    """What the audit log holds, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
