"""A phone in the hand: nothing that is needed lies under something else or is too small."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from moviesite.library import service
from moviesite.lists import service as lists
from moviesite.models import User
from tests.browsing import OpenPage
from tests.fuller import DARK_KNIGHT
from tests.library.browser.conftest import PHONE

pytestmark = pytest.mark.browser

LOW: dict[str, Any] = {**PHONE, "viewport": {"width": 390, "height": 560}}
# A finger in the middle of the first of these meets it, or something in it.
MEETS = """what => {
  const one = document.querySelector(what)
  const { x, y, width, height } = one.getBoundingClientRect()
  return one.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}"""

# What is lower than a finger: all that is pressed, but for links within a sentence or a list of
# names, those that cover their card, and boxes whose label is pressed.
SMALL = """() => [...document.querySelectorAll('.sheet :is(a[href], button, summary, select)')]
  .filter(one => {
    if (!one.checkVisibility({ visibilityProperty: true })) return false
    const within = one.parentElement.textContent.trim().length > one.textContent.trim().length + 2
    if (getComputedStyle(one).display === 'inline' && within) return false
    if (getComputedStyle(one, '::after').position === 'absolute') return false
    return one.getBoundingClientRect().height < 43.5 && !one.closest('.visually-hidden')
  })
  .map(one => `${one.parentElement.className} > ${one.textContent.trim()}`)"""


def press_heart(opened: OpenPage) -> Locator:
    """Press it where it stands just above one's own places, and let the message come."""
    page = opened(**LOW)
    page.goto(f"/movie/{DARK_KNIGHT}")
    heart = page.locator(".quick--large button.quick__act").first
    heart.evaluate("one => one.scrollIntoView({ block: 'end' })")
    heart.tap()
    expect(page.locator(".toast")).to_have_count(1)
    return heart


def test_the_way_to_the_films_stands_above_ones_own_places(opened: OpenPage) -> None:
    page = opened(**PHONE)
    page.goto("/discover")
    page.locator(".panel__open").tap()
    assert page.evaluate(MEETS, ".panel__foot > .button")


def test_what_was_pressed_can_be_pressed_again_beside_the_message(opened: OpenPage) -> None:
    page = press_heart(opened).page
    page.wait_for_function(MEETS, arg=".quick--large button", timeout=3000)


def test_the_last_line_can_be_read_above_a_message(opened: OpenPage) -> None:
    page = press_heart(opened).page
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function(MEETS, arg=".imprint__inner ul", timeout=3000)
    line, message = (page.locator(one).bounding_box() for one in (".imprint ul", ".toast"))
    assert line
    assert message
    assert line["y"] + line["height"] <= message["y"]


def test_what_stands_alone_is_as_tall_as_a_finger(opened: OpenPage, ada_here: User) -> None:
    service.keep_on_watchlist(ada_here, DARK_KNIGHT)
    service.record_viewing(ada_here, DARK_KNIGHT)
    made = lists.create(ada_here, "Evenings", movie_ids=[DARK_KNIGHT])
    page = opened(**PHONE)
    for address in (
        *("/", "/discover?with_genres=18", "/search?query=dark", f"/movie/{DARK_KNIGHT}"),
        *("/genres", "/genre/drama", "/trending", "/watchlist", "/history", "/account/import"),
        *(f"/list/{made.uuid}", "/ask"),
    ):
        page.goto(address)
        assert page.evaluate(SMALL) == [], address


# Quick actions that a finger would not meet alone.
NARROW = """() => [...document.querySelectorAll('.sheet .quick__act')]
  .filter(one => one.checkVisibility({ visibilityProperty: true }))
  .map(one => one.getBoundingClientRect())
  .filter(({ width, height }) => width < 43.5 || height < 43.5).length"""


@pytest.mark.parametrize("width", [320, 390])
def test_without_script_quick_actions_are_as_large_as_a_finger(
    opened: OpenPage, ada_here: User, width: int
) -> None:
    service.keep_on_watchlist(ada_here, DARK_KNIGHT)
    page = opened(
        **{**PHONE, "viewport": {"width": width, "height": 844}}, java_script_enabled=False
    )
    for address in ("/", "/genre/drama", "/trending", "/search?query=dark", "/watchlist"):
        page.goto(address)
        expect(page.locator(".sheet .quick__act").first).to_be_visible()
        assert page.evaluate(NARROW) == 0, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
