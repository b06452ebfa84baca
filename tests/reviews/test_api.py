"""Reviews in JSON: who may see, write and change what."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import service as catalogue
from moviesite.models import User
from moviesite.providers.base import GenreData
from moviesite.reviews import service
from moviesite.reviews.service import ReviewInput
from tests import factories
from tests.statements import counted

HEAT = 949
MOVIE = f"/api/v1/movies/{HEAT}/reviews"
FIELDS = {
    *("id", "movie_id", "user", "rating", "text", "spoiler", "withheld", "created_at"),
    "updated_at",
}


@pytest.fixture(autouse=True)
def heat(app: Flask) -> None:
    catalogue.store_detail(factories.detail(HEAT, "Heat"))


def write(caller: FlaskClient, **words: Any) -> dict[str, Any]:
    answer = caller.post(MOVIE, json=words)
    assert answer.status_code == 201
    written: dict[str, Any] = answer.get_json()
    assert answer.headers["Location"] == f"/api/v1/reviews/{written['id']}"
    return written


def test_a_review_is_written_once_and_read_by_all(
    client: FlaskClient, as_ada: FlaskClient, as_ben: FlaskClient
) -> None:
    written = write(as_ada, rating=4.5, text="  Coffee.  ")
    assert written.keys() == FIELDS
    assert (written["text"], written["withheld"], written["spoiler"]) == ("Coffee.", False, False)
    assert written["user"].keys() == {"id", "username", "avatar_url"}
    again = as_ada.post(MOVIE, json={"rating": 1})
    assert (again.status_code, again.get_json()["review_id"]) == (409, written["id"])
    write(as_ben, text="Tea.")
    page = client.get(MOVIE).get_json()
    assert ([row["text"] for row in page["results"]], page["count"]) == (["Tea.", "Coffee."], 2)
    one = client.get(f"/api/v1/reviews/{written['id']}")
    assert one.get_json() == written
    assert one.headers["ETag"].startswith('"1.')


def test_a_post_under_one_key_writes_one_review(as_ada: FlaskClient) -> None:
    key = {"Idempotency-Key": "a-review-of-mine"}
    answers = [as_ada.post(MOVIE, json={"rating": 4}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    other = as_ada.post(MOVIE, json={"rating": 5}, headers=key)
    assert (other.status_code, list(other.get_json()["errors"])) == (422, ["headers"])


def test_a_spoiler_is_withheld_on_the_server(
    client: FlaskClient, as_ada: FlaskClient, as_ben: FlaskClient
) -> None:
    written = write(as_ada, rating=4, text="He dies.", spoiler=True)
    one = f"/api/v1/reviews/{written['id']}"

    def seen_by(caller: FlaskClient, query: str = "") -> list[tuple[str | None, bool]]:
        rows = [caller.get(one + query).get_json()]
        rows += caller.get(MOVIE + query).get_json()["results"]
        assert all(row["rating"] == 4 for row in rows)
        return [(row["text"], row["withheld"]) for row in rows]

    assert seen_by(client) == seen_by(as_ben) == [(None, True)] * 2
    assert b"He dies" not in client.get(MOVIE).data
    assert seen_by(as_ada) == [("He dies.", False)] * 2
    assert seen_by(client, "?reveal=1") == [("He dies.", False)] * 2
    as_ben.post("/api/v1/me/history", json={"movie_id": HEAT})
    assert seen_by(as_ben) == [("He dies.", False)] * 2
    assert client.get(one).headers["Cache-Control"].startswith("public")
    assert as_ben.get(one).headers["Cache-Control"] == "private, no-store"


def test_a_copy_that_was_withheld_is_not_called_current(
    client: FlaskClient, as_ada: FlaskClient, as_ben: FlaskClient
) -> None:
    one = f"/api/v1/reviews/{write(as_ada, text='He dies.', spoiler=True)['id']}"
    had = {"If-None-Match": as_ben.get(one).headers["ETag"]}
    assert client.get(one, headers=had).status_code == 304
    as_ben.post("/api/v1/me/history", json={"movie_id": HEAT})
    assert as_ben.get(one, headers=had).get_json()["text"] == "He dies."
    as_ada.patch("/api/v1/me", json={"username": "adele"})
    assert client.get(one, headers=had).get_json()["user"]["username"] == "adele"


def test_put_replaces_and_patch_changes(as_ada: FlaskClient) -> None:
    one = f"/api/v1/reviews/{write(as_ada, rating=4, text='Coffee.', spoiler=True)['id']}"
    changed = as_ada.patch(one, json={"rating": 5})
    assert (changed.get_json()["text"], changed.get_json()["rating"]) == ("Coffee.", 5)
    assert changed.headers["ETag"].startswith('"2.')
    replaced = as_ada.put(one, json={"text": "Tea."}).get_json()
    assert (replaced["rating"], replaced["text"], replaced["spoiler"]) == (None, "Tea.", False)
    assert as_ada.patch(one, json={"text": None}).status_code == 422


def test_a_stale_edit_is_told_what_is_there_now(as_ada: FlaskClient) -> None:
    one = f"/api/v1/reviews/{write(as_ada, text='Coffee.')['id']}"
    read = {"If-Match": as_ada.get(one).headers["ETag"]}
    assert as_ada.patch(one, json={"text": "Black."}, headers=read).status_code == 200
    for method in ("PATCH", "PUT", "DELETE"):
        body = {"text": "White."} if method != "DELETE" else None
        stale = as_ada.open(one, method=method, json=body, headers=read)
        assert stale.status_code == 412
        assert stale.content_type == "application/problem+json"
        assert stale.get_json()["present"]["text"] == "Black."
        told = {"If-Match": stale.headers["ETag"]}
    assert as_ada.patch(one, json={"text": "White."}, headers=told).status_code == 200
    assert as_ada.delete(one, headers={"If-Match": "*"}).status_code == 204
    assert as_ada.get(one).status_code == 404


def test_others_may_object_but_not_change(
    as_ada: FlaskClient, as_ben: FlaskClient, as_cleo: FlaskClient
) -> None:
    one = f"/api/v1/reviews/{write(as_ada, text='Coffee.')['id']}"
    assert as_ben.patch(one, json={"text": "No."}).status_code == 403
    assert as_ben.delete(one).status_code == 403
    report = as_ben.post(f"{one}/reports", json={"reason": "Not about coffee"})
    assert (report.status_code, report.get_json()["reason"]) == (201, "Not about coffee")
    assert as_ben.post(f"{one}/reports", json={}).status_code == 200
    assert as_ada.post(f"{one}/reports", json={}).status_code == 409
    assert as_cleo.delete(one).status_code == 204


def test_own_reviews_come_with_their_movies(as_ada: FlaskClient, as_ben: FlaskClient) -> None:
    write(as_ada, rating=4)
    write(as_ben, rating=1)
    page = as_ada.get("/api/v1/me/reviews").get_json()
    [row] = page["results"]
    assert row["movie"]["viewer"]["rating"] == 4
    assert row["movie"]["community"]["rating_average"] == 2.5
    assert row["user"]["username"] == "ada"


@pytest.fixture
def adas_ratings(ada: User) -> None:
    """Four films that Ada rated one after another, one of them in words alone."""
    crime, war = GenreData(id=80, name="Crime"), GenreData(id=10752, name="War")
    for number, title, rating, genre in (
        *((1, "Alien", 3.5, crime), (2, "Brazil", None, crime)),
        *((3, "Casablanca", 5, war), (4, "Dune", 2, war)),
    ):
        released = dt.date(2000 - number, 1, 1)
        film = factories.movie(number, title, genres=(genre,), release_date=released)
        catalogue.store_movies([film])
        service.write_review(ada, number, ReviewInput(rating, "Words."))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [4, 3, 2, 1]),
        ("ordering=added_at", [1, 2, 3, 4]),
        ("ordering=-added_at", [4, 3, 2, 1]),
        ("ordering=created_at", [1, 2, 3, 4]),
        ("ordering=-rating", [3, 1, 4, 2]),
        ("ordering=rating", [4, 1, 3, 2]),
        ("ordering=title&page_size=2&page=2", [3, 4]),
        ("ordering=-release_date", [1, 2, 3, 4]),
        ("genre=crime", [2, 1]),
        ("genre=80&ordering=-rating", [1, 2]),
        ("genre=-crime", [4, 3]),
        ("year_from=1998&ordering=-title", [2, 1]),
        ("search=brazil", [2]),
        ("search=nothing+of+the+kind", []),
    ],
)
def test_own_reviews_are_put_in_order_and_narrowed_as_favorites_are(
    as_ada: FlaskClient, adas_ratings: None, query: str, numbers: list[int]
) -> None:
    page = as_ada.get(f"/api/v1/me/reviews?{query}").get_json()
    assert [row["movie_id"] for row in page["results"]] == numbers
    assert page["count_exact"] is True
    if "page=" not in query:
        assert page["count"] == len(numbers)


@pytest.mark.parametrize("query", ["", "&ordering=-rating", "&genre=crime&ordering=title"])
def test_own_reviews_cost_the_same_however_many(
    as_ada: FlaskClient, adas_ratings: None, query: str
) -> None:
    made = []
    for size in (1, 4):
        with counted() as statements:
            as_ada.get(f"/api/v1/me/reviews?page_size={size}{query}")
        made.append(len(statements))
    assert made[0] == made[1] <= 4


@pytest.mark.parametrize("query", ["ordering=priority", "ordering=own", "runtime_max=0"])
def test_orders_that_there_are_not_are_refused(as_ada: FlaskClient, query: str) -> None:
    refused = as_ada.get(f"/api/v1/me/reviews?{query}")
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]["query"]) == [query.partition("=")[0]]


def test_own_reviews_leave_out_bare_ratings_where_asked(as_ada: FlaskClient) -> None:
    for movie, words in ((27205, {"rating": 3}), (155, {"rating": 5, "text": "A coin."})):
        assert as_ada.post(f"/api/v1/movies/{movie}/reviews", json=words).status_code == 201
    page = as_ada.get("/api/v1/me/reviews?with_text=true&ordering=rating").get_json()
    assert ([row["movie_id"] for row in page["results"]], page["count"]) == ([155], 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        *(({"rating": rating}, "rating") for rating in (0.7, 0, 5.5, "4", True)),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "\x00"}, "text"),
        ({"rating": 4, "spoiler": "yes"}, "spoiler"),
        ({"rating": 4, "stars": 4}, "stars"),
        ({}, "text"),
        ({"text": "   "}, "text"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_kept(
    client: FlaskClient, as_ada: FlaskClient, body: Any, field: str
) -> None:
    answer = as_ada.post(MOVIE, json=body)
    assert 400 <= answer.status_code < 500
    if answer.status_code == 422:
        assert list(answer.get_json()["errors"]["json"]) == [field]
    assert client.get(MOVIE).get_json()["count"] == 0


@pytest.mark.parametrize("movie_id", ["0", "-1", "2147483648", "9223372036854775808"])
def test_ids_that_cannot_be_are_not_found(as_ada: FlaskClient, movie_id: str) -> None:
    address = f"/api/v1/movies/{movie_id}/reviews"
    assert as_ada.get(address).status_code == 404
    assert as_ada.post(address, json={"rating": 4}).status_code == 404
    assert as_ada.post("/api/v1/movies/2000000000/reviews", json={"rating": 4}).status_code == 404


@pytest.mark.parametrize("page_size", [12, 100])
def test_a_page_of_reviews_is_two_statements(
    client: FlaskClient, as_ada: FlaskClient, page_size: int
) -> None:
    write(as_ada, rating=4)
    with counted() as made:
        client.get(f"{MOVIE}?page_size={page_size}")
    assert len(made) == 2
