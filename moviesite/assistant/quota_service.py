"""What a tier allows in a day, and taking from it. One statement takes; no look before it. No web.

Only calls of a model are taken from the day; what rules answer costs nothing.
"""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import select, update

from moviesite import clock
from moviesite.accounts.queries import Tier, tier_of
from moviesite.errors import QuotaExceeded
from moviesite.extensions import db
from moviesite.inserts import count_up
from moviesite.models import AssistantUsage, User
from moviesite.transactions import transactional

_DAY = dt.timedelta(days=1)


class Quota(NamedTuple):
    """What somebody used of today, which ends at `resets_at`."""

    tier: Tier
    used: int
    resets_at: dt.datetime

    @property
    def limit(self) -> int:
        """Calls a day."""
        return self.tier.daily_limit

    @property
    def left(self) -> int:
        """Calls until the day ends; never negative, though a tier may have shrunk."""
        return max(self.limit - self.used, 0)


class Taken(NamedTuple):
    """One call of somebody's day; given back it counts for that day, whenever that happens."""

    user_id: int
    day: dt.date


def quota_of(user: User) -> Quota:
    """What somebody may use and used today: two statements."""
    today = clock.now().date()
    mine = AssistantUsage.user_id == user.id, AssistantUsage.day == today
    used = db.session.scalar(select(AssistantUsage.used).where(*mine)) or 0
    return Quota(tier_of(user), used, _midnight_after(today))


@transactional
def take(user: User) -> Taken:
    """Take one call from somebody's day; raises QuotaExceeded when none is left.

    Of many at once as many succeed as there are calls left: the database decides in one statement.
    """
    limit, day = tier_of(user).daily_limit, clock.now().date()
    today = {"user_id": user.id, "day": day}
    if limit <= 0 or not count_up(AssistantUsage, today, "used", most=limit):
        wait = _midnight_after(day) - clock.now()
        detail = "You have used all your model requests for today."
        raise QuotaExceeded(detail, retry_after=max(int(wait.total_seconds()), 1), limit=limit)
    return Taken(user.id, day)


@transactional
def give_back(taken: Taken) -> None:
    """Return a call for which nothing was had; never more than was taken."""
    theirs = AssistantUsage.user_id == taken.user_id, AssistantUsage.day == taken.day
    statement = update(AssistantUsage).where(*theirs, AssistantUsage.used > 0)
    db.session.execute(statement.values(used=AssistantUsage.used - 1))


def _midnight_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + _DAY, dt.time(), dt.UTC)
