"""Films that somebody keeps on TMDb are marked wherever they stand, and nobody waits for it."""

import re
import time
from collections.abc import Callable, Collection
from functools import partial

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite import cache_kinds, caching
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.lists import service as lists
from moviesite.lists import share_service
from moviesite.models import TmdbConnection, User
from moviesite.tmdb_account import service
from tests.library.sending import said_in, send
from tests.meanwhile import at_once
from tests.people import signed_in_browser, signed_in_program
from tests.statements import counted
from tests.tmdb_account.walking import connected, post
from tests.tmdb_server import TmdbServer

INCEPTION = 27205
NAME = "In your favorites on </span>TMDb"


def marked_on(browser: FlaskClient, address: str) -> set[int]:
    """Ids of the films whose cards carry the mark."""
    page = browser.get(address)
    assert page.status_code == 200, page.text
    cards = re.findall(r"<article.*?</article>", page.text, re.DOTALL)
    marked = [card for card in cards if NAME in card]
    assert page.text.count(NAME) == len(marked)
    return {int(re.search(r"/movie/(\d+)", card)[1]) for card in marked}  # type: ignore[index]


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def keeper(browser: FlaskClient) -> FlaskClient:
    """Ada's browser, once her account and the one film in it are known here."""
    connected(browser)
    post(browser, f"/movie/{INCEPTION}/tmdb-favorite", keep="1")
    wait_until(lambda: marked_on(browser, "/search?query=inception") == {INCEPTION})
    return browser


def test_cards_say_what_is_kept_there_and_hearts_what_is_kept_here(
    keeper: FlaskClient, ada: User, live_site: Flask, ben: User
) -> None:
    with live_site.app_context():
        other = signed_in_browser(live_site, ben)
    assert library.add_favorite(ada, 155).is_new
    for address in (
        "/",
        "/discover?sort_by=vote_count.desc",
        "/genre/science-fiction",
        "/person/525",
        "/trending",
    ):
        assert marked_on(keeper, address) <= {INCEPTION}, address
    found = keeper.get("/search?query=inception").text
    heart = re.search(rf'aria-pressed="(\w+)"[^>]* formaction="/movie/{INCEPTION}/favorite', found)
    assert heart is not None
    assert heart[1] == "false"
    assert marked_on(other, "/search?query=inception") == set()
    assert NAME not in live_site.test_client().get("/search?query=inception").text


def test_a_list_is_marked_for_its_reader_and_never_for_all_who_watch_it(
    keeper: FlaskClient, ada: User
) -> None:
    made = lists.create(ada, "Evenings", movie_ids=[INCEPTION])
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    assert keeper.get(f"/list/{made.uuid}").text.count(NAME) == 1
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for headers in ({}, htmx):
        shown = keeper.get(f"/l/{link.token}", headers=headers).text
        assert "Inception" in shown
        assert NAME not in shown


def test_the_cover_is_marked_as_cards_are(keeper: FlaskClient) -> None:
    lead = re.search(r'id="film-cover-(\d+)"', keeper.get("/").text)
    assert lead is not None
    post(keeper, f"/movie/{lead[1]}/tmdb-favorite", keep="1")
    cover = re.search(r'<article class="cover.*?</article>', keeper.get("/").text, re.DOTALL)
    assert cover is not None
    assert cover[0].count(NAME) == 1


def test_marks_follow_every_change_at_once(keeper: FlaskClient) -> None:
    address = f"/movie/{INCEPTION}/tmdb-favorite"
    shown = f"/movie/{INCEPTION}-inception"
    dropped = send(keeper, address, shown=shown, keep="0")
    assert said_in(dropped.text) == "Removed from your TMDb favorites."
    assert 'aria-pressed="false"' in dropped.text.partition('id="tmdb-keep"')[2]
    assert marked_on(keeper, "/search?query=inception") == set()
    kept = send(keeper, address, shown=shown, keep="1")
    assert 'aria-pressed="true"' in kept.text.partition('id="tmdb-keep"')[2]
    assert marked_on(keeper, "/search?query=inception") == {INCEPTION}
    page = keeper.get(shown).text
    assert 'aria-pressed="true"' in page.partition('id="tmdb-keep"')[2].partition("</p>")[0]


def test_films_kept_at_the_same_moment_are_all_marked(
    keeper: FlaskClient, live_site: Flask, ada: User
) -> None:
    account_id = str(db.session.scalar(select(TmdbConnection.account_id)))
    grant = service.grant_of(ada)
    assert grant is not None
    films = (155, 603, 680, 550)

    def known() -> Collection[int]:
        with live_site.app_context():
            return service.kept_there(account_id)

    for keep in (True, False, True):
        each = [partial(service.set_favorite, grant, account_id, film, keep) for film in films]
        assert at_once(live_site, each) == []
        assert set(known()) == ({INCEPTION, *films} if keep else {INCEPTION})


def test_a_page_costs_nothing_more_for_its_marks(
    keeper: FlaskClient, live_site: Flask, ben: User, tmdb: TmdbServer
) -> None:
    with live_site.app_context():
        other = signed_in_browser(live_site, ben)
        asked, said = len(tmdb.heard), []
        for browser in (keeper, other):
            browser.get("/genre/drama")
            asked = len(tmdb.heard)
            with counted() as made:
                browser.get("/genre/drama")
            said.append(len(made))
    assert said[0] == said[1]
    assert len(tmdb.heard) == asked


def test_what_was_known_is_shown_while_tmdb_is_down(keeper: FlaskClient, tmdb: TmdbServer) -> None:
    tmdb.stop()
    assert marked_on(keeper, "/search?query=inception") == {INCEPTION}


def test_nothing_is_marked_where_nothing_could_be_read(
    browser: FlaskClient, tmdb: TmdbServer, live_site: Flask
) -> None:
    connected(browser)
    browser.get("/search?query=inception")
    tmdb.stop()
    with live_site.app_context():
        caching.purge(cache_kinds.KEPT_AT_TMDB)
    assert marked_on(browser, "/search?query=inception") <= {INCEPTION}


def test_a_program_that_drops_a_film_takes_its_mark(
    keeper: FlaskClient, live_site: Flask, ada: User, redis_url: str
) -> None:
    client = redis.Redis.from_url(redis_url)
    [key] = client.scan_iter("tmdb:account:*:favorites")
    account = key.decode().split(":")[2]
    assert b"27205" in client.get(key)  # type: ignore[operator]
    with live_site.app_context():
        program = signed_in_program(live_site, ada)
    assert program.get("/api/v1/me/tmdb").get_json()["account_id"] == account
    assert program.delete("/api/v1/me/tmdb").status_code == 204
    assert list(client.scan_iter("tmdb:account:*:favorites")) == []
    client.close()
    assert marked_on(keeper, "/search?query=inception") == set()
