"""SQLite gives the number of an account that is gone to the next one, who meets nothing of it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.accounts import address_service, proof_service, service
from moviesite.catalogue import service as catalogue
from moviesite.errors import InvalidInput, QuotaExceeded
from moviesite.models import User
from tests import factories, people
from tests.people import DEVICE, succeed

FILM = 949


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("lists", {"name": "Evenings"}),
        ("me/shares", {"source": "favorites", "name": "Mine"}),
        (f"movies/{FILM}/reviews", {"text": "Coffee."}),
        ("me/history", {"movie_id": FILM}),
    ],
)
def test_a_key_for_repeating_a_request_is_new_again(
    app: Flask, as_ada: FlaskClient, ada: User, address: str, body: dict[str, Any]
) -> None:
    catalogue.store_movies([factories.movie(FILM)])
    sent = {"json": body, "headers": {"Idempotency-Key": "1"}}
    first = as_ada.post(f"/api/v1/{address}", **sent)
    assert first.status_code == 201, first.text
    as_ben = people.signed_in_program(app, succeed(ada, "ben"))
    second = as_ben.post(f"/api/v1/{address}", **sent)
    assert second.status_code == 201, second.text


def test_tries_of_who_is_gone_are_not_counted(house: Flask, ada: User) -> None:
    wrong = proof_service.Proof("a wrong password")
    for _ in range(service.ACCOUNT_TRIES):
        with pytest.raises(InvalidInput):
            proof_service.check(ada, wrong, DEVICE)
    with pytest.raises(QuotaExceeded):
        proof_service.check(ada, wrong, DEVICE)
    ben = succeed(ada, "ben")
    with pytest.raises(InvalidInput):
        proof_service.check(ben, wrong, DEVICE)


def test_mails_of_who_is_gone_are_not_counted(house: Flask) -> None:
    ada = people.join("ada", email_verified_at=None, password_hash=None)
    for ask in (address_service.request_verification, proof_service.mail_confirmation):
        for _ in range(5):
            ask(ada)
        with pytest.raises(QuotaExceeded):
            ask(ada)
    ben = succeed(ada, "ben", email_verified_at=None, password_hash=None)
    address_service.request_verification(ben)
    proof_service.mail_confirmation(ben)
