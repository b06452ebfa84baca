"""Many at once, on real databases: constraints decide, and counters add up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from moviesite import clock
from moviesite.catalogue import purge_service
from moviesite.errors import Conflict, NotFound, Outdated
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.library import presenting, service
from moviesite.library.changes_service import undo
from moviesite.models import Favorite, Movie, MovieView, Review, User, Viewing, Vote, WatchlistItem
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import people
from tests.library.conftest import HEAT
from tests.meanwhile import another_writer, meanwhile, remove_movie, until_somebody_waits

MANY = 20

pytestmark = pytest.mark.usefixtures("films")


def at_once(app: Flask, user_ids: list[int], write: Callable[[User], Any]) -> list[Any]:
    """What the writes came to, each in a thread and session of its own."""
    db.session.rollback()
    start = Barrier(len(user_ids))

    def one(user_id: int) -> Any:
        with app.app_context():
            user = db.session.get(User, user_id)
            assert user
            db.session.commit()
            start.wait(30)
            try:
                return write(user)
            except (Conflict, Outdated) as error:
                return error

    with ThreadPoolExecutor(len(user_ids)) as pool:
        return list(pool.map(one, user_ids))


def join(number: int) -> User:
    """One of a crowd."""
    name = f"viewer{number}"
    return people.join("ada", username=name, email=f"{name}@example.org")


def rows(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("table", "write"),
    [
        (Favorite, lambda user: service.add_favorite(user, HEAT)),
        (WatchlistItem, lambda user: service.keep_on_watchlist(user, HEAT, note="same")),
        (Vote, lambda user: service.vote(user, HEAT, "up")),
        (Viewing, lambda user: service.mark_seen(user, HEAT)),
        (Review, lambda user: reviews.rate(user, HEAT, 4)),
    ],
)
def test_of_equal_writes_one_is_the_first(
    app: Flask, ada: User, table: Any, write: Callable[[User], Any]
) -> None:
    changes = at_once(app, [ada.id] * MANY, write)
    assert [change.is_new for change in changes].count(True) == 1
    assert [change.undo for change in changes if change.undo] == [
        change.undo for change in changes if change.is_new
    ]
    assert rows(table) == 1
    db.session.refresh(ada)
    assert ada.library_version == 1


def test_counters_add_up_whoever_writes_when(app: Flask) -> None:
    users = [join(n).id for n in range(10)]

    def opine(user: User) -> None:
        service.like(user, HEAT)
        service.vote(user, HEAT, "up")
        service.vote(user, HEAT, "down")
        reviews.rate(user, HEAT, 2)
        reviews.rate(user, HEAT, 4.5)
        service.unlike(user, HEAT)
        service.like(user, HEAT)

    at_once(app, users, opine)
    movie = db.session.get(Movie, HEAT, populate_existing=True)
    assert movie
    assert (movie.likes, movie.votes_up, movie.votes_down) == (10, 0, 10)
    assert (movie.rating_count, movie.rating_average) == (10, 4.5)


def test_one_of_many_editors_is_not_told_of_another(app: Flask, ada: User) -> None:
    review = reviews.write_review(ada, HEAT, ReviewInput(4, "Coffee."))
    number = iter(range(MANY))

    def edit(user: User) -> Any:
        text = f"Cup {next(number)}."
        return reviews.edit_review(user, review.uuid, {"text": text}, if_match={1})

    results = at_once(app, [ada.id] * MANY, edit)
    edited = [one for one in results if not isinstance(one, Outdated)]
    assert len(edited) == 1
    told = {one.present.text for one in results if isinstance(one, Outdated)}
    assert told == {edited[0].row.text}


def test_a_change_is_taken_back_by_one_of_many(app: Flask, ada: User) -> None:
    service.add_favorite(ada, HEAT)
    token = service.remove_favorite(ada, HEAT).undo
    assert token
    results = at_once(app, [ada.id] * MANY, lambda user: undo(user, token))
    assert len([one for one in results if not isinstance(one, Conflict)]) == 1
    assert rows(Favorite) == 1


def test_a_request_that_comes_twice_at_once_is_done_once(app: Flask, ada: User) -> None:
    once = Once(f"play:{ada.id}", "the same key", "the same play")
    results = at_once(app, [ada.id] * 8, lambda user: service.record_viewing(user, HEAT, once=once))
    assert len({change.row.uuid for change in results}) == 1
    assert rows(Viewing) == 1


def test_a_review_that_comes_twice_at_once_is_written_once(app: Flask, ada: User) -> None:
    once, words = Once(f"review:{ada.id}", "the-same-key", "the same words"), ReviewInput(4)
    results = at_once(
        app, [ada.id] * 8, lambda user: reviews.write_review(user, HEAT, words, once=once)
    )
    assert len({row.uuid for row in results}) == 1
    assert rows(Review) == 1


def test_one_review_is_written_of_many(app: Flask, ada: User) -> None:
    results = at_once(
        app, [ada.id] * MANY, lambda user: reviews.write_review(user, HEAT, ReviewInput(4))
    )
    told = {one.extra["review_id"] for one in results if isinstance(one, Conflict)}
    written = [one for one in results if not isinstance(one, Conflict)]
    assert (len(written), told) == (1, {str(written[0].uuid)})
    assert rows(Review) == 1


def test_views_from_one_address_count_as_one_however_many(app: Flask, ada: User) -> None:
    for _ in range(500):
        service.count_view(HEAT, None, "192.0.2.7")
    at_once(app, [ada.id] * MANY, lambda _: service.count_view(HEAT, None, "192.0.2.7"))
    assert rows(MovieView) == 1


def test_a_film_that_is_removed_between_look_and_write_is_not_found(ada: User) -> None:
    gone = meanwhile(lambda: remove_movie(HEAT), after="SELECT movies.id")
    with gone, pytest.raises(NotFound):
        service.mark_seen(ada, HEAT)
    assert rows(Viewing) == 0


def test_a_removed_film_that_no_source_knows_is_not_kept(ada: User) -> None:
    remove_movie(HEAT)
    with pytest.raises(NotFound):
        service.add_favorite(ada, HEAT)
    assert rows(Favorite) == 0
    assert db.session.get(Movie, HEAT) is None


def test_a_film_that_is_removed_between_write_and_answer_is_not_found(ada: User) -> None:
    assert presenting.stored_movie(HEAT, ada).movie.id == HEAT
    db.session.rollback()
    remove_movie(HEAT)
    with pytest.raises(NotFound):
        presenting.stored_movie(HEAT, ada)


def test_what_is_kept_while_tmdbs_data_is_purged_stays_and_hinders_nothing(
    app: Flask, ada: User
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    kept = insert(Favorite).values(user_id=ada.id, movie_id=HEAT, added_at=clock.now())
    db.session.rollback()

    def purge() -> int:
        with app.app_context():
            return purge_service.purge_tmdb()

    with ThreadPoolExecutor(1) as pool:
        with another_writer() as mine:
            mine.execute(kept)
            purged = pool.submit(purge)
            until_somebody_waits()
        assert purged.result(60) > 0
    assert db.session.execute(select(Movie.id, Movie.title)).all() == [(HEAT, f"TMDb {HEAT}")]
    assert rows(Favorite) == 1
