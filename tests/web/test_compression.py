"""What travels packed, and that nothing with somebody's secret does."""

import gzip

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite.extensions import db
from moviesite.models import User
from tests import people

HOME, FOUND = "/", "/discover"
BOTH = {"Accept-Encoding": "br, gzip"}
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize("address", [HOME, FOUND, "/api/v1/movies/popular"])
def test_a_page_for_everybody_travels_packed_and_says_the_same(
    visitor: FlaskClient, address: str, coding: str
) -> None:
    plain = visitor.get(address)
    for _ in range(2):
        small = visitor.get(address, headers={"Accept-Encoding": coding})
        assert small.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in small.headers["Vary"]
        assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
        assert len(UNPACK[coding](small.data)) == pytest.approx(len(plain.data), rel=0.01)


def test_a_kept_page_is_packed_once_and_known_again_by_its_validator(
    visitor: FlaskClient,
) -> None:
    plain = visitor.get(HOME)
    first, second = (visitor.get(HOME, headers={"Accept-Encoding": "br"}) for _ in range(2))
    assert first.data == second.data
    assert brotli.decompress(first.data) == plain.data
    assert first.headers["ETag"].startswith("W/")
    known = {"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    assert visitor.get(HOME, headers=known).status_code == 304
    assert visitor.get(HOME).data == plain.data


@pytest.mark.parametrize(
    ("said", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip;q=0.8, br;q=0", "gzip"),
        ("br;q=0.0, gzip;q=0", None),
        ("identity", None),
        ("GZIP", "gzip"),
        ("*", None),
    ],
)
def test_the_client_has_the_word(visitor: FlaskClient, said: str, coding: str | None) -> None:
    answer = visitor.get(HOME, headers={"Accept-Encoding": said})
    assert answer.headers.get("Content-Encoding") == coding


@pytest.fixture
def ada(storing_app: Flask) -> User:
    """Ada, who joined when she was first asked for: all tests of this file are of one site."""
    known = db.session.scalar(select(User).where(User.username == "ada"))
    return known or people.join("ada")


@pytest.fixture
def browsing(storing_app: Flask, ada: User) -> FlaskClient:
    client = people.signed_in_browser(storing_app, ada)
    with client.session_transaction() as cookie:
        cookie.permanent = True  # as signing in makes it: each answer renews the cookie
    return client


@pytest.mark.parametrize("address", [HOME, FOUND, "/account"])
def test_a_page_of_somebodys_travels_packed_and_says_the_same(
    browsing: FlaskClient, address: str
) -> None:
    plain = browsing.get(address)
    small = browsing.get(address, headers=BOTH)
    assert "Set-Cookie" in small.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in ", ".join(small.headers.getlist("Vary"))
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    said = gzip.decompress(small.data)
    assert b"Sign out" in said
    assert len(said) == pytest.approx(len(plain.data), rel=0.01)


def test_nobody_learns_the_length_of_a_page_of_somebodys(browsing: FlaskClient) -> None:
    lengths = [len(browsing.get("/about", headers=BOTH).data) for _ in range(40)]
    assert len(set(lengths)) > 10
    assert max(lengths) - min(lengths) > 20


@pytest.mark.parametrize(
    "address",
    [
        "/discover?sort_by=vote_count.desc",  # anybody's words may be in it
        "/?a-guess=1",
        "/no-such-page",
        "/api/v1/me",  # its validator is named by writes
    ],
)
def test_somebodys_answer_with_a_strangers_words_and_json_are_never_packed(
    browsing: FlaskClient, address: str
) -> None:
    assert "Content-Encoding" not in browsing.get(address, headers=BOTH).headers


def test_a_program_of_somebodys_gets_what_writes_can_name(storing_app: Flask, ada: User) -> None:
    program = people.signed_in_program(storing_app, ada)
    answer = program.get("/api/v1/me", headers=BOTH)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_form_with_a_token_is_never_packed(visitor: FlaskClient) -> None:
    answer = visitor.get("/sign-in", headers=BOTH)
    assert answer.status_code == 200
    assert "csrf_token" in answer.text
    assert "Content-Encoding" not in answer.headers
