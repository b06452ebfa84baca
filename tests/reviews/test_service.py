"""Ratings and reviews: one for each person and movie, edited by who wrote it."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite.catalogue import service as catalogue
from moviesite.errors import Conflict, Forbidden, InvalidInput, NotFound, Outdated
from moviesite.extensions import db
from moviesite.library import overlay_queries
from moviesite.library.changes_service import undo
from moviesite.models import Movie, Review, ReviewReport, User
from moviesite.reviews import service
from moviesite.reviews.service import ReviewInput
from tests import factories
from tests.meanwhile import at_once
from tests.statements import counted

HEAT = 949


@pytest.fixture(autouse=True)
def heat(app: Flask) -> None:
    catalogue.store_detail(factories.detail(HEAT, "Heat"))


def community() -> tuple[float | None, int]:
    counters = select(Movie.rating_average, Movie.rating_count).where(Movie.id == HEAT)
    average, count = db.session.execute(counters).one()
    return average, count


def test_a_rating_is_changed_and_taken_back(ada: User, ben: User) -> None:
    assert service.rate(ada, HEAT, 4.5).is_new
    service.rate(ben, HEAT, 2)
    assert community() == (3.25, 2)
    change = service.rate(ada, HEAT, 5)
    assert (change.is_new, change.row.version) == (False, 2)
    assert service.rate(ada, HEAT, 5).undo is None
    assert overlay_queries.overlay(ada.id, [HEAT])[HEAT].rating == 5
    assert service.rate(ada, HEAT, None).row is None
    assert community() == (2, 1)
    assert service.rate(ada, HEAT, None).undo is None


def test_what_is_said_first_goes_with_its_note_in_one_write(ada: User, ben: User) -> None:
    both = 1 if db.engine.dialect.name == "postgresql" else 2
    with counted() as rated:
        change = service.rate(ada, HEAT, 4.5)
    with counted() as written:
        review = service.write_review(ben, HEAT, ReviewInput(4, "Coffee."))
    assert len(rated) == len(written) == 1 + both
    assert change.undo == service.undo_of(ada, change.row)
    token = service.undo_of(ben, review)
    assert token
    undo(ben, token)
    assert list(db.session.scalars(select(Review.id))) == [change.row.id]


def test_of_many_ratings_at_once_one_is_the_first(app: Flask, ada: User) -> None:
    user_id, made = ada.id, []

    def rate(rating: float) -> None:
        user = db.session.get_one(User, user_id)
        made.append(service.rate(user, HEAT, rating).is_new)

    stars = [halves / 2 for halves in range(1, 9)]
    assert at_once(app, [partial(rate, rating) for rating in stars]) == []
    assert made.count(True) == 1
    assert community()[1] == 1
    assert db.session.scalar(select(Review.version)) == len(stars)


def test_a_text_outlives_its_rating(ada: User) -> None:
    service.write_review(ada, HEAT, ReviewInput(4, "Coffee.", spoiler=True))
    row = service.rate(ada, HEAT, None).row
    assert (row.rating, row.text, row.spoiler) == (None, "Coffee.", True)
    assert community() == (None, 0)


def test_a_second_review_is_told_of_the_first(ada: User, ben: User) -> None:
    first = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    with pytest.raises(Conflict) as conflict:
        service.write_review(ada, HEAT, ReviewInput(3))
    assert conflict.value.extra == {"review_id": str(first.uuid)}
    service.write_review(ben, HEAT, ReviewInput(text="Tea."))


def test_the_second_of_two_editors_is_shown_what_the_first_wrote(ada: User) -> None:
    read = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    service.edit_review(ada, read.uuid, {"text": "Coffee, black."}, if_match={read.version})
    with pytest.raises(Outdated) as outdated:
        service.edit_review(ada, read.uuid, {"text": "Tea."}, if_match={read.version})
    assert outdated.value.present.text == "Coffee, black."
    service.edit_review(ada, read.uuid, {"text": "Tea."})
    assert db.session.scalar(select(Review.text)) == "Tea."


def test_an_edit_that_is_taken_back_counts_as_one_more(ada: User) -> None:
    read = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    token = service.edit_review(ada, read.uuid, {"text": "Tea.", "rating": 1}).undo
    assert token
    undo(ada, token)
    row = db.session.execute(select(Review.__table__)).one()
    assert (row.text, row.rating, row.version) == ("Coffee.", 4, 3)
    assert community() == (4, 1)


def test_a_deleted_review_comes_back_under_its_own_name(ada: User) -> None:
    read = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    token = service.delete_review(ada, read.uuid).undo
    assert community() == (None, 0)
    assert token
    undo(ada, token)
    assert db.session.scalar(select(Review.uuid)) == read.uuid
    assert community() == (4, 1)


def test_only_its_author_edits_and_who_runs_the_site_deletes(
    ada: User, ben: User, cleo: User
) -> None:
    review = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    for somebody in (ben, cleo):
        with pytest.raises(Forbidden):
            service.edit_review(somebody, review.uuid, {"text": "No."})
    with pytest.raises(Forbidden):
        service.delete_review(ben, review.uuid)
    assert service.delete_review(cleo, review.uuid).undo is None
    with pytest.raises(NotFound):
        service.delete_review(cleo, review.uuid)


@pytest.mark.parametrize(
    "words",
    [
        *(ReviewInput(rating) for rating in (0.7, 0, -1, 5.5, 10, float("nan"), float("inf"))),
        ReviewInput(),
        ReviewInput(text="x" * 10_001),
        ReviewInput(text="\x00"),
        ReviewInput(text="\ud800"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(ada: User, words: ReviewInput) -> None:
    with pytest.raises(InvalidInput):
        service.write_review(ada, HEAT, words)
    assert db.session.scalar(select(func.count()).select_from(Review)) == 0


def test_an_edit_may_not_leave_a_review_that_says_nothing(ada: User) -> None:
    review = service.write_review(ada, HEAT, ReviewInput(text="Coffee."))
    with pytest.raises(InvalidInput):
        service.edit_review(ada, review.uuid, {"text": ""})


def test_an_objection_is_kept_once_and_not_taken_from_the_author(ada: User, ben: User) -> None:
    review = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    assert service.report_review(ben, review.uuid, "Not about coffee").is_new
    again = service.report_review(ben, review.uuid, "Again")
    assert (again.is_new, again.row.reason) == (False, "Not about coffee")
    with pytest.raises(Conflict):
        service.report_review(ada, review.uuid)
    assert db.session.scalar(select(func.count()).select_from(ReviewReport)) == 1


def test_objections_are_read_where_they_may_come_back_alone(
    ada: User, ben: User, cleo: User
) -> None:
    for remover, reads in ((ada, 1), (cleo, 0)):
        row = service.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
        service.report_review(ben, row.uuid, "No.")
        with counted() as said:
            service.delete_review(remover, row.uuid)
        assert len([one for one in said if "FROM review_reports" in one]) == reads, remover
