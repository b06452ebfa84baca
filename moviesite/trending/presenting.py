"""Puts somebody's own part beside what trends for everybody. No request, no SQL of its own."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from moviesite.catalogue import presenting
from moviesite.library.presenting import offered, with_viewer
from moviesite.models import User
from moviesite.trending import queries
from moviesite.trending.queries import Trend, Trends


def trends_for(
    user: User | None,
    time_range: str,
    limit: int,
    score_source: str,
    language: str,
    region: str,
) -> Trends:
    """What trends, as many as wanted besides what this person mutes; raises Unavailable."""
    may_see = partial(offered, user=user)
    return queries.trending(time_range, limit, score_source, language, region, may_see)


def rows(trends: Sequence[Trend], user: User | None) -> list[dict[str, Any]]:
    """Rows of JSON, with the community's and this person's part."""
    shown = with_viewer(presenting.listed([trend.movie for trend in trends]), user)
    return [
        {**item._asdict(), **trend._asdict()} for item, trend in zip(shown, trends, strict=True)
    ]
