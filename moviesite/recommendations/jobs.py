"""Background doors of recommending. Each may run twice without harm."""

import datetime as dt

from moviesite import clock
from moviesite.recommendations import queries, training_service
from moviesite.recommendations.recommending import Wish, picks_for

_ACTIVE = dt.timedelta(days=7)


def generate_recommendations() -> None:
    """Learn anew where there is something new, and have a list wait for everybody active."""
    training_service.train_if_due()
    for user in queries.active_since(clock.now() - _ACTIVE):
        picks_for(user, Wish())
