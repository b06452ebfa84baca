"""A browser's way to TMDb and back."""

from flask.testing import FlaskClient

from tests.people import form_token


def post(browser: FlaskClient, address: str, **typed: str) -> str:
    """Send a form; the address that the browser is sent to."""
    answer = browser.post(address, data={**typed, "csrf_token": form_token(browser)})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def connected(browser: FlaskClient) -> None:
    """Walk to TMDb and back."""
    back = post(browser, "/account/tmdb/connect")
    assert back.startswith("http://127.0.0.1:8000/account/tmdb/return?request_token=")
    browser.get(back.removeprefix("http://127.0.0.1:8000"))
