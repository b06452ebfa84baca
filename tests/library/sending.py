"""Sends the forms of pages as a browser does, with or without htmx."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import form_token


def send(
    browser: FlaskClient, address: str, *, shown: str | None = None, **fields: str
) -> TestResponse:
    """Send a form; `shown` is the path of the page that htmx sends it from."""
    headers = {"Referer": "http://localhost/genre/drama"}
    if shown is not None:
        headers |= {"HX-Request": "true", "HX-Current-URL": f"http://localhost{shown}"}
    fields["csrf_token"] = form_token(browser)
    return browser.post(address, data=fields, headers=headers)


def undo_in(page: str) -> str:
    """The address of the way back in a page or fragment."""
    found = re.search(r'formaction="(/undo/[^"]+)"', page)
    assert found, "no way back"
    return found[1].replace("&amp;", "&")


def said_in(page: str) -> str:
    """What the page says was just done."""
    found = re.search(r'class="toast__words">([^<]+)<', page)
    assert found, "nothing said"
    return found[1]


def pressed_in(page: str, verb: str) -> bool:
    """Whether the first button of this kind on the page is pressed."""
    found = re.search(rf'aria-pressed="(\w+)"[^>]* formaction="/movie/\d+/{verb}', page)
    assert found, f"no button for {verb}"
    return found[1] == "true"
