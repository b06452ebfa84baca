"""An evening with the site in a real browser: mouse, thumb, keyboard, and no script at all."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from moviesite.admin import movie_service
from moviesite.extensions import db
from moviesite.library import overlay_queries, service
from moviesite.library.overlay_queries import ViewerState
from moviesite.models import User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import people
from tests.browsing import OpenPage, check_usable, session_cookie, windows
from tests.fuller import BATMAN_BEGINS, DARK_KNIGHT, RISES, SERIES
from tests.library.browser.conftest import PHONE

pytestmark = pytest.mark.browser

FILM = f"/movie/{DARK_KNIGHT}-the-dark-knight"
OWN = ("/favorites", "/watchlist", "/history", "/statistics", "/reviews", "/hidden")


def state(user: User) -> ViewerState:
    db.session.rollback()
    return overlay_queries.overlay(user.id, [DARK_KNIGHT])[DARK_KNIGHT]


def said(page: Page, words: str) -> None:
    expect(page.locator(".toast__words")).to_have_text(words)


def held_up(page: Page, path: str) -> list[Route]:
    """Answers to this path wait until they are let go."""
    waiting: list[Route] = []
    page.route(re.compile(path), lambda route: waiting.append(route))
    return waiting


def test_a_card_answers_before_the_server_does_and_keeps_the_focus(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    card = page.locator(".card").nth(1)
    heart = card.locator("button.quick__act").first
    card.hover()
    waiting = held_up(page, "/favorite")
    heart.press("Enter")
    expect(heart).to_have_attribute("aria-pressed", "true")
    assert page.locator(".toast").count() == 0
    waiting[0].continue_()
    said(page, "Added to favorites.")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_be_focused()
    page.unroute_all()
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone.")
    expect(heart).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_what_cannot_be_done_is_taken_back_and_said(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    heart = page.locator("button.quick__act").first
    page.route(re.compile("/favorite"), lambda route: route.fulfill(status=429, body="slow"))
    heart.press("Enter")
    said(page, "That was a little fast. Wait a moment and try again.")
    expect(heart).to_have_attribute("aria-pressed", "false")
    expect(page.locator("button.quick__act").nth(1)).to_be_visible()


def test_every_copy_of_a_film_on_a_page_follows(opened: OpenPage, ada_here: User) -> None:
    service.keep_on_watchlist(ada_here, DARK_KNIGHT)
    service.mark_seen(ada_here, DARK_KNIGHT)
    page = opened()
    page.goto("/")
    hearts = page.locator(f"button[formaction^='/movie/{DARK_KNIGHT}/favorite']")
    assert hearts.count() >= 2
    hearts.first.press("Enter")
    for number in range(hearts.count()):
        expect(hearts.nth(number)).to_have_attribute("aria-pressed", "true")
    said(page, "Added to favorites.")


def test_a_card_is_two_stops_of_the_tab_key_and_arrows_do_the_rest(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    titles = page.locator(".card__title a")
    titles.nth(3).focus()
    page.keyboard.press("Tab")
    here = "document.activeElement.title"
    assert page.evaluate(here) == "Favorite"
    for wanted in ("Watchlist", "Seen", "Rate", "Add to list", "Favorite"):
        page.keyboard.press("ArrowRight")
        assert page.evaluate(here) == wanted
    page.keyboard.press("Tab")
    expect(titles.nth(4)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(here) == "Favorite"


def test_a_film_goes_into_a_list_from_its_card_and_the_focus_comes_back(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    into = page.locator(".card a[href$='/lists']").first
    into.press("Enter")
    name = page.locator("#dialog input[name=name]")
    name.fill("Dust and hats")
    name.press("Enter")
    expect(page.locator("#dialog .adding__list")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(into).to_be_focused()


def test_both_dialogs_close_by_the_same_cross(opened: OpenPage) -> None:
    page = opened()
    page.goto(FILM)
    for address in ("rating", "lists"):
        link = page.locator(f".quick--large a[href*={address}]")
        link.click()
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("input:not([type=hidden])").first).to_be_visible()
        expect(dialog.get_by_role("button", name="Close")).to_have_text("")
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_have_count(0)
        expect(link).to_be_focused()


def test_the_keyboard_stays_where_something_was_deleted_and_came_back(
    opened: OpenPage, ada_here: User
) -> None:
    for film in (DARK_KNIGHT, BATMAN_BEGINS, RISES):
        service.record_viewing(ada_here, film)
        reviews.write_review(ada_here, film, ReviewInput(4, ""))
        service.hide(ada_here, "movie", film)
    page = opened()
    for address, buttons in (
        ("/history", page.locator(".diary__play button")),
        ("/reviews", page.locator(".wish__doing button")),
        ("/hidden", page.locator(".ledger button")),
    ):
        page.goto(address)
        buttons.nth(1).press("Enter")
        expect(buttons).to_have_count(2)
        expect(buttons.nth(1)).to_be_focused()
        page.get_by_role("button", name="Undo").press("Enter")
        expect(buttons).to_have_count(3)
        expect(buttons.nth(1)).to_be_focused()


def test_the_keyboard_comes_back_from_a_message(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    heart = page.locator("button.quick__act").first
    heart.press("Enter")
    page.get_by_role("button", name="Undo").press("Enter")
    said(page, "Undone.")
    expect(heart).to_be_focused()
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(heart).to_be_focused()


def test_a_dialog_without_an_answer_says_so(
    house: tuple[Flask, str], site: Flask, ada_here: User, chromium: Browser
) -> None:
    with windows(chromium, house[1], expected="") as open_window:
        page = open_window(session_cookie(site, ada_here)).new_page()
        page.goto("/genre/western")
        page.locator(".card a[href$='/lists']").first.press("Enter")
        name = page.locator("#dialog input[name=name]")
        name.fill("Dust")
        page.route(re.compile("/lists$"), lambda route: route.fulfill(status=503, body="Not now"))
        name.press("Enter")
        expect(page.locator("#dialog [role=alert]")).to_contain_text("Nothing was changed")
        expect(name).to_have_value("Dust")
        page.evaluate("void (globalThis.fetch = () => Promise.reject(new TypeError('gone')))")
        name.press("Enter")
        expect(page.locator("#dialog [role=alert]")).to_contain_text("No response")
        expect(name).to_have_value("Dust")


def test_a_refused_rating_is_not_hidden_under_its_dialog(opened: OpenPage) -> None:
    page = opened()
    page.goto(FILM)
    page.locator(".quick--large a[href*=rating]").click()
    page.route(re.compile("/rating"), lambda route: route.fulfill(status=429, body="slow"))
    page.locator("#slip .marksheet__cell").nth(8).click()
    said(page, "That was a little fast. Wait a moment and try again.")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_menu_hangs_from_its_word_and_closes_elsewhere(opened: OpenPage) -> None:
    page = opened(**PHONE)
    page.goto(FILM)
    word = page.locator(".opinion .menu__open")
    word.scroll_into_view_if_needed()
    before = word.bounding_box()
    word.tap()
    entry = page.get_by_role("button", name="More like this")
    expect(entry).to_be_visible()
    assert word.bounding_box() == before
    page.locator(".note__overview").tap()
    expect(entry).to_be_hidden()
    word.press("Enter")
    entry.focus()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(word).to_be_focused()


def test_by_thumb_and_without_script_the_poster_stays_free(opened: OpenPage) -> None:
    page = opened(**PHONE, java_script_enabled=False)
    page.goto("/genre/western")
    card = page.locator(".card").first
    poster, strip = card.locator(".poster").bounding_box(), card.locator(".quick").bounding_box()
    assert poster
    assert strip
    assert strip["y"] >= poster["y"] + poster["height"]
    for act in card.locator(".quick__act").all():
        box = act.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 44
    card.get_by_role("button", name="Favorite").tap()
    said(page, "Added to favorites.")


def test_signing_out_is_seen_and_heard_once(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    page.locator(".whoami summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    said(page, "You are signed out.")
    expect(page.locator("#messages")).to_have_text("You are signed out.")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".toast")).to_have_count(0)
    page.reload()
    expect(page.locator(".cover__title")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)


def test_the_buttons_of_a_chart_can_be_pressed(opened: OpenPage) -> None:
    page = opened()
    page.goto("/trending")
    page.locator(".chart__entry").first.hover()
    page.locator(".chart__entry").first.locator("button.quick__act").first.click()
    said(page, "Added to favorites.")
    assert page.url.endswith("/trending")


def test_a_rating_is_given_with_the_keys_alone(opened: OpenPage) -> None:
    page = opened()
    page.goto("/genre/western")
    rate = page.locator("a.quick__act").first
    rate.press("Enter")
    cells = page.locator("#slip input[type=radio]")
    expect(cells.first).to_be_focused()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    said(page, "Rated 4 of 5.")
    expect(page.locator("#slip")).to_be_hidden()
    expect(rate).to_have_attribute("title", "Rated 4 of 5")
    expect(rate).to_be_focused()
    rate.press("Enter")
    expect(page.locator("#slip input:checked")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#slip")).to_be_hidden()
    expect(rate).to_be_focused()


def test_a_rating_is_one_press_of_a_cell(opened: OpenPage) -> None:
    page = opened()
    page.goto(FILM)
    page.locator(".quick--large a[href*=rating]").click()
    page.locator("#slip .marksheet__cell").nth(8).click()
    said(page, "Rated 4½ of 5.")
    expect(page.locator("#slip")).to_be_hidden()
    expect(page.locator(".quick--large .quick__rating")).to_have_text("4½")


def test_by_thumb_the_four_open_from_one_button(opened: OpenPage) -> None:
    page = opened(**PHONE)
    page.goto("/genre/western")
    card = page.locator(".card").first
    more, heart = card.locator(".quick__more"), card.locator("button.quick__act").first
    expect(heart).to_be_hidden()
    more.tap()
    expect(heart).to_be_visible()
    for button in (more, *card.locator(".quick__act").all()):
        box = button.bounding_box()
        assert box
        assert box["width"] >= 44
        assert box["height"] >= 44
    heart.tap()
    said(page, "Added to favorites.")
    page.locator(".card").nth(1).locator(".quick__more").tap()
    expect(heart).to_be_hidden()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_an_evening_on_a_films_page(opened: OpenPage, ada_here: User, site: Flask) -> None:
    ben = people.join("ben")
    reviews.write_review(ben, DARK_KNIGHT, ReviewInput(4, "It was the coin.", spoiler=True))
    page = opened()
    page.goto(FILM)
    page.get_by_role("button", name="Watchlist").first.click()
    said(page, "Added to your watchlist.")
    page.locator(".quick--large").get_by_role("button", name="Seen").click()
    said(page, "Marked as seen and removed from your watchlist.")
    expect(page.locator(".plays__count")).to_have_text("Seen once:")
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone.")
    expect(page.locator(".plays__count")).to_have_count(0)
    assert state(ada_here).watchlist
    page.locator(".plays__more summary").click()
    page.get_by_label("Date", exact=True).fill("2020-02-29")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".plays__days time")).to_have_attribute("datetime", "2020-02-29")
    page.get_by_role("button", name=re.compile("^Like")).click()
    expect(page.locator(".opinion__act").first).to_have_text(re.compile(r"Like\s*1"))
    page.locator(".menu__open", has_text="Suggestions").click()
    page.get_by_role("button", name="Less like this").click()
    said(page, "You will see less like this.")

    page.locator("#reviews").scroll_into_view_if_needed()
    page.get_by_text("Write a review").click()
    page.locator(".mine .marksheet__cell").nth(5).click()
    page.get_by_role("textbox", name="Your review").fill("A city,\na coin.")
    page.get_by_role("button", name="Save review").click()
    said(page, "Your review is saved.")
    expect(page.locator(".voice--mine .voice__text")).to_have_text("A city,\na coin.")
    expect(page.locator(".quick--large .quick__rating")).to_have_text("3")
    assert state(ada_here).rating == 3
    page.goto(f"/movie/{DARK_KNIGHT}/reviews")
    expect(page.get_by_text("It was the coin.")).to_be_visible()
    assert page.evaluate("window.reports") == []


def test_what_was_written_stays_when_it_cannot_be_saved(
    house: tuple[Flask, str], site: Flask, ada_here: User, chromium: Browser
) -> None:
    with windows(chromium, house[1], expected="") as open_window:
        page = open_window(session_cookie(site, ada_here)).new_page()
        page.goto(f"{FILM.partition('-')[0]}/reviews")
        page.get_by_text("Write a review").click()
        page.get_by_role("textbox", name="Your review").fill("A city, a coin.")
        for broken, words in (
            (lambda route: route.fulfill(status=503, body="<h1>Not now</h1>"), "cannot be done"),
            (lambda route: route.abort(), "No response"),
        ):
            page.route(re.compile("/review$"), broken)
            page.get_by_role("button", name="Save review").click()
            expect(page.locator(".toast__words")).to_contain_text(words)
            expect(page.get_by_role("textbox", name="Your review")).to_have_value("A city, a coin.")
            page.unroute_all()
        page.get_by_role("button", name="Save review").click()
        expect(page.locator(".voice--mine .voice__text")).to_have_text("A city, a coin.")


def test_what_is_pressed_twice_is_sent_once(opened: OpenPage) -> None:
    page = opened()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.goto(f"{FILM.partition('-')[0]}/reviews")
    page.get_by_text("Write a review").click()
    page.get_by_role("textbox", name="Your review").fill("A city, a coin.")
    page.get_by_role("button", name="Save review").dblclick()
    expect(page.locator(".voice--mine")).to_be_visible()
    page.goto(FILM)
    page.get_by_text("I saw it on another date").click()
    page.get_by_role("button", name="Add", exact=True).dblclick()
    expect(page.locator(".plays__count")).to_have_text("Seen once:")
    page.wait_for_timeout(300)
    expect(page.locator(".plays__count")).to_have_text("Seen once:")
    assert [url for url in sent if url.endswith(("/review", "/plays"))] == [sent[0], sent[-1]]


def test_spoilers_come_when_they_are_asked_for(opened: OpenPage, site: Flask) -> None:
    ben = people.join("ben")
    reviews.write_review(ben, DARK_KNIGHT, ReviewInput(4, "It was the coin.", spoiler=True))
    page = opened()
    page.goto(f"/movie/{DARK_KNIGHT}/reviews")
    assert "coin" not in page.content()
    page.get_by_text("Show it anyway").click()
    expect(page.get_by_text("It was the coin.")).to_be_visible()
    page.locator(".voice__report summary").click()
    page.get_by_label("What is wrong with it?").fill("Spoils everything")
    page.get_by_role("button", name="Send report").click()
    said(page, "Thank you. Someone will take a look.")


def test_of_two_tabs_the_second_is_told_and_sees_both(opened: OpenPage, ada_here: User) -> None:
    reviews.write_review(ada_here, DARK_KNIGHT, ReviewInput(3, "first"))
    one = opened()
    two = one.context.new_page()
    for page, words in ((one, "from one"), (two, "from two")):
        page.goto(f"/movie/{DARK_KNIGHT}/reviews")
        page.get_by_text("Edit your review").click()
        page.get_by_role("textbox", name="Your review").fill(words)
    for page in (one, two):
        page.get_by_role("button", name="Save review").click()
    said(one, "Your review is saved.")
    expect(two.locator(".mine__other")).to_have_text("from one")
    expect(two.get_by_role("textbox", name="Your review")).to_have_value("from two")
    two.get_by_role("button", name="Save review").click()
    expect(two.locator(".voice--mine .voice__text")).to_have_text("from two")


def test_a_note_is_changed_in_place_and_taken_back(opened: OpenPage, ada_here: User) -> None:
    service.keep_on_watchlist(ada_here, DARK_KNIGHT, note="old")
    page = opened()
    page.goto("/watchlist")
    page.locator(".jot__edit summary").click()
    page.get_by_label("Note").fill("new")
    page.get_by_label("Priority").select_option("5")
    page.locator(".jot__form button").click()
    expect(page.locator(".jot__note")).to_have_text("new")
    expect(page.locator(".jot__priority")).to_have_text("Next")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".jot__note")).to_have_text("old")
    said(page, "Undone.")
    page.get_by_label("Sort by").select_option("title")
    expect(page).to_have_url(re.compile("sort=title"))
    expect(page.locator(".wish")).to_have_count(1)


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
def test_a_day_of_the_diary_is_changed_and_taken_back(
    opened: OpenPage, ada_here: User, scripted: bool
) -> None:
    day = dt.datetime(2020, 2, 29, 20, 15, tzinfo=dt.UTC)
    service.record_viewing(ada_here, DARK_KNIGHT, watched_at=day)
    page = opened(java_script_enabled=scripted)
    page.goto("/history?month=2020-02")
    page.get_by_role("link", name="Change date of The Dark Knight, February 29, 2020").click()
    page.get_by_label("Date watched").fill("2020-02-14")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#day-2020-02-14")).to_be_visible()
    expect(page.locator(".toast__words")).to_have_text("Date changed.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#day-2020-02-29")).to_be_visible()


def test_a_series_says_how_many_of_its_films_were_seen(opened: OpenPage, ada_here: User) -> None:
    service.mark_seen(ada_here, DARK_KNIGHT)
    page = opened()
    page.goto(f"/collection/{SERIES}")
    expect(page.locator(".page-head")).to_contain_text("3 films, 1 seen")


def test_a_view_is_counted_once_the_page_was_looked_at(opened: OpenPage) -> None:
    page = opened()
    with page.expect_request(lambda request: request.url.endswith("/views")) as asked:
        page.goto(FILM)
    assert asked.value.method == "POST"
    answer = asked.value.response()
    assert answer
    assert answer.status == 204


def test_everything_works_without_script(opened: OpenPage, ada_here: User) -> None:
    page = opened(java_script_enabled=False)
    page.goto("/genre/crime")
    mine = page.locator(f"#film-{DARK_KNIGHT}")
    mine.get_by_role("button", name="Favorite").click()
    expect(page).to_have_url(re.compile(f"/genre/crime#film-{DARK_KNIGHT}$"))
    said(page, "Added to favorites.")
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone.")
    assert not state(ada_here).favorite
    mine.get_by_role("link", name="Rate").click()
    page.get_by_label("3½ of 5").check()
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(f"/genre/crime#film-{DARK_KNIGHT}$"))
    said(page, "Rated 3½ of 5.")
    mine.get_by_role("button", name="Watchlist").click()
    page.goto("/watchlist")
    page.locator(".jot__edit summary").click()
    page.get_by_label("Note").fill("soon")
    page.locator(".jot__form button").click()
    expect(page.locator(".jot__note")).to_have_text("soon")
    page.get_by_label("Sort by").select_option("title")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("sort=title"))
    page.goto(FILM)
    page.locator("#reviews a").click()
    page.get_by_text("Write a review").click()
    page.get_by_role("textbox", name="Your review").fill("Without script.")
    page.get_by_role("button", name="Save review").click()
    expect(page.locator(".voice--mine .voice__text")).to_have_text("Without script.")
    page.goto("/reviews")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing rated yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Without script.")).to_be_visible()


@pytest.fixture
def rename(site: Flask) -> Iterator[Callable[[str], None]]:
    """Gives The Dark Knight another title for a while."""
    cleo = people.join("cleo")
    yield lambda title: movie_service.edit(cleo, DARK_KNIGHT, {"title": title})
    movie_service.edit(cleo, DARK_KNIGHT, {}, reset=["title"])


@pytest.mark.parametrize("size", [(320, 640), (844, 390), (1440, 900)], ids=str)
def test_a_title_of_one_very_long_word_fits(
    opened: OpenPage, ada_here: User, rename: Callable[[str], None], size: tuple[int, int]
) -> None:
    title = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    rename(title)
    service.add_favorite(ada_here, DARK_KNIGHT)
    service.keep_on_watchlist(ada_here, DARK_KNIGHT)
    service.record_viewing(ada_here, DARK_KNIGHT)
    page = opened(viewport={"width": size[0], "height": size[1]})
    for address in (*OWN, FILM, "/person/525", "/trending", "/for-you"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
    page.goto("/history")
    expect(page.locator(".diary__title")).to_have_text(title)


def test_a_title_from_right_to_left_begins_beside_its_poster(
    opened: OpenPage, rename: Callable[[str], None]
) -> None:
    rename("الفارس")
    page = opened()
    page.goto(FILM)
    begins = page.evaluate(
        """() => {
          const words = document.createRange()
          words.selectNodeContents(document.querySelector('.note__title'))
          return words.getBoundingClientRect().left
        }"""
    )
    poster = page.locator(".note__poster .poster").bounding_box()
    assert poster
    assert abs(begins - poster["x"]) <= 8


def test_on_a_phone_held_in_landscape_the_words_stand_beside_the_poster(opened: OpenPage) -> None:
    page = opened(**{**PHONE, "viewport": {"width": 844, "height": 390}})
    page.goto(FILM)
    poster = page.locator(".note__poster .poster").bounding_box()
    words = page.locator(".note__overview").bounding_box()
    assert poster
    assert words
    assert poster["height"] < 390
    assert words["x"] >= poster["x"] + poster["width"]


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("kind", ["phone", "desk"])
def test_ones_own_pages_stand_still_and_fit(
    opened: OpenPage, ada_here: User, kind: str, mood: str
) -> None:
    service.add_favorite(ada_here, DARK_KNIGHT)
    service.keep_on_watchlist(ada_here, DARK_KNIGHT, note="a long note " * 20)
    service.record_viewing(ada_here, DARK_KNIGHT)
    reviews.write_review(ada_here, DARK_KNIGHT, ReviewInput(4.5, "w" * 300))
    service.hide(ada_here, "genre", 27)
    page = opened(**(PHONE if kind == "phone" else {}), color_scheme=mood)
    page.add_init_script(
        """window.shifted = 0; new PerformanceObserver(list => {
          for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifted += e.value
        }).observe({type: 'layout-shift', buffered: true})"""
    )
    for address in (*OWN, "/", FILM, f"/movie/{DARK_KNIGHT}/reviews", "/statistics?year=2026"):
        page.goto(address)
        page.wait_for_timeout(200)
        check_usable(page)
        assert page.evaluate("window.shifted") <= 0.02, address
        assert page.evaluate("window.reports") == [], address
