"""What a profile says takes effect everywhere for its owner, and shows up nowhere else."""

import datetime as dt
import re
from collections.abc import Callable

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from moviesite import cache_kinds, caching
from moviesite.accounts import session_service
from moviesite.catalogue import service
from moviesite.extensions import db
from moviesite.models import Session, User
from moviesite.providers.base import DiscoverQuery
from moviesite.transactions import transactional
from tests import factories
from tests.people import join, signed_in_browser, signed_in_program
from tests.statements import counted

API = "/api/v1"
HEAT, HIDDEN = 949, 950


def tongue(page: str) -> str | None:
    """In which language a page says that it speaks of films; None for the site's own."""
    assert '<html lang="en">' in page
    found = set(re.findall(r' lang="([^"]+)"', page.partition("<main")[2]))
    assert len(found) <= 1
    return found.pop() if found else None


@pytest.fixture
def german(app: Flask) -> User:
    """Ada, who reads German in Berlin."""
    return join("ada", locale="de", region="DE", time_zone="Europe/Berlin")


@pytest.fixture
def browser(app: Flask, german: User) -> FlaskClient:
    return signed_in_browser(app, german)


@pytest.fixture
def program(app: Flask, german: User) -> FlaskClient:
    return signed_in_program(app, german)


PAGES = ("/", "/discover", "/search?query=heat", "/trending", "/genres", "/popular")


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_the_readers_language(
    browser: FlaskClient, client: FlaskClient, page: str
) -> None:
    assert tongue(browser.get(page).text) == "de"
    mark = "&" if "?" in page else "?"
    assert tongue(browser.get(f"{page}{mark}language=fr-FR").text) == "fr-FR"
    assert tongue(client.get(page).text) is None


def test_what_the_address_says_wins_and_is_kept_in_links(browser: FlaskClient) -> None:
    plain, english = browser.get("/genres").text, browser.get("/genres?language=en-US").text
    assert "language=" not in plain
    assert 'href="/trending?language=en-US"' in english, "the site's own language is a choice here"
    mine = browser.get("/genres?language=de&region=DE").text
    # The form of the cards comes back to the address as it was asked for.
    links = mine.split("<body", 1)[1].partition('<form id="quick"')[0]
    assert "language=" not in links


def test_the_region_is_the_readers(program: FlaskClient, client: FlaskClient) -> None:
    services = f"{API}/watch-providers"
    assert program.get(services).json["region"] == "DE"
    assert program.get(f"{services}?region=FR").json["region"] == "FR"
    assert client.get(services).json["region"] == "US"


def test_the_discover_panel_shows_the_services_of_the_readers_country(
    browser: FlaskClient, client: FlaskClient
) -> None:
    chosen = r'<option value="(\w\w)" selected>'
    assert "DE" in re.findall(chosen, browser.get("/discover").text)
    assert "DE" not in re.findall(chosen, client.get("/discover").text)


def test_a_profile_that_says_nothing_leaves_the_sites_own(ada_browsing: FlaskClient) -> None:
    assert tongue(ada_browsing.get("/").text) is None


# Caches


def cached(language: str, region: str) -> bool:
    params = {"list": "popular", "page": 1, "language": language, "region": region}
    return caching.peek(cache_kinds.LISTING.key(params)) is not None


def test_shared_entries_are_named_by_language_and_region(
    program: FlaskClient, client: FlaskClient
) -> None:
    assert program.get(f"{API}/movies/popular").status_code == 200
    assert (cached("de", "DE"), cached("en-US", "US")) == (True, False)
    client.get(f"{API}/movies/popular")
    assert cached("en-US", "US")


def test_discovered_entries_are_named_by_adult_films_too(app: Flask, client: FlaskClient) -> None:
    def kept(*, adult: bool) -> bool:
        query = DiscoverQuery(language="en-US", region="US", include_adult=adult)
        return caching.peek(cache_kinds.DISCOVER.key(msgspec.structs.asdict(query))) is not None

    grown_up = signed_in_program(app, join("ada", show_adult=True))
    assert grown_up.get(f"{API}/movies/discover").status_code == 200
    assert (kept(adult=True), kept(adult=False)) == (True, False)
    client.get(f"{API}/movies/discover")
    assert kept(adult=False)


ADDRESSES = (
    *("/", "/genres", "/popular", "/genre/drama", "/trending", "/discover", "/search?query=heat"),
    *(f"{API}/movies/popular", f"{API}/movies/discover", f"{API}/watch-providers"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_cache_keeps_what_was_drawn_for_somebody(
    site_with: Callable[..., Flask], german: User, address: str
) -> None:
    """Whole answers are stored for visitors alone: none is given to, or taken from, a reader."""
    site = site_with(CACHE_ANSWER_SECONDS="60")
    caller = (signed_in_program if address.startswith("/api") else signed_in_browser)(site, german)
    visitor = site.test_client(use_cookies=False)
    mine = caller.get(address)
    assert mine.headers["Cache-Control"] == "private, no-store"
    before = visitor.get(address)
    assert "Age" not in before.headers, "nothing of the reader's was stored"
    again = caller.get(address)
    assert "Age" not in again.headers, "nothing of the visitor's was given"
    if not address.startswith("/api"):
        assert (tongue(again.text), tongue(before.text)) == ("de", None)
        assert tongue(visitor.get(address).text) is None


# Films for adults


@pytest.fixture
def films(app: Flask) -> None:
    service.store_movies(
        [factories.movie(HEAT, "Heat"), factories.movie(HIDDEN, "Heat After Hours", adult=True)]
    )


def titles(answer: object) -> set[int]:
    return {one["id"] for one in answer.json["results"]} & {HEAT, HIDDEN}  # type: ignore[attr-defined]


LISTS = (
    f"{API}/movies?search=heat",
    f"{API}/movies/search?query=heat",
    f"{API}/search/suggest?q=heat",
)


@pytest.mark.parametrize("address", LISTS)
def test_adult_films_are_for_those_who_signed_in_and_asked_for_them(
    app: Flask, client: FlaskClient, films: None, address: str
) -> None:
    grown_up = signed_in_program(app, join("ada", show_adult=True))
    others = signed_in_program(app, join("ben"))
    assert titles(grown_up.get(address)) == {HEAT, HIDDEN}
    assert titles(others.get(address)) == titles(client.get(address)) == {HEAT}


def test_the_search_page_shows_them_to_the_same(
    app: Flask, client: FlaskClient, films: None
) -> None:
    grown_up = signed_in_browser(app, join("ada", show_adult=True))
    assert "Heat After Hours" in grown_up.get("/search?query=heat").text
    assert "Heat After Hours" not in client.get("/search?query=heat").text


@pytest.mark.parametrize(
    ("show_adult", "parameter", "included"),
    [
        (True, "", True),
        (True, "?include_adult=true", True),
        (True, "?include_adult=false", False),
        (False, "?include_adult=true", False),
        (None, "?include_adult=true", False),
    ],
)
def test_a_parameter_leaves_adult_films_out_and_never_brings_them_in(
    app: Flask, show_adult: bool | None, parameter: str, included: bool
) -> None:
    caller = app.test_client()
    if show_adult is not None:
        caller = signed_in_program(app, join("ada", show_adult=show_adult))
    assert caller.get(f"{API}/movies/discover{parameter}").status_code == 200
    query = DiscoverQuery(language="en-US", region="US", include_adult=True)
    kept = caching.peek(cache_kinds.DISCOVER.key(msgspec.structs.asdict(query)))
    assert (kept is not None) == included


# Times and services


@transactional
def signed_in_at(moment: dt.datetime) -> None:
    db.session.execute(update(Session).values(created_at=moment))


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "July 17, 2026, 12:30"),
        ("America/New_York", "July 16, 2026, 6:30"),
        ("", "July 16, 2026, 10:30"),
        ("No/Longer", "July 16, 2026, 10:30"),
    ],
)
def test_times_are_those_of_the_readers_place(app: Flask, zone: str, words: str) -> None:
    browser = signed_in_browser(app, join("ada", time_zone=zone))
    signed_in_at(dt.datetime(2026, 7, 16, 22, 30, tzinfo=dt.UTC))
    page = browser.get("/account").text.replace("\u202f", " ")
    assert words in page
    assert 'datetime="2026-07-16T22:30:00+00:00"' in page
    assert ("UTC</time>" in page) == (zone not in ("Europe/Berlin", "America/New_York"))


def test_only_on_mine_is_offered_to_who_has_services_there(app: Flask, client: FlaskClient) -> None:
    offered = [one["id"] for one in client.get(f"{API}/watch-providers").json["results"]]
    mine = [offered[1], offered[0], 4_000_000]
    browser = signed_in_browser(app, join("ada", providers=mine))
    link = f"with_watch_providers={'|'.join(map(str, sorted(mine[:2], key=offered.index)))}"
    page = browser.get("/discover").text
    assert "Only my services" in page
    assert link in page
    found = browser.get(f"/discover?watch_region=US&{link}")
    assert found.status_code == 200
    assert "Only my services" in browser.get("/discover/services?watch_region=US").text
    assert "Only my services" not in client.get("/discover").text
    elsewhere = signed_in_browser(app, join("ben", providers=[4_000_000]))
    assert "Only my services" not in elsewhere.get("/discover").text


def test_a_cookie_or_token_that_is_nobodys_reads_as_a_visitors(
    app: Flask, client: FlaskClient, german: User
) -> None:
    client.set_cookie("session", "nonsense")
    assert tongue(client.get("/genres").text) is None
    ended = signed_in_program(app, german)
    session_service.end_all(german)
    for program in (ended, app.test_client()):
        program.environ_base.setdefault("HTTP_AUTHORIZATION", "Bearer of.another.site")
        answer = program.get(f"{API}/watch-providers")
        assert (answer.status_code, answer.json["region"]) == (200, "US")
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_a_profile_says_costs_a_page_one_statement(
    browser: FlaskClient, client: FlaskClient
) -> None:
    def statements(caller: FlaskClient) -> int:
        with counted() as made:
            assert caller.get("/genres?language=de&region=DE").status_code == 200
        return len(made)

    statements(client)
    assert statements(browser) == statements(client) + 1
