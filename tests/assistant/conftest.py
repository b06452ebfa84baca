"""Tiers as they are after an installation, and a catalogue to ask about."""

import pytest
from flask import Flask

from moviesite.catalogue import seeding
from moviesite.extensions import db
from moviesite.models import AccountTier
from moviesite.transactions import transactional


@pytest.fixture
def tiers(app: Flask) -> None:
    """Three tiers, the smallest of which is the default."""
    add_tiers()


@transactional
def add_tiers() -> None:
    db.session.add(AccountTier(code="free", name="Free", daily_limit=3, is_default=True))
    db.session.add(AccountTier(code="premium", name="Premium", daily_limit=30))
    db.session.add(AccountTier(code="admin", name="Admin", daily_limit=100))


@pytest.fixture
def films(app: Flask) -> None:
    """Every film of the demo, stored whole."""
    seeding.seed_demo()
