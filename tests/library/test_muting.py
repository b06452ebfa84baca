"""What somebody muted is left out of all that is offered, on pages as well, for them alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from moviesite.catalogue import live
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.library import muting, service
from moviesite.library.muting import Muted
from moviesite.models import Hidden, User
from moviesite.transactions import transactional
from tests import factories

PAGES = ("/", "/popular", "/trending", "/discover", "/search?query={title}")


@pytest.fixture
def popular(app: Flask) -> tuple[int, str]:
    """The film that most look at, by its id and title."""
    movie = live.listing("popular", 1, "en-US", "US").value.results[0]
    return movie.id, movie.title


@pytest.mark.parametrize("page", PAGES)
def test_pages_leave_it_out_for_who_muted_it(
    client: FlaskClient, ada_browsing: FlaskClient, ada: User, popular: tuple[int, str], page: str
) -> None:
    movie_id, title = popular
    address, link = page.format(title=title), f"/movie/{movie_id}-"
    assert link in ada_browsing.get(address).text
    service.hide(ada, "movie", movie_id)
    assert link not in ada_browsing.get(address).text
    assert link in client.get(address).text
    assert ada_browsing.get(f"/movie/{movie_id}").status_code in (200, 301)


@transactional
def mute_people(user: User, count: int) -> None:
    rows = [{"user_id": user.id, "kind": "person", "target_id": n + 1} for n in range(count)]
    db.session.execute(insert(Hidden), rows)


def test_as_much_is_hidden_as_can_be_let_back_in(as_ada: FlaskClient, ada: User) -> None:
    mute_people(ada, 1000)
    address = "/api/v1/me/hidden/person/{}"
    assert as_ada.put(address.format(5)).status_code == 200
    refused = as_ada.put(address.format(2000))
    assert refused.status_code == 409
    assert "1,000" in refused.json["detail"]
    assert len(as_ada.get("/api/v1/me/hidden").json["results"]) == 1000
    assert as_ada.delete(address.format(5)).status_code == 204
    assert as_ada.put(address.format(2000)).status_code == 201


def test_any_number_of_muted_people_is_one_question(as_ada: FlaskClient, ada: User) -> None:
    mute_people(ada, 40_000)
    assert as_ada.get("/api/v1/movies/popular").status_code == 200


ANSWERS = (
    *("popular", "trending?score_source=tmdb", "discover", "search?query={title}"),
    *("search/suggest?q={title}", "?search={title}"),
)


@pytest.mark.parametrize("kind", ["genre", "keyword", "person"])
def test_what_a_film_is_made_of_mutes_it_everywhere(
    ada_browsing: FlaskClient,
    as_ada: FlaskClient,
    client: FlaskClient,
    ada: User,
    popular: tuple[int, str],
    kind: str,
) -> None:
    movie_id, title = popular
    told = live.movie(movie_id, "en-US").value
    catalogue.store_detail(told)
    about = {"genre": told.genres, "keyword": told.keywords}
    target = told.cast[0].person.id if kind == "person" else about[kind][0].id
    link, number = f"/movie/{movie_id}-", f'"id":{movie_id},'
    addresses = [page.format(title=title) for page in PAGES]
    answers = [_address(answer.format(title=title)) for answer in ANSWERS]
    service.hide(ada, kind, target)
    for address in addresses:
        assert link not in ada_browsing.get(address).text, address
        assert link in client.get(address).text, address
    for address in answers:
        assert number not in _packed(as_ada, address), address
        assert number in _packed(client, address), address


def _address(end: str) -> str:
    return (
        f"/api/v1/{end}"
        if end.startswith("search/")
        else f"/api/v1/movies/{end}".replace("/?", "?")
    )


def _packed(caller: FlaskClient, address: str) -> str:
    answer = caller.get(address)
    assert answer.status_code == 200, (address, answer.text)
    return answer.text.replace(" ", "")


def test_a_row_is_left_out_for_its_genre_its_id_or_what_else_is_known() -> None:
    rows = [factories.movie(1), factories.movie(2, genres=()), factories.movie(3, genres=())]

    def left(muted: Muted, others: set[int] | None = None) -> list[int]:
        return [movie.id for movie in muting.unmuted(rows, muted, others or set())]

    assert left(Muted()) == [1, 2, 3]
    assert left(Muted(genres=frozenset({18}))) == [2, 3]
    assert left(Muted(movies=frozenset({2}))) == [1, 3]
    assert left(Muted(), {3}) == [1, 2]
