"""Lists are made, edited, cloned and deleted; nothing else may."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from moviesite import clock
from moviesite.errors import Conflict, Forbidden, InvalidInput, NotFound, Outdated
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.lists import following_service, item_service, queries, service
from moviesite.lists.item_service import Addition
from moviesite.lists.queries import Wanted
from moviesite.models import MovieList, User
from moviesite.models.lists import MAX_MOVIES
from moviesite.transactions import transactional
from tests.lists.conftest import FIRST, TITLES, Making, titles_of
from tests.meanwhile import meanwhile, remove_movie
from tests.statements import counted

UNKNOWN = 99_999_999


def test_a_new_list_is_private_and_empty_unless_told_otherwise(ada: User) -> None:
    made = service.create(ada, "Evenings")
    shown = queries.shown(made.uuid, ada)
    assert (shown.movie_list.visibility, shown.movie_list.movie_count) == ("private", 0)
    assert shown.movie_list.version == 1
    assert shown.cover == ()


def test_movies_keep_the_order_in_which_they_were_named_and_count_once(
    adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(movie_ids=[movies[2], movies[0], movies[2], movies[1]])
    assert titles_of(made) == ["Chinatown", "Alien", "Brazil"]
    assert queries.shown(made.uuid, None).movie_list.movie_count == 3


def test_a_cover_shows_the_first_posters(adas_list: Making) -> None:
    assert queries.shown(adas_list().uuid, None).cover == (
        *("/alien.jpg", "/brazil.jpg"),
        *("/chinatown.jpg", "/diva.jpg"),
    )


@pytest.mark.parametrize(
    ("unknown", "words"),
    [
        ([UNKNOWN], f"There is no film {UNKNOWN}."),
        ([UNKNOWN, UNKNOWN + 1], f"There are no films {UNKNOWN} and {UNKNOWN + 1}."),
    ],
)
def test_movies_that_nobody_knows_are_named(
    ada: User, movies: list[int], unknown: list[int], words: str
) -> None:
    with pytest.raises(InvalidInput, match=re.escape(words)):
        service.create(ada, "Evenings", movie_ids=[movies[0], *unknown])
    assert queries.directory(ada, Wanted()).total == 0


def test_too_many_unknown_movies_are_refused_before_anybody_is_asked(ada: User) -> None:
    with pytest.raises(InvalidInput, match="At most 20"):
        service.create(ada, "Evenings", movie_ids=range(5_000_000, 5_000_100))


def test_one_movie_too_many(ada: User) -> None:
    with pytest.raises(InvalidInput, match="10,000"):
        service.create(ada, "Evenings", movie_ids=range(1, MAX_MOVIES + 2))


def test_an_edit_changes_what_is_given_and_counts_as_a_version(
    ada: User, adas_list: Making
) -> None:
    made = adas_list(description="Old words")
    service.edit(ada, made.uuid, {"name": "Nights"})
    found = queries.shown(made.uuid, ada).movie_list
    assert (found.name, found.description, found.version) == ("Nights", "Old words", 2)
    assert titles_of(made) == ["Alien", "Brazil", "Chinatown", "Diva"]


def test_replaced_movies_keep_their_notes_where_they_stay(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    item_service.put_movie(ada, made.uuid, movies[1], note="With Anna")
    service.edit(ada, made.uuid, {"movie_ids": [movies[5], movies[1]]})
    assert titles_of(made) == ["Fargo", "Brazil"]
    assert item_service.put_movie(ada, made.uuid, movies[1]).item.note == "With Anna"
    assert queries.shown(made.uuid, ada).movie_list.movie_count == 2


def test_no_movies_and_no_word_about_them_are_different_things(
    ada: User, adas_list: Making
) -> None:
    made = adas_list()
    service.edit(ada, made.uuid, {})
    assert len(titles_of(made)) == 4
    service.edit(ada, made.uuid, {"movie_ids": []})
    assert titles_of(made) == []


def test_an_edit_of_an_older_version_is_refused_with_the_present_one(
    ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    service.edit(ada, made.uuid, {"name": "Nights"}, if_match={1})
    with pytest.raises(Outdated) as refused:
        service.edit(ada, made.uuid, {"name": "Mornings"}, if_match={1})
    assert refused.value.present.version == 2
    with pytest.raises(Outdated):
        item_service.put_movie(ada, made.uuid, movies[0], position=2, if_match={1})
    with pytest.raises(Outdated):
        item_service.remove_movie(ada, made.uuid, movies[0], if_match={1})
    with pytest.raises(Outdated):
        service.delete_list(ada, made.uuid, if_match={1})


def test_others_change_nothing_and_learn_nothing_of_private_lists(
    ada: User, ben: User, adas_list: Making, movies: list[int]
) -> None:
    made, hidden = adas_list(), adas_list(visibility="private")
    for refused, found in ((Forbidden, made), (NotFound, hidden)):
        with pytest.raises(refused):
            service.edit(ben, found.uuid, {"name": "Mine"})
        with pytest.raises(refused):
            service.delete_list(ben, found.uuid)
        with pytest.raises(refused):
            item_service.put_movie(ben, found.uuid, movies[6])
        with pytest.raises(refused):
            item_service.remove_movie(ben, found.uuid, movies[0])
    for verb in (service.clone, following_service.follow):
        with pytest.raises(NotFound):
            verb(ben, hidden.uuid)
        with pytest.raises(NotFound):
            verb(ben, uuid4())


def test_who_runs_the_site_sees_and_deletes_every_list_and_edits_none(
    cleo: User, adas_list: Making
) -> None:
    hidden = adas_list(visibility="private")
    assert queries.shown(hidden.uuid, cleo).movie_list.name == "Evenings"
    with pytest.raises(Forbidden):
        service.edit(cleo, hidden.uuid, {"name": "Mine"})
    service.edit(cleo, hidden.uuid, {"curated": True})
    with pytest.raises(Forbidden):
        service.edit(cleo, hidden.uuid, {"curated": False, "name": "Mine"})
    service.delete_list(cleo, hidden.uuid)
    with pytest.raises(NotFound):
        queries.shown(hidden.uuid, cleo)


def test_only_who_runs_the_site_curates(ada: User, adas_list: Making) -> None:
    with pytest.raises(Forbidden):
        service.edit(ada, adas_list().uuid, {"curated": True})


def test_the_lists_of_a_closed_account_are_gone(
    app: Flask, ada: User, ben: User, adas_list: Making
) -> None:
    made = adas_list()
    db.session.merge(ada).is_active = False
    db.session.flush()
    with pytest.raises(NotFound):
        queries.shown(made.uuid, ben)
    assert queries.directory(ben, Wanted()).total == 0


def test_a_copy_is_private_and_leaves_notes_with_their_writer(
    ada: User, ben: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    item_service.put_movie(ada, made.uuid, movies[1], note="With Anna")
    bens, adas = service.clone(ben, made.uuid), service.clone(ada, made.uuid)
    assert titles_of(bens) == titles_of(adas) == titles_of(made)
    assert (bens.visibility, bens.name, adas.name) == ("private", "Evenings", "Evenings (copy)")
    assert item_service.put_movie(ben, bens.uuid, movies[1]).item.note == ""
    assert item_service.put_movie(ada, adas.uuid, movies[1]).item.note == "With Anna"
    assert queries.shown(bens.uuid, ben).movie_list.movie_count == 4


def test_a_request_that_is_repeated_makes_one_list(ada: User, adas_list: Making) -> None:
    once = Once(f"list:{ada.id}", "a-key", "Evenings")
    first, second = adas_list(once=once), adas_list(once=once)
    assert first.uuid == second.uuid
    copy = Once(f"clone:{ada.id}", "a-key", "Evenings")
    assert (
        service.clone(ada, first.uuid, once=copy).uuid
        == service.clone(ada, first.uuid, once=copy).uuid
    )
    service.delete_list(ada, first.uuid)
    with pytest.raises(NotFound, match="deleted"):
        adas_list(once=once)


def test_a_deleted_list_takes_everything_of_it_along(
    ada: User, ben: User, adas_list: Making
) -> None:
    made = adas_list()
    following_service.follow(ben, made.uuid)
    service.delete_list(ada, made.uuid)
    assert titles_of(made) == []
    assert queries.news(ben) == ([], 0)


def test_a_list_that_is_deleted_while_somebody_begins_to_follow_it_is_not_found(
    ben: User, adas_list: Making
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    made = adas_list()

    def remove() -> None:
        with db.engine.begin() as other:
            other.execute(delete(MovieList).where(MovieList.id == made.id))

    with meanwhile(remove, after="FROM lists JOIN"), pytest.raises(NotFound):
        following_service.follow(ben, made.uuid)


@pytest.mark.parametrize(
    "write",
    [
        lambda user, _, ids: service.create(user, "Nights", movie_ids=ids),
        lambda user, made, ids: service.edit(user, made.uuid, {"movie_ids": ids}),
    ],
)
def test_a_film_that_is_removed_before_its_list_is_stored_is_one_that_nobody_knows(
    ada: User, adas_list: Making, movies: list[int], write: Callable[..., object]
) -> None:
    made = adas_list()
    gone = meanwhile(lambda: remove_movie(movies[7]), after="SELECT movies.id")
    with gone, pytest.raises(InvalidInput, match="removed"):
        write(ada, made, [movies[7], movies[0]])
    assert titles_of(made) == ["Alien", "Brazil", "Chinatown", "Diva"]
    assert db.session.scalar(select(func.count()).select_from(MovieList)) == 1


@pytest.mark.parametrize("count", [2, 8])
def test_no_write_asks_the_database_more_than_seven_times(
    ada: User, ben: User, adas_list: Making, movies: list[int], count: int
) -> None:
    made = adas_list(movie_ids=movies[: count - 1])
    found: MovieList = made
    with counted() as statements:
        item_service.put_movie(ada, found.uuid, movies[7], position=0, note="First")
    assert len(statements) <= 7, statements
    for write in (
        lambda: item_service.put_movie(ada, found.uuid, movies[7], position=1, note="Second"),
        lambda: item_service.remove_movie(ada, found.uuid, movies[7]),
        lambda: service.edit(ada, found.uuid, {"name": "Nights", "movie_ids": movies[:count]}),
        lambda: service.create(ada, "Other", movie_ids=movies[:count]),
        lambda: service.clone(ben, found.uuid),
        lambda: following_service.follow(ben, found.uuid),
        lambda: service.delete_list(ada, found.uuid),
    ):
        with counted() as statements:
            write()
        assert len(statements) <= 7, statements


@pytest.mark.parametrize("write", ["create", "edit", "clone"])
def test_all_lists_of_one_person_together_have_an_end(
    ada: User, ben: User, adas_list: Making, movies: list[int], write: str
) -> None:
    """A copy of ten thousand films is made in a moment, any number of times."""
    made, small = adas_list(movie_ids=movies[:1]), adas_list(movie_ids=movies[:2])
    writes: dict[str, Callable[[User], object]] = {
        "create": lambda user: service.create(user, "More", movie_ids=movies[:3]),
        "edit": lambda _: service.edit(ada, small.uuid, {"movie_ids": movies[:4]}),
        "clone": lambda user: service.clone(user, small.uuid),
    }
    hold_many(made, service.MOST_IN_ALL - 3)
    with pytest.raises(Conflict, match="100,000"):
        writes[write](ada)
    assert queries.shown(small.uuid, ada).movie_list.movie_count == 2
    assert queries.directory(ada, Wanted(owner="ada")).total == 2
    assert write == "edit" or writes[write](ben), "others have room of their own"
    assert service.edit(ada, small.uuid, {"movie_ids": movies[:3]}).movie_count == 3, "it fits"


def test_single_films_find_no_room_either(ada: User, adas_list: Making, movies: list[int]) -> None:
    made, small = adas_list(movie_ids=movies[:1]), adas_list(movie_ids=movies[:2])
    hold_many(made, service.MOST_IN_ALL - 3)
    more = [Addition(movie, "", clock.now()) for movie in movies[1:5]]
    appended = item_service.append_movies(ada, small.uuid, more)
    assert (appended.movie_ids, appended.full) == ({movies[2]}, service.ALL_FULL)
    with pytest.raises(Conflict, match="100,000"):
        item_service.put_movie(ada, small.uuid, movies[3])
    assert item_service.append_movies(ada, small.uuid, more[:2]).full == "", "they are there"
    assert not item_service.put_movie(ada, small.uuid, movies[0], note="Still").is_new
    assert titles_of(small) == [TITLES[movie - FIRST] for movie in movies[:3]]


@transactional
def hold_many(movie_list: MovieList, count: int) -> None:
    """Let a list say that it holds so many."""
    mine = update(MovieList).where(MovieList.id == movie_list.id)
    db.session.execute(mine.values(movie_count=count))


def test_a_list_counts_its_films_however_they_come_and_go(
    ada: User, ben: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(movie_ids=[*movies[:3], movies[0]])
    copy = service.clone(ben, made.uuid)
    service.edit(ada, made.uuid, {"movie_ids": movies[2:]})
    item_service.remove_movie(ada, made.uuid, movies[2])
    following_service.follow(ben, made.uuid)
    db.session.rollback()
    counts = select(MovieList.movie_count, MovieList.subscriber_count).order_by(MovieList.id)
    assert db.session.execute(counts).all() == [(len(movies) - 3, 1), (3, 0)]
    assert titles_of(made) == [TITLES[movie - FIRST] for movie in movies[3:]]
    service.edit(ada, made.uuid, {"movie_ids": []})
    service.delete_list(ben, copy.uuid)
    assert db.session.execute(counts).all() == [(0, 1)]
