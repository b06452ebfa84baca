"""Real browsers on lists: one edits, another watches; by pointer, by keyboard, without script."""

import pytest
from playwright.sync_api import Page, expect

from moviesite.library import service as library
from moviesite.lists import following_service, item_service, service, share_service
from moviesite.models import MovieList, User
from moviesite.providers.http import JOB, patience
from tests.browsing import DESK, PHONE, OpenPage, check_usable

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

DEMO_FILMS = (27205, 155, 550, 680, 603)


@pytest.fixture
def refused() -> str:
    """Chromium notes nothing but that a link that ended answers so."""
    return "status of 410"


@pytest.fixture
def made(ada: User) -> MovieList:
    """A list of Ada's, of five films of the demo."""
    # As a worker, which may wait: a slow machine is no trouble of the tests.
    with patience(JOB):
        return service.create(ada, "Evenings", visibility="private", movie_ids=DEMO_FILMS)


def titles(page: Page) -> list[str]:
    return page.locator(".entry__title a").all_inner_texts()


# What has the focus: whether it, or what stands for it, is ringed and on the screen.
SEEN = """() => {
  const here = document.activeElement
  if (here === document.body) return null
  const shown = here.closest('.listcard')?.querySelector('.cover-mosaic') ?? here
  const { outlineStyle, outlineWidth } = getComputedStyle(shown)
  const box = here.getBoundingClientRect()
  return { name: here.outerHTML.slice(0, 90),
    ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
    inside: box.bottom > 0 && box.top < innerHeight }
}"""
FIVE = ["Inception", "The Dark Knight", "Fight Club", "Pulp Fiction", "The Matrix"]


def test_one_edits_and_another_sees_it(opened: OpenPage, ada: User, made: MovieList) -> None:
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    editing, watching = opened(ada), opened()
    watching.goto(f"/l/{link.token}")
    expect(watching.locator("h1")).to_have_text("For friends")
    assert titles(watching) == FIVE
    editing.goto("/movie/157336/lists")
    editing.get_by_role("button", name="Evenings").click()
    editing.wait_for_selector('[aria-pressed="true"]')
    expect(watching.locator(".entry__title a", has_text="Interstellar")).to_be_visible()
    expect(watching.locator("#messages")).to_have_text("New in this list: Interstellar")
    expect(watching.locator("#film-157336")).to_have_class("entry is-new")
    editing.goto(f"/list/{made.uuid}")
    editing.locator("#up-155").click()
    expect(watching.locator(".entry__title a").first).to_have_text("The Dark Knight")
    editing.locator("#remove-550").click()
    expect(watching.locator("#film-550")).to_have_count(0)
    share_service.revoke(ada, link.uuid)
    expect(watching.get_by_text("No longer available")).to_be_visible(timeout=3000)
    assert titles(watching) == []


def test_an_open_page_is_sent_nothing_while_nothing_changes_and_asks_nothing_once_ended(
    opened: OpenPage, ada: User, made: MovieList
) -> None:
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    page, seen = opened(), []
    page.on("response", lambda r: seen.append(r.status) if "/l/" in r.url else None)
    page.goto(f"/l/{link.token}")
    page.wait_for_timeout(4500)
    assert seen == [200, 304, 304]
    share_service.revoke(ada, link.uuid)
    page.wait_for_timeout(4500)
    assert seen == [200, 304, 304, 410]


def test_nothing_is_asked_while_nobody_looks(opened: OpenPage, ada: User, made: MovieList) -> None:
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    page, seen = opened(), []
    page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => window.away ?? false })"
    )
    page.goto(f"/l/{link.token}")
    page.on("response", lambda r: seen.append(r.status) if "/l/" in r.url else None)
    page.evaluate("window.away = true")
    page.wait_for_timeout(4500)
    assert seen == []
    item_service.put_movie(ada, made.uuid, 157336)
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#film-157336")).to_be_visible(timeout=3500)


def test_every_stop_of_the_tab_key_can_be_seen(
    opened: OpenPage, ada: User, made: MovieList
) -> None:
    page = opened(ada)
    for path in (f"/list/{made.uuid}", "/lists", f"/shares?source=list&list_id={made.uuid}"):
        page.goto(path)
        stops = 0
        while stops < 60:
            page.keyboard.press("Tab")
            stop = page.evaluate(SEEN)
            if stop is None:
                break
            assert stop["ringed"], stop["name"]
            assert stop["inside"], stop["name"]
            stops += 1
        assert stops > 12, path


def test_films_are_added_by_name_where_the_list_is(
    opened: OpenPage, ada: User, made: MovieList
) -> None:
    page = opened(ada)
    page.goto("/lists")
    page.get_by_text("New list").click()
    page.get_by_label("Name", exact=True).fill("Water")
    page.get_by_role("button", name="Create list").click()
    field = page.get_by_role("combobox", name="Add a film")
    expect(field).to_be_focused()
    for word, title in (("jaws", "Jaws"), ("interst", "Interstellar")):
        page.keyboard.type(word)
        expect(page.locator("[role=option]").first).to_contain_text(title)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".entry__title a").last).to_have_text(title)
        expect(field).to_be_focused()
        expect(field).to_have_value("")
    expect(page.locator("#messages")).to_have_text("Interstellar is number 2 of 2.")
    expect(page.locator("#standing")).to_contain_text("2 films")
    page.locator("#remove-157336").click()
    expect(page.locator("#standing")).to_contain_text("One film ")
    # Named once more, a film stays where it is.
    page.goto(f"/list/{made.uuid}")
    field.fill("fight")
    page.locator("[role=option]", has_text="Fight Club").click()
    expect(page.locator("#messages")).to_have_text("Fight Club is number 3 of 5.")
    assert titles(page) == FIVE


def test_whoever_reads_a_list_sees_two_films_beside_each_other(
    opened: OpenPage, ada: User, ben: User, made: MovieList
) -> None:
    service.edit(ada, made.uuid, {"visibility": "public"})
    for user, beside in ((ben, True), (ada, False)):
        page = opened(user)
        page.goto(f"/list/{made.uuid}")
        one, two = (page.locator(f"#film-{film}").bounding_box() for film in DEMO_FILMS[:2])
        assert one
        assert two
        assert (one["y"] == two["y"]) is beside


def test_a_film_is_dragged_to_its_place(opened: OpenPage, ada: User, made: MovieList) -> None:
    page = opened(ada)
    page.goto(f"/list/{made.uuid}")
    grip, target = page.locator("#grip-603"), page.locator("#film-155")
    grip.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 10, steps=8)
    with page.expect_response("**/films/603**"):
        page.mouse.up()
    expect(page.locator("#messages")).to_contain_text("The Matrix")
    assert titles(page) == ["Inception", "The Matrix", *FIVE[1:4]]
    assert page.locator(".entry__number").all_inner_texts() == ["1", "2", "3", "4", "5"]
    page.reload()
    assert titles(page)[1] == "The Matrix"


def test_films_are_moved_and_taken_out_by_keyboard_and_the_focus_stays(
    opened: OpenPage, ada: User, made: MovieList
) -> None:
    page = opened(ada)
    page.goto(f"/list/{made.uuid}")
    page.locator("#down-27205").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_have_text("Inception is number 2 of 5.")
    expect(page.locator("#down-27205")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_have_text("Inception is number 3 of 5.")
    expect(page.locator("#down-27205")).to_be_focused()
    assert titles(page) == ["The Dark Knight", "Fight Club", "Inception", *FIVE[3:]]
    page.locator("#remove-680").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#undo-removal")).to_be_focused()
    assert "Pulp Fiction" not in titles(page)
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_have_text("Pulp Fiction is back in the list.")
    assert titles(page)[3] == "Pulp Fiction"


def test_a_note_is_written_in_place(opened: OpenPage, ada: User, made: MovieList) -> None:
    page = opened(ada)
    page.goto(f"/list/{made.uuid}")
    page.locator("#note-550").click()
    page.locator("#note-of-550").fill("With Anna")
    page.locator("#save-550").click()
    expect(page.locator("#film-550 .entry__note")).to_have_text("With Anna")
    page.locator("#note-550").click()
    page.locator("#place-of-550").fill("1")
    page.locator("#save-550").click()
    expect(page.locator(".entry__title a").first).to_have_text("Fight Club")


def test_a_list_is_shared_from_its_dialog(opened: OpenPage, ada: User, made: MovieList) -> None:
    page = opened(ada)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/list/{made.uuid}")
    page.get_by_role("link", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share this list")
    expect(dialog.get_by_label("Name that others see")).to_have_value("Evenings")
    dialog.get_by_label("Expires").select_option("After a week")
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.locator(".links__one")).to_have_count(1)
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    stranger = opened()
    assert stranger.goto(copied).status == 200  # type: ignore[union-attr]
    dialog.get_by_text("QR code").click()
    expect(dialog.locator("svg.qr")).to_be_visible()
    dialog.get_by_role("button", name="Remove link").click()
    expect(dialog.locator(".links__one")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Share")).to_be_focused()
    assert stranger.goto(copied).status == 410  # type: ignore[union-attr]


def test_everything_works_without_script(opened: OpenPage, ada: User, ben: User) -> None:
    page = opened(ada, java_script_enabled=False)
    page.goto("/lists")
    page.get_by_label("Name", exact=True).fill("Evenings")
    page.get_by_role("radio", name="Everyone").check()
    page.get_by_role("button", name="Create list").click()
    expect(page.locator("h1")).to_have_text("Evenings")
    here = page.url
    page.get_by_role("searchbox", name="Add a film").fill("jaws")
    page.get_by_role("button", name="Search for a film to add").click()
    expect(page.locator(".card__title").first).to_have_text("Jaws")
    for film in DEMO_FILMS[:3]:
        page.goto(f"/movie/{film}/lists")
        page.get_by_role("button", name="Evenings").click()
    page.goto(here)
    assert titles(page) == FIVE[:3]
    page.locator("#up-550").click()
    assert titles(page) == ["Inception", "Fight Club", "The Dark Knight"]
    page.locator("#note-155").click()
    page.locator("#place-of-155").fill("1")
    page.locator("#note-of-155").fill("First")
    page.locator("#save-155").click()
    assert titles(page) == ["The Dark Knight", "Inception", "Fight Club"]
    page.locator("#remove-27205").click()
    page.get_by_role("button", name="Undo").click()
    assert titles(page) == ["The Dark Knight", "Inception", "Fight Club"]
    page.get_by_role("link", name="Share").click()
    page.get_by_role("button", name="Create link").click()
    link = page.locator(".links__address input").input_value()
    other = opened(ben, java_script_enabled=False)
    other.goto(link)
    assert titles(other) == ["The Dark Knight", "Inception", "Fight Club"]
    other.goto(here)
    other.get_by_role("button", name="Follow").click()
    expect(other.get_by_role("button", name="Following")).to_be_visible()
    other.get_by_role("button", name="Copy to my lists").click()
    expect(other.locator(".listhead__kind")).to_contain_text("only you can see it")


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_fit_and_break_no_rule(
    opened: OpenPage, ada: User, ben: User, made: MovieList, size: dict[str, int], mood: str
) -> None:
    item_service.put_movie(ada, made.uuid, 550, note="x" * 200 + " seen with Anna")
    service.edit(ada, made.uuid, {"visibility": "public", "name": "Donaudampf" * 12})
    following_service.follow(ben, made.uuid)
    link = share_service.share(ada, "list", "y" * 200, list_id=made.uuid)
    pages = [f"/l/{link.token}", "/lists", f"/list/{made.uuid}"]
    own = ["/shares", f"/shares?source=list&list_id={made.uuid}", "/movie/550/lists"]
    for user, addresses in ((None, pages), (ada, [*pages, *own]), (ben, pages[1:])):
        page = opened(user, viewport=size, color_scheme=mood)
        for path in addresses:
            page.goto(path)
            check_usable(page)


@pytest.mark.parametrize("known", [True, False], ids=["reader", "visitor"])
def test_another_order_needs_no_button(
    opened: OpenPage, ada: User, ben: User, made: MovieList, known: bool
) -> None:
    service.edit(ada, made.uuid, {"visibility": "public"})
    page = opened(ben if known else None)
    page.goto(f"/list/{made.uuid}")
    expect(page.locator(".finderbar__order button")).to_be_hidden()
    page.get_by_label("Sort by").select_option(label="Title")
    expect(page.locator(".entry__title a").first).to_have_text("Fight Club")


def test_how_many_are_seen_follows_the_buttons(
    opened: OpenPage, ada: User, ben: User, made: MovieList
) -> None:
    service.edit(ada, made.uuid, {"visibility": "public"})
    page = opened(ben)
    page.goto(f"/list/{made.uuid}")
    count = page.locator("#how-much")
    expect(count).to_have_text("You have seen 0 of 5")
    for number, film in enumerate((155, 680), 1):
        page.locator(f"#film-{film}").get_by_role("button", name="Seen").click()
        expect(count).to_have_text(f"You have seen {number} of 5")
        expect(count.locator("progress")).to_have_attribute("value", str(number))
    page.get_by_role("button", name="Undo").click()
    expect(count).to_have_text("You have seen 1 of 5")
    page.locator("#film-155").get_by_role("button", name="Seen").click()
    expect(count).to_have_text("You have seen 0 of 5")
    page.reload()
    expect(count).to_have_text("You have seen 0 of 5")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_list_is_narrowed_to_what_was_not_seen(
    opened: OpenPage, ada: User, ben: User, made: MovieList, scripted: bool
) -> None:
    service.edit(ada, made.uuid, {"visibility": "public"})
    for film in DEMO_FILMS[:4]:
        library.mark_seen(ben, film)
    page = opened(ben, java_script_enabled=scripted)
    page.goto(f"/list/{made.uuid}")
    page.get_by_label("Show", exact=True).select_option(label="Not seen")
    if not scripted:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".entry__title a")).to_have_text(["The Matrix"])
    expect(page.get_by_label("Show", exact=True)).to_have_value("no")
    page.locator("#film-603").get_by_role("button", name="Seen").click()
    expect(page.locator("#how-much")).to_have_text("You have seen 5 of 5")
    page.reload()
    expect(page.locator("#items")).to_contain_text("You have seen every film on this list.")
