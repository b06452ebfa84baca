"""Favorites kept on TMDb, by the caller's own token: live, and nowhere else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from moviesite.demo.account import account_id_of
from moviesite.extensions import db
from moviesite.models import Favorite, TmdbShare, User
from tests.people import signed_in_program
from tests.tmdb_server import TmdbServer

ADAS, BENS = "adas-own-token", "bens-own-token"
INCEPTION, DARK_KNIGHT = 27205, 155


def account(token: str) -> str:
    return str(account_id_of(token))


def sent(token: str) -> dict[str, str]:
    return {"X-TMDb-Token": token}


def keep(caller: FlaskClient, token: str, movie_id: int, **more: object) -> int:
    body = {"account_id": account(token), "movie_id": movie_id, **more}
    return caller.put("/api/v1/tmdb/favorites", json=body, headers=sent(token)).status_code


@pytest.fixture
def caller(live_site: Flask) -> FlaskClient:
    return live_site.test_client()


def test_favorites_are_set_and_read_on_tmdb_itself(caller: FlaskClient) -> None:
    assert keep(caller, ADAS, INCEPTION) == 200
    assert keep(caller, ADAS, DARK_KNIGHT) == 200
    address = f"/api/v1/tmdb/favorites?account_id={account(ADAS)}"
    answer = caller.get(address, headers=sent(ADAS))
    assert [row["id"] for row in answer.get_json()["results"]] == [DARK_KNIGHT, INCEPTION]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert keep(caller, ADAS, DARK_KNIGHT, favorite=False) == 200
    assert caller.get(address, headers=sent(ADAS)).get_json()["count"] == 1
    assert db.session.scalar(select(func.count()).select_from(Favorite)) == 0


def test_the_token_may_be_the_bearer_on_these_routes(caller: FlaskClient) -> None:
    address = f"/api/v1/tmdb/favorites?account_id={account(ADAS)}"
    headers = {"Authorization": f"Bearer {ADAS}"}
    assert caller.get(address, headers=headers).status_code == 200
    assert caller.get(address).status_code == 401


def test_a_token_of_this_site_is_never_sent_to_tmdb(
    live_site: Flask, tmdb: TmdbServer, ada: User
) -> None:
    program = signed_in_program(live_site, ada)
    address = f"/api/v1/tmdb/favorites?account_id={account(ADAS)}"
    refused = program.get(address)
    assert (refused.status_code, "X-TMDb-Token" in refused.json["detail"]) == (401, True)
    assert not tmdb.heard
    assert program.get(address, headers=sent(ADAS)).status_code == 200


def test_another_account_than_the_tokens_own_is_refused(caller: FlaskClient) -> None:
    body = {"account_id": account(BENS), "movie_id": INCEPTION}
    other = f"/api/v1/tmdb/favorites?account_id={account(BENS)}"
    share = {"account_id": account(BENS), "list_name": "nights"}
    assert caller.get(other, headers=sent(ADAS)).status_code == 403
    assert caller.put("/api/v1/tmdb/favorites", json=body, headers=sent(ADAS)).status_code == 403
    assert caller.post("/api/v1/tmdb/shares", json=share, headers=sent(ADAS)).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(TmdbShare)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"movie_id": 0},
        {"movie_id": "27205"},
        {"movie_id": 2**63},
        {"media_type": "tv"},
        {"favorite": "perhaps"},
        {"account_id": "../1"},
        {"account_id": True},
        {"note": "x"},
    ],
)
def test_a_favorite_that_makes_no_sense_is_refused(
    caller: FlaskClient, tmdb: TmdbServer, wrong: dict[str, object]
) -> None:
    body = {"account_id": account(ADAS), "movie_id": INCEPTION, **wrong}
    answer = caller.put("/api/v1/tmdb/favorites", json=body, headers=sent(ADAS))
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.get_json()["errors"]["json"]
    assert not tmdb.heard


def test_a_movie_that_tmdb_does_not_know_is_not_found(caller: FlaskClient) -> None:
    assert keep(caller, ADAS, 2_000_000_000) == 404


def test_a_share_is_made_renamed_and_its_name_is_held(caller: FlaskClient) -> None:
    def share(token: str, name: str) -> tuple[int, dict[str, object]]:
        body = {"account_id": account(token), "list_name": name}
        answer = caller.post("/api/v1/tmdb/shares", json=body, headers=sent(token))
        return answer.status_code, answer.get_json()

    status, body = share(ADAS, "Film Nights")
    assert (status, body["account_id"], body["list_name"]) == (201, account(ADAS), "Film Nights")
    assert str(body["url"]).endswith("/l/tmdb/Film%20Nights")
    assert share(BENS, "film nights")[0] == 409
    assert share(ADAS, "Long Nights")[0] == 200
    assert share(BENS, "film nights")[0] == 201
    rows = db.session.scalars(select(TmdbShare.name).order_by(TmdbShare.name)).all()
    assert rows == ["Long Nights", "film nights"]


def test_a_share_is_read_live_with_the_visitors_own_token(caller: FlaskClient) -> None:
    keep(caller, ADAS, INCEPTION)
    body = {"account_id": account(ADAS), "list_name": "nights"}
    caller.post("/api/v1/tmdb/shares", json=body, headers=sent(ADAS))
    seen = caller.get("/api/v1/tmdb/shared/Nights", headers=sent(ADAS)).get_json()
    assert (seen["name"], [row["id"] for row in seen["results"]]) == ("nights", [INCEPTION])
    keep(caller, ADAS, DARK_KNIGHT)
    again = caller.get("/api/v1/tmdb/shared/nights", headers=sent(ADAS)).get_json()
    assert again["count"] == 2
    assert caller.get("/api/v1/tmdb/shared/other").status_code == 404
    assert caller.get("/api/v1/tmdb/shared/nights").status_code == 403


def test_the_operators_token_reads_what_is_the_operators(caller: FlaskClient) -> None:
    own = "operators-own-token"
    keep(caller, own, INCEPTION)
    body = {"account_id": account(own), "list_name": "house list"}
    caller.post("/api/v1/tmdb/shares", json=body, headers=sent(own))
    answer = caller.get("/api/v1/tmdb/shared/house list")
    assert [row["id"] for row in answer.get_json()["results"]] == [INCEPTION]
    assert "Inception" in caller.get("/l/tmdb/house%20list").text


@pytest.mark.parametrize("address", ["discover?", "search?query=inception&"])
def test_other_lists_mark_what_is_a_favorite(caller: FlaskClient, address: str) -> None:
    keep(caller, ADAS, INCEPTION)
    marked = caller.get(
        f"/api/v1/movies/{address}account_id={account(ADAS)}", headers=sent(ADAS)
    ).get_json()["results"]
    assert {row["tmdb_favorite"] for row in marked if row["id"] == INCEPTION} <= {True}
    assert {row["tmdb_favorite"] for row in marked if row["id"] != INCEPTION} <= {False}
    plain = caller.get(f"/api/v1/movies/{address}").get_json()["results"]
    assert all("tmdb_favorite" not in row for row in plain)
    assert caller.get(f"/api/v1/movies/{address}account_id=1").status_code == 401


def test_while_tmdb_is_silent_it_is_said_and_nothing_is_claimed(
    caller: FlaskClient, tmdb: TmdbServer
) -> None:
    tmdb.stop()
    answer = caller.get(f"/api/v1/tmdb/favorites?account_id={account(ADAS)}", headers=sent(ADAS))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1


def test_twenty_accounts_after_one_name_get_it_once(live_site: Flask) -> None:
    statuses = []
    for number in range(20):
        token = f"token-{number}"
        body = {"account_id": account(token), "list_name": "the one"}
        answer = live_site.test_client().post("/api/v1/tmdb/shares", json=body, headers=sent(token))
        statuses.append(answer.status_code)
    assert sorted(statuses) == [201, *[409] * 19]
