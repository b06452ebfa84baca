"""What a day allows: taken one by one, given back, and never more than there is."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite import clock
from moviesite.assistant import quota_service, tier_service
from moviesite.assistant.quota_service import Taken
from moviesite.errors import QuotaExceeded
from moviesite.extensions import db
from moviesite.models import AssistantUsage, User
from moviesite.transactions import transactional

MANY = 50

pytestmark = pytest.mark.usefixtures("tiers")


@transactional
def move(user: User, tier: str | None) -> None:
    user.tier_code = tier
    db.session.add(user)


@transactional
def use(user: User, day: dt.date, used: int) -> None:
    db.session.add(AssistantUsage(user_id=user.id, day=day, used=used))


def used_by(user: User) -> int:
    db.session.rollback()
    return quota_service.quota_of(user).used


def test_a_day_has_as_many_calls_as_the_default_tier(ada: User) -> None:
    for _ in range(3):
        quota_service.take(ada)
    with pytest.raises(QuotaExceeded) as refused:
        quota_service.take(ada)
    assert refused.value.limit == 3
    assert 0 < (refused.value.retry_after or 0) <= 86400
    assert quota_service.quota_of(ada).left == 0


def test_another_tier_has_its_own_limit(ada: User) -> None:
    move(ada, "premium")
    quota_service.take(ada)
    quota = quota_service.quota_of(ada)
    assert (quota.tier.code, quota.limit, quota.used, quota.left) == ("premium", 30, 1, 29)


def test_of_fifty_at_once_with_one_call_left_one_gets_it(app: Flask, ada: User) -> None:
    use(ada, clock.now().date(), 2)
    user_id, start = ada.id, Barrier(MANY)
    db.session.rollback()

    def one(_: int) -> bool:
        with app.app_context():
            user = db.session.get(User, user_id)
            assert user
            db.session.commit()
            start.wait(30)
            try:
                quota_service.take(user)
            except QuotaExceeded:
                return False
            return True

    with ThreadPoolExecutor(MANY) as pool:
        got = list(pool.map(one, range(MANY)))
    assert sum(got) == 1
    assert used_by(ada) == 3


def test_what_is_given_back_can_be_taken_again(ada: User) -> None:
    taken = [quota_service.take(ada) for _ in range(3)]
    quota_service.give_back(taken[0])
    assert used_by(ada) == 2
    quota_service.take(ada)
    assert used_by(ada) == 3


def test_giving_back_never_makes_a_day_longer(ada: User) -> None:
    taken = quota_service.take(ada)
    quota_service.give_back(taken)
    quota_service.give_back(taken)
    assert used_by(ada) == 0


def test_yesterday_does_not_count_and_a_late_return_goes_to_its_own_day(ada: User) -> None:
    today = clock.now().date()
    yesterday = today - dt.timedelta(days=1)
    use(ada, yesterday, 3)
    quota_service.take(ada)
    quota_service.give_back(Taken(ada.id, yesterday))
    rows = select(AssistantUsage.day, AssistantUsage.used).where(AssistantUsage.user_id == ada.id)
    assert dict(db.session.execute(rows).all()) == {yesterday: 2, today: 1}  # type: ignore[arg-type]


def test_people_do_not_use_each_others_calls(ada: User, ben: User) -> None:
    for _ in range(3):
        quota_service.take(ada)
    quota_service.take(ben)
    assert quota_service.quota_of(ben).left == 2


def test_the_quota_is_told_with_the_moment_at_which_it_begins_anew(
    as_ada: FlaskClient, ada: User
) -> None:
    quota_service.take(ada)
    told = as_ada.get("/api/v1/me/quota").get_json()
    midnight = dt.datetime.combine(clock.now().date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    expected = {"tier": "free", "limit": 3, "used": 1, "left": 2}
    assert told == {**expected, "resets_at": clock.rfc3339(midnight), "model": False}


def test_a_profile_names_the_tier_whether_it_is_ones_own_or_the_default(
    as_ada: FlaskClient, ada: User
) -> None:
    def named() -> object:
        return as_ada.get("/api/v1/me").get_json()["tier"]

    assert named() == "free"
    tier_service.edit("premium", is_default=True)
    assert named() == "premium"
    move(ada, "admin")
    assert named() == "admin"
