"""Tiers as they are after an installation, and a catalogue to ask about."""

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import delete

from moviesite.catalogue import service
from moviesite.extensions import db
from moviesite.models import AccountTier
from moviesite.providers.base import DiscoverQuery
from moviesite.providers.http import JOB, patience
from moviesite.providers.tmdb import current_tmdb
from moviesite.transactions import transactional

INCEPTION, ALIEN = 27205, 348


@pytest.fixture
def tiers(app: Flask) -> None:
    """Three tiers, the smallest of which is the default."""
    add_tiers()


@transactional
def add_tiers() -> None:
    # The first test still finds what the migration brought.
    db.session.execute(delete(AccountTier))
    db.session.add(AccountTier(code="free", name="Free", daily_limit=3, is_default=True))
    db.session.add(AccountTier(code="premium", name="Premium", daily_limit=30))
    db.session.add(AccountTier(code="admin", name="Admin", daily_limit=100))


@pytest.fixture
def films(app: Flask) -> None:
    """A few films of the demo, stored whole."""
    # As a worker, which may wait: a slow machine is no trouble of the tests.
    with patience(JOB):
        store_films()


def store_films() -> None:
    tmdb = current_tmdb()
    comedies = DiscoverQuery(with_genres="35")
    nineties = DiscoverQuery(with_genres="35", year=1994)
    found = [movie for query in (comedies, nineties) for movie in tmdb.discover(query).results[:6]]
    service.store_genres(tmdb.genres("en-US"))
    ids = sorted({INCEPTION, ALIEN, *(movie.id for movie in found)})
    whole = [tmdb.movie(movie_id, "en-US") for movie_id in ids]
    service.store_details([replace(movie, similar=(), recommended=()) for movie in whole])
