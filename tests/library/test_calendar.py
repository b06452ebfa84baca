"""A calendar app follows a watchlist by an address that only its owner gives out."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from werkzeug.test import TestResponse

from moviesite import clock
from moviesite.accounts import profile_service
from moviesite.accounts import service as accounts
from moviesite.accounts.proof_service import Proof
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.library import service
from moviesite.models import CalendarFeed, User, WatchlistItem
from moviesite.transactions import transactional
from tests import factories
from tests.library.sending import said_in, send
from tests.people import DEVICE, PASSWORD
from tests.statements import counted

FEED, PAGE = "/api/v1/me/calendar-feed", "/watchlist/calendar"
FIRST = 2001

Watched = Callable[..., int]


@pytest.fixture
def awaited(app: Flask) -> Watched:
    """Puts a film on somebody's watchlist that comes out in so many days, None for nobody knows."""
    numbers = iter(range(FIRST, FIRST + 100))

    def watch(user: User, title: str, days: int | None = 30) -> int:
        movie_id = next(numbers)
        day = None if days is None else clock.now().date() + dt.timedelta(days=days)
        catalogue.store_movies([factories.movie(movie_id, title, release_date=day)])
        service.keep_on_watchlist(user, movie_id)
        return movie_id

    return watch


def address_of(caller: FlaskClient) -> str:
    """The path of a new calendar address."""
    made = caller.post(FEED)
    assert made.status_code == 201, made.text
    return str(made.get_json()["url"]).removeprefix("http://127.0.0.1:8000")


def events(answer: TestResponse) -> list[Event]:
    """What a calendar app makes of an answer."""
    assert answer.status_code == 200, answer.text
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def titles(answer: TestResponse) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(answer)]


def test_releases_of_a_watchlist_are_days_of_a_calendar(
    client: FlaskClient, as_ada: FlaskClient, ada: User, awaited: Watched
) -> None:
    movie_id = awaited(ada, "Heat", 40)
    answer = client.get(address_of(as_ada))
    calendar = Calendar.from_ical(answer.data)
    assert (calendar["VERSION"], calendar["X-WR-CALNAME"]) == ("2.0", "moviesite: watchlist")
    [event] = events(answer)
    day = clock.now().date() + dt.timedelta(days=40)
    assert event["DTSTART"].dt == day
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\n" in answer.text
    assert event["SUMMARY"] == f"Heat ({day.year})"
    assert event["UID"] == f"release-{movie_id}@127.0.0.1"
    assert event["URL"] == event["DESCRIPTION"]
    assert event["URL"] == f"http://127.0.0.1:8000/movie/{movie_id}-heat"
    assert clock.now() - event["DTSTAMP"].dt < dt.timedelta(minutes=10)
    assert "LAST-MODIFIED" not in event, "nobody knows when a day was moved"
    assert event["TRANSP"] == "TRANSPARENT"


def test_the_answer_is_its_owners_and_leaves_no_trace(
    client: FlaskClient, as_ada: FlaskClient, ada: User, awaited: Watched
) -> None:
    awaited(ada, "Heat")
    path = address_of(as_ada)
    answer = client.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Content-Disposition"] == "attachment; filename=watchlist.ics"
    assert "Set-Cookie" not in answer.headers
    assert path.split("/")[2].removesuffix(".ics") not in answer.text
    for file in ("/sitemap.xml", "/sitemap-pages.xml"):
        assert "/calendar" not in client.get(file).text


def test_what_came_out_long_ago_and_what_nobody_dated_is_left_out(
    client: FlaskClient, as_ada: FlaskClient, ada: User, awaited: Watched
) -> None:
    for title, days in (("Far", 4000), ("Undated", None), ("Lately", -100), ("Long ago", -200)):
        awaited(ada, title, days)
    found = titles(client.get(address_of(as_ada)))
    assert [title.partition(" (")[0] for title in found] == ["Lately", "Far"]


ODD = {
    "Crime; and, punishment": "Crime; and, punishment",
    "Back\\slash\\n": "Back\\slash\\n",
    'The "quoted": part': 'The "quoted": part',
    "Two\r\nlines\nand a\rthird": "Two lines and a third",
    "A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nB": "A END:VEVENT BEGIN:VEVENT B",
    "Ünïcödé 映画 🎬 " * 12: ("Ünïcödé 映画 🎬 " * 12).strip(),
}


def test_any_title_stays_one_line_of_one_event(
    client: FlaskClient, as_ada: FlaskClient, ada: User, awaited: Watched
) -> None:
    for title in ODD:
        awaited(ada, title)
    answer = client.get(address_of(as_ada))
    assert sorted(re.sub(r" \(\d{4}\)$", "", title) for title in titles(answer)) == sorted(
        ODD.values()
    )
    lines = answer.data.split(b"\r\n")
    assert lines.pop() == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    assert b"SUMMARY:Crime\\; and\\, punishment" in answer.data


def test_nobody_sees_anothers(
    client: FlaskClient,
    as_ada: FlaskClient,
    as_ben: FlaskClient,
    ada: User,
    ben: User,
    awaited: Watched,
) -> None:
    awaited(ada, "Hers")
    awaited(ben, "His")
    hers, his = address_of(as_ada), address_of(as_ben)
    assert [title[:4] for title in titles(client.get(hers))] == ["Hers"]
    # Whoever asks, signed in or not.
    assert [title[:3] for title in titles(as_ada.get(his))] == ["His"]
    assert as_ben.delete(FEED).status_code == 204
    assert client.get(his).status_code == 404
    assert client.get(hers).status_code == 200


def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, as_ada: FlaskClient, ada: User, awaited: Watched
) -> None:
    movie_id = awaited(ada, "Heat")
    path = address_of(as_ada)
    first = client.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(path, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    known_packed = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(path, headers=known_packed).status_code == 304
    soon = clock.now().date() + dt.timedelta(days=30)
    # Sources are asked again and again, and mostly say the same.
    catalogue.store_movies([factories.movie(movie_id, "Heat", release_date=soon, popularity=9)])
    assert client.get(path, headers=known).status_code == 304
    moved = soon + dt.timedelta(days=7)
    catalogue.store_movies([factories.movie(movie_id, "Heat", release_date=moved)])
    [event] = events(client.get(path, headers=known))
    assert event["DTSTART"].dt == moved
    awaited(ada, "Alien")
    assert len(events(client.get(path, headers=known))) == 2
    service.remove_from_watchlist(ada, movie_id)
    # A date alone would not tell that something is gone.
    asked = {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}
    assert [title[:5] for title in titles(client.get(path, headers=asked))] == ["Alien"]
    assert client.head(path).data == b""


def told(client: FlaskClient, path: str) -> str:
    """What somebody is told who asks at an address that shows nothing."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    return answer.text.replace(answer.headers["X-Request-ID"], "").replace(token, "")


@pytest.mark.parametrize("end", ["replaced", "removed", "closed", "deleted", "changed hands"])
def test_an_address_that_ended_is_one_that_never_was(
    client: FlaskClient, as_ada: FlaskClient, ada: User, awaited: Watched, end: str
) -> None:
    awaited(ada, "Heat")
    path = address_of(as_ada)
    assert client.get(path).status_code == 200
    if end == "replaced":
        assert client.get(address_of(as_ada)).status_code == 200
    elif end == "removed":
        assert as_ada.delete(FEED).status_code == 204
    elif end == "closed":
        profile_service.deactivate(ada)
    elif end == "deleted":
        profile_service.delete_account(ada, Proof(PASSWORD), DEVICE)
    else:
        accounts.part(ada)
    assert told(client, path) == told(client, f"/calendar/{'x' * 43}.ics")
    if end != "closed":
        token = path.removeprefix("/calendar/").removesuffix(".ics")
        assert db.session.query(CalendarFeed).filter_by(token=token).count() == 0


def test_an_address_that_cannot_be(client: FlaskClient) -> None:
    for token in ("x", "x" * 43, "x" * 500, "%00", "%F0%9F%8E%AC" * 43, "../x", "a.ics"):
        assert client.get(f"/calendar/{token}.ics").status_code == 404, token


def test_the_address_is_made_renewed_and_removed_by_programs(
    as_ada: FlaskClient, as_ben: FlaskClient
) -> None:
    assert as_ada.get(FEED).status_code == 404
    made = as_ada.post(FEED)
    body = made.get_json()
    assert made.headers["Cache-Control"] == "no-store"
    assert body.keys() == {"url", "webcal_url", "created_at"}
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/calendar/[\w-]{43}\.ics", body["url"])
    assert body["webcal_url"] == body["url"].replace("http:", "webcal:")
    kept = as_ada.get(f"{FEED}?language=de-DE")
    assert kept.get_json() == body
    assert kept.headers["Cache-Control"] == "private, no-store"
    assert as_ada.post(FEED).get_json()["url"] != body["url"]
    assert as_ben.get(FEED).status_code == 404
    for _ in range(2):
        assert as_ada.delete(FEED).status_code == 204
    assert as_ada.get(FEED).status_code == 404


def test_a_repeated_request_makes_one_address(as_ada: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    both = [as_ada.post(FEED, headers=key) for _ in range(2)]
    assert both[0].get_json() == both[1].get_json()
    assert both[1].status_code == 201
    as_ada.post(FEED)
    assert as_ada.post(FEED, headers=key).status_code == 404


@transactional
def fill(user: User, many: int) -> None:
    """Put so many films on a watchlist at once, one for each of the coming days."""
    today = clock.now().date()
    ids = range(FIRST, FIRST + many)
    catalogue.store_movies(
        [
            factories.movie(one, f"Film {one}", release_date=today + dt.timedelta(one - FIRST))
            for one in ids
        ]
    )
    rows = [{"user_id": user.id, "movie_id": one, "added_at": clock.now()} for one in ids]
    upsert(WatchlistItem, [{**row, "priority": 3, "note": ""} for row in rows])


def test_a_calendar_costs_two_statements_and_has_an_end(
    client: FlaskClient, as_ada: FlaskClient, ada: User, ada_browsing: FlaskClient
) -> None:
    path = address_of(as_ada)
    sizes = []
    for many in (3, 1003):
        fill(ada, many)
        with counted() as statements:
            found = events(client.get(path))
        assert len(statements) == 2, statements
        sizes.append(len(found))
        with counted() as statements:
            assert ada_browsing.get(PAGE).status_code == 200
        assert len(statements) <= 3, statements
    assert sizes == [3, 1000]
    assert found[0]["SUMMARY"].startswith(f"Film {FIRST + 3} "), "the oldest stay out"
    with counted() as statements:
        assert client.get(f"/calendar/{'x' * 42}.ics").status_code == 404
    assert statements == []


def test_the_page_makes_shows_renews_and_removes_the_address(
    client: FlaskClient, ada_browsing: FlaskClient, ada: User, awaited: Watched
) -> None:
    assert f'href="{PAGE}"' in ada_browsing.get("/watchlist").text
    assert "nothing new is in it yet" in ada_browsing.get(PAGE).text
    awaited(ada, "Heat", 0)
    assert send(ada_browsing, PAGE).headers["Location"] == PAGE
    page = ada_browsing.get(PAGE)
    assert said_in(page.text) == "Your calendar address is ready."
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "1 film is still to come" in page.text
    [address] = re.findall(r'value="http://127\.0\.0\.1:8000(/calendar/[^"]+)"', page.text)
    assert f'href="webcal://127.0.0.1:8000{address}"' in page.text
    assert len(events(client.get(address))) == 1
    part = send(ada_browsing, PAGE, shown="/watchlist").text
    assert "<html" not in part
    assert "The old one no longer works." in part
    assert address not in part
    assert client.get(address).status_code == 404
    gone = send(ada_browsing, f"{PAGE}/off", shown="/watchlist").text
    assert "no longer works" in gone
    assert "/calendar/" not in gone.replace(PAGE, "")


def test_the_address_is_no_part_of_the_export(
    as_ada: FlaskClient, ada: User, awaited: Watched
) -> None:
    awaited(ada, "Heat")
    token = address_of(as_ada).removeprefix("/calendar/").removesuffix(".ics")
    with zipfile.ZipFile(io.BytesIO(as_ada.get("/api/v1/me/export").data)) as files:
        everything = b"".join(files.read(name) for name in files.namelist())
    assert b"Heat" in everything
    assert token.encode() not in everything
