"""Lets the demo's made-up viewers look at films, under names of their own. Makes no accounts."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import delete, update

from moviesite.catalogue.queries import stored_among
from moviesite.config import current_config
from moviesite.demo.viewers import bundled_viewers
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.models import MovieView, TrendingChart
from moviesite.transactions import transactional
from moviesite.trending import formula, queries
from moviesite.trending.counting import MADE_UP

# The demo is always of today: its viewers' looks are told as so many hours ago.
KEPT_HOURS = 24
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def renew(hour: int) -> bool:
    """See to it that the demo's viewers looked at films lately; says whether anything changed.

    Nothing happens while their last looks are of this day, or while the catalogue is not stored.
    Over another source none of them is left.
    """
    newest = queries.newest_made_up()
    if not current_config().demo:
        return newest is not None and _replace(())
    if newest is not None and hour - newest < KEPT_HOURS:
        return False
    rows = list(_looks(hour))
    wanted = {row["movie_id"] for row in rows}
    return stored_among(wanted) >= wanted and _replace(rows)


@transactional
def _replace(rows: Collection[dict[str, Any]]) -> bool:
    db.session.execute(delete(MovieView).where(MovieView.viewer.startswith(MADE_UP)))
    upsert(MovieView, list(rows))
    # They moved in the past as well; said here, so that it is not lost with a killed worker.
    db.session.execute(update(TrendingChart).values(recounted_at=NEVER))
    return True


def _looks(hour: int) -> Iterator[dict[str, Any]]:
    for number, viewer in enumerate(bundled_viewers(), 1):
        for movie_id, hours_ago in viewer.views:
            if hours_ago < formula.WINDOW:
                yield {
                    "movie_id": movie_id,
                    "hour": hour - hours_ago,
                    "viewer": f"{MADE_UP}{number}",
                    "user_id": None,
                }
