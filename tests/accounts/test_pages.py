"""The doors into the house: what is typed is kept, what is wrong is named, no secret is told."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from moviesite.accounts import profile_service, queries
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import OutboxEntry, Session, SingleUseToken, User
from moviesite.text import wait_in_words
from tests.accounts.conftest import send_form
from tests.people import PASSWORD, form_token, join, signed_in_browser

NEW_PASSWORD = "a long walk home"
DOORS = ("/register", "/sign-in", "/forgot-password", "/reset-password?token=a", "/verify-email")


def faults(answer: TestResponse) -> dict[str, str]:
    """What is said at which field, by the field's id."""
    found = re.findall(r'class="field__fault" id="([\w-]+)-fault">([^<]*)<', answer.text)
    assert all(f'aria-describedby="{name}' in answer.text for name, _ in found)
    return {name: unescape(words) for name, words in found}


def has_gone_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def test_registering_signs_in_and_has_a_link_mailed(client: FlaskClient) -> None:
    answer = send_form(client, "/register", email="ada@example.org", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/for-you")
    began = client.get("/for-you").text
    assert "Welcome, ada. A link to confirm your address is on its way." in began
    assert "Your email address is not confirmed yet" in client.get("/account").text
    user = queries.user_by_email("ada@example.org")
    assert user is not None
    assert user.username == "ada"


def test_registering_goes_on_to_where_somebody_was_heading(client: FlaskClient) -> None:
    form = {"email": "ada@example.org", "password": PASSWORD, "next": "/lists"}
    assert send_form(client, "/register", **form).headers["Location"] == "/lists"
    assert "Welcome, ada." in client.get("/lists").text
    for nowhere in ("/register", "/register?next=/"):
        assert client.get(nowhere).headers["Location"] == "/for-you"


def test_registering_keeps_what_was_typed_but_no_password(client: FlaskClient) -> None:
    typed = {"email": "ada@", "username": "Ada <b>", "password": "a very own secret"}
    answer = send_form(client, "/register", **typed)
    assert answer.status_code == 422
    assert faults(answer).keys() == {"register-email", "register-username"}
    assert 'value="ada@"' in answer.text
    assert "Ada &lt;b&gt;" in answer.text
    assert "a very own secret" not in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert re.search(r'id="register-trouble"[^>]*role="alert"[^>]*autofocus', answer.text)
    assert 'href="#register-email"' in answer.text


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "8 to 128"),
        ("password123", "too common"),
        ("ada@example.org", "your username or email"),
        ("", "fill this in"),
    ],
)
def test_a_refused_password_is_explained(client: FlaskClient, password: str, words: str) -> None:
    answer = send_form(client, "/register", email="ada@example.org", password=password)
    assert answer.status_code == 422
    assert words in faults(answer)["register-password"]


def test_registering_names_the_field_that_is_taken(client: FlaskClient, ada: User) -> None:
    form = {"email": "new@example.org", "username": "ADA", "password": PASSWORD}
    answer = send_form(client, "/register", **form)
    assert answer.status_code == 409
    assert faults(answer) == {"register-username": "This username is taken."}


@pytest.mark.parametrize("name", ["ada", "ada@example.org", "ADA@Example.org"])
def test_signing_in_by_name_or_address(client: FlaskClient, ada: User, name: str) -> None:
    answer = send_form(client, "/sign-in", identifier=name, password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert has_gone_in(client)


def test_whoever_is_not_there_is_told_the_same_as_whoever_is(
    client: FlaskClient, ada: User
) -> None:
    known = send_form(client, "/sign-in", identifier="ada", password="a wrong one")
    unknown = send_form(client, "/sign-in", identifier="eve", password="a wrong one")
    assert known.status_code == unknown.status_code == 401
    assert (
        faults(known) == faults(unknown) == {"sign-in-password": "Name and password do not match."}
    )


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/movie/27205-inception?language=de-DE", "/movie/27205-inception?language=de-DE"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
    ],
)
def test_next_leads_to_our_own_paths_alone(
    client: FlaskClient, ada: User, wanted: str, reached: str
) -> None:
    form = {"identifier": "ada", "password": PASSWORD, "next": wanted}
    assert send_form(client, "/sign-in", **form).headers["Location"] == reached
    again = client.get("/sign-in", query_string={"next": wanted})
    assert again.headers["Location"] == reached


def test_next_is_kept_from_door_to_door(client: FlaskClient, ada: User) -> None:
    page = client.get("/sign-in?next=/about").text
    assert 'name="next" value="/about"' in page
    assert "/register?next=/about" in page
    wrong = send_form(client, "/sign-in", identifier="ada", password="x", next="/about")
    assert 'name="next" value="/about"' in wrong.text


def test_a_page_for_the_signed_in_asks_who_somebody_is_and_goes_on(
    client: FlaskClient, ada: User
) -> None:
    asked = client.get("/account?language=de-DE")
    assert asked.status_code == 302
    assert "next=/account?language%3Dde-DE" in asked.headers["Location"]
    by_htmx = client.get("/account", headers={"HX-Request": "true"})
    assert by_htmx.status_code == 204
    assert by_htmx.headers["HX-Redirect"].startswith("/sign-in")


def test_a_form_of_somebody_signed_out_leads_back_to_its_page(client: FlaskClient) -> None:
    def sent_from(page: str) -> str:
        token = {"csrf_token": form_token(client)}
        answer = client.post("/account/profile", data=token, headers={"Referer": page})
        assert answer.status_code == 303
        return answer.headers["Location"]

    assert sent_from("http://localhost/account").endswith("next=/account")
    assert sent_from("https://evil.example/account") == "/sign-in"


def test_signing_out_ends_the_session_on_the_server(app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, ada)
    with browser.session_transaction() as cookie:
        old = cookie["_user_id"]
    assert send_form(browser, "/sign-out").headers["Location"] == "/"
    assert not has_gone_in(browser)
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = old
    assert not has_gone_in(browser)


def test_signing_out_is_no_link(client: FlaskClient) -> None:
    assert client.get("/sign-out").status_code == 405


def test_signing_in_ends_the_session_that_the_browser_had(app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, join("ben"))
    send_form(browser, "/sign-in", identifier="ada", password=PASSWORD)
    alive = select(func.count()).select_from(Session).where(Session.ended_at.is_(None))
    assert db.session.scalar(alive) == 1


def test_asking_for_a_reset_says_the_same_whether_the_address_is_known(
    client: FlaskClient, ada: User
) -> None:
    said = []
    for address in ("ada@example.org", "eve@example.org"):
        answer = send_form(client, "/forgot-password", email=address)
        assert answer.status_code == 303
        said.append(re.findall(r'role="status">(.+?)<', client.get("/forgot-password").text))
    assert said[0] == said[1] != []


def test_a_reset_link_sets_a_password_once(client: FlaskClient, app: Flask, ada: User) -> None:
    elsewhere = signed_in_browser(app, ada)
    token = issue_token(ada, Purpose.RESET_PASSWORD)
    page = client.get(f"/reset-password?token={token}")
    assert token in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    weak = send_form(client, "/reset-password", token=token, password="short")
    assert weak.status_code == 422
    assert token in weak.text, "a refused password does not use up the link"
    good = send_form(client, "/reset-password", token=token, password=NEW_PASSWORD)
    assert (good.status_code, good.headers["Location"]) == (303, "/sign-in")
    assert "Your new password is set" in client.get("/sign-in").text
    assert not has_gone_in(elsewhere)
    again = send_form(client, "/reset-password", token=token, password=NEW_PASSWORD)
    assert again.status_code == 422
    assert "Ask for a new link" in again.text


def test_a_link_to_confirm_an_address_waits_for_a_press(client: FlaskClient) -> None:
    user = join("ada", email_verified_at=None)
    token = issue_token(user, Purpose.VERIFY_EMAIL)
    client.get(f"/verify-email?token={token}")
    db.session.expire_all()
    assert not db.session.get_one(User, user.id).email_verified
    assert db.session.scalars(select(SingleUseToken.used_at)).one() is None
    assert send_form(client, "/verify-email", token=token).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(User, user.id).email_verified
    again = send_form(client, "/verify-email", token=token)
    assert again.status_code == 422
    assert "send a new link from" in again.text


@pytest.mark.parametrize("door", ["/reset-password", "/verify-email"])
@pytest.mark.parametrize("token", ["", "x" * 5000, "\x00", "nonsense", "<script>"])
def test_a_broken_link_says_what_to_do(client: FlaskClient, door: str, token: str) -> None:
    assert client.get(door, query_string={"token": token}).status_code == 200
    answer = send_form(client, door, token=token, password=NEW_PASSWORD)
    assert answer.status_code == 422
    assert "This link does not work" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")


@pytest.mark.parametrize("door", ["/register", "/sign-in", "/forgot-password"])
@pytest.mark.parametrize("odd", ["", "\x00", "x" * 10_000, "💀" * 300, "'; DROP TABLE users --"])
def test_odd_input_is_refused_with_a_page(client: FlaskClient, door: str, odd: str) -> None:
    form = dict.fromkeys(("email", "identifier", "username", "password"), odd)
    assert send_form(client, door, **form).status_code in {401, 422}


@pytest.mark.parametrize("door", DOORS)
def test_the_doors_are_kept_by_no_cache_and_write_nothing(client: FlaskClient, door: str) -> None:
    answer = client.get(door)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'name="robots" content="noindex"' in answer.text
    for table in (User, SingleUseToken, OutboxEntry):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_password_managers_are_told_what_each_field_is(client: FlaskClient, app: Flask) -> None:
    def told(browser: FlaskClient, door: str) -> list[str]:
        main = browser.get(door).text.partition("<main")[2]
        return re.findall(r'autocomplete="([a-z-]+)"', main)

    assert told(client, "/register") == ["email", "username", "new-password"]
    assert told(client, "/sign-in") == ["username", "current-password"]
    assert told(client, "/forgot-password") == ["email"]
    assert told(client, "/reset-password?token=a") == ["new-password"]


def test_too_many_tries_say_when_to_come_back(house: Flask, ada: User) -> None:
    browser = house.test_client()
    for _ in range(10):
        send_form(browser, "/sign-in", identifier="ada", password="a wrong one")
    answer = send_form(browser, "/sign-in", identifier="ada", password=PASSWORD)
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert f"Too many attempts. Try again in {wait_in_words(wait)}." in answer.text
    assert 'value="ada"' in answer.text


def test_a_closed_account_is_told_nothing_more(client: FlaskClient, app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, ada)
    profile_service.deactivate(ada)
    assert not has_gone_in(browser)
    answer = send_form(client, "/sign-in", identifier="ada", password=PASSWORD)
    assert answer.status_code == 401


def test_the_header_shows_the_way_in_and_who_is_in(client: FlaskClient, app: Flask) -> None:
    out = client.get("/about").text
    assert 'href="/sign-in?next=/about"' in out
    assert "csrf_token" not in out
    browser = signed_in_browser(app, join("ada"))
    inside = browser.get("/about")
    assert 'action="/sign-out"' in inside.text
    assert "Account menu: ada" in inside.text
    assert inside.headers["Cache-Control"] == "private, no-store"
    assert "next=" not in client.get("/reset-password?token=secret").text.partition("<main")[0]


def test_what_is_kept_for_everybody_never_shows_anybody(
    app: Flask, settings: dict[str, str], ada: User
) -> None:
    keeping = create_app(load_config({**settings, "CACHE_ANSWER_SECONDS": "60"}))
    try:
        with keeping.app_context():
            signed_in = signed_in_browser(keeping, ada)
            assert "Account menu: ada" in signed_in.get("/").text
            first, second = (keeping.test_client().get("/") for _ in range(2))
            assert "Age" in second.headers, "it is kept"
            for answer in (first, second):
                assert "Account menu: ada" not in answer.text
                assert "csrf_token" not in answer.text
                assert "Set-Cookie" not in answer.headers
            assert "Account menu: ada" in signed_in.get("/").text
    finally:
        with keeping.app_context():
            db.session.remove()
            db.engine.dispose()


def test_google_is_offered_where_it_is_set_up(client: FlaskClient) -> None:
    assert "Continue with Google" not in client.get("/sign-in").text
