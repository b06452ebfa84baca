"""A TMDb account that somebody connects: kept encrypted, used for them, given back."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, update

from moviesite import clock
from moviesite.extensions import db
from moviesite.models import TmdbConnection, TmdbShare, User
from moviesite.tmdb_account import service
from tests.library.sending import said_in, send
from tests.people import PASSWORD, signed_in_browser, signed_in_program
from tests.tmdb_account.walking import connected, post
from tests.tmdb_server import TmdbServer

INCEPTION = 27205


def test_an_account_is_connected_used_shared_and_let_go(
    live_site: Flask, browser: FlaskClient, client: FlaskClient, tmdb: TmdbServer
) -> None:
    connected(browser)
    assert "Connected with" in browser.get("/account/tmdb").text
    post(browser, f"/movie/{INCEPTION}/tmdb-favorite", keep="1")
    assert "Inception" in browser.get("/account/tmdb").text
    post(browser, "/account/tmdb/share", list_name="Ada's nights")
    visitor = live_site.test_client()
    assert "Inception" in visitor.get("/l/tmdb/Ada's nights").text
    post(browser, f"/movie/{INCEPTION}/tmdb-favorite", keep="0")
    assert "Inception" not in visitor.get("/l/tmdb/Ada's nights").text
    post(browser, "/account/tmdb/unshare")
    assert visitor.get("/l/tmdb/Ada's nights").status_code == 404
    post(browser, "/account/tmdb/end")
    assert db.session.scalars(select(TmdbConnection)).all() == []
    assert any(address.startswith("/3/authentication/session?") for address, _ in tmdb.heard)


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/account/tmdb/end", {}),
        ("/account/delete", {"password": PASSWORD, "sure": "1"}),
    ],
)
def test_with_the_connection_its_name_and_its_session_end(
    live_site: Flask, browser: FlaskClient, tmdb: TmdbServer, address: str, fields: dict[str, str]
) -> None:
    connected(browser)
    post(browser, "/account/tmdb/share", list_name="Ada's nights")
    post(browser, address, **fields)
    assert live_site.test_client().get("/l/tmdb/Ada's nights").status_code == 404
    assert db.session.scalars(select(TmdbShare)).all() == []
    assert [a for a, _ in tmdb.heard if a.startswith("/3/authentication/session?")]


def test_a_name_stays_while_somebody_else_is_connected_with_the_account(
    live_site: Flask, browser: FlaskClient, ben: User
) -> None:
    with live_site.app_context():
        bens = signed_in_browser(live_site, ben)
    for one in (browser, bens):
        connected(one)
    account = db.session.scalars(select(TmdbConnection.account_id)).first()
    db.session.execute(update(TmdbConnection).values(account_id=account))
    db.session.commit()
    post(browser, "/account/tmdb/share", list_name="Our nights")
    post(bens, "/account/tmdb/end")
    assert live_site.test_client().get("/l/tmdb/Our nights").status_code == 200


def test_a_button_that_is_pressed_twice_begins_one_connection(
    live_site: Flask, browser: FlaskClient, ada: User
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    engine, begun = db.engine, list[str]()
    row = {"user_id": ada.id, "username": "", "created_at": clock.now()}

    def begin_first(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT INTO tmdb_connections") and not begun:
            begun.append(statement)
            with engine.begin() as other:
                other.execute(insert(TmdbConnection).values(row))

    with live_site.app_context():
        sites = db.engine
    event.listen(sites, "before_cursor_execute", begin_first)
    try:
        assert "request_token" in post(browser, "/account/tmdb/connect")
    finally:
        event.remove(sites, "before_cursor_execute", begin_first)
    assert begun


def test_a_film_is_kept_there_from_its_own_page(browser: FlaskClient) -> None:
    address = f"/movie/{INCEPTION}/tmdb-favorite"
    assert address not in browser.get(f"/movie/{INCEPTION}").text
    connected(browser)
    assert address in browser.get(f"/movie/{INCEPTION}").text
    said = send(browser, address, shown=f"/movie/{INCEPTION}", keep="1")
    assert said_in(said.text) == "Added to your TMDb favorites."
    assert "Inception" in browser.get("/account/tmdb").text
    assert "Your TMDb favorites" in browser.get("/account").text


def test_what_is_kept_of_it_is_not_readable(browser: FlaskClient, ada: User) -> None:
    connected(browser)
    row = db.session.scalars(select(TmdbConnection)).one()
    grant = service.grant_of(ada)
    assert grant is not None
    assert row.grant is not None
    assert grant.session_id not in row.grant
    assert row.pending is None
    assert repr(grant) == "Grant(***)"


def test_an_approval_that_was_begun_elsewhere_connects_nothing(
    browser: FlaskClient, live_site: Flask, ben: User
) -> None:
    other = signed_in_browser(live_site, ben)
    back = post(other, "/account/tmdb/connect").removeprefix("http://127.0.0.1:8000")
    browser.get(back)
    post(browser, "/account/tmdb/connect")
    browser.get(back)
    assert "Not finished yet" in browser.get("/account/tmdb").text
    assert all(row.grant is None for row in db.session.scalars(select(TmdbConnection)))


def test_programs_connect_by_calling_twice(live_site: Flask, ada: User) -> None:
    program = signed_in_program(live_site, ada)
    assert program.get("/api/v1/me/tmdb").get_json()["connected"] is False
    begun = program.post("/api/v1/me/tmdb", json={})
    assert (begun.status_code, begun.get_json()["connected"]) == (201, False)
    assert "request_token=" in begun.get_json()["authorize_url"]
    taken = program.post("/api/v1/me/tmdb", json={})
    assert (taken.status_code, taken.get_json()["connected"]) == (200, True)
    assert program.get("/api/v1/me/tmdb").get_json()["username"].startswith("demo-account-")
    assert program.delete("/api/v1/me/tmdb").status_code == 204
    assert program.get("/api/v1/me/tmdb").get_json()["connected"] is False


def test_a_new_key_takes_over_what_the_old_one_encrypted(
    site_with: Callable[..., Flask], tmdb: TmdbServer, ada: User
) -> None:
    def site(keys: str) -> Flask:
        return site_with(TMDB_BASE_URL=tmdb.url, TMDB_API_KEY="t", ENCRYPTION_KEY=keys)

    with site("the old one").app_context():
        service.begin_connection(ada)
        service.finish_connection(ada)
        first = service.grant_of(ada)
    with site("the new one,the old one").app_context():
        assert service.grant_of(ada) == first
        assert service.renew_encryption() == (1, 0)
    with site("the new one").app_context():
        db.session.expire_all()
        assert service.grant_of(ada) == first
    with site("another one").app_context():
        assert service.grant_of(ada) is None
        assert service.renew_encryption() == (0, 1)


def test_without_a_key_no_account_is_connected(site_with: Callable[..., Flask], ada: User) -> None:
    site = site_with(
        MOVIESITE_ENV="production",
        SECRET_KEY="k" * 40,
        REDIS_URL="redis://127.0.0.1:9/0",
        BASE_URL="https://films.example",
        THROTTLE_PROFILE="household",
    )
    with site.app_context():
        assert not service.is_offered()
        assert service.grant_of(ada) is None


def test_a_name_that_cannot_be_one_is_refused_in_words(browser: FlaskClient) -> None:
    connected(browser)
    for name in ("", " ", "x" * 256):
        post(browser, "/account/tmdb/share", list_name=name)
        assert "Use a name of at most 255 characters." in browser.get("/account/tmdb").text
