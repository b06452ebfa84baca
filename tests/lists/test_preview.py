"""The picture by which a list is known elsewhere: whoever may see the list sees it, until then."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from moviesite.accounts import profile_service
from moviesite.accounts.client import Client
from moviesite.accounts.proof_service import Proof
from moviesite.extensions import cache, db
from moviesite.library import service as library
from moviesite.lists import item_service, preview, service, share_service
from moviesite.lists.preview import Cover, Preview
from moviesite.models import User
from tests.lists.conftest import Making
from tests.meanwhile import meanwhile, once
from tests.people import PASSWORD, signed_in_browser
from tests.providers.scripted import Act, ScriptedServer, answer, drip, silent
from tests.statements import counted


def pictured(client: FlaskClient, page: str) -> str:
    """The address of the picture that a page names."""
    text = client.get(page).text
    assert 'name="twitter:card" content="summary_large_image"' in text
    found = re.search(r'property="og:image" content="http://127.0.0.1:8000([^"]+)"', text)
    assert found, "no picture"
    return found[1]


def size(body: bytes) -> tuple[str | None, tuple[int, int]]:
    with Image.open(BytesIO(body)) as picture:
        picture.load()
        return picture.format, picture.size


def test_a_public_list_has_a_picture_that_changes_with_it(
    client: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    address = pictured(client, f"/list/{made.uuid}")
    first = client.get(address)
    assert first.status_code == 200
    assert first.content_type == "image/jpeg"
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert size(first.data) == ("JPEG", (1200, 630))
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    item_service.put_movie(ada, made.uuid, movies[7], position=0)
    assert pictured(client, f"/list/{made.uuid}") != address
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.data != first.data


def test_a_picture_is_drawn_once_and_costs_one_statement_after_that(
    client: FlaskClient, adas_list: Making
) -> None:
    address = pictured(client, f"/list/{adas_list().uuid}")
    with counted() as drawing:
        client.get(address)
    with counted() as known:
        client.get(address)
    assert (len(drawing), len(known)) == (2, 1)


def test_a_list_with_the_number_of_one_that_is_gone_has_a_picture_of_its_own(
    client: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    gone = adas_list("Nobody's business", movie_ids=movies[:1])
    before = client.get(pictured(client, f"/list/{gone.uuid}")).data
    service.delete_list(ada, gone.uuid)
    made = adas_list(movie_ids=movies[1:2])
    # SQLite gives the last number once more.
    assert (made.id == gone.id) == (db.engine.dialect.name == "sqlite")
    assert client.get(pictured(client, f"/list/{made.uuid}")).data != before


def test_a_link_with_the_number_of_one_that_is_gone_has_a_picture_of_its_own(
    client: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    pictures = set()
    for place in range(2):
        made = adas_list(f"Evening {place}", movie_ids=[movies[place]])
        link = share_service.share(ada, "list", f"Evening {place}", list_id=made.uuid)
        pictures.add(client.get(f"/l/{link.token}/preview-1.jpg").data)
        service.delete_list(ada, made.uuid)
        db.session.expunge(link)
    assert len(pictures) == 2


def test_a_picture_names_its_owner_as_they_are_called_now(
    client: FlaskClient, ada: User, adas_list: Making
) -> None:
    made = adas_list()
    before = client.get(pictured(client, f"/list/{made.uuid}")).data
    profile_service.edit_profile(ada, {"username": "augusta"}, Client())
    assert client.get(pictured(client, f"/list/{made.uuid}")).data != before


def test_a_picture_tells_what_was_just_said_of_a_film(
    client: FlaskClient, as_cleo: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    address = pictured(client, f"/list/{adas_list(movie_ids=movies[:1]).uuid}")
    before = client.get(address).data
    said = as_cleo.patch(f"/api/v1/admin/movies/{movies[0]}", json={"title": "The other name"})
    assert said.status_code == 200
    assert client.get(address).data != before


def test_a_picture_drawn_while_something_is_said_of_a_film_is_not_kept(
    client: FlaskClient, as_cleo: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    address = pictured(client, f"/list/{adas_list(movie_ids=movies[:1]).uuid}")
    said: list[int] = []

    def say() -> None:
        title = {"title": "The other name"}
        said.append(as_cleo.patch(f"/api/v1/admin/movies/{movies[0]}", json=title).status_code)

    with meanwhile(once(say), after="movie_genres"):
        before = client.get(address).data
    assert said == [200]
    db.session.rollback()  # a request would have ended by now, and with it what it saw
    assert client.get(address).data != before


def test_pictures_go_with_the_account(client: FlaskClient, ada: User, adas_list: Making) -> None:
    made = adas_list()
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    for page in (f"/list/{made.uuid}", f"/l/{link.token}"):
        assert client.get(pictured(client, page)).status_code == 200
    assert len(list(cache.cache.keys("shared:"))) == 2
    profile_service.delete_account(ada, Proof(PASSWORD), Client())
    assert list(cache.cache.keys("shared:")) == []


def test_a_private_lists_picture_is_its_owners_alone(
    app: Flask, client: FlaskClient, ada: User, ben: User, adas_list: Making
) -> None:
    made = adas_list(visibility="private")
    address = f"/list/{made.uuid}/preview-1.jpg"
    mine = signed_in_browser(app, ada).get(address)
    assert mine.status_code == 200
    assert mine.headers["Cache-Control"] == "private, no-store"
    for stranger in (client, signed_in_browser(app, ben)):
        assert stranger.get(address).status_code == 404
    assert "og:image" not in signed_in_browser(app, ada).get(f"/list/{made.uuid}").text


@pytest.mark.parametrize("source", ["list", "favorites", "watchlist"])
def test_a_links_picture_ends_with_the_link(
    client: FlaskClient, ada: User, adas_list: Making, movies: list[int], source: str
) -> None:
    made = adas_list(visibility="private")
    library.add_favorite(ada, movies[0])
    library.keep_on_watchlist(ada, movies[1])
    link = share_service.share(
        ada, source, "For friends", list_id=made.uuid if source == "list" else None
    )
    db.session.rollback()
    address = pictured(client, f"/l/{link.token}")
    shown = client.get(address)
    assert size(shown.data) == ("JPEG", (1200, 630))
    assert "noindex" in shown.headers["X-Robots-Tag"]
    share_service.revoke(ada, link.uuid)
    gone = client.get(address, headers={"If-None-Match": shown.headers["ETag"]})
    assert gone.status_code == 410
    assert gone.headers["Cache-Control"] == "no-store"
    assert client.get("/l/" + "x" * 22 + "/preview-1.jpg").status_code == 404


LONG = "Eine Reihe außergewöhnlicher Lichtspiele, wiederentdeckt und mit Anmerkungen versehen "


NAMES = ("Noir", LONG * 3, "Donaudampfschifffahrt" * 8, "عنوان", "東京物語", "Łódź — ť", " ")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6])
def test_any_name_and_any_number_of_films_can_be_drawn(count: int) -> None:
    for name in NAMES:
        covers = [Cover(7 * n, name, 1950 + n if n else None) for n in range(count)]
        told = Preview("A list by " + name, name, f"{count} films", "moviesite", covers)
        body = preview.drawn(told)
        assert size(body) == ("JPEG", (1200, 630))
        assert len(body) < 300_000


def coloured(colour: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (50, 75), colour).save(made, "PNG")
    return made.getvalue()


def corner(body: bytes) -> tuple[int, ...]:
    """The colour at the upper right, where the last cover of the first row is."""
    with Image.open(BytesIO(body)) as picture:
        found = picture.convert("RGB").getpixel((1190, 10))
    assert isinstance(found, tuple)
    return tuple(int(part) for part in found)


@pytest.fixture
def host() -> Iterator[ScriptedServer]:
    """Where posters lie."""
    server = ScriptedServer()
    yield server
    server.close()


RED = answer(coloured("#ff0000"), content_type="image/png")


@pytest.mark.parametrize(
    ("act", "is_red"),
    [
        (RED, True),
        (answer(b"<svg/>", content_type="text/html"), False),
        (answer(b"no picture", content_type="image/png"), False),
        (answer(b"x" * 2_000_000, content_type="image/png"), False),
        (answer(b"", status=404, content_type="image/png"), False),
        (answer(b"", status=302, headers={"Location": "http://127.0.0.1:9/"}), False),
        (silent, False),
        (drip(b"HTTP/1.1 200 X\r\n"), False),
    ],
)
def test_posters_are_shown_where_they_come_in_time(
    site_with: Callable[..., Flask],
    host: ScriptedServer,
    adas_list: Making,
    act: Act,
    is_red: bool,
) -> None:
    made = adas_list()
    host.plays(act)
    site = site_with(TMDB_IMAGE_URL=host.url)
    shown = site.test_client().get(f"/list/{made.uuid}/preview-1.jpg")
    assert size(shown.data) == ("JPEG", (1200, 630))
    red, green, blue = corner(shown.data)
    assert (red > 240 and green < 15 and blue < 15) == is_red
    assert host.requests[0].startswith("GET /3/w500/alien.jpg ")
    assert "cookie" not in host.requests[0].lower()
