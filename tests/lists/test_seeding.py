"""The demo begins with eight lists, once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.accounts import queries as people
from moviesite.extensions import db
from moviesite.lists import queries, seeding
from moviesite.lists.queries import Wanted

pytestmark = pytest.mark.usefixtures("app")


def test_the_demos_lists_are_made_once() -> None:
    assert seeding.seed_demo() == 8
    assert seeding.seed_demo() == 0
    found = queries.directory(None, Wanted(curated=True), order="created_at").rows
    assert [one.movie_list.name for one in found] == [one.name for one in seeding.PROGRAMMES]
    for one, programme in zip(found, seeding.PROGRAMMES, strict=True):
        assert one.movie_list.movie_count == len(programme.movie_ids)
        assert len(one.cover) == 4


def test_a_demo_that_was_begun_under_another_name_goes_on_under_it() -> None:
    seeding.seed_demo()
    house = people.user_by_email(seeding.ADDRESS)
    assert house is not None
    house.username = house.username_folded = "the-programme"
    db.session.commit()
    assert seeding.seed_demo() == 0
    assert people.user_by_identifier(seeding.HOUSE) is None


def test_nobody_can_sign_in_as_their_owner(client: FlaskClient) -> None:
    seeding.seed_demo()
    house = people.user_by_identifier(seeding.HOUSE)
    assert house is not None
    assert house.password_hash is None
    for password in ("", "password"):
        body = {"identifier": seeding.HOUSE, "password": password}
        assert client.post("/api/v1/auth/token", json=body).status_code in (401, 422)


def test_over_a_real_source_nothing_is_made(site_with: "object", app: Flask) -> None:
    live = site_with(TMDB_API_KEY="0" * 32)  # type: ignore[operator]
    with live.app_context():
        assert seeding.seed_demo() == 0
