"""Accounts, sessions and favorites with memory."""

import threading

import pytest
from werkzeug.test import Client

from moviesite.demo.server import create_server

from .conftest import KEY, Visitor

OTHER = {"Authorization": "Bearer a-token-of-somebody-else"}
API = {"api_key": "a-v3-key"}


def fresh(state_path=None):
    return Visitor(create_server(state_path=state_path))


def keep(visitor, movie_id, favorite=True, headers=KEY, **said):
    account = visitor.get("/account", headers=headers)["id"]
    body = {"media_type": "movie", "media_id": movie_id, "favorite": favorite}
    return visitor.send(
        "POST",
        f"/account/{account}/favorite",
        body,
        expect=said.get("expect", 201),
        headers=headers,
    )


def kept(visitor, headers=KEY, **params):
    account = visitor.get("/account", headers=headers)["id"]
    return [
        row["id"]
        for row in visitor.get(f"/account/{account}/favorite/movies", headers=headers, **params)[
            "results"
        ]
    ]


def test_a_token_is_always_the_same_account_and_nobody_elses():
    mine, again = fresh().get("/account"), fresh().get("/account")
    others = fresh().get("/account", headers=OTHER)
    assert mine == again
    assert mine["id"] != others["id"]
    assert 0 < mine["id"] < 2**31


def test_a_favorite_is_kept_and_dropped():
    visitor = fresh()
    assert keep(visitor, 603)["status_code"] == 1
    assert keep(visitor, 603)["status_code"] == 12
    assert kept(visitor) == [603]
    assert keep(visitor, 603, favorite=False, expect=200)["status_code"] == 13
    assert kept(visitor) == []


def test_favorites_come_in_the_order_of_keeping_or_turned_round():
    visitor = fresh()
    for movie_id in (603, 194, 157336):
        keep(visitor, movie_id)
    assert kept(visitor) == [603, 194, 157336]
    assert kept(visitor, sort_by="created_at.desc") == [157336, 194, 603]


def test_favorites_are_paged_by_twenty(films):
    visitor = fresh()
    chosen = [film["id"] for film in films[:45]]
    for movie_id in chosen:
        keep(visitor, movie_id)
    account = visitor.get("/account")["id"]
    rows = visitor.all_pages(f"/account/{account}/favorite/movies")
    assert [row["id"] for row in rows] == chosen


def test_favorites_survive_a_restart(tmp_path):
    state = tmp_path / "deep" / "demo.json"
    keep(fresh(state), 603)
    visitor = fresh(state)
    assert kept(visitor) == [603]
    assert keep(visitor, 603)["status_code"] == 12


def test_two_servers_over_one_file_do_not_lose_each_others_writes(tmp_path, films):
    state = tmp_path / "demo.json"
    servers = [fresh(state), fresh(state)]
    ids = [film["id"] for film in films[:40]]

    def work(visitor, mine):
        for movie_id in mine:
            keep(visitor, movie_id)

    threads = [threading.Thread(target=work, args=(servers[n], ids[n::2])) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for visitor in servers:
        account = visitor.get("/account")["id"]
        rows = visitor.all_pages(f"/account/{account}/favorite/movies")
        assert sorted(row["id"] for row in rows) == sorted(ids)


def test_the_file_holds_no_token(tmp_path):
    state = tmp_path / "demo.json"
    visitor = fresh(state)
    keep(visitor, 603)
    session = open_session(visitor)
    visitor.send("DELETE", "/authentication/session", {"session_id": session}, 200)
    text = state.read_text()
    assert session not in text
    assert "a-token-of-somebody" not in text


def test_somebody_elses_account_is_refused():
    visitor = fresh()
    account = visitor.get("/account", headers=OTHER)["id"]
    answer = visitor.get(f"/account/{account}/favorite/movies", expect=401)
    assert answer["status_code"] == 3
    body = {"media_type": "movie", "media_id": 603, "favorite": True}
    assert visitor.send("POST", f"/account/{account}/favorite", body, 401)["status_code"] == 3
    assert kept(visitor, headers=OTHER) == []


def open_session(visitor):
    token = visitor.get("/authentication/token/new", headers={}, **API)["request_token"]
    answer = visitor.send(
        "POST", "/authentication/session/new", {"request_token": token}, 200, headers={}, **API
    )
    return answer["session_id"]


def test_a_session_has_an_account_of_its_own_until_it_is_ended():
    visitor = fresh()
    session = open_session(visitor)
    account = visitor.get("/account", headers={}, session_id=session, **API)
    assert account["username"] == f"demo-account-{account['id']}"
    visitor.send("DELETE", "/authentication/session", {"session_id": session}, 200)
    refused = visitor.get("/account", expect=401, headers={}, session_id=session, **API)
    assert refused["status_code"] == 3
    gone = visitor.send("DELETE", "/authentication/session", {"session_id": session}, 404)
    assert gone["status_code"] == 37


@pytest.mark.parametrize("body", [{}, {"request_token": "made up"}, {"request_token": 7}])
def test_a_foreign_request_token_opens_no_session(body):
    answer = fresh().send("POST", "/authentication/session/new", body, 401)
    assert answer["status_code"] == 17


@pytest.mark.parametrize(
    ("body", "code", "expect"),
    [
        ({}, 5, 422),
        ({"media_type": "movie", "media_id": 603}, 5, 422),
        ({"media_type": "movie", "media_id": True, "favorite": True}, 5, 422),
        ({"media_type": "song", "media_id": 603, "favorite": True}, 5, 422),
        ({"media_type": "movie", "media_id": 603, "favorite": "yes"}, 5, 422),
        ({"media_type": "movie", "media_id": 999999999, "favorite": True}, 34, 404),
        ({"media_type": "tv", "media_id": 1396, "favorite": True}, 34, 404),
    ],
)
def test_a_favorite_that_says_too_little_is_refused(body, code, expect):
    visitor = fresh()
    account = visitor.get("/account")["id"]
    answer = visitor.send("POST", f"/account/{account}/favorite", body, expect)
    assert answer["status_code"] == code


def test_a_damaged_state_file_is_started_afresh(tmp_path):
    state = tmp_path / "demo.json"
    state.write_text("{ cut off")
    visitor = fresh(state)
    assert kept(visitor) == []
    keep(visitor, 603)
    assert kept(fresh(state)) == [603]


def test_a_body_may_come_without_its_content_type():
    server = create_server()
    account = Visitor(server).get("/account")["id"]
    body = b'{"media_type": "movie", "media_id": "603", "favorite": true}'
    response = Client(server).post(f"/3/account/{account}/favorite", data=body, headers=KEY)
    assert response.status_code == 201
