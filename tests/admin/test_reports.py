"""Reported reviews are dealt with, and lists chosen for the programme."""

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.accounts import service as accounts
from moviesite.admin import list_queries, report_queries
from moviesite.catalogue import service
from moviesite.extensions import db
from moviesite.lists import service as lists
from moviesite.models import MovieList, Review, ReviewReport, User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import factories
from tests.admin.conftest import acts, post
from tests.people import DEVICE, PASSWORD, join
from tests.statements import counted

API = "/api/v1/admin"


@pytest.fixture
def reported(app: Flask, ada: User, ben: User) -> UUID:
    """A review of Ada's that Ben objects to."""
    service.store_movies([factories.movie()])
    written = reviews.write_review(ada, 949, ReviewInput(1, "The butler did it."))
    reviews.report_review(ben, written.uuid, "Tells the end")
    return UUID(str(written.uuid))


def test_reports_are_shown_with_who_reports_how_often(admin: FlaskClient, reported: UUID) -> None:
    [row] = admin.get(f"{API}/reviews").get_json()["results"]
    assert (row["author"], row["text"], row["movie_title"]) == ("ada", "The butler did it.", "Heat")
    assert (row["report_count"], row["author_reported"]) == (1, 1)
    [report] = row["reports"]
    told = (report["username"], report["reason"], report["made"], report["settled"])
    assert told == ("ben", "Tells the end", 1, 0)


def test_of_many_reports_the_newest_ten_are_shown_and_all_are_counted(
    admin: FlaskClient, reported: UUID
) -> None:
    for number in range(11):
        reporter = join("ada", username=f"viewer{number}", email=f"viewer{number}@example.org")
        reviews.report_review(reporter, reported)
    [row] = admin.get(f"{API}/reviews").get_json()["results"]
    newest = [f"viewer{number}" for number in range(10, 0, -1)]
    assert [report["username"] for report in row["reports"]] == newest
    assert row["report_count"] == 12
    assert admin.get(f"{API}/reviews/{reported}").get_json() == row


def test_a_dismissed_review_stands(admin: FlaskClient, reported: UUID) -> None:
    assert admin.post(f"{API}/reviews/{reported}/dismiss").get_json() == {"dismissed": 1}
    assert admin.post(f"{API}/reviews/{reported}/dismiss").status_code == 404
    assert admin.get(f"{API}/reviews").get_json()["results"] == []
    db.session.rollback()
    assert db.session.query(Review).count() == 1
    [entry] = acts()
    assert (entry.act, entry.subject_name, entry.after) == (
        *("review.dismiss", "Heat"),
        {"dismissed": 1},
    )


@pytest.mark.parametrize(("method", "way"), [("POST", "/dismiss"), ("DELETE", "")])
def test_nobody_decides_on_words_that_they_have_not_read(
    admin: FlaskClient, ada: User, reported: UUID, method: str, way: str
) -> None:
    [row] = admin.get(f"{API}/reviews").get_json()["results"]
    read = {"If-Match": f'"{row["version"]}"'}
    reviews.edit_review(ada, reported, {"text": "A fine film."})
    refused = admin.open(f"{API}/reviews/{reported}{way}", method=method, headers=read)
    assert refused.status_code == 412
    present = refused.get_json()["present"]
    assert (present["text"], present["report_count"]) == ("A fine film.", 1)
    assert acts() == []
    again = {"If-Match": refused.headers["ETag"]}
    done = admin.open(f"{API}/reviews/{reported}{way}", method=method, headers=again)
    assert done.status_code in (200, 204)


@pytest.mark.parametrize("act", ["dismiss", "remove"])
def test_a_page_tells_that_the_words_are_other_ones(
    desk: FlaskClient, ada: User, reported: UUID, act: str
) -> None:
    form = re.search(r'name="version" value="(\d+)"', desk.get("/admin/reviews").text)
    assert form
    reviews.edit_review(ada, reported, {"text": "A fine film."})
    address = f"/admin/reviews/{reported}/{act}"
    assert post(desk, address, version=form[1]).status_code == 303
    page = desk.get("/admin/reviews").text
    assert "This review has changed since you read it. Nothing was done." in page
    assert "A fine film." in page
    db.session.rollback()
    assert db.session.query(Review).count() == 1
    assert db.session.query(ReviewReport).filter_by(settled_at=None).count() == 1


def test_what_was_changed_after_it_was_dismissed_can_be_reported_once_more(
    admin: FlaskClient, reported: UUID, ada: User, ben: User
) -> None:
    admin.post(f"{API}/reviews/{reported}/dismiss")
    assert not reviews.report_review(ben, reported, "Still").is_new
    reviews.edit_review(ada, reported, {"text": "Ben is a fool."})
    assert reviews.report_review(ben, reported, "Insults me").is_new
    assert not reviews.report_review(ben, reported, "And how").is_new
    [row] = admin.get(f"{API}/reviews").get_json()["results"]
    assert [report["reason"] for report in row["reports"]] == ["Insults me"]


def test_a_removed_review_takes_its_reports_along(
    admin: FlaskClient, as_ada: FlaskClient, reported: UUID
) -> None:
    assert admin.delete(f"{API}/reviews/{reported}").status_code == 204
    assert admin.delete(f"{API}/reviews/{reported}").status_code == 404
    db.session.rollback()
    assert db.session.query(Review).count() == db.session.query(ReviewReport).count() == 0
    [entry] = acts()
    assert (entry.act, entry.before) == ("review.remove", {"movie_id": 949, "rating": 1.0})
    assert as_ada.get("/api/v1/me/reviews").get_json()["results"] == []


def take_away_and_bring_back(author: FlaskClient, review: UUID) -> None:
    token = author.delete(f"/api/v1/reviews/{review}").headers["Undo-Token"]
    assert author.post("/api/v1/me/undo", json={"token": token}).status_code == 200


def test_a_review_that_comes_back_is_still_reported(
    admin: FlaskClient, as_ada: FlaskClient, cleo: User, reported: UUID
) -> None:
    reviews.report_review(cleo, reported, "Unkind")
    for name in ("dora", "emil", "fay"):
        reviews.report_review(accounts.register(f"{name}@x.example", PASSWORD, DEVICE), reported)
    before = admin.get(f"{API}/reviews").get_json()["results"]
    take_away_and_bring_back(as_ada, reported)
    [after] = admin.get(f"{API}/reviews").get_json()["results"]
    assert after == {**before[0], "version": after["version"]}
    assert len(after["reports"]) == 5


def test_a_settled_report_stays_settled_when_the_review_comes_back(
    admin: FlaskClient, as_ada: FlaskClient, reported: UUID
) -> None:
    admin.post(f"{API}/reviews/{reported}/dismiss")
    take_away_and_bring_back(as_ada, reported)
    assert admin.get(f"{API}/reviews").get_json()["results"] == []
    db.session.rollback()
    assert db.session.query(ReviewReport).count() == 1


def test_nobody_reports_who_left_before_the_review_came_back(
    as_ada: FlaskClient, as_ben: FlaskClient, reported: UUID
) -> None:
    token = as_ada.delete(f"/api/v1/reviews/{reported}").headers["Undo-Token"]
    assert as_ben.delete("/api/v1/me", json={"password": PASSWORD}).status_code == 204
    assert as_ada.post("/api/v1/me/undo", json={"token": token}).status_code == 200
    db.session.rollback()
    assert (db.session.query(Review).count(), db.session.query(ReviewReport).count()) == (1, 0)


def test_what_admins_remove_elsewhere_is_in_the_log_too(
    admin: FlaskClient, ada: User, reported: UUID
) -> None:
    made = lists.create(ada, "Nights", visibility="public")
    assert admin.delete(f"/api/v1/reviews/{reported}").status_code == 204
    assert admin.delete(f"/api/v1/lists/{made.uuid}").status_code == 204
    assert [entry.act for entry in acts()] == ["review.remove", "list.delete"]


def test_what_people_do_with_their_own_is_not(as_ada: FlaskClient, reported: UUID) -> None:
    assert as_ada.delete(f"/api/v1/reviews/{reported}").status_code == 204
    assert acts() == []


def test_reports_cost_the_same_whatever_their_number(app: Flask, ben: User) -> None:
    service.store_movies([factories.movie()])
    for number in range(12):
        writer = join("ada", username=f"viewer{number}", email=f"viewer{number}@example.org")
        written = reviews.write_review(writer, 949, ReviewInput(3))
        reviews.report_review(ben, written.uuid)
    for size in (3, 12):
        with counted() as made:
            assert len(report_queries.reported(page_size=size).rows) == size
        assert len(made) == 5


def test_lists_are_put_into_the_programme(
    admin: FlaskClient, client: FlaskClient, ada: User
) -> None:
    public = lists.create(ada, "Nights", visibility="public")
    private = lists.create(ada, "Secret")
    answer = admin.patch(f"{API}/lists/{public.uuid}", json={"curated": True})
    assert answer.get_json()["curated"]
    assert admin.patch(f"{API}/lists/{private.uuid}", json={"curated": True}).status_code == 409
    assert admin.patch(f"{API}/lists/{uuid4()}", json={"curated": True}).status_code == 404
    assert "Featured list" in client.get("/lists").text
    names = [row["name"] for row in admin.get(f"{API}/lists").get_json()["results"]]
    assert names == ["Nights"]
    assert admin.get(f"{API}/lists?show=curated&search=nig").get_json()["count"] == 1
    admin.patch(f"{API}/lists/{public.uuid}", json={"curated": False})
    assert [entry.after for entry in acts()] == [{"curated": True}, {"curated": False}]


def test_lists_cost_the_same_whatever_their_number(app: Flask, ada: User) -> None:
    for number in range(20):
        lists.create(ada, f"Nights {number}", visibility="public")
    for size in (5, 20):
        with counted() as made:
            assert len(list_queries.lists("", "all", page_size=size).rows) == size
        assert len(made) == 2


def test_pages_of_reports_and_lists(desk: FlaskClient, ada: User, reported: UUID) -> None:
    page = desk.get("/admin/reviews").text
    assert "Tells the end" in page
    assert "The butler did it." in page
    assert "1</b> <span>reported review to look at" in desk.get("/admin").text
    assert post(desk, f"/admin/reviews/{reported}/dismiss").status_code == 303
    assert "There are no reported reviews" in desk.get("/admin/reviews").text
    assert post(desk, f"/admin/reviews/{reported}/remove").status_code == 303
    made = lists.create(ada, "Nights", visibility="public")
    assert "Nights" in desk.get("/admin/lists").text
    assert post(desk, f"/admin/lists/{made.uuid}", curated="1").status_code == 303
    db.session.rollback()
    assert db.session.query(MovieList).filter_by(curated=True).count() == 1
