"""The JSON doors to lists, as the contract has them."""

import json
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from moviesite.catalogue import service as catalogue
from moviesite.lists import service
from moviesite.models import User
from tests import factories
from tests.lists.conftest import Making, titles_of
from tests.statements import counted

LIST_FIELDS = {
    *("id", "name", "description", "visibility", "curated", "owner", "movie_count"),
    *("subscriber_count", "subscribed", "cover", "created_at", "updated_at", "version"),
}


def make(client: FlaskClient, name: str = "Evenings", **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/lists", json={"name": name, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def test_a_list_is_made_read_and_deleted(as_ada: FlaskClient, movies: list[int]) -> None:
    made = make(as_ada, visibility="public", movie_ids=movies[:5], description="For winter")
    copied = as_ada.post(f"/api/v1/lists/{made['id']}/clone")
    assert copied.headers["Location"] == f"/api/v1/lists/{copied.get_json()['id']}"
    assert made.keys() == LIST_FIELDS
    assert made["owner"]["username"] == "ada"
    assert (made["movie_count"], made["version"], len(made["cover"])) == (5, 1, 4)
    address = f"/api/v1/lists/{made['id']}"
    assert as_ada.get(address).get_json() == made
    assert as_ada.delete(address).status_code == 204
    assert as_ada.get(address).status_code == 404
    assert as_ada.delete(address).status_code == 404


def test_patch_replaces_movies_only_when_they_are_named(
    as_ada: FlaskClient, movies: list[int]
) -> None:
    made = make(as_ada, movie_ids=movies[:3])
    address = f"/api/v1/lists/{made['id']}"
    changed = as_ada.patch(address, json={"name": "Nights"}).get_json()
    assert (changed["name"], changed["movie_count"], changed["version"]) == ("Nights", 3, 2)
    assert as_ada.patch(address, json={"movie_ids": []}).get_json()["movie_count"] == 0


def test_an_edit_holds_to_the_version_it_was_read_at(
    as_ada: FlaskClient, movies: list[int]
) -> None:
    made = make(as_ada, movie_ids=movies[:3])
    address = f"/api/v1/lists/{made['id']}"
    tag = as_ada.get(address).headers["ETag"]
    assert as_ada.patch(address, json={"name": "A"}, headers={"If-Match": tag}).status_code == 200
    refused = as_ada.patch(address, json={"name": "B"}, headers={"If-Match": tag})
    assert refused.status_code == 412
    assert refused.content_type == "application/problem+json"
    assert refused.get_json()["present"] == as_ada.get(address).get_json()
    again = {"If-Match": refused.headers["ETag"]}
    assert as_ada.patch(address, json={}, headers=again).status_code == 200
    for given in ('"2"', "2", 'W/"2.abc"', '"1", "2.abc"', 'W/"2", "x"'):
        done = as_ada.patch(address, json={}, headers={"If-Match": given})
        assert done.status_code == 200, given
    for given in ('"1"', "nonsense", '"x"', '"1", "3"'):
        for ask in (as_ada.patch, as_ada.put):
            path = address if ask == as_ada.patch else f"{address}/movies/{movies[0]}"
            status = ask(path, json={}, headers={"If-Match": given}).status_code
            assert status == 412, given
        assert as_ada.delete(address, headers={"If-Match": given}).status_code == 412
    assert as_ada.delete(address, headers={"If-Match": "*"}).status_code == 204


def test_a_removal_is_taken_back_as_any_other_change(
    as_ada: FlaskClient, as_ben: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    item = f"/api/v1/lists/{made.uuid}/movies/{movies[1]}"
    as_ada.put(item, json={"note": "With Anna"})
    token = as_ada.delete(item).headers["Undo-Token"]
    assert "Undo-Token" not in as_ada.delete(item).headers, "it was gone already"
    assert as_ben.post("/api/v1/me/undo", json={"token": token}).status_code == 409
    undone = as_ada.post("/api/v1/me/undo", json={"token": token})
    assert (undone.status_code, undone.get_json()["movie_id"]) == (200, movies[1])
    rows = as_ada.get(f"/api/v1/lists/{made.uuid}/movies").get_json()["results"]
    assert [row["note"] for row in rows] == ["", "With Anna", "", ""]
    assert as_ada.post("/api/v1/me/undo", json={"token": token}).status_code == 409


def test_a_removal_cannot_be_taken_back_once_the_list_is_gone(
    as_ada: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    token = as_ada.delete(f"/api/v1/lists/{made.uuid}/movies/{movies[1]}").headers["Undo-Token"]
    as_ada.delete(f"/api/v1/lists/{made.uuid}")
    assert as_ada.post("/api/v1/me/undo", json={"token": token}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a", "description": "x" * 1001}, "description"),
        ({"name": "a", "visibility": "secret"}, "visibility"),
        ({"name": "a", "movie_ids": [0]}, "movie_ids"),
        ({"name": "a", "movie_ids": ["1001"]}, "movie_ids"),
        ({"name": "a", "movie_ids": [2**31]}, "movie_ids"),
        ({"name": "a", "movie_ids": [True]}, "movie_ids"),
        ({"name": "a", "movie_ids": [99_999_999]}, "movie_ids"),
        ({"name": "a", "movie_ids": None}, "movie_ids"),
        ({"name": "a", "movie_ids": list(range(1, 10_002))}, "movie_ids"),
        ({"name": "a", "version": 1}, "version"),
        ({"name": "a", "curated": True}, "curated"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_is_refused_by_name(
    as_ada: FlaskClient, body: dict[str, Any], field: str
) -> None:
    refused = as_ada.post("/api/v1/lists", json=body)
    assert refused.status_code == 422, refused.text
    assert field in refused.get_json()["errors"]["json"]
    assert as_ada.get("/api/v1/lists").get_json()["count"] == 0


def test_the_same_request_under_the_same_key_makes_one_list(
    as_ada: FlaskClient, as_ben: FlaskClient
) -> None:
    key = {"Idempotency-Key": "one"}
    first = as_ada.post("/api/v1/lists", json={"name": "Evenings"}, headers=key)
    again = as_ada.post("/api/v1/lists", json={"name": "Evenings"}, headers=key)
    assert first.get_json() == again.get_json()
    other = as_ada.post("/api/v1/lists", json={"name": "Nights"}, headers=key)
    assert other.status_code == 422
    bens = as_ben.post("/api/v1/lists", json={"name": "Evenings"}, headers=key)
    assert bens.get_json()["id"] != first.get_json()["id"]
    clone = f"/api/v1/lists/{first.get_json()['id']}/clone"
    copies = [as_ada.post(clone, headers=key).get_json()["id"] for _ in range(2)]
    assert copies[0] == copies[1] != first.get_json()["id"]


def test_a_private_list_does_not_exist_for_others_at_once(
    client: FlaskClient, as_ada: FlaskClient, as_ben: FlaskClient, as_cleo: FlaskClient
) -> None:
    made = make(as_ada, visibility="public")
    address = f"/api/v1/lists/{made['id']}"
    for caller in (client, as_ben):
        assert caller.get(address).status_code == 200
    tag = client.get(address).headers["ETag"]
    assert client.get(address).headers["Cache-Control"] == "public, no-cache"
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    as_ada.patch(address, json={"visibility": "private"})
    for caller in (client, as_ben):
        for path in (address, f"{address}/movies"):
            assert caller.get(path, headers={"If-None-Match": tag}).status_code == 404
    for path in (address, f"{address}/movies"):
        assert as_cleo.get(path).status_code == 200
    unknown = as_ben.get(f"/api/v1/lists/{uuid4()}").get_json()
    hidden = as_ben.get(address).get_json()
    del unknown["request_id"], hidden["request_id"]
    assert unknown == hidden


def test_what_somebody_signed_in_sees_is_kept_by_nobody(as_ada: FlaskClient) -> None:
    made = make(as_ada)
    for path in ("lists", f"lists/{made['id']}", f"lists/{made['id']}/movies", "me/shares"):
        assert as_ada.get(f"/api/v1/{path}").headers["Cache-Control"] == "private, no-store"


def names(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/lists{query}")
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.get_json()["results"]]


def test_the_directory_is_searched_ordered_and_narrowed(
    client: FlaskClient, as_ada: FlaskClient, as_ben: FlaskClient, ada: User
) -> None:
    first = make(as_ada, "Öde Straßen", visibility="public")
    second = make(as_ada, "Nights", visibility="public", description="On empty streets")
    make(as_ada, "Notes", visibility="private")
    make(as_ada, "By address", visibility="unlisted")
    as_ben.put(f"/api/v1/lists/{first['id']}/subscription")
    assert names(client) == ["Öde Straßen", "Nights"]
    assert names(client, "?ordering=subscribers") == ["Nights", "Öde Straßen"]
    assert names(client, "?ordering=-created_at") == ["Nights", "Öde Straßen"]
    assert names(client, "?ordering=created_at") == ["Öde Straßen", "Nights"]
    assert names(client, "?search=strassen") == ["Öde Straßen"]
    assert names(client, "?search=empty%20STREETS") == ["Nights"]
    assert names(client, "?search=%25") == ["Öde Straßen", "Nights"]
    assert names(client, f"?owner={ada.uuid}") == names(client, "?owner=ADA") == names(client)
    assert names(client, "?owner=ben") == []
    assert len(names(as_ada)) == len(names(as_ada, "?owner=me")) == 4
    assert names(as_ben, "?subscribed=true") == ["Öde Straßen"]
    assert names(as_ben, "?subscribed=false") == ["Nights"]
    assert as_ben.get(f"/api/v1/lists/{first['id']}").get_json()["subscribed"]
    for query in ("?subscribed=true", "?owner=me"):
        assert client.get(f"/api/v1/lists{query}").status_code == 401
    for query in ("?ordering=name", "?page=0", "?page_size=101", "?search=%00"):
        assert client.get(f"/api/v1/lists{query}").status_code == 422, query
    page = client.get("/api/v1/lists?page_size=1&page=2").get_json()
    assert (page["count"], page["total_pages"], page["next"]) == (2, 2, None)
    assert second["id"] == page["results"][0]["id"]


def test_movies_come_move_and_go(as_ada: FlaskClient, movies: list[int]) -> None:
    made = make(as_ada, movie_ids=movies[:3])
    address = f"/api/v1/lists/{made['id']}/movies"
    added = as_ada.put(f"{address}/{movies[3]}", json={"position": 0, "note": "First of all"})
    assert added.status_code == 201
    row = added.get_json()
    assert row.keys() == {"movie", "position", "note", "added_at"}
    assert (row["movie"]["title"], row["position"], row["note"]) == ("Diva", 0, "First of all")
    assert row["movie"]["viewer"] is not None
    moved = as_ada.put(f"{address}/{movies[3]}", json={"position": 3})
    assert (moved.status_code, moved.get_json()["note"]) == (200, "First of all")
    assert as_ada.put(f"{address}/{movies[3]}").status_code == 200
    page = as_ada.get(address).get_json()
    assert [one["movie"]["id"] for one in page["results"]] == movies[:4]
    assert [one["position"] for one in page["results"]] == [0, 1, 2, 3]
    assert as_ada.delete(f"{address}/{movies[0]}").status_code == 204
    assert as_ada.delete(f"{address}/{movies[0]}").status_code == 204
    assert as_ada.get(f"/api/v1/lists/{made['id']}").get_json()["movie_count"] == 3


@pytest.mark.parametrize(
    ("movie", "body", "status"),
    [
        (1001, {"position": 4}, 422),
        (1001, {"position": -1}, 422),
        (1001, {"position": 10_000}, 422),
        (1001, {"position": "1"}, 422),
        (1001, {"position": 1.5}, 422),
        (1001, {"note": "x" * 1001}, 422),
        (1001, {"place": 1}, 422),
        (1001, [], 422),
        (99_999_999, {}, 404),
        (0, {}, 404),
    ],
)
def test_places_and_movies_that_are_none(
    as_ada: FlaskClient, movies: list[int], movie: int, body: Any, status: int
) -> None:
    made = make(as_ada, movie_ids=movies[:4])
    answer = as_ada.put(f"/api/v1/lists/{made['id']}/movies/{movie}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def test_the_movies_of_a_list_take_the_filters_and_orders_of_all_movies(
    as_ada: FlaskClient, movies: list[int]
) -> None:
    made = make(as_ada, movie_ids=[movies[2], movies[0], movies[1]])
    address = f"/api/v1/lists/{made['id']}/movies"

    def found(query: str) -> list[str]:
        answer = as_ada.get(f"{address}?{query}")
        assert answer.status_code == 200, answer.text
        return [row["movie"]["title"] for row in answer.get_json()["results"]]

    assert found("ordering=title") == ["Alien", "Brazil", "Chinatown"]
    assert found("ordering=-position") == ["Brazil", "Alien", "Chinatown"]
    assert found("ordering=-added_at&page_size=1") == ["Chinatown"]
    assert found("genre=drama&year_from=1995&search=bra") == ["Brazil"]
    assert found("title=chi") == ["Chinatown"]
    assert found("rating_min=9") == []
    assert as_ada.get(f"{address}?ordering=nonsense").status_code == 422
    past = as_ada.get(f"{address}?title=a&page=9").get_json()
    assert (past["count"], past["results"]) == (1, [])


def test_pages_end_where_those_end_that_can_be_asked_for(
    client: FlaskClient, adas_list: Making
) -> None:
    films = [factories.movie(number, f"Film {number}") for number in range(1, 503)]
    catalogue.store_movies(films)
    made = adas_list(movie_ids=[film.id for film in films])
    last = f"/api/v1/lists/{made.uuid}/movies?page_size=1&page=500"
    page = client.get(last).get_json()
    assert (page["count"], page["total_pages"], page["next"]) == (502, 500, None)
    first = client.get(f"/api/v1/lists/{made.uuid}/movies?page_size=1")
    assert f'<{last}>; rel="last"' in first.headers["Link"]


def test_what_is_new_counts_films_for_adults_only_for_those_who_see_them(
    as_ada: FlaskClient, as_ben: FlaskClient, movies: list[int]
) -> None:
    adult = [factories.movie(5000 + number, "Late show", adult=True) for number in range(5)]
    catalogue.store_movies(adult)
    made = make(as_ada, visibility="public")
    as_ben.put(f"/api/v1/lists/{made['id']}/subscription")
    updates, films = "/api/v1/me/lists/updates", f"/api/v1/lists/{made['id']}/movies"
    as_ada.put(f"{films}/{movies[0]}")
    for film in adult:
        as_ada.put(f"{films}/{film.id}")
    [news] = as_ben.get(updates).get_json()["results"]
    assert (news["new_count"], [film["id"] for film in news["movies"]]) == (1, movies[:1])
    as_ben.patch("/api/v1/me", json={"show_adult": True})
    [news] = as_ben.get(updates).get_json()["results"]
    assert (news["new_count"], len(news["movies"])) == (6, 5)
    as_ben.patch("/api/v1/me", json={"show_adult": False})
    as_ada.delete(f"{films}/{movies[0]}")
    assert as_ben.get(updates).get_json()["count"] == 0


def test_followers_learn_what_is_new(
    as_ada: FlaskClient, as_ben: FlaskClient, movies: list[int]
) -> None:
    made = make(as_ada, visibility="public", movie_ids=movies[:1])
    follow = f"/api/v1/lists/{made['id']}/subscription"
    assert as_ada.put(follow).status_code == 409
    assert as_ben.put(follow).status_code == 201
    assert as_ben.get("/api/v1/me/lists/updates").get_json()["results"] == []
    for movie in movies[1:8]:
        as_ada.put(f"/api/v1/lists/{made['id']}/movies/{movie}")
    [news] = as_ben.get("/api/v1/me/lists/updates").get_json()["results"]
    assert (news["new_count"], len(news["movies"])) == (7, 5)
    assert news["movies"][0]["title"] == "Heat"
    assert news["list"]["id"] == made["id"]
    assert as_ben.put(follow).status_code == 200
    assert as_ben.get("/api/v1/me/lists/updates").get_json()["count"] == 0
    as_ada.patch(f"/api/v1/lists/{made['id']}", json={"visibility": "private"})
    assert names(as_ben, "?subscribed=true") == []
    assert as_ben.put(follow).status_code == 404
    assert as_ben.delete(follow).status_code == as_ben.delete(follow).status_code == 204
    assert as_ada.get(f"/api/v1/lists/{made['id']}").get_json()["subscriber_count"] == 0


def test_a_copy_is_the_callers_own(
    as_ada: FlaskClient, as_ben: FlaskClient, movies: list[int]
) -> None:
    made = make(as_ada, visibility="public", movie_ids=movies[:3])
    address = f"/api/v1/lists/{made['id']}/clone"
    copy = as_ben.post(address, json={"name": "Mine"})
    assert copy.status_code == 201
    assert (copy.get_json()["name"], copy.get_json()["owner"]["username"]) == ("Mine", "ben")
    assert copy.get_json()["movie_count"] == 3
    assert as_ben.post(address).get_json()["name"] == "Evenings"


def test_others_are_refused(as_ada: FlaskClient, as_ben: FlaskClient, movies: list[int]) -> None:
    public = make(as_ada, visibility="public", movie_ids=movies[:2])
    for ask, path, body in (
        (as_ben.patch, "", {"name": "Mine"}),
        (as_ben.delete, "", {}),
        (as_ben.put, f"/movies/{movies[0]}", {}),
        (as_ben.delete, f"/movies/{movies[0]}", {}),
    ):
        assert ask(f"/api/v1/lists/{public['id']}{path}", json=body).status_code == 403
    assert as_ben.patch(f"/api/v1/lists/{public['id']}", json={"curated": True}).status_code == 403


def test_a_list_costs_three_statements_whatever_its_size(
    as_ada: FlaskClient, client: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(movie_ids=movies)
    address = f"/api/v1/lists/{made.uuid}"
    # With one more for who is calling.
    for caller, more in ((client, 0), (as_ada, 1)):
        for size in (2, 8):
            with counted() as statements:
                caller.get(f"{address}/movies?page_size={size}")
            assert len(statements) <= 3 + more, statements
        with counted() as statements:
            caller.get(address)
        assert len(statements) <= 1 + more, statements


def test_deleting_while_somebody_reads_breaks_nothing(
    as_ada: FlaskClient, ada: User, adas_list: Making
) -> None:
    made = adas_list()
    service.delete_list(ada, made.uuid)
    assert as_ada.get(f"/api/v1/lists/{made.uuid}/movies").status_code == 404
    assert json.loads(as_ada.get("/api/v1/lists").text)["count"] == 0
    assert titles_of(made) == []
