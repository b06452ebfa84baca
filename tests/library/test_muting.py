"""What somebody muted is left out of all that is offered, on pages as well, for them alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import live
from moviesite.library import muting, service
from moviesite.library.muting import Muted
from moviesite.models import User
from tests import factories

PAGES = ("/", "/popular", "/trending", "/discover", "/search?query={title}")


@pytest.fixture
def popular(app: Flask) -> tuple[int, str]:
    """The film that most look at, by its id and title."""
    movie = live.listing("popular", 1, "en-US", "US").value.results[0]
    return movie.id, movie.title


@pytest.mark.parametrize("page", PAGES)
def test_pages_leave_it_out_for_who_muted_it(
    client: FlaskClient, ada_browsing: FlaskClient, ada: User, popular: tuple[int, str], page: str
) -> None:
    movie_id, title = popular
    address, link = page.format(title=title), f"/movie/{movie_id}-"
    assert link in ada_browsing.get(address).text
    service.hide(ada, "movie", movie_id)
    assert link not in ada_browsing.get(address).text
    assert link in client.get(address).text
    assert ada_browsing.get(f"/movie/{movie_id}").status_code in (200, 301)


def test_a_row_is_left_out_for_its_genre_its_id_or_what_else_is_known() -> None:
    rows = [factories.movie(1), factories.movie(2, genres=()), factories.movie(3, genres=())]

    def left(muted: Muted, others: set[int] | None = None) -> list[int]:
        return [movie.id for movie in muting.unmuted(rows, muted, others or set())]

    assert left(Muted()) == [1, 2, 3]
    assert left(Muted(genres=frozenset({18}))) == [2, 3]
    assert left(Muted(movies=frozenset({2}))) == [1, 3]
    assert left(Muted(), {3}) == [1, 2]
