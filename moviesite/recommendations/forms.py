"""The address of /for-you, typed."""

from typing import Any

from flask import request

from moviesite.catalogue import genres
from moviesite.recommendations.recommending import Wish
from moviesite.recommendations.schemas import RecommendationArgs
from moviesite.web.arguments import loaded
from moviesite.web.viewing import current_language

_DECADE = 10


def wish_of(args: dict[str, Any]) -> Wish:
    """What the parameters ask for."""
    decade = args.get("decade")
    return Wish(
        limit=args["limit"],
        strategy=args["strategy"],
        decade=decade - decade % _DECADE if decade else None,
        genres=genres.ids_of(args.get("genre", ""), current_language()),
    )


def present_wish() -> Wish:
    """The wish in the present address; empty choices of a form are none."""
    given = {name: value for name, value in request.args.items() if value}
    return wish_of(loaded(RecommendationArgs, given))
