"""Puts somebody's own part beside what trends for everybody. No request, no SQL of its own."""

from collections.abc import Sequence
from typing import Any

from moviesite.catalogue import presenting
from moviesite.library.presenting import offered, with_viewer
from moviesite.models import User
from moviesite.trending.queries import Trend, Trends


def offered_to(trends: Trends, user: User | None) -> Trends:
    """What trends without what this person mutes."""
    everything = [trend.movie for trend in (*trends.results, *trends.rising)]
    allowed = {movie.id for movie in offered(everything, user)}
    return trends._replace(
        results=[trend for trend in trends.results if trend.movie.id in allowed],
        rising=[trend for trend in trends.rising if trend.movie.id in allowed],
    )


def rows(trends: Sequence[Trend], user: User | None) -> list[dict[str, Any]]:
    """Rows of JSON, with the community's and this person's part."""
    shown = with_viewer(presenting.listed([trend.movie for trend in trends]), user)
    return [
        {**item._asdict(), **trend._asdict()} for item, trend in zip(shown, trends, strict=True)
    ]
