"""What a key made is found again by whom it belongs to, and by nobody else."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from moviesite.catalogue import service
from moviesite.extensions import db
from moviesite.models import User
from moviesite.transactions import transactional
from tests import factories, people

KEY = {"Idempotency-Key": "one"}
HEAT = 949


@transactional
def gone(user: User) -> int:
    """Delete an account; the number that it leaves."""
    left = user.id
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.expunge_all()
    return left


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/api/v1/lists", {"name": "Rain"}),
        ("/api/v1/me/history", {"movie_id": HEAT}),
        ("/api/v1/me/shares", {"source": "favorites", "name": "Rain"}),
        (f"/api/v1/movies/{HEAT}/reviews", {"rating": 4}),
    ],
)
def test_a_key_of_somebody_who_left_is_free_for_whoever_gets_their_number(
    app: Flask, ada: User, address: str, body: dict[str, Any]
) -> None:
    service.store_movies([factories.movie(HEAT, "Heat", genres=())])
    first = people.signed_in_program(app, ada).post(address, json=body, headers=KEY)
    assert first.status_code == 201
    # As SQLite does by itself.
    ben = people.join("ben", id=gone(ada))
    answer = people.signed_in_program(app, ben).post(address, json=body, headers=KEY)
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["id"] != first.get_json()["id"]
