"""An import on its page, with script and without, on a phone and at a desk, in both moods."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from moviesite.models import User
from moviesite.transfer import queries, service
from tests.browsing import (
    DESK,
    PHONE,
    OpenPage,
    check_usable,
)

pytestmark = [
    pytest.mark.browser,
    # What a browser sees does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session"),
]

DIARY = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    "2020-02-08,Inception,2010,https://boxd.it/1skk,4.5,,,2020-02-07\n"
    "2020-02-09,No Such Film At All,1911,https://boxd.it/2a,3,,,2020-02-09\n"
    "2020-02-09,Heat,1995,https://boxd.it/2b,9,,,2020-02-09\n"
)


NOIR = (
    "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
    "2020-08-30,Green rain,,https://boxd.it/1,\n\nPosition,Name,Year,URL,Description\n"
    "1,Inception,2010,,A top that spins\n2,No Such Film At All,1911,,\n"
)


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """A file as Letterboxd exports it."""
    path = tmp_path / "diary.csv"
    path.write_text(DIARY)
    return path


def send(page: Page, file: Path) -> None:
    page.goto("/account")
    page.get_by_role("link", name="Import films").click()
    page.get_by_label("Your export file").set_input_files(file)
    page.get_by_role("button", name="Import").click()


def do_the_work(user: User) -> None:
    going = queries.of(user.id)
    assert going is not None
    service.carry_on(going.uuid)


@pytest.mark.parametrize("mood", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_follows_the_import_to_its_end(
    opened: OpenPage, ada: User, diary: Path, size: dict[str, int], mood: str
) -> None:
    page = opened(ada, viewport=size, color_scheme=mood)
    page.goto("/account/import")
    check_usable(page)
    send(page, diary)
    expect(page.get_by_label("0 of 2 lines done.")).to_be_visible()
    check_usable(page)
    do_the_work(ada)
    expect(page.get_by_role("heading", name="Imported from Letterboxd")).to_be_visible()
    expect(page.get_by_role("link", name="No Such Film At All (1911)")).to_be_visible()
    page.get_by_text("Not read: 1").click()
    expect(page.get_by_text("9 of 5 is not a valid rating")).to_be_visible()
    check_usable(page)
    expect(page.get_by_label("Another file")).to_be_visible()


def test_an_import_works_without_script(opened: OpenPage, ada: User, diary: Path) -> None:
    page = opened(ada, java_script_enabled=False)
    send(page, diary)
    expect(page.get_by_text("0 of 2 lines done.")).to_be_visible()
    do_the_work(ada)
    page.get_by_role("link", name="Check again").click()
    expect(page.get_by_role("heading", name="Imported from Letterboxd")).to_be_visible()
    page.get_by_role("button", name="Clear this report").click()
    expect(page.get_by_label("Your export file")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "none"])
def test_a_list_comes_along_and_is_reached_from_the_report(
    opened: OpenPage, ada: User, tmp_path: Path, script: bool
) -> None:
    path = tmp_path / "green-rain.csv"
    path.write_text(NOIR)
    page = opened(ada, viewport=PHONE, java_script_enabled=script)
    send(page, path)
    do_the_work(ada)
    page.goto("/account/import")
    expect(page.get_by_text("Lists: 1")).to_be_visible()
    if script:
        check_usable(page)
    page.get_by_role("link", name="Green rain").click()
    expect(page.get_by_role("heading", name="Green rain")).to_be_visible()
    expect(page.get_by_role("paragraph").filter(has_text="A top that spins")).to_be_visible()


def test_what_a_nameless_list_is_called_is_asked_for(
    opened: OpenPage, ada: User, tmp_path: Path
) -> None:
    path = tmp_path / "0b7d1c2e-1234-4abc-9def-0123456789ab.csv"
    path.write_text("Position,Const,Title\n1,tt1375666,Inception\n")
    page = opened(ada)
    send(page, path)
    expect(page.get_by_role("alert")).to_contain_text("please say what it is called at IMDb")
    page.get_by_label("Your export file").set_input_files(path)
    page.get_by_label("List name").fill("Green rain")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("link", name="Green rain")).to_be_visible()


def test_what_cannot_be_read_is_said_where_the_focus_is(
    opened: OpenPage, ada: User, tmp_path: Path
) -> None:
    path = tmp_path / "films.csv"
    path.write_text("Foo,Bar\n1,2\n")
    page = opened(ada)
    send(page, path)
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("it has the columns Foo, Bar.")
    expect(trouble).to_be_focused()
    check_usable(page)


def test_a_library_is_saved_as_a_file(opened: OpenPage, ada: User) -> None:
    page = opened(ada)
    page.goto("/account")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Export your data").click()
    assert saving.value.suggested_filename.startswith("moviesite-ada-")
