"""Genres and keywords: added, renamed and removed here, whatever sources say."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moviesite.admin import movie_service, term_queries, term_service
from moviesite.admin.term_queries import GENRES, KEYWORDS
from moviesite.catalogue import service
from moviesite.errors import Conflict
from moviesite.extensions import db
from moviesite.models import Genre, Keyword, Movie, User
from moviesite.providers.base import GenreData
from tests import factories
from tests.admin.conftest import acts, post
from tests.statements import counted

API = "/api/v1/admin"
HEAT = 949


@pytest.fixture
def heat(app: Flask) -> int:
    """A film with two genres and two keywords."""
    service.store_detail(factories.detail())
    return HEAT


def first_genre() -> str | None:
    db.session.rollback()
    movie = db.session.get(Movie, HEAT, populate_existing=True)
    return movie.first_genre if movie else None


def test_a_genre_is_renamed_everywhere_and_stays_so(
    admin: FlaskClient, client: FlaskClient, heat: int
) -> None:
    before = {row["id"]: row["name"] for row in genres(client)}
    answer = admin.patch(f"{API}/genres/80", json={"name": "Felony"})
    assert answer.get_json()["source_name"] == "Crime"
    service.store_detail(factories.detail())
    after = {row["id"]: row["name"] for row in genres(client)}
    assert (before[80], after[80]) == ("Crime", "Felony")
    assert first_genre() == "Drama"
    assert client.get("/genre/felony").status_code == 200
    assert client.get("/genre/crime").status_code == 404
    stored = client.get("/api/v1/movies?genre=felony").get_json()["results"]
    assert heat in [row["id"] for row in stored]
    assert admin.delete(f"{API}/genres/80/overrides/name").status_code == 204
    assert first_genre() == "Crime"
    assert admin.delete(f"{API}/genres/80/overrides/name").status_code == 404


def genres(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/genres").get_json()["results"]
    return found


def test_a_removed_genre_stays_away_until_it_is_let_in(
    admin: FlaskClient, client: FlaskClient, heat: int
) -> None:
    assert admin.delete(f"{API}/genres/80").status_code == 204
    assert first_genre() == "Drama"
    service.store_detail(factories.detail())
    assert db.session.get(Genre, 80) is None
    assert first_genre() == "Drama"
    assert 80 not in {row["id"] for row in genres(client)}
    assert client.get("/genre/crime").status_code == 404
    assert admin.post(f"{API}/genres/80/restore").status_code == 200
    service.store_detail(factories.detail())
    assert first_genre() == "Crime"
    assert client.get("/genre/crime").status_code == 200


def test_a_genre_of_our_own_has_a_page_of_its_films(
    admin: FlaskClient, client: FlaskClient, heat: int
) -> None:
    answer = admin.post(f"{API}/genres", json={"name": "Noir"})
    assert answer.status_code == 201
    made = answer.get_json()
    assert made["own"]
    admin.patch(f"{API}/movies/{heat}", json={"genres": [made["id"], 18]})
    service.store_detail(factories.detail())
    assert {"id": made["id"], "name": "Noir"} in [
        {"id": row["id"], "name": row["name"]} for row in genres(client)
    ]
    page = client.get("/genre/noir").text
    assert "Heat" in page
    assert client.get("/genre/noir?sort_by=vote_average.desc").status_code == 200
    assert admin.delete(f"{API}/genres/{made['id']}").status_code == 204
    assert client.get("/genre/noir").status_code == 404
    service.store_detail(factories.detail())
    assert first_genre() == "Drama"


@pytest.mark.parametrize(
    ("many", "new", "other"),
    [
        ("genres", {"name": "Noir"}, {"name": "Gris"}),
        ("keywords", {"name": "noir"}, {"name": "gris"}),
        (
            "tiers",
            {"code": "a", "name": "A", "daily_limit": 9},
            {"code": "b", "name": "B", "daily_limit": 9},
        ),
        ("movies", {"id": 27205}, {"id": 155}),
    ],
)
def test_what_is_sent_twice_under_one_key_is_made_once(
    admin: FlaskClient, many: str, new: dict[str, Any], other: dict[str, Any]
) -> None:
    def send(given: dict[str, Any]) -> TestResponse:
        return admin.post(f"{API}/{many}", json=given, headers={"Idempotency-Key": "mine"})

    first, second = send(new), send(new)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert first.headers["Location"] == second.headers["Location"]
    assert list(send(other).get_json()["errors"]) == ["headers"]
    assert admin.post(f"{API}/{many}", json=new).status_code == 409
    assert len(acts()) == 1


def test_names_are_taken_once(admin: FlaskClient, heat: int) -> None:
    for name in ("Crime", "crime", "Crime!"):
        assert admin.post(f"{API}/genres", json={"name": name}).status_code == 409
    assert admin.patch(f"{API}/genres/18", json={"name": "Crime"}).status_code == 409
    taken = admin.post(f"{API}/keywords", json={"name": "Heist"})
    assert (taken.status_code, taken.get_json()["errors"]["json"].keys()) == (409, {"name"})
    assert acts() == []


def test_a_source_may_bring_a_genre_whose_address_is_ours(cleo: User, app: Flask) -> None:
    term_service.add(cleo, GENRES, "Noir")
    noir = GenreData(99_001, "Noir")
    service.store_detail(factories.detail(genres=(factories.DRAMA, noir)))
    slugs = {genre.slug for genre in db.session.query(Genre)}
    assert {"drama", "noir", "noir-99001"} <= slugs


def test_a_genre_that_is_not_stored_yet_has_its_name(cleo: User, app: Flask) -> None:
    assert db.session.query(Genre).count() == 0
    with pytest.raises(Conflict):
        term_service.add(cleo, GENRES, "Documentary")


def test_what_only_a_source_can_answer_does_not_offer_our_own(
    client: FlaskClient, cleo: User
) -> None:
    term_service.add(cleo, GENRES, "Noir")
    assert ">Noir<" not in client.get("/discover").text
    assert "Noir" in client.get("/genres").text


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "…"])
def test_a_name_that_cannot_be_is_refused(admin: FlaskClient, name: str) -> None:
    assert admin.post(f"{API}/genres", json={"name": name}).status_code == 422


def test_a_keyword_is_renamed_and_removed(
    admin: FlaskClient, client: FlaskClient, heat: int
) -> None:
    admin.patch(f"{API}/keywords/642", json={"name": "hold-up"})
    assert admin.delete(f"{API}/keywords/10051").status_code == 204
    service.store_detail(factories.detail())
    assert {word.name for word in db.session.query(Keyword)} == {"hold-up"}
    sheet = admin.get(f"{API}/movies/{heat}").get_json()
    assert [word["name"] for word in sheet["keywords"]] == ["hold-up"]
    stored = client.get("/api/v1/movies?keyword=hold-up").get_json()["results"]
    assert [row["id"] for row in stored] == [heat]
    assert admin.post(f"{API}/keywords/10051/restore").status_code == 200


def test_keywords_of_our_own_are_given_to_films(admin: FlaskClient, heat: int) -> None:
    made = admin.post(f"{API}/keywords", json={"name": "diner scene"}).get_json()
    admin.patch(f"{API}/movies/{heat}", json={"keywords": [made["id"], 642]})
    service.store_detail(factories.detail())
    sheet = admin.get(f"{API}/movies/{heat}").get_json()
    assert [word["name"] for word in sheet["keywords"]] == ["diner scene", "robbery"]


@pytest.mark.parametrize("name", ["valentine's day", "café", "hold-up", "100%"])
def test_a_keyword_is_found_by_its_own_name(cleo: User, name: str) -> None:
    term_service.add(cleo, KEYWORDS, "valentine")
    term_service.add(cleo, KEYWORDS, name)
    assert [found.name for found in term_queries.terms(KEYWORDS, name.upper()).rows] == [name]


def test_each_act_is_in_the_log(admin: FlaskClient, heat: int) -> None:
    admin.patch(f"{API}/genres/80", json={"name": "Felony"})
    admin.delete(f"{API}/genres/80/overrides/name")
    admin.delete(f"{API}/genres/80")
    admin.post(f"{API}/genres/80/restore")
    admin.post(f"{API}/keywords", json={"name": "diner"})
    assert [entry.act for entry in acts()] == [
        *("genre.edit", "genre.reset", "genre.delete", "genre.restore", "keyword.add")
    ]


def test_lists_cost_the_same_whatever_their_size(cleo: User, app: Flask) -> None:
    for number in range(40):
        term_service.add(cleo, KEYWORDS, f"word {number}")
    for size in (5, 40):
        with counted() as made:
            assert len(term_queries.terms(KEYWORDS, page_size=size).rows) == size
        assert len(made) == 4


def test_pages_add_rename_and_remove(desk: FlaskClient, heat: int) -> None:
    assert "Crime" in desk.get("/admin/genres").text
    assert post(desk, "/admin/genres", name="Noir").status_code == 303
    assert post(desk, "/admin/genres", name="Noir").status_code == 409
    assert post(desk, "/admin/genres/80", name="Felony").status_code == 303
    assert "at the source: Crime" in desk.get("/admin/genres").text
    assert "3 films" in desk.get("/admin/genres/80/remove").text
    assert post(desk, "/admin/genres/80/remove").status_code == 303
    page = desk.get("/admin/genres").text
    assert "Restore" in page
    assert post(desk, "/admin/genres/80/restore").status_code == 303
    assert "robbery" in desk.get("/admin/keywords?search=rob").text


def test_a_film_of_a_removed_genre_loses_it_from_what_was_said(
    cleo: User, client: FlaskClient, heat: int
) -> None:
    movie_service.edit(cleo, heat, {"genres": [80]})
    term_service.remove(cleo, GENRES, 80)
    service.store_detail(factories.detail())
    assert first_genre() is None
