"""Counts tries in the database, so that limits hold whatever becomes of Redis. No web."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import delete, select, update

from moviesite import clock
from moviesite.config import current_config
from moviesite.database import changed_rows
from moviesite.errors import QuotaExceeded
from moviesite.extensions import db
from moviesite.inserts import count_up
from moviesite.models import SignInAttempt
from moviesite.transactions import transactional

# A window moves in tenths of its length, so that nobody gets twice as many around its border.
_SLICES = 10
_KEPT_SECONDS = 2 * 86400


class Limit(NamedTuple):
    """At most so many tries in so many seconds of what `bucket` names."""

    bucket: str
    most: int
    seconds: int

    @property
    def width(self) -> int:
        """Seconds of a slice."""
        return self.seconds // _SLICES


@transactional
def take(limits: Sequence[Limit]) -> int:
    """Count one try against each limit; returns when that was, in seconds since 1970.

    Raises QuotaExceeded where one is used up, and then counts nothing: who keeps on trying too
    early does not wait for longer.
    """
    now = int(clock.now().timestamp())
    if current_config().throttle_profile != "off":
        # In one order: two that lock the same rows in different ones would wait for each other.
        for limit in sorted(limits):
            _take(limit, now)
    return now


@transactional
def give_back(limits: Sequence[Limit], taken_at: int) -> None:
    """Take back the try that was counted then, because it succeeded."""
    for limit in sorted(limits):
        start = _slice_of(limit, taken_at)
        row = (SignInAttempt.bucket == limit.bucket, SignInAttempt.window_start == start)
        used = update(SignInAttempt).where(*row, SignInAttempt.count > 0)
        db.session.execute(used.values(count=SignInAttempt.count - 1))


@transactional
def forget_old() -> int:
    """Delete counts that no limit looks at any more; says how many."""
    oldest = int(clock.now().timestamp()) - _KEPT_SECONDS
    return changed_rows(delete(SignInAttempt).where(SignInAttempt.window_start < oldest))


def _take(limit: Limit, now: int) -> None:
    start = _slice_of(limit, now)
    _wait_for_earlier_slices(limit, start)
    count_up(SignInAttempt, {"bucket": limit.bucket, "window_start": start}, "count")
    slices = _slices(limit, start)
    excess = sum(count for _, count in slices) - limit.most
    if excess > 0:
        free_at = _start_of_slice_with(excess, slices) + limit.seconds + limit.width
        wait = max(1, free_at - now)
        raise QuotaExceeded("Too many attempts.", retry_after=wait, limit=limit.most)


def _wait_for_earlier_slices(limit: Limit, present: int) -> None:
    """Lock what is counted already: where one slice ends, tries of both must see each other."""
    db.session.execute(
        select(SignInAttempt.id)
        .where(
            SignInAttempt.bucket == limit.bucket,
            SignInAttempt.window_start >= present - limit.seconds,
            SignInAttempt.window_start < present,
        )
        .order_by(SignInAttempt.window_start)
        .with_for_update()
    ).all()


def _slice_of(limit: Limit, now: int) -> int:
    return now - now % limit.width


def _slices(limit: Limit, present: int) -> list[tuple[int, int]]:
    rows = db.session.execute(
        select(SignInAttempt.window_start, SignInAttempt.count)
        .where(
            SignInAttempt.bucket == limit.bucket,
            SignInAttempt.window_start >= present - limit.seconds,
        )
        .order_by(SignInAttempt.window_start)
    )
    return [(start, count) for start, count in rows]


def _start_of_slice_with(excess: int, slices: Sequence[tuple[int, int]]) -> int:
    """The slice that holds the last of the tries that must grow old first."""
    grown_old = accumulate(count for _, count in slices)
    return next(start for (start, _), n in zip(slices, grown_old, strict=True) if n >= excess)
