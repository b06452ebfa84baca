"""The site in a real browser: keyboard, script on and off, both moods, a phone and a desk."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, Route, expect

from moviesite.catalogue import seeding
from tests.browsing import DESK, PHONE, OpenWindow, check_usable, serving, windows
from tests.fuller import DARK_KNIGHT, fuller_app
from tests.sites import let_go

pytestmark = pytest.mark.browser

FILM = f"/movie/{DARK_KNIGHT}-the-dark-knight"
EVERY_PAGE = (
    *(
        "/",
        "/discover",
        "/discover?with_genres=28|12&without_genres=35&release_date.gte=1990-01-01",
    ),
    *(
        "/discover?with_genres=28,10749,99",
        "/trending",
        "/trending/how",
        "/popular",
        "/genre/comedy",
        "/genres",
    ),
    *("/person/525-christopher-nolan", FILM, "/collection/263", "/search", "/search?query=star"),
    *("/search?query=zzqqxx", "/about"),
)
# Layout shifts that no input caused, and reports of the content security policy.
WATCH = """
  window.shifted = 0; window.reports = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
  }).observe({type: 'layout-shift', buffered: true});
  addEventListener('securitypolicyviolation', e => window.reports.push(e.violatedDirective));
"""
# It waits for what is on its way: who reaches the foot of a list before the next films sees
# that foot move down for them, however short the wait is.
SCROLL_THROUGH = """async () => {
  const rest = () => new Promise(done => setTimeout(done, 90));
  for (let y = 0; y < Math.min(document.body.scrollHeight, 2800); y += 600) {
    scrollTo(0, y); await rest();
    while (document.querySelector('.htmx-request')) await rest()
  }
}"""

# Words of names that do not stand on one line.
BROKEN_NAMES = """() => {
  const broken = [];
  for (const { firstChild: text } of document.querySelectorAll('.cast__name a')) {
    for (const { 0: word, index } of text.data.matchAll(/[^\\s-]+/g)) {
      const range = new Range();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (range.getClientRects().length > 1) broken.push(word);
    }
  }
  return broken;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site whose catalogue is stored."""
    app = fuller_app(tmp_path_factory.mktemp("browser"))
    with app.app_context():
        upgrade()
        seeding.seed_demo()
    with serving(app) as address:
        yield address
    let_go(app)


@pytest.fixture
def opened(chromium: Browser, site: str) -> Iterator[OpenWindow]:
    """Opens windows of a kind; every complaint of one fails the test."""
    with windows(chromium, site, watch=WATCH) as open_window:
        yield open_window


@pytest.fixture
def page(opened: OpenWindow) -> Page:
    """A page on a desk, in the mood of the system."""
    return opened().new_page()


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_stands_still_fits_and_breaks_no_rule(
    opened: OpenWindow, size: dict[str, int], mood: str
) -> None:
    page = opened(viewport=size, color_scheme=mood).new_page()
    for address in EVERY_PAGE:
        page.goto(address)
        page.evaluate(SCROLL_THROUGH)
        assert page.evaluate("window.shifted") <= 0.02, address
        assert page.evaluate("window.reports") == [], address
        check_usable(page)


def test_from_home_to_a_film_and_back(page: Page) -> None:
    page.goto("/")
    card = page.locator(".row .card__title a").nth(2)
    title = card.inner_text()
    card.click()
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(page.locator(".cover__title")).to_be_visible()


def test_a_film_travels_on_to_a_person_and_a_genre(page: Page) -> None:
    page.goto(FILM)
    page.locator(".cast__name a").first.click()
    expect(page.locator("h1")).to_have_text("Christian Bale")
    page.locator(".credits__title a", has_text="The Dark Knight Rises").click()
    page.locator(".listing a", has_text="Action").click()
    expect(page.locator("h1")).to_have_text("Action")


def test_names_on_a_phone_keep_their_words_whole(opened: OpenWindow) -> None:
    page = opened(viewport={"width": 375, "height": 812}).new_page()
    page.goto("/movie/157336")
    expect(page.locator(".cast__name").first).to_have_text("Matthew McConaughey")
    assert page.evaluate(BROKEN_NAMES) == []


def test_search_answers_while_it_is_typed(page: Page) -> None:
    page.goto("/search")
    page.locator("#query").press_sequentially("interstelar", delay=20)
    expect(page.locator("#results .card__title").first).to_have_text("Interstellar")
    expect(page).to_have_url("/search?query=interstelar")
    page.keyboard.press("Escape")
    page.locator("#results .card__title a").first.click()
    expect(page.locator("h1")).to_have_text("Interstellar")
    page.go_back()
    expect(page.locator("#query")).to_have_value("interstelar")
    expect(page.locator("#results .card__title").first).to_have_text("Interstellar")


def test_escape_calls_off_suggestions_on_their_way_and_leaves_the_words(page: Page) -> None:
    waiting: list[Route] = []
    page.route(re.compile("/search/suggest"), lambda route: waiting.append(route))
    page.goto("/search")
    field = page.locator("#query")
    with page.expect_request(re.compile("/search/suggest")):
        field.press_sequentially("interstelar", delay=20)
    expect(page).to_have_url("/search?query=interstelar")
    field.press("Escape")
    expect(field).to_have_value("interstelar")
    for route in waiting:
        route.abort()


def test_an_emptied_field_keeps_what_was_found_and_its_address(page: Page) -> None:
    page.goto("/search")
    field = page.locator("#query")
    field.press_sequentially("interstelar", delay=20)
    expect(page).to_have_url("/search?query=interstelar")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    field.fill("")
    page.wait_for_timeout(600)
    assert [address for address in asked if "/search" in address] == []
    expect(page).to_have_url("/search?query=interstelar")
    expect(page.locator("#results .card__title").first).to_have_text("Interstellar")


def test_what_is_typed_is_one_step_of_going_back(page: Page) -> None:
    page.goto("/search")
    field = page.locator("#query")
    for part, words in (("inter", "inter"), ("ste", "interste"), ("llar", "interstellar")):
        field.press_sequentially(part, delay=10)
        expect(page).to_have_url(f"/search?query={words}")
    expect(page).to_have_title("interstellar: Search - moviesite")
    page.go_back()
    expect(page).to_have_url("/search")
    expect(field).to_have_value("")


def test_suggestions_are_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/about")
    field = page.locator(".masthead [role=combobox]")
    field.press_sequentially("incep", delay=20)
    entries = page.locator(".masthead [role=option]")
    expect(entries.first).to_contain_text("Inception")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(entries.first).to_have_attribute("aria-selected", "true")
    chosen = entries.first.get_attribute("id")
    assert field.get_attribute("aria-activedescendant") == chosen
    field.press("End")
    expect(entries.last).to_have_attribute("aria-selected", "true")
    expect(entries.last).to_contain_text("See all results")
    field.press("Home")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("Escape")
    expect(page.locator(".masthead [role=listbox]")).to_be_hidden()
    expect(field).to_be_focused()
    assert field.input_value() == "incep"
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator("h1")).to_have_text("Inception")


def test_suggestions_name_people_and_lead_to_all_results(page: Page) -> None:
    page.goto("/")
    field = page.locator(".masthead [role=combobox]")
    field.press_sequentially("nolan", delay=20)
    entries = page.locator(".masthead [role=option]")
    expect(entries.first).to_contain_text("Person")
    entries.last.click()
    expect(page).to_have_url("/search?query=nolan")
    expect(page.locator(".face", has_text="Christopher Nolan")).to_be_visible()


def test_where_nothing_is_suggested_no_results_are_promised(page: Page) -> None:
    page.goto("/about")
    page.locator(".masthead [role=combobox]").press_sequentially("zzzqq", delay=20)
    expect(page.locator(".masthead [role=option]")).to_have_text("Search for “zzzqq”")


def test_an_answer_that_does_not_come_is_missed_until_one_does(
    chromium: Browser, site: str
) -> None:
    # Chromium notes what it could not fetch.
    with windows(chromium, site, expected="") as open_window:
        page = open_window().new_page()
        page.goto("/discover")
        missing = page.get_by_role("alert")
        page.context.set_offline(True)
        page.get_by_label("Comedy", exact=True).check(force=True)
        expect(missing).to_contain_text("is from before")
        page.get_by_label("Drama", exact=True).check(force=True)
        expect(missing).to_have_count(1)
        page.context.set_offline(False)
        page.get_by_label("Drama", exact=True).uncheck(force=True)
        expect(missing).to_have_count(0)
        expect(page.locator(".mark").first).to_contain_text("Comedy")


def test_enter_without_a_choice_searches_for_the_words(page: Page) -> None:
    page.goto("/")
    field = page.locator(".masthead [role=combobox]")
    field.fill("matrix")
    field.press("Enter")
    expect(page).to_have_url("/search?query=matrix")


def test_only_the_last_question_is_answered(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/suggest?" in r.url else None)
    page.goto("/")
    field = page.locator(".masthead [role=combobox]")
    field.focus()
    # Without any pause between the strokes, whatever else this machine does meanwhile.
    field.evaluate("""(field) => {
        for (const letter of "terminator") {
            field.value += letter;
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
    }""")
    expect(page.locator(".masthead [role=option]").first).to_contain_text("Terminator")
    assert [url.partition("q=")[2] for url in asked] == ["terminator"]


def test_the_chart_changes_its_range_in_place(page: Page) -> None:
    page.goto("/trending")
    page.locator("#range-day").click()
    expect(page.locator("h1")).to_have_text("Trending today")
    expect(page).to_have_url("/trending?time_range=day")
    expect(page).to_have_title("Trending today - moviesite")
    expect(page.locator("#range-day")).to_be_focused()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Trending this week")


def test_a_filter_changes_count_films_and_address_at_once(page: Page) -> None:
    page.goto("/discover")
    before = page.locator(".results__count").inner_text()
    page.locator(".tri__with", has_text="Western").click()
    expect(page.locator(".mark")).to_have_text(["Remove: Western"])
    expect(page).to_have_url("/discover?with_genres=37")
    assert page.locator(".results__count").inner_text() != before
    expect(page.locator("#messages")).to_contain_text("films")
    page.locator("#from").fill("1990")
    page.locator("#from").press("Enter")
    expect(page).to_have_url("/discover?release_date.gte=1990-01-01&with_genres=37")
    page.go_back()
    expect(page).to_have_url("/discover?with_genres=37")
    expect(page.locator("#from")).to_have_value("")
    expect(page.locator("input[name=with_genres][value='37']")).to_be_checked()
    page.locator(".mark").click()
    expect(page).to_have_url("/discover")
    expect(page.locator(".results__count")).to_have_text(before)


def test_a_genre_is_either_wanted_or_left_out(page: Page) -> None:
    page.goto("/discover")
    row = page.locator(".tri > li", has_text="Horror")
    row.locator(".tri__with").click()
    row.locator(".tri__without").click()
    expect(row.locator("input[name=with_genres]")).not_to_be_checked()
    expect(page).to_have_url("/discover?without_genres=27")


def test_people_and_keywords_are_picked_from_names_that_are_offered(page: Page) -> None:
    page.goto("/discover")
    field = page.locator("#person")
    field.press_sequentially("villen", delay=20)
    offered = page.locator("#person + [role=listbox] [role=option]").first
    expect(offered).to_contain_text("Denis Villeneuve")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url("/discover?with_people=137427")
    expect(page.locator(".pick")).to_have_text(["Denis Villeneuve"])
    expect(field).to_have_value("")
    page.locator("#keyword").fill("qqqq")
    page.locator("#keyword").press("Enter")
    expect(page.locator("#picked-keyword")).to_contain_text("No keyword called")
    expect(page.locator("#keyword")).to_have_attribute("aria-describedby", "unknown-keyword")
    page.locator("#keyword").fill("")
    page.locator(".pick").click()
    expect(page).to_have_url("/discover")
    expect(field).to_be_focused()


def test_another_country_brings_its_own_services(page: Page) -> None:
    page.goto("/discover")
    page.locator("#watch_region").select_option("DE")
    expect(page).to_have_url("/discover?watch_region=DE")
    page.locator("#services input").first.check()
    expect(page.locator(".mark").first).to_contain_text("on ")


def test_films_follow_while_scrolling_and_the_address_keeps_the_place(page: Page) -> None:
    page.goto("/discover?vote_count.gte=10")
    assert page.locator(".card").count() == 20
    for wanted in (40, 60):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        # On a tall enough screen the page after next is within reach as well.
        expect(page.locator(".card").nth(wanted - 1)).to_be_attached()
    titles = page.locator(".card__title").all_inner_texts()
    assert len(set(titles)) > 55
    third = page.locator("[data-batch$='page=3'] > li").nth(8)
    third.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 300)")
    expect(page).to_have_url("/discover?vote_count.gte=10&page=3")
    title = third.locator(".card__title").inner_text()
    third.locator("a").click()
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(page.locator(".card__title", has_text=title).first).to_be_visible()


def test_a_trailer_plays_only_when_asked_for(page: Page) -> None:
    outside: list[str] = []

    def play(route: Route) -> None:
        outside.append(urlsplit(route.request.url).netloc)
        route.fulfill(content_type="text/html", body="<title>player</title>")

    page.context.route(re.compile("^https:"), play)
    page.goto(FILM)
    assert outside == []
    with page.expect_response(re.compile("^https:")):
        page.locator("a[data-player=YouTube]").click()
    expect(page.locator(".player iframe")).to_be_focused()
    with page.expect_response(re.compile("^https:")):
        page.locator("a[data-player=Vimeo]").click()
    expect(page.locator(".player")).to_have_count(1)
    assert outside == ["www.youtube-nocookie.com", "player.vimeo.com"]
    assert page.evaluate("window.reports") == []


def test_pictures_that_do_not_come_leave_no_broken_marks(chromium: Browser, site: str) -> None:
    with windows(chromium, site, expected="ERR_FAILED") as open_window:
        page = open_window().new_page()
        page.route(re.compile("/demo/images/"), lambda route: route.abort())
        page.goto("/person/525-christopher-nolan")
        expect(page.locator(".portrait")).to_have_text("CN")
        page.goto("/")
        expect(page.locator(".cover .blank__title")).to_have_count(1)
        expect(page.locator(".cover__still img")).to_be_hidden()
        page.goto(FILM)
        page.locator("#cast").scroll_into_view_if_needed()
        expect(page.locator(".cast .portrait").first).to_have_text("CB")


def test_the_rest_of_a_series_arrives_where_it_is_looked_for(page: Page) -> None:
    page.goto(FILM)
    page.locator("#row-series, #series").scroll_into_view_if_needed()
    expect(page.locator("section:has(> .section__head #row-series) .card")).to_have_count(2)
    assert page.evaluate("window.shifted") <= 0.02


def test_no_entry_of_the_navigation_is_cut(page: Page) -> None:
    page.goto("/about")
    for width in (320, 375, 480, 640, 900, 1024, 1119, 1120, 1440):
        page.set_viewport_size({"width": width, "height": 700})
        rest = page.locator(".masthead__nav").evaluate("nav => nav.scrollWidth - nav.clientWidth")
        assert rest <= 0, width


def test_filters_open_and_close_on_a_phone(opened: OpenWindow) -> None:
    page = opened(viewport=PHONE).new_page()
    page.goto("/discover")
    form = page.locator("#filters")
    expect(form).to_be_hidden()
    page.locator(".panel__open").click()
    page.locator(".tri__with", has_text="Comedy").click()
    expect(page).to_have_url("/discover?with_genres=35")
    page.locator(".panel__foot button").click()
    expect(form).to_be_hidden()
    expect(page.locator(".results__count")).to_be_in_viewport()


def test_everything_works_without_script(opened: OpenWindow) -> None:
    page = opened(java_script_enabled=False).new_page()
    page.goto("/")
    page.locator(".masthead input[type=search]").fill("amelie")
    page.locator(".masthead button[type=submit]").click()
    expect(page.locator("#results .card__title").first).to_have_text("Amélie")
    page.locator(".masthead__nav a", has_text="Discover").click()
    page.locator(".tri__with", has_text="Drama").click()
    page.locator(".tri > li", has_text="Comedy").locator(".tri__without").click()
    page.locator("#from").fill("2000")
    page.locator("#filters button[type=submit]").click()
    expect(page).to_have_url(
        "/discover?release_date.gte=2000-01-01&with_genres=18&without_genres=35"
    )
    page.locator("a[rel=next]").click()
    expect(page.locator(".pages__here")).to_have_text("Page 2")
    page.locator(".mark", has_text="Drama").click()
    expect(page.locator(".mark")).to_have_count(2)
    page.goto(FILM)
    assert page.locator("#series a").get_attribute("href") == "/collection/263"
    page.locator("#region").select_option("GB")
    page.locator(".venues__region button").click()
    expect(page).to_have_url(re.compile("region=GB#venues"))
    expect(page.locator("[data-venues] .section__note")).to_contain_text("United Kingdom")


def test_every_stop_of_the_tab_key_can_be_seen(page: Page) -> None:
    for address in ("/discover?with_genres=28", FILM):
        page.goto(address)
        seen: list[str] = []
        for _ in range(45):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => {
                  const here = document.activeElement
                  const shown = here.closest('.card')?.querySelector('.poster')
                    ?? here.closest('.tri__with, .tri__without') ?? here
                  const { outlineStyle, outlineWidth } = getComputedStyle(shown)
                  const box = here.getBoundingClientRect()
                  return { name: here.outerHTML.slice(0, 90), place: here.tagName,
                    ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
                    inside: box.bottom > 0 && box.top < innerHeight }
                }"""
            )
            if stop["place"] == "BODY":
                break
            assert stop["ringed"], stop["name"]
            assert stop["inside"], stop["name"]
            seen.append(stop["name"])
        assert len(seen) > 20
