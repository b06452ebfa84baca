"""Tiers are made, edited, removed and given to people by those who run the site."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from moviesite.assistant import quota_service, tier_service
from moviesite.assistant.tier_service import ListedTier
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.models import User
from moviesite.transactions import transactional

pytestmark = pytest.mark.usefixtures("tiers")


def listed() -> dict[str, ListedTier]:
    db.session.rollback()
    return {tier.code: tier for tier in tier_service.listing()}


def default() -> list[str]:
    return [tier.code for tier in listed().values() if tier.is_default]


def limit_of(user: User) -> int:
    db.session.rollback()
    return quota_service.quota_of(user).limit


@transactional
def leave_no_tier() -> None:
    db.session.query(tier_service.AccountTier).delete()


def test_tiers_are_listed_by_size_with_how_many_people_have_them(ada: User, ben: User) -> None:
    tier_service.assign(ada, "premium")
    assert list(listed()) == ["free", "premium", "admin"]
    assert [tier.people for tier in listed().values()] == [1, 1, 0]


def test_a_new_tier_can_be_given_to_somebody(ada: User) -> None:
    tier_service.create("friends", " Friends of the house ", 7)
    assert listed()["friends"] == ("friends", "Friends of the house", 7, False, 0)
    tier_service.assign(ada, "friends")
    assert limit_of(ada) == 7
    tier_service.assign(ada, None)
    assert limit_of(ada) == 3


def test_a_code_is_taken_once(ada: User) -> None:
    with pytest.raises(Conflict):
        tier_service.create("free", "Free again", 9)
    assert limit_of(ada) == 3


def test_the_first_tier_of_all_is_the_default(ada: User) -> None:
    leave_no_tier()
    tier_service.create("only", "Only", 5)
    assert default() == ["only"]
    assert limit_of(ada) == 5


@pytest.mark.parametrize(
    ("code", "name", "daily_limit", "fields"),
    [
        ("", "Name", 3, ["code"]),
        ("Capital", "Name", 3, ["code"]),
        ("with space", "Name", 3, ["code"]),
        ("x" * 41, "Name", 3, ["code"]),
        ("new\n", "Name", 3, ["code"]),
        ("new", "  ", 3, ["name"]),
        ("new", "x" * 101, 3, ["name"]),
        ("new", "a\x00b", 3, ["name"]),
        ("new", "a\ud800b", 3, ["name"]),
        ("new", "Name", -1, ["daily_limit"]),
        ("new", "Name", 2**31, ["daily_limit"]),
        ("NEW", "", -1, ["code", "name", "daily_limit"]),
    ],
)
def test_what_no_tier_can_be_is_told_by_field(
    code: str, name: str, daily_limit: int, fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        tier_service.create(code, name, daily_limit)
    assert list(refused.value.extra["errors"]["json"]) == fields
    assert list(listed()) == ["free", "premium", "admin"]


def test_what_is_not_given_is_not_changed(ada: User) -> None:
    tier_service.edit("free", daily_limit=8)
    assert listed()["free"] == ("free", "Free", 8, True, 1)
    tier_service.edit("free", name="Everybody")
    assert listed()["free"] == ("free", "Everybody", 8, True, 1)
    tier_service.edit("free")
    assert limit_of(ada) == 8


def test_a_smaller_limit_holds_at_once_and_nothing_left_is_never_less(ada: User) -> None:
    for _ in range(3):
        quota_service.take(ada)
    tier_service.edit("free", daily_limit=1)
    assert quota_service.quota_of(ada).left == 0


@pytest.mark.parametrize("make", ["edit", "create"])
def test_another_default_takes_the_place_of_the_first(ada: User, make: str) -> None:
    if make == "edit":
        tier_service.edit("premium", is_default=True)
    else:
        tier_service.create("friends", "Friends", 30, is_default=True)
    assert default() == ["premium" if make == "edit" else "friends"]
    assert limit_of(ada) == 30


def test_there_is_always_a_default() -> None:
    with pytest.raises(Conflict):
        tier_service.edit("free", is_default=False)
    with pytest.raises(Conflict):
        tier_service.remove("free", "premium")
    tier_service.edit("premium", is_default=False)
    assert default() == ["free"]


@pytest.mark.parametrize(("successor", "limit"), [(None, 3), ("admin", 100)])
def test_people_of_a_removed_tier_get_another(ada: User, successor: str | None, limit: int) -> None:
    tier_service.assign(ada, "premium")
    tier_service.remove("premium", successor)
    assert list(listed()) == ["free", "admin"]
    assert limit_of(ada) == limit


def test_a_tier_cannot_take_its_own_place(ada: User) -> None:
    tier_service.assign(ada, "premium")
    with pytest.raises(Conflict):
        tier_service.remove("premium", "premium")
    assert limit_of(ada) == 30


def test_what_is_unknown_is_not_found(ada: User) -> None:
    with pytest.raises(NotFound):
        tier_service.edit("none", name="None")
    with pytest.raises(NotFound):
        tier_service.remove("none")
    with pytest.raises(NotFound):
        tier_service.remove("premium", "none")
    with pytest.raises(NotFound):
        tier_service.assign(ada, "none")
    assert list(listed()) == ["free", "premium", "admin"]


def test_of_many_who_choose_a_default_at_once_one_holds(app: Flask) -> None:
    codes, start = ["free", "premium", "admin"] * 4, Barrier(12)

    def choose(code: str) -> None:
        with app.app_context():
            start.wait(30)
            tier_service.edit(code, is_default=True)

    with ThreadPoolExecutor(len(codes)) as pool:
        list(pool.map(choose, codes))
    assert len(default()) == 1
