"""What travels packed, and that nothing with somebody's secret does."""

import gzip

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.models import User
from tests import people

HOME, FOUND = "/", "/discover"
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


def test_what_somebody_signed_in_sees_is_never_packed(storing_app: Flask) -> None:
    ada: User = people.join("ada")
    browsing = people.signed_in_browser(storing_app, ada)
    for address in (HOME, FOUND, "/settings/profile"):
        answer = browsing.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in answer.headers, address


def test_a_form_with_a_token_is_never_packed(visitor: FlaskClient) -> None:
    answer = visitor.get("/sign-in", headers={"Accept-Encoding": "br, gzip"})
    assert answer.status_code == 200
    assert "csrf_token" in answer.text
    assert "Content-Encoding" not in answer.headers
