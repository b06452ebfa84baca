"""Movies come, move and go; the order holds whatever happens at once."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from moviesite.bounds import Page
from moviesite.catalogue import service as catalogue
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.lists import item_queries, item_service, queries, service
from moviesite.lists.item_queries import ItemOrder, ItemWish
from moviesite.models import ListItem, User
from tests import factories
from tests.lists.conftest import FIRST, Making, titles_of
from tests.meanwhile import at_once, meanwhile, remove_movie
from tests.statements import counted


def test_a_movie_joins_at_the_end_or_where_it_is_told(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    assert item_service.put_movie(ada, made.uuid, movies[5]).is_new
    placed = item_service.put_movie(ada, made.uuid, movies[6], position=1, note="Late")
    assert (placed.item.position, placed.item.note, placed.item.movie.title) == (
        *(1, "Late"),
        "Gattaca",
    )
    assert titles_of(made) == ["Alien", "Gattaca", "Brazil", "Chinatown", "Diva", "Fargo"]


@pytest.mark.parametrize("old", range(4))
@pytest.mark.parametrize("new", range(4))
def test_a_movie_moves_and_the_others_make_room(
    ada: User, adas_list: Making, movies: list[int], old: int, new: int
) -> None:
    made = adas_list()
    expected = ["Alien", "Brazil", "Chinatown", "Diva"]
    expected.insert(new, expected.pop(old))
    placed = item_service.put_movie(ada, made.uuid, movies[old], position=new)
    assert not placed.is_new
    assert titles_of(made) == expected
    assert placed.movie_list.version == (1 if old == new else 2)


def test_a_place_that_the_list_does_not_have_is_refused_with_those_it_has(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    with pytest.raises(InvalidInput, match="from 0 to 3"):
        item_service.put_movie(ada, made.uuid, movies[0], position=4)
    with pytest.raises(InvalidInput, match="from 0 to 4"):
        item_service.put_movie(ada, made.uuid, movies[6], position=5)
    assert len(titles_of(made)) == 4


def test_an_unknown_movie_does_not_exist(ada: User, adas_list: Making) -> None:
    with pytest.raises(NotFound):
        item_service.put_movie(ada, adas_list().uuid, 99_999_999)


def test_a_movie_that_is_removed_on_its_way_in_does_not_exist(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    made = adas_list()
    gone = meanwhile(
        lambda: remove_movie(movies[7]), after="FROM movies LEFT OUTER JOIN list_items"
    )
    with gone, pytest.raises(NotFound):
        item_service.put_movie(ada, made.uuid, movies[7], position=0)
    assert titles_of(made) == ["Alien", "Brazil", "Chinatown", "Diva"]


def test_a_movie_of_the_source_is_stored_on_its_way_in(ada: User, adas_list: Making) -> None:
    placed = item_service.put_movie(ada, adas_list().uuid, 27205)
    assert placed.item.movie.title == "Inception"


def test_a_full_list_takes_no_more(ada: User, adas_list: Making, movies: list[int]) -> None:
    ids = range(2_000_000, 2_010_000)
    catalogue.store_movies([factories.movie(n, f"Film {n}", genres=()) for n in ids])
    full = adas_list(movie_ids=ids)
    assert queries.shown(full.uuid, ada).movie_list.movie_count == 10_000
    with pytest.raises(Conflict, match="10,000"):
        item_service.put_movie(ada, full.uuid, movies[0])
    last = item_queries.items(queries.shown(full.uuid, ada).movie_list, page=500)
    assert [item.position for item in last.rows] == list(range(9980, 10_000))
    copy = service.clone(ada, full.uuid)
    service.delete_list(ada, copy.uuid)


def test_a_removed_movie_closes_its_gap_and_comes_back_where_it_was(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    before = item_service.put_movie(ada, made.uuid, movies[1], note="With Anna").item.added_at
    taken = item_service.remove_movie(ada, made.uuid, movies[1])
    assert titles_of(made) == ["Alien", "Chinatown", "Diva"]
    assert taken.undo
    placed = item_service.bring_back(ada, taken.undo)
    assert (placed.item.note, placed.item.added_at) == ("With Anna", before)
    assert titles_of(made) == ["Alien", "Brazil", "Chinatown", "Diva"]
    with pytest.raises(Conflict):
        item_service.bring_back(ada, taken.undo)


def test_a_shorter_list_takes_a_movie_back_at_its_end(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    taken = item_service.remove_movie(ada, made.uuid, movies[3])
    service.edit(ada, made.uuid, {"movie_ids": [movies[7]]})
    assert taken.undo
    item_service.bring_back(ada, taken.undo)
    assert titles_of(made) == ["Heat", "Diva"]


def test_only_the_newest_removal_of_ones_own_is_undone(
    ada: User, ben: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    first = item_service.remove_movie(ada, made.uuid, movies[1]).undo
    item_service.put_movie(ada, made.uuid, movies[1])
    assert first
    with pytest.raises(Conflict):
        item_service.bring_back(ada, first)
    second = item_service.remove_movie(ada, made.uuid, movies[1]).undo
    assert second
    for user, token in ((ada, first), (ben, second), (ada, uuid4())):
        with pytest.raises(Conflict):
            item_service.bring_back(user, token)


def test_what_is_not_there_is_removed_without_a_trace(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    taken = item_service.remove_movie(ada, adas_list().uuid, movies[7])
    assert (taken.undo, taken.movie_list.version) == (None, 1)


def titles(found: Page[ListItem]) -> list[str]:
    return [item.movie.title for item in found.rows]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ItemOrder(), ["Diva", "Alien", "Brazil"]),
        (ItemOrder("position", True), ["Brazil", "Alien", "Diva"]),
        (ItemOrder("title"), ["Alien", "Brazil", "Diva"]),
        (ItemOrder("title", True), ["Diva", "Brazil", "Alien"]),
        (ItemOrder("added_at"), ["Alien", "Brazil", "Diva"]),
    ],
)
def test_orders_and_pages_of_a_list(
    adas_list: Making, movies: list[int], order: ItemOrder, expected: list[str]
) -> None:
    made = queries.shown(adas_list(movie_ids=[movies[3], *movies[:2]]).uuid, None).movie_list
    wish = ItemWish(order=order)
    assert titles(item_queries.items(made, wish)) == expected
    paged = [item_queries.items(made, wish, page=page, page_size=2) for page in (1, 2, 3)]
    assert [titles(one) for one in paged] == [expected[:2], expected[2:], []]
    assert {one.total for one in paged} == {3}


def test_a_list_is_searched_by_title_note_and_operators(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    item_service.put_movie(ada, made.uuid, movies[1], note="With Anna")
    item_service.put_movie(ada, made.uuid, movies[3], note="CAFÉ in l'été")
    made = queries.shown(made.uuid, None).movie_list
    for words, expected in (
        ("chin", ["Chinatown"]),
        ("anna", ["Brazil"]),
        ("anna!", ["Brazil"]),
        ("CAFÉ", ["Diva"]),
        ("café", ["Diva"]),
        ("cafe", ["Diva"]),
        ("Cafe\u0301", ["Diva"]),
        ("cáfe lete", []),
        ("cáfe l'ete", ["Diva"]),
        ("ánna", ["Brazil"]),
        ("l'été", ["Diva"]),
        ("year:1995", ["Alien", "Brazil", "Chinatown", "Diva"]),
        ("year:1996", []),
        ("genre:crime div", ["Diva"]),
        ("%", ["Alien", "Brazil", "Chinatown", "Diva"]),
    ):
        assert titles(item_queries.items(made, ItemWish(words))) == expected, words


def test_films_for_adults_are_shown_to_those_who_want_them_and_to_the_lists_owner(
    ada: User, ben: User, adas_list: Making
) -> None:
    catalogue.store_movies([factories.movie(5001, "Late show", adult=True)])
    made = adas_list(movie_ids=[5001, FIRST])
    shown = queries.shown(made.uuid, ben)
    assert shown.cover == ("/alien.jpg",)
    for user, expected in ((None, 1), (ben, 1), (ada, 2)):
        for wish in (ItemWish(), ItemWish(order=ItemOrder("title"))):
            found = item_queries.items(shown.movie_list, wish, viewer=user)
            assert len(found.rows) == expected


@pytest.mark.parametrize("wish", [ItemWish(), ItemWish("a", order=ItemOrder("title", True))])
def test_a_page_is_two_statements_whatever_its_size(
    adas_list: Making, movies: list[int], wish: ItemWish
) -> None:
    list_id = adas_list(movie_ids=movies).uuid
    for size in (2, 8):
        db.session.rollback()
        with counted() as statements:
            found = queries.shown(list_id, None).movie_list
            page = item_queries.items(found, wish, page_size=size)
            assert page.rows[0].movie.genres
        assert len(statements) == 2, statements


def test_a_film_that_leaves_once_more_while_it_is_brought_back_stops_neither(
    app: Flask, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    token = item_service.remove_movie(ada, made.uuid, movies[1]).undo
    assert token
    began, raised = threading.Event(), list[BaseException]()

    def put_and_remove() -> None:
        item_service.put_movie(ada, made.uuid, movies[1])
        item_service.remove_movie(ada, made.uuid, movies[1])

    def remove_again(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT last_changes") and not began.is_set():
            began.set()
            other.start()
            # Either it is done by then, or it waits for this change.
            other.join(0.5)

    other = threading.Thread(target=lambda: raised.extend(at_once(app, [put_and_remove])))
    event.listen(db.engine, "after_cursor_execute", remove_again)
    try:
        with suppress(Conflict):
            item_service.bring_back(ada, token)
    finally:
        event.remove(db.engine, "after_cursor_execute", remove_again)
    other.join(30)
    assert raised == []
    assert titles_of(made) == ["Alien", "Chinatown", "Diva"]


def test_the_order_holds_under_many_edits_at_once(
    app: Flask, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(movie_ids=movies[:6])
    db.session.rollback()
    dice = random.Random(4)

    def edits(number: int) -> Callable[[], None]:
        mine = random.Random(dice.random())

        def work() -> None:
            for _ in range(8):
                movie = mine.choice(movies)
                if mine.random() < 0.35:
                    item_service.remove_movie(ada, made.uuid, movie)
                else:
                    item_service.put_movie(ada, made.uuid, movie, position=mine.randrange(2))

        return work

    raised = at_once(app, [edits(number) for number in range(5)])
    # Where others emptied the list meanwhile, a place may be one that it no longer has.
    assert [error for error in raised if not isinstance(error, InvalidInput)] == []
    assert len(titles_of(made)) == queries.shown(made.uuid, ada).movie_list.movie_count


def test_of_twenty_that_add_the_same_movie_one_does(
    app: Flask, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(movie_ids=movies[:1])
    new: list[bool] = []

    def add() -> None:
        new.append(item_service.put_movie(ada, made.uuid, movies[7]).is_new)

    db.session.rollback()
    assert at_once(app, [add] * 20) == []
    assert sorted(new) == [False] * 19 + [True]
    assert titles_of(made) == ["Alien", "Heat"]


def test_a_list_that_is_deleted_while_it_is_reordered_is_gone_and_nothing_breaks(
    app: Flask, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    db.session.rollback()
    moves = [
        lambda place=place: item_service.put_movie(ada, made.uuid, movies[0], position=place)
        for place in (1, 2, 3)
    ]
    raised = at_once(app, [*moves, lambda: service.delete_list(ada, made.uuid)])
    assert all(isinstance(error, NotFound) for error in raised)
    assert titles_of(made) == []
