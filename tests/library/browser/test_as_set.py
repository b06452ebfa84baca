"""Pages as their readers have set them: letters of twice the usual size, colours of their own."""

import pytest
from playwright.sync_api import Page

from moviesite.library import service
from moviesite.lists import service as lists
from moviesite.models import User
from moviesite.reviews import service as reviews
from tests.browsing import OpenPage
from tests.fuller import BATMAN_BEGINS, DARK_KNIGHT

pytestmark = pytest.mark.browser

# What can be pressed or filled in and lies beyond the window, or whose words run out of it; what
# is scrolled sideways on purpose lies in a row.
LOST = """() => [...document.querySelectorAll('.sheet :is(a[href], button, summary, select, input),'
    + ' .tabs a')]
  .filter(one => one.checkVisibility({ visibilityProperty: true })
    && !one.closest('.visually-hidden, .row, .menu__list'))
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    || one.matches('.tabs a, button, .button, .quick__act')
      && one.scrollWidth > one.clientWidth + 1)
  .map(one => `${one.className} in ${one.parentElement.className}`)"""

# Titles and names of which a word ends on another line than it began.
BROKEN = """() => [...document.querySelectorAll(
    '.wish__title a, .entry__title a, .diary__title a, .credits__title a, .adding__name')]
  .filter(one => [...one.firstChild.data.matchAll(/\\S+/g)].some(word => {
    const range = document.createRange()
    range.setStart(one.firstChild, word.index)
    range.setEnd(one.firstChild, word.index + word[0].length)
    return range.getClientRects().length > 1
  }))
  .map(one => `${one.textContent} in ${one.parentElement.className}`)"""
FILL = "one => getComputedStyle(one).fill"


def set_letters(page: Page, size: int) -> None:
    """Have the browser's own letters so many pixels high, as its settings would."""
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}}
    )


@pytest.mark.parametrize("size", [24, 32])
def test_with_large_letters_everything_is_within_reach(
    opened: OpenPage, ada_here: User, size: int
) -> None:
    service.keep_on_watchlist(ada_here, DARK_KNIGHT)
    service.record_viewing(ada_here, DARK_KNIGHT)
    made = lists.create(ada_here, "Evenings", movie_ids=[DARK_KNIGHT])
    page = opened(viewport={"width": 375, "height": 740}, has_touch=True)
    set_letters(page, size)
    for address in (
        *("/", "/discover", "/search?query=dark", f"/movie/{DARK_KNIGHT}", "/trending", "/lists"),
        *("/favorites", "/watchlist", "/history", "/statistics", "/for-you", "/account"),
        *(f"/list/{made.uuid}", "/shares", "/account/import"),
    ):
        page.goto(address)
        assert page.evaluate(LOST) == [], address
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (address, wide)


def test_with_large_letters_no_title_breaks_within_a_word(opened: OpenPage, ada_here: User) -> None:
    service.keep_on_watchlist(ada_here, DARK_KNIGHT)
    service.record_viewing(ada_here, DARK_KNIGHT)
    reviews.rate(ada_here, DARK_KNIGHT, 4.5)
    made = lists.create(ada_here, "Long evenings", movie_ids=[DARK_KNIGHT])
    page = opened(viewport={"width": 375, "height": 740}, has_touch=True)
    set_letters(page, 32)
    for address in (
        *("/watchlist", "/history", "/reviews", f"/list/{made.uuid}"),
        *("/person/525-christopher-nolan", f"/movie/{DARK_KNIGHT}/lists"),
    ):
        page.goto(address)
        assert page.evaluate(BROKEN) == [], address


def test_with_forced_colours_what_is_ones_own_and_what_is_open_stand_out(
    opened: OpenPage, ada_here: User
) -> None:
    reviews.rate(ada_here, DARK_KNIGHT, 4.5)
    page = opened(forced_colors="active")
    page.goto(f"/movie/{DARK_KNIGHT}")
    rated = page.locator(".quick--large [data-rated]")
    assert rated.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.goto("/trending")
    lines = page.locator(".switch a").evaluate_all(
        "all => all.map(one => getComputedStyle(one).borderBlockEndColor)"
    )
    assert len(set(lines)) == 2


def test_with_forced_colours_the_highest_of_a_chart_stands_out(
    opened: OpenPage, ada_here: User
) -> None:
    for movie_id in (DARK_KNIGHT, BATMAN_BEGINS):
        reviews.rate(ada_here, movie_id, 4)
        service.record_viewing(ada_here, movie_id)
    page = opened(forced_colors="active")
    page.goto("/statistics")
    for most, others in (
        (".columns__most rect", ".columns g:not(.columns__most) rect"),
        (".bars__most .bars__bar", "tr:not(.bars__most) .bars__bar"),
    ):
        fills = [page.locator(one).first.evaluate(FILL) for one in (most, others)]
        assert len(set(fills)) == 2, most


def test_a_short_page_does_not_scroll(opened: OpenPage) -> None:
    page = opened(viewport={"width": 1440, "height": 900})
    page.goto("/favorites")
    assert page.evaluate("document.documentElement.scrollHeight") == 900
