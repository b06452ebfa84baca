"""A town that goes to the pictures: films, accounts and looks, straight into the tables."""

import datetime as dt
import random
from collections.abc import Iterable

from sqlalchemy import insert

from moviesite import clock
from moviesite.extensions import db
from moviesite.models import Movie, MovieView, User
from moviesite.transactions import transactional

FILMS = range(1_000_001, 1_000_041)
DARK_HORSE = 1_000_999


def hour(now: dt.datetime, ago: float = 0) -> int:
    return int(now.timestamp() // 3600 - ago)


@transactional
def films(ids: Iterable[int] = (*FILMS, DARK_HORSE), **changes: object) -> None:
    now = clock.now()
    rows = [
        {"id": id_, "title": f"Film {id_}", "created_at": now, "fetched_at": now, **changes}
        for id_ in ids
    ]
    db.session.execute(insert(Movie), rows)


@transactional
def accounts(count: int, joined_at: dt.datetime, name: str = "townsman") -> list[int]:
    """Ids of new accounts."""
    names = [f"{name}-{number}" for number in range(count)]
    rows = [
        {
            "username": one,
            "username_folded": one,
            "email": f"{one}@example.org",
            "email_folded": f"{one}@example.org",
            "joined_at": joined_at,
        }
        for one in names
    ]
    return list(db.session.scalars(insert(User).returning(User.id), rows))


@transactional
def looks(rows: Iterable[tuple[int, int, int | str]]) -> None:
    """`(film, hour, who)`: an account by its id, an address by a text."""
    shown = {
        (movie_id, at, f"user:{who}" if isinstance(who, int) else who): who
        for movie_id, at, who in rows
    }
    facts = [
        {
            "movie_id": movie_id,
            "hour": at,
            "viewer": viewer,
            "user_id": who if isinstance(who, int) else None,
        }
        for (movie_id, at, viewer), who in shown.items()
    ]
    if facts:
        db.session.execute(insert(MovieView), facts)


def an_ordinary_week(now: dt.datetime, people: int = 150) -> list[int]:
    """A modest site: so many grown accounts, ten films each within a week, some well ahead."""
    chance = random.Random(7)
    everybody = accounts(people, now - dt.timedelta(days=90))
    popular = [1 / (place + 6) for place in range(len(FILMS))]
    looks(
        (movie_id, hour(now, chance.randrange(168)), one)
        for one in everybody
        for movie_id in chance.choices(FILMS, popular, k=10)
    )
    return everybody
