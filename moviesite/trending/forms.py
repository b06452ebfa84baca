"""The address of /trending, typed."""

from typing import NamedTuple

from flask import request

from moviesite.trending.schemas import TrendingArgs
from moviesite.web.arguments import loaded


class TrendingWish(NamedTuple):
    """Over which time, and how many."""

    time_range: str
    limit: int


def trending_wish() -> TrendingWish:
    """The wish in the present address; raises InvalidInput naming what is wrong."""
    args = loaded(TrendingArgs, request.args.to_dict())
    return TrendingWish(args["time_range"], args["limit"])
