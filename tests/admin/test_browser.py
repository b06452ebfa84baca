"""The administration in a real browser: on a phone and a desk, by keyboard, without script."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from moviesite.admin import movie_service, term_service, user_service
from moviesite.admin.term_queries import GENRES
from moviesite.catalogue import remembering, service
from moviesite.lists import service as lists
from moviesite.models import User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import factories
from tests.browsing import (
    DESK,
    PHONE,
    OpenPage,
    check_usable,
)
from tests.people import PASSWORD

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

INCEPTION = 27205


@pytest.fixture
def stocked(app: Flask, ada: User, ben: User, cleo: User) -> User:
    """Something on every page of the administration; Ada, whose account is looked at."""
    remembering.sync(INCEPTION)
    service.store_movies([factories.movie(number, f"Film {number}") for number in range(1, 9)])
    movie_service.edit(cleo, INCEPTION, {"title": "Nested dreams", "runtime": 149})
    term_service.add(cleo, GENRES, "Noir")
    written = reviews.write_review(ada, INCEPTION, ReviewInput(4, "The top falls. " * 20))
    reviews.report_review(ben, written.uuid, "Tells the end")
    lists.create(ada, "Nights of rain and long titles", visibility="public", movie_ids=[INCEPTION])
    user_service.edit(cleo, ben.uuid, {"is_active": False})
    return ada


def addresses(ada: User) -> list[str]:
    """Every page of the administration."""
    film, account = f"/admin/movies/{INCEPTION}", f"/admin/users/{ada.uuid}"
    return [
        *("/admin", "/admin/movies", "/admin/movies?show=changed", film, "/admin/genres"),
        *("/admin/genres/1000000000", "/admin/keywords", "/admin/users", account, "/admin/tiers"),
        *("/admin/lists", "/admin/reviews", "/admin/cache", "/admin/audit"),
        *(f"{film}/remove", f"{account}/close", "/admin/genres/1000000000/remove"),
    ]


def show_who(page: Page, wanted: str) -> None:
    """Confirm the session on the way to a page."""
    page.goto(wanted)
    page.locator("#again-password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(wanted if "://" in wanted else f"{page_base(page)}{wanted}")


def page_base(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits(opened: OpenPage, cleo: User, stocked: User, size: dict[str, int]) -> None:
    page = opened(cleo, viewport=size)
    show_who(page, f"/admin/movies/{INCEPTION}/remove")
    for wanted in addresses(stocked):
        page.goto(wanted)
        expect(page.locator("h1")).to_have_count(1)
        check_usable(page)


def test_a_film_is_edited_put_back_and_removed_without_script(
    opened: OpenPage, cleo: User, stocked: User
) -> None:
    page = opened(cleo, java_script_enabled=False, viewport=PHONE)
    page.goto("/admin")
    page.locator(".admin__fold > summary").click()
    page.locator(".admin__fold").get_by_role("link", name="Films").click()
    page.get_by_label("Title, words or id").fill("nested dreams")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Nested dreams").click()
    page.get_by_label("Tagline").fill("Dream on")
    page.get_by_label("Tagline").press("Enter")
    expect(page.locator(".said")).to_contain_text("Saved")
    expect(page.get_by_label("Tagline")).to_have_value("Dream on")
    page.get_by_role("button", name="Reset Title", exact=True).click()
    expect(page.locator("h1")).to_have_text("Inception")
    expect(page.get_by_label("Tagline")).to_have_value("Dream on")
    page.get_by_role("link", name="Remove…").click()
    page.locator("#again-password").fill("not this one")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[role=alert]")).to_contain_text("not your current password")
    page.locator("#again-password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".notice")).to_contain_text("Ratings and reviews: 1")
    page.get_by_role("button", name="Remove film").click()
    expect(page.locator(".said")).to_contain_text("is removed")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".said")).to_contain_text("restored")


def test_every_stop_of_the_tab_key_can_be_seen(opened: OpenPage, cleo: User, stocked: User) -> None:
    page = opened(cleo)
    page.goto("/admin/users")
    stops = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const here = document.activeElement
              const { outlineStyle, outlineWidth } = getComputedStyle(here)
              return { name: here.outerHTML.slice(0, 90), place: here.tagName,
                ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 }
            }"""
        )
        if stop["place"] == "BODY":
            break
        assert stop["ringed"], stop["name"]
        stops += 1
    assert stops > 25
