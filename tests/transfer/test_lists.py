"""Lists that come along become lists of one's own, once, and go along again."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite import clock
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.lists import following_service, item_service
from moviesite.lists import queries as list_queries
from moviesite.lists import service as lists
from moviesite.models import (
    ImportedList,
    ImportEntry,
    ListItem,
    MovieList,
    User,
    WatchlistItem,
)
from moviesite.models.lists import MAX_MOVIES
from moviesite.transfer import export, lists_service, queries, service
from moviesite.transfer.queries import Report
from moviesite.transfer.reading import Entry, ListData, Reading, read
from tests import factories
from tests.statements import counted

NOON = dt.datetime(2019, 5, 4, 12, tzinfo=dt.UTC)
TITLES = ("Alien", "Brazil", "Chinatown", "Diva")
NOIR = ListData("Letterboxd: https://boxd.it/1", "Noir", "Dark and wet.")


@pytest.fixture(autouse=True)
def movies(app: Any) -> None:
    """Four stored movies, numbered in the order of their titles."""
    catalogue.store_movies([factories.movie(1001 + n, title) for n, title in enumerate(TITLES)])


def film(title: str, told: ListData = NOIR, **said: Any) -> Entry:
    tmdb_id = 1001 + TITLES.index(title) if title in TITLES else None
    return Entry("lists/noir.csv, line 6", title, None, tmdb_id, listed_in=told.origin, **said)


def bring(user: User, *entries: Entry, told: tuple[ListData, ...] = (NOIR,)) -> Report:
    """Import these lines and lists to the end."""
    return finish(user, Reading("Letterboxd", entries, 0, (), told))


def finish(user: User, reading: Reading) -> Report:
    service.begin_reading(user, reading)
    going = queries.of(user.id)
    assert going is not None
    service.carry_on(going.uuid)
    report = queries.report(user.id)
    assert report is not None
    assert report.waiting == 0
    return report


def own(user: User) -> list[MovieList]:
    db.session.rollback()
    mine = select(MovieList).where(MovieList.owner_id == user.id).order_by(MovieList.id)
    return list(db.session.scalars(mine.execution_options(populate_existing=True)))


def content(movie_list: MovieList) -> list[tuple[int, str]]:
    """Movies and notes; fails where positions have gaps."""
    rows = select(ListItem).where(ListItem.list_id == movie_list.id).order_by(ListItem.position)
    items = list(db.session.scalars(rows))
    assert [item.position for item in items] == list(range(len(items)))
    assert movie_list.movie_count == len(items)
    return [(item.movie_id, item.note) for item in items]


def test_a_list_comes_along_private_with_its_order_notes_and_words(ada: User) -> None:
    report = bring(ada, film("Diva", note="Paris"), film("Alien", noted_at=NOON), film("No Such"))
    [noir] = own(ada)
    assert (noir.name, noir.description, noir.visibility) == ("Noir", "Dark and wet.", "private")
    assert content(noir) == [(1004, "Paris"), (1001, "")]
    assert noir.search_text == "noir dark and wet"
    assert (report.kept, report.known, report.missing) == (2, 0, 1)
    assert [entry.title for entry in report.not_found] == ["No Such"]
    assert [(one.uuid, one.movie_count) for one in report.lists] == [(noir.uuid, 2)]
    added = db.session.scalar(select(ListItem.added_at).where(ListItem.movie_id == 1001))
    assert added == NOON


def test_the_same_file_again_makes_no_second_list(ada: User) -> None:
    lines = (film("Diva", note="Paris"), film("Alien"), film("Diva"))
    assert bring(ada, *lines).known == 1, "the film that is named twice"
    version = own(ada)[0].version
    report = bring(ada, *lines)
    [noir] = own(ada)
    assert (report.kept, report.known, noir.version) == (0, 3, version)
    assert content(noir) == [(1004, "Paris"), (1001, "")]
    assert [one.uuid for one in report.lists] == [noir.uuid]


def test_what_is_missing_comes_to_the_end_and_what_is_there_stays(ada: User) -> None:
    bring(ada, film("Alien"), film("Brazil"))
    [noir] = own(ada)
    item_service.put_movie(ada, noir.uuid, 1002, position=0, note="mine")
    lists.edit(ada, noir.uuid, {"name": "Rain", "description": "", "visibility": "public"})
    bring(ada, film("Chinatown"), film("Brazil", note="theirs"), film("Alien"), film("Diva"))
    [noir] = own(ada)
    assert content(noir) == [(1002, "mine"), (1001, ""), (1003, ""), (1004, "")]
    assert (noir.name, noir.description, noir.visibility) == ("Rain", "", "public")


def test_what_comes_to_a_list_that_is_followed_is_news(ada: User, ben: User) -> None:
    bring(ada, film("Alien", noted_at=NOON))
    [noir] = own(ada)
    lists.edit(ada, noir.uuid, {"visibility": "public"})
    following_service.follow(ben, noir.uuid)
    bring(ada, film("Brazil", noted_at=NOON))
    [news], _ = list_queries.news(ben)
    assert news.new_count == 1


def test_a_list_of_ones_own_and_one_of_another_source_are_others(ada: User) -> None:
    made = lists.create(ada, "Noir", movie_ids=[1004])
    other = ListData("IMDb: Noir", "Noir")
    bring(ada, film("Alien"), film("Brazil", other), told=(NOIR, other))
    mine, noir, imdb = own(ada)
    assert mine.uuid == made.uuid
    assert [content(one) for one in (mine, noir, imdb)] == [
        *([(1004, "")], [(1001, "")], [(1002, "")])
    ]


def test_each_has_lists_of_their_own(ada: User, ben: User) -> None:
    for user in (ada, ben):
        bring(user, film("Alien"))
    assert [content(one) for user in (ada, ben) for one in own(user)] == [[(1001, "")]] * 2


def test_a_list_that_was_deleted_comes_again_with_the_next_import_alone(ada: User) -> None:
    service.begin_reading(ada, Reading("Letterboxd", (film("Alien"),), 0, (), (NOIR,)))
    lists.delete_list(ada, own(ada)[0].uuid)
    going = queries.of(ada.id)
    assert going is not None
    service.carry_on(going.uuid)
    report = queries.report(ada.id)
    assert report is not None
    assert (report.known, list(report.lists), own(ada)) == (1, [], [])
    bring(ada, film("Alien"))
    assert [one.name for one in own(ada)] == ["Noir"]


def test_lines_that_were_stored_before_there_were_lists_are_read(ada: User) -> None:
    entry = Entry("diary.csv, line 2", "Alien", None, 1001, watchlist=True)
    service.begin_reading(ada, Reading("Letterboxd", (entry,), 0, ()))
    going = queries.of(ada.id)
    assert going is not None
    line = db.session.scalars(select(ImportEntry)).one()
    line.told = line.told[: Entry._fields.index("listed_in")]
    db.session.commit()
    service.carry_on(going.uuid)
    assert [wish.movie_id for wish in db.session.scalars(select(WatchlistItem))] == [1001]


def test_lists_stay_when_the_report_is_forgotten(ada: User) -> None:
    bring(ada, film("Alien"))
    service.forget(ada)
    bring(ada, film("Alien"), film("Brazil"))
    assert [content(one) for one in own(ada)] == [[(1001, ""), (1002, "")]]


def test_whoever_leaves_takes_lists_along(ada: User) -> None:
    bring(ada, film("Alien"))
    db.session.delete(db.session.merge(ada))
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(ImportedList)) == 0


def test_a_line_may_be_in_a_list_and_rate_a_film(ada: User) -> None:
    bring(ada, film("Alien"))
    report = bring(ada, film("Alien", rating=4.0))
    assert (report.kept, report.known) == (1, 0)


def test_a_list_that_is_full_is_told_of_once(ada: User) -> None:
    made = lists.create(ada, "Long")
    factories_rows = [factories.movie(5000 + n, f"Film {n}") for n in range(MAX_MOVIES - 1)]
    catalogue.store_movies(factories_rows)
    lists.edit(ada, made.uuid, {"movie_ids": [row.id for row in factories_rows]})
    told = ListData("a table of films: x", "Long", exported_as=made.uuid)
    report = bring(ada, *(film(title, told) for title in TITLES), told=(told,))
    assert (report.kept, report.known) == (1, 3)
    assert report.unread == ["Long: This list is full. It can hold at most 10,000 titles."]
    assert own(ada)[0].movie_count == MAX_MOVIES


def test_whoever_edits_a_list_meanwhile_neither_stops_the_import_nor_is_stopped(
    app: Flask, ada: User
) -> None:
    bring(ada, film("Alien"))
    noir = own(ada)[0].uuid
    lines = [film(title, rating=3.0) for title in TITLES]
    failed: list[Exception] = []

    def at_once(work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            with app.app_context():
                try:
                    for _ in range(10):
                        work()
                except Exception as error:
                    failed.append(error)
                db.session.remove()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def edit() -> None:
        for movie_id in (1002, 1003):
            item_service.put_movie(ada, noir, movie_id, position=0)
            item_service.remove_movie(ada, noir, movie_id)

    threads = [at_once(edit), at_once(lambda: bring(ada, *lines))]
    for thread in threads:
        thread.join()
    assert failed == []
    assert content(own(ada)[0])


def test_lists_are_opened_and_told_of_in_few_statements(ada: User) -> None:
    def opening(number: int) -> int:
        told = tuple(ListData(f"Letterboxd: {number}-{n}", "Noir") for n in range(number))
        with counted() as statements:
            service.begin_reading(ada, Reading("Letterboxd", (), 0, (), told))
            queries.report(ada.id)
        service.forget(ada)
        return len(statements)

    assert opening(2) == opening(200)


def test_a_portion_takes_a_few_statements_for_each_list(ada: User) -> None:
    def filling(origin: str, titles: tuple[str, ...]) -> int:
        told = ListData(origin, "Noir")
        service.begin_reading(ada, Reading("Letterboxd", (), 0, (), (told,)))
        going = queries.of(ada.id)
        assert going is not None
        found = [
            lists_service.Found(n, film(title, told), 1001 + n) for n, title in enumerate(titles)
        ]
        with counted() as statements:
            lists_service.fill(ada.id, going.uuid, found)
        service.forget(ada)
        return len(statements)

    assert filling("a", TITLES[:1]) == filling("b", TITLES)


def exported(user: User, name: str = "ada.zip") -> Reading:
    return read(name, export.archive(user), now=clock.now())


def test_lists_go_along_and_come_back_whole(ada: User, ben: User) -> None:
    made = lists.create(
        ada, "=Noir", description="-- dark,\nand wet", visibility="public", movie_ids=[1003, 1001]
    )
    item_service.put_movie(ada, made.uuid, 1001, note="=soon\n\nagain")
    lists.create(ada, "Noir", movie_ids=[1004])
    lists.create(ada, "…")
    reading = exported(ada)
    assert reading.unread == ()
    finish(ben, reading)
    first, second, third = own(ben)
    assert (first.name, first.description) == ("=Noir", "-- dark,\nand wet")
    assert [one.visibility for one in (first, second, third)] == ["private"] * 3
    assert content(first) == content(own(ada)[0]) == [(1003, ""), (1001, "=soon\n\nagain")]
    assert (second.name, content(second)) == ("Noir", [(1004, "")])
    assert (third.name, content(third)) == ("…", [])
    finish(ben, reading)
    assert len(own(ben)) == 3


def test_what_was_exported_goes_back_into_the_lists_that_it_is_of(ada: User) -> None:
    made = lists.create(ada, "Noir", movie_ids=[1003, 1001])
    reading = exported(ada)
    item_service.remove_movie(ada, made.uuid, 1003)
    finish(ada, reading)
    [noir] = own(ada)
    assert (noir.uuid, content(noir)) == (made.uuid, [(1001, ""), (1003, "")])


def test_nobody_adds_to_another_ones_list_by_its_id(ada: User, ben: User) -> None:
    made = lists.create(ada, "Noir", visibility="public")
    told = ListData("a table of films: x", "Noir", exported_as=made.uuid)
    bring(ben, film("Alien", told), told=(told,))
    assert content(own(ada)[0]) == []
    assert [content(one) for one in own(ben)] == [[(1001, "")]]
