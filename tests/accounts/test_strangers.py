"""Who opened an account with an address that is not theirs is thrown out when its owner comes."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite.accounts import google_service, service
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.extensions import db
from moviesite.lists import share_service
from moviesite.models import Identity, TmdbConnection, User
from moviesite.models.lists import FAVORITES
from moviesite.providers.google import Witnessed
from moviesite.transactions import transactional
from tests import people
from tests.people import DEVICE

STRANGER = Witnessed("https://accounts.google.com", "stranger", "evil@example.net", True)


def by_google(user: User) -> None:
    owner = STRANGER._replace(subject="owner", email=user.email)
    assert google_service.enter(owner, DEVICE).id == user.id


def by_mail(user: User) -> None:
    token = issue_token(user, Purpose.RESET_PASSWORD)
    service.confirm_password_reset(token, "nineteen lemons")


@transactional
def connect(user: User) -> None:
    db.session.add(TmdbConnection(user_id=user.id, account_id="7"))


def strangers() -> set[str]:
    """Through which accounts of Google's the accounts here are entered."""
    db.session.rollback()
    return set(db.session.scalars(select(Identity.subject)))


@pytest.mark.parametrize("arrive", [by_google, by_mail])
def test_the_stranger_neither_comes_back_nor_looks_in(
    app: Flask, client: FlaskClient, arrive: Callable[[User], None]
) -> None:
    squatted = people.join("ada", email_verified_at=None)
    google_service.link(squatted, STRANGER)
    link = share_service.share(squatted, FAVORITES, "Look in")
    connect(squatted)
    arrive(squatted)
    assert "stranger" not in strangers()
    assert client.get(f"/l/{link.token}").status_code == 410
    assert db.session.scalars(select(TmdbConnection)).all() == []


def test_who_has_confirmed_their_address_loses_nothing_with_a_password(
    app: Flask, client: FlaskClient, ada: User
) -> None:
    google_service.link(ada, STRANGER)
    link = share_service.share(ada, FAVORITES, "For friends")
    by_mail(ada)
    assert strangers() == {"stranger"}
    assert client.get(f"/l/{link.token}").status_code == 200
