"""What is printed can be read, and shows nothing to press."""

import pytest

from moviesite.library import service
from moviesite.lists import service as lists
from moviesite.models import User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import people
from tests.browsing import OpenPage
from tests.fuller import DARK_KNIGHT

pytestmark = pytest.mark.browser

# A film's priority and its other certificates are words that open something.
PRESSED = """() => [...document.querySelectorAll(':is(button, input, select, textarea, summary)')]
  .filter(one => one.checkVisibility({ visibilityProperty: true }))
  .filter(one => !one.closest('.jot, .elsewhere'))
  .map(one => one.outerHTML)"""


def test_nothing_to_press_is_printed(opened: OpenPage, ada_here: User) -> None:
    service.add_favorite(ada_here, DARK_KNIGHT)
    service.keep_on_watchlist(ada_here, DARK_KNIGHT, note="With Ben.", priority=1)
    service.record_viewing(ada_here, DARK_KNIGHT)
    reviews.write_review(people.join("ben"), DARK_KNIGHT, ReviewInput(4, "He did it.", True))
    made = lists.create(ada_here, "Evenings", movie_ids=[DARK_KNIGHT])
    page = opened()
    page.emulate_media(media="print")
    for address in (
        *("/", f"/movie/{DARK_KNIGHT}", "/favorites", "/watchlist", "/history", "/for-you"),
        *("/statistics", "/reviews", f"/list/{made.uuid}", "/lists", "/discover", "/genre/drama"),
        f"/movie/{DARK_KNIGHT}/reviews",
    ):
        page.goto(address)
        assert page.evaluate(PRESSED) == [], address
    page.goto("/watchlist")
    assert page.locator(".jot__note", has_text="With Ben.").is_visible()
