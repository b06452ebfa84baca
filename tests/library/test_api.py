"""JSON of what is somebody's own, to the letter of the contract."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.extensions import db
from moviesite.library import service
from moviesite.models import Favorite, LastChange, User, Viewing, Vote, WatchlistItem
from tests.library.conftest import HEAT, OTHER, UNKNOWN
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("films")

VIEWER = {"favorite", "watchlist", "liked", "vote", "rating", "watched_at"}
PAGE = {"count", "page", "page_size", "total_pages", "next", "previous", "results"}
NO_IDS = ("0", "-1", "2147483648", "9223372036854775808", "x", "01")
KEPT = {
    "favorites": ("/api/v1/me/favorites", "/api/v1/me/favorites/{}", {}),
    "watchlist": ("/api/v1/me/watchlist", "/api/v1/me/watchlist/{}", {}),
    "likes": ("/api/v1/me/likes", "/api/v1/movies/{}/like", {}),
    "votes": ("/api/v1/me/votes", "/api/v1/me/votes/{}", {"value": "up"}),
}


@pytest.mark.parametrize("kind", KEPT)
def test_a_row_is_made_once_shown_everywhere_and_removed(as_ada: FlaskClient, kind: str) -> None:
    page, one, body = KEPT[kind]
    first = as_ada.put(one.format(HEAT), json=body)
    assert (first.status_code, first.get_json()["movie"]["id"]) == (201, HEAT)
    again = as_ada.put(one.format(HEAT), json=body)
    assert again.status_code == 200
    assert again.get_json()["added_at"] == first.get_json()["added_at"]
    listed = as_ada.get(page).get_json()
    assert listed.keys() >= PAGE
    assert listed["results"] == [again.get_json()]
    removed = as_ada.delete(one.format(HEAT))
    assert (removed.status_code, removed.data) == (204, b"")
    assert as_ada.delete(one.format(HEAT)).status_code == 204
    assert as_ada.get(page).get_json()["results"] == []


def test_bodies_are_optional_where_every_field_is(as_ada: FlaskClient) -> None:
    assert as_ada.put(f"/api/v1/me/watchlist/{HEAT}").status_code == 201
    row = as_ada.put(f"/api/v1/me/watchlist/{HEAT}", json={"priority": 5}).get_json()
    assert (row["priority"], row["note"]) == (5, "")
    row = as_ada.put(f"/api/v1/me/watchlist/{HEAT}", json={"note": "with Ben"}).get_json()
    assert (row["priority"], row["note"]) == (5, "with Ben")


@pytest.mark.parametrize("body", [{}, None, {"movie_id": OTHER, "note": "x"}])
def test_a_body_where_none_is_taken_is_not_read(as_ada: FlaskClient, body: Any) -> None:
    one = f"/api/v1/me/favorites/{HEAT}"
    assert as_ada.put(one, json=body).get_json()["movie"]["id"] == HEAT
    assert as_ada.delete(one, json=body).status_code == 204


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/movies?title=heat",
        "/api/v1/movies/search?query=heat",
        "/api/v1/movies/949/similar",
    ],
)
def test_summaries_say_what_the_caller_has_done(
    client: FlaskClient, as_ada: FlaskClient, address: str
) -> None:
    as_ada.put(f"/api/v1/me/favorites/{HEAT}")
    nobodys = client.get(address)
    mine = as_ada.get(address)
    assert nobodys.status_code in (200, 404)
    for movie in mine.get_json().get("results", []):
        assert movie["viewer"].keys() == VIEWER
        assert movie["viewer"]["favorite"] is (movie["id"] == HEAT)
    for movie in nobodys.get_json().get("results", []):
        assert movie["viewer"] is None
    if mine.status_code == 200:
        assert mine.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "address",
    [
        *(f"/api/v1/movies/{name}" for name in ("popular", "top-rated", "upcoming", "now-playing")),
        *("/api/v1/movies/discover", "/api/v1/movies/trending"),
        *("/api/v1/movies/27205/similar", "/api/v1/movies/27205/recommendations"),
    ],
)
def test_lists_of_the_source_carry_the_viewers_part(as_ada: FlaskClient, address: str) -> None:
    movies = as_ada.get(address).get_json()["results"]
    chosen = movies[0]["id"]
    as_ada.put(f"/api/v1/movies/{chosen}/like")
    answer = as_ada.get(address)
    shown = {movie["id"]: movie for movie in answer.get_json()["results"]}
    assert shown[chosen]["viewer"]["liked"] is True
    assert shown[chosen]["community"]["likes"] == 1
    assert not any(movie["viewer"]["liked"] for id_, movie in shown.items() if id_ != chosen)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_movie_and_a_person_carry_the_viewers_part(as_ada: FlaskClient) -> None:
    movie = as_ada.get("/api/v1/movies/27205").get_json()
    similar = movie["similar"][0]["id"]
    as_ada.put("/api/v1/me/votes/27205", json={"value": "down"})
    as_ada.put(f"/api/v1/me/watchlist/{similar}")
    movie = as_ada.get("/api/v1/movies/27205").get_json()
    assert movie["viewer"]["vote"] == "down"
    assert movie["community"]["votes_down"] == 1
    assert movie["similar"][0]["viewer"]["watchlist"] is True
    rows = as_ada.get("/api/v1/people/525").get_json()["filmography"]
    assert {row["movie"]["id"]: row["movie"]["viewer"]["vote"] for row in rows}[27205] == "down"


def test_one_of_the_watchlist_is_picked(as_ada: FlaskClient) -> None:
    address = "/api/v1/me/watchlist/pick"
    assert as_ada.get(address).status_code == 404
    for movie_id in (HEAT, OTHER):
        as_ada.put(f"/api/v1/me/watchlist/{movie_id}", json={"priority": 5})
    picked = as_ada.get(address, query_string={"besides": HEAT}).get_json()
    assert (picked["movie"]["id"], picked["priority"]) == (OTHER, 5)
    assert picked["movie"]["viewer"]["watchlist"] is True
    assert as_ada.get(address, query_string={"title": "heat"}).get_json()["movie"]["id"] == HEAT
    assert as_ada.get(address, query_string={"year": 1901}).status_code == 404
    for odd in ("x", "0"):
        assert as_ada.get(address, query_string={"besides": odd}).status_code == 422


@pytest.mark.parametrize("shelf", ["favorites", "watchlist", "likes", "votes"])
def test_what_was_seen_can_be_told_from_the_rest(as_ada: FlaskClient, shelf: str) -> None:
    for movie_id in (HEAT, OTHER):
        as_ada.put(f"/api/v1/me/favorites/{movie_id}")
        as_ada.put(f"/api/v1/me/watchlist/{movie_id}", json={})
        as_ada.put(f"/api/v1/me/votes/{movie_id}", json={"value": "up"})
        as_ada.put(f"/api/v1/movies/{movie_id}/like")
    as_ada.post("/api/v1/me/history", json={"movie_id": HEAT})
    for query, expected in (("true", [HEAT]), ("false", [OTHER])):
        page = as_ada.get(f"/api/v1/me/{shelf}?seen={query}").get_json()
        assert [row["movie"]["id"] for row in page["results"]] == expected
        assert page["count"] == 1
    assert as_ada.get(f"/api/v1/me/{shelf}?seen=x").status_code == 422
    picked = as_ada.get("/api/v1/me/watchlist/pick?seen=true").get_json()
    assert picked["movie"]["id"] == HEAT


def test_a_vote_is_read_by_itself(as_ada: FlaskClient) -> None:
    assert as_ada.get(f"/api/v1/me/votes/{HEAT}").status_code == 404
    as_ada.put(f"/api/v1/me/votes/{HEAT}", json={"value": "down"})
    assert as_ada.get(f"/api/v1/me/votes/{HEAT}").get_json()["value"] == "down"


def test_plays_are_noted_once_for_each_key(as_ada: FlaskClient) -> None:
    address, play = (
        "/api/v1/me/history",
        {"movie_id": HEAT, "watched_at": "1996-02-29T20:15:00+01:00"},
    )
    key = {"Idempotency-Key": "one"}
    first, again = (as_ada.post(address, json=play, headers=key) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()
    assert first.get_json()["watched_at"] == "1996-02-29T19:15:00Z"
    other = as_ada.post(address, json={"movie_id": HEAT}, headers=key)
    assert other.status_code == 422
    assert as_ada.post(address, json=play).get_json()["id"] != first.get_json()["id"]
    page = as_ada.get(f"{address}?page_size=1").get_json()
    assert len(page["results"]) == 1
    assert len(as_ada.get(page["next"]).get_json()["results"]) == 1
    assert as_ada.get(page["next"]).get_json()["next"] is None
    assert as_ada.delete(f"{address}/{first.get_json()['id']}").status_code == 204
    assert as_ada.delete(f"{address}/{first.get_json()['id']}").status_code == 404
    assert as_ada.post(address, json=play, headers=key).status_code == 409


def test_a_play_is_moved_and_taken_back(as_ada: FlaskClient, as_ben: FlaskClient) -> None:
    address = "/api/v1/me/history"
    play = as_ada.post(address, json={"movie_id": HEAT, "progress_seconds": 60}).get_json()
    one, then = f"{address}/{play['id']}", {"watched_at": "1996-02-29T19:15:00Z"}
    moved = as_ada.patch(one, json=then)
    assert (moved.status_code, moved.get_json()) == (200, {**play, **then})
    assert "Undo-Token" not in as_ada.patch(one, json=then).headers
    assert as_ben.patch(one, json=then).status_code == 404
    assert as_ada.patch(one, json={"watched_at": "1887-01-01T00:00:00Z"}).status_code == 422
    assert as_ada.patch(one, json={}).get_json() == moved.get_json()
    as_ada.post("/api/v1/me/undo", json={"token": moved.headers["Undo-Token"]})
    [back] = as_ada.get(address).get_json()["results"]
    assert back["watched_at"] == play["watched_at"]


def test_views_are_taken_from_anybody(client: FlaskClient, as_ada: FlaskClient) -> None:
    address = f"/api/v1/movies/{HEAT}/views"
    for caller in (client, as_ada):
        answers = [caller.post(address) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert [answer.get_json()["counted"] for answer in answers] == [True, False]
    assert client.post(f"/api/v1/movies/{UNKNOWN}/views").status_code == 404


def test_what_was_muted_is_listed_and_left_out(as_ada: FlaskClient) -> None:
    popular = as_ada.get("/api/v1/movies/popular").get_json()["results"]
    muted = popular[0]["id"]
    assert as_ada.put(f"/api/v1/me/hidden/movie/{muted}").status_code == 201
    assert as_ada.put(f"/api/v1/me/hidden/movie/{muted}").status_code == 200
    shown = as_ada.get("/api/v1/movies/popular").get_json()["results"]
    assert muted not in {movie["id"] for movie in shown}
    [row] = as_ada.get("/api/v1/me/hidden").get_json()["results"]
    assert (row["kind"], row["id"], row["name"]) == ("movie", muted, popular[0]["title"])
    assert as_ada.get(f"/api/v1/movies/{muted}").status_code == 200
    for address in ("/api/v1/movies/search", "/api/v1/search/suggest"):
        query = {"query": popular[0]["title"], "q": popular[0]["title"]}
        name = "q" if "suggest" in address else "query"
        found = as_ada.get(address, query_string={name: query[name]}).get_json()["results"]
        assert muted not in {movie["id"] for movie in found}
    assert as_ada.delete(f"/api/v1/me/hidden/movie/{muted}").status_code == 204
    assert as_ada.get("/api/v1/movies/popular").get_json()["results"][0]["id"] == muted


def test_feedback_is_given_changed_and_withdrawn(as_ada: FlaskClient) -> None:
    address = f"/api/v1/me/feedback/{HEAT}"
    assert as_ada.put(address, json={"value": "more"}).status_code == 201
    changed = as_ada.put(address, json={"value": "not_interested"})
    assert (changed.status_code, changed.get_json()["value"]) == (200, "not_interested")
    assert as_ada.delete(address).status_code == 204


def test_a_change_is_taken_back_by_its_token(as_ada: FlaskClient, as_ben: FlaskClient) -> None:
    as_ada.put(f"/api/v1/me/watchlist/{HEAT}", json={"note": "with Ben"})
    token = as_ada.delete(f"/api/v1/me/watchlist/{HEAT}").headers["Undo-Token"]
    assert as_ben.post("/api/v1/me/undo", json={"token": token}).status_code == 409
    undone = as_ada.post("/api/v1/me/undo", json={"token": token})
    assert undone.get_json() == {"kind": "watchlist", "subject": str(HEAT), "movie_id": HEAT}
    assert as_ada.get("/api/v1/me/watchlist").get_json()["results"][0]["note"] == "with Ben"
    assert as_ada.post("/api/v1/me/undo", json={"token": token}).status_code == 409


def test_pages_take_the_catalogues_filters_and_orders(as_ada: FlaskClient) -> None:
    for movie_id in (HEAT, OTHER):
        as_ada.put(f"/api/v1/me/favorites/{movie_id}")

    def found(query: str) -> list[int]:
        page = as_ada.get(f"/api/v1/me/favorites?{query}").get_json()
        return [row["movie"]["id"] for row in page["results"]]

    assert found("") == [OTHER, HEAT]
    assert found("ordering=added_at") == found("ordering=title") == [HEAT, OTHER]
    assert found("ordering=-title") == [OTHER, HEAT]
    assert found("ordering=runtime") == found("ordering=-runtime") == [HEAT, OTHER], "unknown last"
    assert found("genre=crime") == found("search=haet") == found("runtime_max=170") == [HEAT]
    assert found("genre=-crime") == found("title=oth") == [OTHER]
    assert found("page=2&page_size=1") == [HEAT]


# What is refused


@pytest.fixture
def nothing_kept(app: Flask) -> Iterator[None]:
    """Whatever a test sends leaves no row of anybody's."""
    yield
    db.session.rollback()
    for table in (Favorite, WatchlistItem, Vote, Viewing, LastChange):
        assert db.session.query(table).count() == 0


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("movie_id", [*NO_IDS, str(UNKNOWN)])
@pytest.mark.parametrize(
    "address", [*(one for _, one, _ in KEPT.values()), "/api/v1/me/feedback/{}"]
)
def test_no_row_hangs_on_a_movie_that_cannot_be(
    as_ada: FlaskClient, address: str, movie_id: str
) -> None:
    body = {"value": "more"} if "feedback" in address else {"value": "up"}
    sent = body if "vote" in address or "feedback" in address else {}
    assert as_ada.put(address.format(movie_id), json=sent).status_code == 404


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("method", "address", "body", "field"),
    [
        ("PUT", f"me/watchlist/{HEAT}", {"note": "x" * 1001}, "note"),
        ("PUT", f"me/watchlist/{HEAT}", {"note": "\x00"}, "note"),
        ("PUT", f"me/watchlist/{HEAT}", {"note": 5}, "note"),
        ("PUT", f"me/watchlist/{HEAT}", {"priority": 0}, "priority"),
        ("PUT", f"me/watchlist/{HEAT}", {"priority": 2**63}, "priority"),
        ("PUT", f"me/watchlist/{HEAT}", {"priority": "3"}, "priority"),
        ("PUT", f"me/watchlist/{HEAT}", {"priority": True}, "priority"),
        ("PUT", f"me/watchlist/{HEAT}", {"colour": "red"}, "colour"),
        ("PUT", f"me/votes/{HEAT}", {}, "value"),
        ("PUT", f"me/votes/{HEAT}", {"value": "sideways"}, "value"),
        ("PUT", f"me/votes/{HEAT}", {"value": "up", "weight": 2}, "weight"),
        ("PUT", f"me/feedback/{HEAT}", {"value": "meh"}, "value"),
        ("POST", "me/history", {}, "movie_id"),
        ("POST", "me/history", {"movie_id": 0}, "movie_id"),
        ("POST", "me/history", {"movie_id": 2**63}, "movie_id"),
        (
            "POST",
            "me/history",
            {"movie_id": HEAT, "watched_at": "2999-01-01T00:00:00Z"},
            "watched_at",
        ),
        (
            "POST",
            "me/history",
            {"movie_id": HEAT, "watched_at": "0001-01-01T00:00:00+14:00"},
            "watched_at",
        ),
        ("POST", "me/history", {"movie_id": HEAT, "watched_at": "yesterday"}, "watched_at"),
        ("POST", "me/history", {"movie_id": HEAT, "progress_seconds": -1}, "progress_seconds"),
        ("POST", "me/history", {"movie_id": HEAT, "progress_seconds": 1.5}, "progress_seconds"),
        ("POST", "me/history", {"movie_id": HEAT, "seen": True}, "seen"),
        ("POST", "me/undo", {"token": "x"}, "token"),
    ],
)
def test_what_is_wrong_is_named_and_leaves_nothing(
    as_ada: FlaskClient, method: str, address: str, body: Any, field: str
) -> None:
    answer = as_ada.open(f"/api/v1/{address}", method=method, json=body)
    assert (answer.status_code, list(answer.get_json()["errors"]["json"])) == (422, [field])


@pytest.mark.usefixtures("nothing_kept")
def test_a_lone_surrogate_is_no_text(as_ada: FlaskClient) -> None:
    answer = as_ada.put(
        f"/api/v1/me/watchlist/{HEAT}", data=b'{"note": "\\ud800"}', content_type="application/json"
    )
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "query", ["page=0", "page=501", "page_size=101", "ordering=priority", "genre=", "search=%00"]
)
def test_odd_pages_are_refused(as_ada: FlaskClient, query: str) -> None:
    assert as_ada.get(f"/api/v1/me/favorites?{query}").status_code == 422


# Cursors of the last and the first moment of all, far enough east and west to be outside of UTC.
OUTSIDE = [
    urlsafe_b64encode(f"{moment} 5".encode()).decode()
    for moment in ("9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00")
]


@pytest.mark.parametrize(
    "query",
    [
        *("cursor=x", "month=2026-13", "month=1066-10", "movie_id=0"),
        *(f"cursor={cursor}" for cursor in OUTSIDE),
    ],
)
def test_odd_parts_of_history_are_refused(as_ada: FlaskClient, query: str) -> None:
    assert as_ada.get(f"/api/v1/me/history?{query}").status_code == 422


@pytest.mark.parametrize("address", ["colour/1", "genre/0", "genre/123456", f"movie/{UNKNOWN}"])
def test_what_cannot_be_muted_is_not_found(as_ada: FlaskClient, address: str) -> None:
    assert as_ada.put(f"/api/v1/me/hidden/{address}").status_code == 404


# What it costs


def statements(caller: FlaskClient, method: str, address: str, **sent: Any) -> int:
    """How many, without the one that finds out who is calling."""
    with counted() as made:
        assert caller.open(address, method=method, **sent).status_code < 300
    return len([one for one in made if "FROM sessions" not in one])


@pytest.mark.parametrize("page_size", [12, 100])
def test_a_page_of_favorites_is_two_statements(
    ada: User, as_ada: FlaskClient, page_size: int
) -> None:
    as_ada.put(f"/api/v1/me/favorites/{HEAT}")
    as_ada.get("/api/v1/me")  # when a session was last used is noted by the first call
    assert statements(as_ada, "GET", f"/api/v1/me/favorites?page_size={page_size}") == 2


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PUT", f"me/favorites/{HEAT}", None),
        ("DELETE", f"me/favorites/{HEAT}", None),
        ("PUT", f"me/watchlist/{HEAT}", {"note": "one"}),
        ("PUT", f"me/watchlist/{HEAT}", {"note": "two"}),
        ("PUT", f"movies/{HEAT}/like", None),
        ("PUT", f"me/votes/{HEAT}", {"value": "up"}),
        ("POST", "me/history", {"movie_id": HEAT}),
        ("PUT", f"me/feedback/{HEAT}", {"value": "less"}),
        ("PUT", "me/hidden/genre/18", None),
        ("POST", f"movies/{HEAT}/reviews", {"rating": 4}),
    ],
)
def test_a_write_is_at_most_six_statements(
    as_ada: FlaskClient, method: str, address: str, body: Any
) -> None:
    as_ada.put(f"/api/v1/me/watchlist/{HEAT}", json={"note": "zero"})
    assert statements(as_ada, method, f"/api/v1/{address}", json=body) <= 6


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (f"me/favorites/{HEAT}", None),
        (f"me/watchlist/{HEAT}", {"note": "one"}),
        (f"movies/{HEAT}/like", None),
        (f"me/votes/{HEAT}", {"value": "up"}),
    ],
)
def test_a_tap_on_a_card_is_written_in_one_statement_and_answered_in_another(
    as_ada: FlaskClient, database_kind: str, address: str, body: Any
) -> None:
    as_ada.get("/api/v1/me")  # when a session was last used is noted by the first call
    # SQLite writes the row and its note one after the other.
    expected = 2 if database_kind == "postgresql" else 3
    assert statements(as_ada, "PUT", f"/api/v1/{address}", json=body) == expected


def test_public_ids_are_uuids(as_ada: FlaskClient, ada: User) -> None:
    service.record_viewing(ada, HEAT)
    [play] = as_ada.get("/api/v1/me/history").get_json()["results"]
    assert UUID(play["id"])
