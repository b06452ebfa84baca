"""First pages of favorites in Redis: written once, ended by any write, in every process."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite import caching
from moviesite.catalogue import service as catalogue
from moviesite.extensions import connect_redis
from moviesite.library import service
from moviesite.models import User
from tests import factories, people
from tests.library.conftest import HEAT, OTHER
from tests.meanwhile import meanwhile, once
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("films")

FAVORITES = "/api/v1/me/favorites"


@pytest.fixture
def keys(redis_url: str) -> Iterator[Callable[[], list[str]]]:
    """Says which pages of favorites are remembered."""
    client = connect_redis(redis_url)
    client.flushdb()
    yield lambda: sorted(key.decode() for key in client.scan_iter("favorite_movie_list_*"))
    client.close()


@pytest.fixture
def processes(
    site_with: Callable[..., Flask],
    redis_url: str,
    keys: Callable[[], list[str]],
    as_ada: FlaskClient,
) -> list[FlaskClient]:
    """Ada's program on two processes of one site."""
    clients = []
    for site in (site_with(REDIS_URL=redis_url), site_with(REDIS_URL=redis_url)):
        client = site.test_client(use_cookies=False)
        client.environ_base.update(as_ada.environ_base)
        clients.append(client)
    return clients


def shown(caller: FlaskClient, query: str = "") -> list[int]:
    rows = caller.get(f"{FAVORITES}?{query}").get_json()["results"]
    return [row["movie"]["id"] for row in rows]


def test_a_page_is_remembered_until_its_owner_writes_anywhere(
    processes: list[FlaskClient], keys: Callable[[], list[str]], ada: User
) -> None:
    here, there = processes
    here.put(f"{FAVORITES}/{HEAT}")
    first = here.get(FAVORITES)
    again = here.get(FAVORITES)
    assert first.get_json() == again.get_json()
    assert first.get_json()["results"][0]["movie"]["viewer"]["favorite"] is True
    assert keys() == [f"favorite_movie_list_{ada.id}_page_1:version={ada.uuid.hex}.1"]
    there.put(f"{FAVORITES}/{OTHER}")
    assert shown(here) == [OTHER, HEAT]
    there.delete(f"{FAVORITES}/{HEAT}")
    assert shown(here) == shown(there) == [OTHER]


def test_who_deletes_their_account_takes_along_what_is_cached(
    processes: list[FlaskClient], keys: Callable[[], list[str]], ben: User
) -> None:
    here, there = processes
    bens = people.signed_in_program(there.application, ben)
    for caller in (here, bens):
        caller.put(f"{FAVORITES}/{HEAT}")
        assert shown(caller) == [HEAT]
    here.put(f"{FAVORITES}/{OTHER}")
    shown(here)
    assert len(keys()) == 3
    assert there.delete("/api/v1/me", json={"password": people.PASSWORD}).status_code == 204
    assert keys() == [f"favorite_movie_list_{ben.id}_page_1:version={ben.uuid.hex}.1"]


def test_whoever_gets_the_number_of_an_account_that_is_gone_sees_nothing_of_it(
    site_with: Callable[..., Flask], redis_url: str, keys: Callable[[], list[str]], ada: User
) -> None:
    site = site_with(REDIS_URL=redis_url)
    assert keys() == []
    service.add_favorite(ada, HEAT)
    assert shown(people.signed_in_program(site, ada)) == [HEAT]
    ben = people.succeed(ada, "ben")
    service.add_favorite(ben, OTHER)
    assert shown(people.signed_in_program(site, ben)) == [OTHER]


def test_a_remembered_page_asks_for_nothing_but_the_viewers_part(
    processes: list[FlaskClient],
) -> None:
    here = processes[0]
    here.put(f"{FAVORITES}/{HEAT}")
    shown(here)
    with here.application.app_context(), counted() as made:
        shown(here)
    assert len([one for one in made if "FROM sessions" not in one]) == 1


def test_only_the_first_pages_in_their_usual_shape_are_remembered(
    processes: list[FlaskClient], keys: Callable[[], list[str]]
) -> None:
    here = processes[0]
    for query in ("page_size=100", "ordering=title", "genre=crime", "page=6"):
        shown(here, query)
    assert keys() == []


def test_what_came_from_the_source_is_purged_with_the_rest(
    processes: list[FlaskClient], keys: Callable[[], list[str]]
) -> None:
    here = processes[0]
    here.put(f"{FAVORITES}/{HEAT}")
    shown(here)
    with here.application.app_context():
        caching.purge()
    assert keys() == []


def test_without_redis_pages_are_made_anew(as_ada: FlaskClient) -> None:
    as_ada.put(f"{FAVORITES}/{HEAT}")
    shown(as_ada)
    catalogue.store_movies([factories.movie(HEAT, "Heat, again")])
    title = as_ada.get(FAVORITES).get_json()["results"][0]["movie"]["title"]
    assert title == "Heat, again"


def test_a_page_read_while_something_is_said_of_a_film_is_not_remembered(
    processes: list[FlaskClient], keys: Callable[[], list[str]], cleo: User
) -> None:
    here, there = processes
    here.put(f"{FAVORITES}/{HEAT}")
    admin = people.signed_in_program(there.application, cleo)
    title = {"title": "The other name"}

    def say() -> None:
        admin.patch(f"/api/v1/admin/movies/{HEAT}", json=title)

    with here.application.app_context(), meanwhile(once(say), after="movie_genres"):
        shown(here)
    assert keys() == []
    assert here.get(FAVORITES).get_json()["results"][0]["movie"]["title"] == "The other name"
