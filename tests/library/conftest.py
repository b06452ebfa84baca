"""A few stored movies."""

import pytest
from flask import Flask

from moviesite.catalogue import service
from tests import factories

HEAT, OTHER = 949, 1
UNKNOWN = 2_000_000_000


@pytest.fixture
def films(app: Flask) -> None:
    """Heat with all its parts, and another film."""
    service.store_detail(factories.detail(HEAT, "Heat"))
    service.store_movies([factories.movie(OTHER, "Other", genres=())])
