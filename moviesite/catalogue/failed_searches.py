"""Counts words that find nothing, by day, in Redis. Never who typed them; never fails a search.

Bounded: so many words a day, each so long. What looks like an address or a number of somebody's
is not counted.
"""

import datetime as dt
import re
from itertools import pairwise
from typing import Any

import structlog
from redis.exceptions import RedisError

from moviesite import clock
from moviesite.extensions import redis_connection
from moviesite.models.operations import MAX_WORDS
from moviesite.text import fold

MOST_WORDS = 500
_KEPT_SECONDS = 40 * 86400
_PERSONAL = re.compile(r"@|://|\d[\d\s().+-]{4,}\d")

log = structlog.get_logger(__name__)


def note(words: str) -> None:
    """That a search by these words found nothing; without Redis it is not counted."""
    client = redis_connection.client
    folded = fold(words)[:MAX_WORDS].strip()
    if client is None or not folded or _PERSONAL.search(words):
        return
    key = _key(clock.now().date())
    try:
        with client.pipeline(transaction=False) as pipeline:
            pipeline.zincrby(key, 1, folded)
            # Of too many, those that were typed least often go.
            pipeline.zremrangebyrank(key, 0, -MOST_WORDS - 1)
            pipeline.expire(key, _KEPT_SECONDS)
            pipeline.execute()
    except RedisError as error:
        log.debug("not counted", reason=type(error).__name__)


def of_day(day: dt.date) -> list[tuple[str, int]]:
    """Words and how often, most first; raises RedisError.

    The search page looks while one types: of words that begin alike the longest are meant.
    """
    client = redis_connection.client
    if client is None:
        return []
    found: Any = client.zrevrange(_key(day), 0, MOST_WORDS - 1, withscores=True)
    counts = {name.decode(): int(score) for name, score in found}
    whole = sorted(counts)
    begun = {one for one, following in pairwise(whole) if following.startswith(one)}
    return [(words, times) for words, times in counts.items() if words not in begun]


def _key(day: dt.date) -> str:
    return f"moviesite:fruitless:{day.isoformat()}"
