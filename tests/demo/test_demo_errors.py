"""Refusals have TMDb's codes, statuses and words."""

import json
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from moviesite.demo.errors import DemoError, status_body
from moviesite.demo.server import create_server

from .conftest import KEY, document

REFUSED = [
    (7, "/movie/603", {}, {}),
    (7, "/movie/603", {"api_key": ""}, {}),
    (7, "/nowhere", {}, {}),
    (34, "/movie/999999999", {}, KEY),
    (34, "/movie/nonsense", {}, KEY),
    (34, "/movie/99999999999999999999999", {}, KEY),
    (34, "/movie/603/horoscope", {}, KEY),
    (34, "/movie/999999999/credits", {}, KEY),
    (34, "/person/999999999", {}, KEY),
    (34, "/person/525/horoscope", {}, KEY),
    (34, "/keyword/999999999", {}, KEY),
    (34, "/collection/10", {}, KEY),
    (34, "/trending/movie/year", {}, KEY),
    (34, "/search/nothing", {"query": "x"}, KEY),
    (34, "/nowhere", {}, KEY),
    *((22, "/movie/popular", {"page": page}, KEY) for page in (0, -1, 501, "x", "1.5", 2**70)),
    (22, "/search/movie", {"query": "a", "page": 501}, KEY),
    (22, "/movie/603/similar", {"page": 0}, KEY),
    (5, "/discover/movie", {"with_genres": "drama"}, KEY),
    (5, "/discover/movie", {"vote_average.gte": "nan"}, KEY),
    (5, "/discover/movie", {"vote_count.gte": "many"}, KEY),
    (5, "/discover/movie", {"year": "199x"}, KEY),
    (5, "/discover/movie", {"with_people": "9" * 30}, KEY),
    (5, "/discover/movie", {"sort_by": "luck.desc"}, KEY),
    (5, "/discover/movie", {"sort_by": "title"}, KEY),
    (5, "/find/tt0816692", {}, KEY),
    (23, "/discover/movie", {"release_date.gte": "yesterday"}, KEY),
    (23, "/discover/movie", {"primary_release_date.lte": "2015-02-30"}, KEY),
    (20, "/movie/changes", {"start_date": "2016-01-01", "end_date": "2016-01-16"}, KEY),
    (20, "/movie/changes", {"start_date": "2016-01-02", "end_date": "2016-01-01"}, KEY),
    (27, "/movie/603", {"append_to_response": ",".join(["videos"] * 21)}, KEY),
    (27, "/person/525", {"append_to_response": ",".join(["images"] * 21)}, KEY),
    (3, "/account", {"api_key": "a-v3-key-alone"}, {}),
    (3, "/account/1", {}, KEY),
    (3, "/account/1/favorite/movies", {}, KEY),
]


@pytest.mark.parametrize(("code", "path", "params", "headers"), REFUSED)
def test_a_refusal_has_its_code_status_and_words(demo, code, path, params, headers):
    error = DemoError(code)
    answer = demo.get(path, expect=error.http_status, headers=headers, **params)
    assert answer == {"success": False, "status_code": code, "status_message": str(error)}


def test_every_code_in_use_says_what_tmdb_says():
    known = {
        row["code"]: row for row in json.loads(document("error-codes.json").read_text())["errors"]
    }
    for code in (1, 3, 5, 7, 12, 13, 17, 20, 22, 23, 27, 34, 37, 42):
        error = DemoError(code)
        assert (error.http_status, str(error)) == (
            known[code]["http_status"],
            known[code]["message"],
        )
        assert status_body(code)["success"] is (error.http_status < 400)


def test_either_kind_of_key_opens_the_door(demo):
    assert demo.get("/authentication", headers={}, api_key="anything")["success"] is True
    assert demo.get("/authentication", headers=KEY)["success"] is True


def test_another_method_is_refused(demo):
    assert demo.send("DELETE", "/movie/603", expect=405)["status_code"] == 42


def test_twenty_parts_are_allowed(demo):
    assert demo.get("/movie/603", append_to_response=",".join(["videos"] * 20))["videos"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"x" * 70_000])
def test_a_body_that_is_no_object_is_refused(body):
    client = Client(create_server())
    response = client.post("/3/authentication/session/new", data=body, headers=KEY)
    assert response.status_code == 422
    assert response.json["status_code"] == 5


ODD = (
    "\x00",
    "-1",
    "1e999",
    "9" * 40,
    "%",
    "1,,|,2",
    "|",
    "'",
    "\u0661",
    "\ud7ff",
    "a" * 5000,
    "null",
)
ASKED = (
    *("/discover/movie", "/search/multi", "/search/movie", "/movie/603", "/movie/popular"),
    *("/person/525", "/movie/changes", "/find/x", "/trending/movie/day", "/account"),
)
NAMES = (
    *("page", "language", "query", "year", "with_genres", "with_original_language", "sort_by"),
    *("vote_average.gte", "release_date.lte", "watch_region", "with_watch_providers", "region"),
    *("append_to_response", "external_source", "start_date", "session_id"),
)


@pytest.mark.parametrize("path", ASKED)
def test_no_odd_value_breaks_the_demo(demo, path):
    for name in NAMES:
        for value in ODD:
            assert demo.status(path, **{name: value}) < 500


@pytest.mark.parametrize("value", ODD)
def test_no_odd_address_breaks_the_demo(demo, value):
    for path in ("movie", "person", "keyword", "collection", "find", "search", "account"):
        assert demo.status(f"/{path}/{quote(value, safe='')}") < 500
