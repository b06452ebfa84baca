"""Whole journeys to an OpenID provider and back, in a browser's steps, and every way they end."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from moviesite import clock, logs
from moviesite.accounts import proof_service, queries, session_service
from moviesite.accounts.client import Client
from moviesite.accounts.proof_service import Proof
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Identity, Session, User
from tests.openid import CLIENT_ID, CLIENT_SECRET, Provider, new_key
from tests.people import PASSWORD, join
from tests.provider_process import ProviderProcess, provider_process

EMAIL = "ada@example.org"
Capture = pytest.CaptureFixture[str]
Build = Callable[..., Flask]


@pytest.fixture(scope="module")
def real_provider() -> Iterator[ProviderProcess]:
    """A provider written by others."""
    with provider_process() as provider:
        yield provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that says whatever a test wants."""
    started = Provider(new_key())
    yield started
    started.close()


def built(settings: dict[str, str], discovery_url: str, **more: str) -> Flask:
    """The application over the test's database, signing in at such a provider."""
    own = {
        "GOOGLE_CLIENT_ID": CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_DISCOVERY_URL": discovery_url,
    }
    return create_app(load_config({**settings, **own, **more}))


def closed(site: Flask) -> None:
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def build(app: Flask, settings: dict[str, str]) -> Iterator[Build]:
    """Builds applications; their connections are closed afterwards."""
    made: list[Flask] = []

    def build(discovery_url: str, **more: str) -> Flask:
        made.append(built(settings, discovery_url, LOG_LEVEL="DEBUG", **more))
        return made[-1]

    yield build
    for site in made:
        closed(site)
    logs.configure(app.config["MOVIESITE"])


@pytest.fixture(scope="module")
def real_site(settings: dict[str, str], real_provider: ProviderProcess) -> Iterator[Flask]:
    """Signing in at the provider that others wrote."""
    site = built(settings, real_provider.discovery_url)
    yield site
    closed(site)


@pytest.fixture
def site(app: Flask, real_site: Flask) -> Flask:
    """The same with empty tables."""
    return real_site


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    """A browser there."""
    return site.test_client()


def ada(*, verified: bool = True, active: bool = True) -> User:
    return join("ada", email_verified_at=clock.now() if verified else None, is_active=active)


def leave(visitor: FlaskClient, query: str = "") -> str:
    """Press the button; the provider's address."""
    sent = visitor.get(f"/auth/google/login{query}")
    assert sent.status_code == 302, sent.text
    assert sent.headers["Cache-Control"] == "no-store"
    return sent.headers["Location"]


def come_back(visitor: FlaskClient, location: str) -> TestResponse:
    """Follow the provider's redirect, whatever host it names."""
    parts = urlsplit(location)
    return visitor.get(f"{parts.path}?{parts.query}")


def journey(
    visitor: FlaskClient, provider: ProviderProcess, subject: str = "g-1", query: str = ""
) -> TestResponse:
    """There and back."""
    return come_back(visitor, provider.consent(leave(visitor, query), subject))


def who(visitor: FlaskClient) -> str:
    """Whose session this browser has."""
    with visitor.session_transaction() as kept:
        secret = kept.get("_user_id", "")
    db.session.rollback()
    found = queries.viewer_by_cookie(secret) if secret else None
    return found.user.username if found else ""


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def assert_page_in_frame(answer: TestResponse, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.content_type.startswith("text/html")
    assert "masthead" in answer.text
    assert words in answer.text
    assert 'href="/sign-in"' in answer.text or 'href="/account"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_first_journey_opens_an_account_and_leads_on(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email="Ada@example.org", email_verified=True, name="Ada")
    answer = journey(visitor, real_provider, query="?next=/about")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/about")
    assert who(visitor) == "ada"
    assert (count(User), count(Identity)) == (1, 1)


def test_a_second_journey_from_another_browser_finds_it(
    site: Flask, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    browsers = site.test_client(), site.test_client()
    for browser in browsers:
        assert journey(browser, real_provider).status_code == 303
    assert {who(browser) for browser in browsers} == {"ada"}
    assert (count(User), count(Identity), count(Session)) == (1, 1, 2)


def test_the_session_is_a_new_one_and_the_old_one_ends(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    journey(visitor, real_provider)
    with visitor.session_transaction() as kept:
        first = kept.pop("_user_id")
        kept["planted"] = "by somebody else"
    journey(visitor, real_provider)
    with visitor.session_transaction() as kept:
        assert kept["_user_id"] != first
        assert set(kept) <= {"_user_id", "_permanent"}


def test_who_is_signed_in_already_is_sent_on(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    journey(visitor, real_provider)
    answer = visitor.get("/auth/google/login?next=/about")
    assert answer.headers["Location"] == "/about"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\t//evil.example"],
)
def test_the_way_on_leads_nowhere_else(
    visitor: FlaskClient, real_provider: ProviderProcess, wanted: str
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    answer = journey(visitor, real_provider, query=f"?next={quote(wanted)}")
    assert answer.headers["Location"] == "/"


def test_people_come_back_to_the_public_address_whatever_the_host_header_says(
    visitor: FlaskClient,
) -> None:
    sent = visitor.get("/auth/google/login", headers={"Host": "localhost:1234"})
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/auth/google/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()


def test_a_confirmed_address_on_both_sides_is_linked(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    ada()
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    assert journey(visitor, real_provider).status_code == 303
    assert (who(visitor), count(User), count(Identity)) == ("ada", 1, 1)


def test_the_true_owner_of_a_registered_address_throws_the_stranger_out(
    site: Flask, visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    ada(verified=False)
    stranger = site.test_client()
    real_provider.knows("stranger", email="elsewhere@example.org", email_verified=False)
    journey(stranger, real_provider, "stranger")
    assert show_password(stranger).status_code == 303
    assert who(stranger) == "ada"
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    assert journey(visitor, real_provider).status_code == 303
    assert (who(visitor), who(stranger)) == ("ada", "")
    assert journey(stranger, real_provider, "stranger").headers["Location"] == "/auth/google/link"
    assert show_password(stranger).status_code == 401
    assert (count(User), count(Identity)) == (1, 1)


def show_password(visitor: FlaskClient, password: str = PASSWORD, **changes: str) -> TestResponse:
    """Fill in the page that asks for it."""
    page = visitor.get("/auth/google/link")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"identifier": EMAIL, "password": password, "csrf_token": token, **changes}
    return visitor.post("/auth/google/link", data=form)


UNCONFIRMED = {"false": False, "missing": None, "the word false": "false", "the word true": "true"}


@pytest.mark.parametrize("said", UNCONFIRMED)
@pytest.mark.parametrize("known", [True, False])
def test_an_address_google_did_not_confirm_opens_nothing(
    visitor: FlaskClient, real_provider: ProviderProcess, said: str, known: bool
) -> None:
    if known:
        ada()
    claims = {"email": EMAIL, "email_verified": UNCONFIRMED[said]}
    real_provider.knows("g-1", **{k: v for k, v in claims.items() if v is not None})
    answer = journey(visitor, real_provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/auth/google/link")
    page = visitor.get("/auth/google/link")
    assert page.status_code == 200
    assert "Google has not confirmed" in page.text
    assert (who(visitor), count(User), count(Identity)) == ("", int(known), 0)


def test_the_password_page_is_the_same_whether_the_address_is_known(
    site: Flask, real_provider: ProviderProcess
) -> None:
    pages = []
    real_provider.knows("g-1", email=EMAIL, email_verified=False)
    for known in (False, True):
        visitor = site.test_client()
        if known:
            ada()
        journey(visitor, real_provider)
        text = visitor.get("/auth/google/link").text
        token = text.partition('name="csrf_token" value="')[2].partition('"')[0]
        pages.append(text.replace(token, ""))
    assert pages[0] == pages[1]


def test_the_password_links_and_leads_on(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    ada()
    real_provider.knows("g-1", email=EMAIL, email_verified=False)
    journey(visitor, real_provider, query="?next=/about")
    wrong = show_password(visitor, "another password")
    assert wrong.status_code == 401
    assert f'value="{EMAIL}"' in wrong.text
    assert "another password" not in wrong.text
    answer = show_password(visitor)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/about")
    assert who(visitor) == "ada"
    other = visitor.application.test_client()
    assert journey(other, real_provider).status_code == 303
    assert who(other) == "ada"


def test_guessing_on_the_password_page_counts_like_any_other(
    build: Build, real_provider: ProviderProcess
) -> None:
    visitor = build(real_provider.discovery_url, THROTTLE_PROFILE="household").test_client()
    ada()
    real_provider.knows("g-1", email=EMAIL, email_verified=False)
    journey(visitor, real_provider)
    for _ in range(10):
        assert show_password(visitor, "a wrong password").status_code == 401
    refused = show_password(visitor)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert count(Identity) == 0


def test_the_password_page_takes_no_form_without_its_token(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    ada()
    real_provider.knows("g-1", email=EMAIL, email_verified=False)
    journey(visitor, real_provider)
    assert show_password(visitor, csrf_token="").status_code == 400
    assert count(Identity) == 0


def test_the_password_page_is_for_those_who_came_back(visitor: FlaskClient) -> None:
    assert_page_in_frame(visitor.get("/auth/google/link"), 400, "start again")


def test_a_closed_account_is_told_so(visitor: FlaskClient, real_provider: ProviderProcess) -> None:
    ada(active=False)
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    answer = journey(visitor, real_provider)
    assert_page_in_frame(answer, 403, "This account was closed")
    assert who(visitor) == ""


def test_who_declines_is_told_so(visitor: FlaskClient, real_provider: ProviderProcess) -> None:
    answer = come_back(visitor, real_provider.deny(leave(visitor)))
    assert_page_in_frame(answer, 403, "other ways to sign in")
    assert "Try Google again" in answer.text


def test_a_tampered_state_is_refused(visitor: FlaskClient, real_provider: ProviderProcess) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    location = real_provider.consent(leave(visitor), "g-1")
    parts = urlsplit(location)
    code = parse_qs(parts.query)["code"][0]
    for state in ("", "x", parse_qs(parts.query)["state"][0] + "x", "\x00", "x" * 5000):
        answer = visitor.get(f"{parts.path}?{urlencode({'code': code, 'state': state})}")
        assert_page_in_frame(answer, 400, "not started here")
    assert_page_in_frame(visitor.get(f"{parts.path}?code={code}"), 400, "not started here")
    assert count(User) == 0


def test_another_browsers_way_back_is_refused(
    site: Flask, visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    location = real_provider.consent(leave(visitor), "g-1")
    victim = site.test_client()
    leave(victim)
    assert_page_in_frame(come_back(victim, location), 400, "not started here")
    assert who(victim) == ""


def test_a_way_back_works_once(visitor: FlaskClient, real_provider: ProviderProcess) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    location = real_provider.consent(leave(visitor), "g-1")
    assert come_back(visitor, location).status_code == 303
    assert_page_in_frame(come_back(visitor, location), 400, "not started here")


def test_a_code_is_worth_nothing_the_second_time_even_with_the_old_cookie(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    location = real_provider.consent(leave(visitor), "g-1")
    cookie = visitor.get_cookie("session", domain="localhost")
    assert cookie is not None
    thief = visitor.application.test_client()
    assert come_back(visitor, location).status_code == 303
    thief.set_cookie("session", cookie.value, domain="localhost")
    assert_page_in_frame(come_back(thief, location), 401, "already used")
    assert who(thief) == ""


def test_a_way_back_with_a_made_up_code_is_refused_and_over(visitor: FlaskClient) -> None:
    state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
    made_up = f"/auth/google/callback?state={state}&code=made-up"
    assert_page_in_frame(visitor.get(made_up), 401, "Try Google again")
    assert_page_in_frame(visitor.get(made_up), 400, "not started here")


def test_a_way_back_without_a_code_is_refused(visitor: FlaskClient) -> None:
    for extra in ("", "&code=", "&code=" + "x" * 3000):
        state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
        answer = visitor.get(f"/auth/google/callback?state={state}{extra}")
        assert_page_in_frame(answer, 400, "back nothing that could be checked")


@pytest.mark.parametrize(
    ("error", "status"),
    [("server_error", 503), ("temporarily_unavailable", 503), ("<script>alert(1)", 503)],
)
def test_an_error_of_the_provider_is_told_in_our_words(
    visitor: FlaskClient, error: str, status: int
) -> None:
    state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
    said = urlencode({"state": state, "error": error, "error_description": "<b>canary"})
    answer = visitor.get(f"/auth/google/callback?{said}")
    assert_page_in_frame(answer, status, "Google")
    assert "alert(1)" not in answer.text
    assert "canary" not in answer.text
    assert answer.headers["Retry-After"]


def test_many_tabs_do_not_fill_the_cookie(visitor: FlaskClient) -> None:
    for _ in range(20):
        last = leave(visitor, "?next=/search?query=" + "x" * 200)
    cookie = visitor.get_cookie("session", domain="localhost")
    assert cookie is not None
    assert len(cookie.value) < 3000
    with visitor.session_transaction() as kept:
        states = [entry[0] for entry in kept["departures"]]
    assert len(states) == 3
    assert states[-1] in last


def test_a_departure_is_forgotten_after_ten_minutes(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-1", email=EMAIL, email_verified=True)
    location = real_provider.consent(leave(visitor), "g-1")
    with visitor.session_transaction() as kept:
        kept["departures"] = [[*entry[:-1], entry[-1] - 601] for entry in kept["departures"]]
    assert_page_in_frame(come_back(visitor, location), 400, "too long ago")


def test_a_token_with_another_nonce_signs_nobody_in(build: Build, provider: Provider) -> None:
    visitor = build(provider.discovery_url).test_client()
    for nonce in ("of another journey", None):
        state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
        provider.token_answer = 200, bearing(provider.token(nonce=nonce))
        answer = visitor.get(f"/auth/google/callback?state={state}&code=c")
        assert_page_in_frame(answer, 401, "could not be confirmed")
    assert (who(visitor), count(User)) == ("", 0)


def bearing(id_token: str) -> dict[str, str]:
    return {"access_token": "access-canary", "token_type": "Bearer", "id_token": id_token}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((401, {"error": "invalid_client"}), 503),
        ((500, {"error": "canary"}), 503),
        ((200, b"<html>canary</html>"), 503),
        ((200, {"access_token": "access-canary", "token_type": "Bearer"}), 401),
        ((400, {"error": "invalid_grant", "error_description": "canary"}), 401),
    ],
)
def test_a_provider_that_answers_wrongly_is_a_page_and_no_secret_is_told(
    build: Build, provider: Provider, capsys: Capture, answer: tuple[int, object], status: int
) -> None:
    visitor = build(provider.discovery_url).test_client()
    state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
    provider.token_answer = answer
    page = visitor.get(f"/auth/google/callback?state={state}&code=code-canary")
    assert_page_in_frame(page, status, "Google")
    [asked] = provider.token_requests
    told = page.text + "".join(capsys.readouterr())
    for secret in ("canary", asked["code_verifier"], CLIENT_SECRET, state):
        assert secret not in told


def test_a_good_journey_tells_no_secret_either(
    build: Build, provider: Provider, capsys: Capture
) -> None:
    visitor = build(provider.discovery_url).test_client()
    asked = parse_qs(urlsplit(leave(visitor)).query)
    token = provider.token(nonce=asked["nonce"][0])
    provider.token_answer = 200, bearing(token)
    back = visitor.get(f"/auth/google/callback?state={asked['state'][0]}&code=code-canary")
    assert back.status_code == 303
    told = "".join(capsys.readouterr())
    for secret in ("canary", token, asked["nonce"][0], asked["state"][0], "ada@example.org"):
        assert secret not in told


def test_a_provider_that_is_down_is_a_page(build: Build, provider: Provider) -> None:
    provider.close()
    answer = build(provider.discovery_url).test_client().get("/auth/google/login")
    assert_page_in_frame(answer, 503, "sign in with your password")
    assert answer.headers["Retry-After"]


def test_a_provider_that_goes_down_on_the_way_is_a_page(build: Build, provider: Provider) -> None:
    visitor = build(provider.discovery_url).test_client()
    state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
    provider.close()
    answer = visitor.get(f"/auth/google/callback?state={state}&code=c")
    assert_page_in_frame(answer, 503, "sign in with your password")


@pytest.mark.parametrize(
    "description", [{"issuer": "https://evil.example"}, {"authorization_endpoint": None}]
)
def test_a_misconfigured_provider_is_a_page(
    build: Build, provider: Provider, description: dict[str, object]
) -> None:
    provider.description = description
    answer = build(provider.discovery_url).test_client().get("/auth/google/login")
    assert_page_in_frame(answer, 503, "did not answer as it should")


def test_without_settings_there_is_no_google(client: FlaskClient) -> None:
    for address in ("/auth/google/login", "/auth/google/callback?state=x&code=y"):
        assert_page_in_frame(client.get(address), 404, "not set up here")
    assert "Try Google again" not in client.get("/auth/google/login").text


def test_the_cookie_of_a_journey_is_for_the_server_alone(visitor: FlaskClient) -> None:
    cookie = visitor.get("/auth/google/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    raw = cookie.partition("=")[2].partition(".")[0]
    assert CLIENT_SECRET not in b64decode(raw + "==", altchars=b"-_").decode("latin-1")


def request_token(visitor: FlaskClient) -> str:
    """What a page of this browser would carry in its forms and links."""
    with visitor.session_transaction() as kept, visitor.application.test_request_context():
        session["csrf_token"] = kept["csrf_token"] = kept.get("csrf_token", "f" * 40)
        return str(generate_csrf())


def test_who_is_signed_in_links_google_from_the_account(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    sign_in_by_password(visitor)
    real_provider.knows("g-2", email="another@example.org", email_verified=False)
    answer = journey(visitor, real_provider, "g-2", query=f"?link={request_token(visitor)}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert (count(Identity), count(User)) == (1, 1)
    other = visitor.application.test_client()
    assert journey(other, real_provider, "g-2").status_code == 303
    assert who(other) == "ada"


def sign_in_by_password(visitor: FlaskClient, *, confirmed: bool = True) -> None:
    user = ada()
    with visitor.session_transaction() as kept:
        kept["_user_id"] = secret = session_service.open_browser(user, Client())
    viewer = queries.viewer_by_cookie(secret)
    if confirmed and viewer:
        proof_service.confirm_session(user, viewer.session, Proof(PASSWORD), Client())


def test_a_session_alone_links_nothing(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    """Whoever borrows a device is not to keep a way in that outlasts a new password."""
    sign_in_by_password(visitor, confirmed=False)
    real_provider.knows("g-2", email="another@example.org", email_verified=True)
    link = f"/auth/google/login?link={request_token(visitor)}&next=/account"
    asked = visitor.get(link)
    assert (asked.status_code, urlsplit(asked.headers["Location"]).path) == (302, "/account/again")
    assert count(Identity) == 0
    shown = {"password": PASSWORD, "next": link, "csrf_token": request_token(visitor)}
    onward = visitor.post("/account/again", data=shown).headers["Location"]
    assert onward == link
    away = visitor.get(onward).headers["Location"]
    assert come_back(visitor, real_provider.consent(away, "g-2")).status_code == 303
    assert count(Identity) == 1


@pytest.mark.parametrize("token", ["", "made-up"])
def test_no_foreign_page_links_google_to_an_account(visitor: FlaskClient, token: str) -> None:
    sign_in_by_password(visitor)
    answer = visitor.get(f"/auth/google/login?link={token}")
    assert_page_in_frame(answer, 403, "your account page")


def test_a_visitor_links_nothing(visitor: FlaskClient) -> None:
    answer = visitor.get(f"/auth/google/login?link={request_token(visitor)}")
    assert_page_in_frame(answer, 401, "password")


def test_nothing_is_linked_to_whoever_is_signed_in_by_then(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    sign_in_by_password(visitor)
    real_provider.knows("g-2", email="another@example.org", email_verified=True)
    location = real_provider.consent(leave(visitor, f"?link={request_token(visitor)}"), "g-2")
    with visitor.session_transaction() as kept:
        kept["departures"] = [
            [*entry[:-2], "somebody-else", entry[-1]] for entry in kept["departures"]
        ]
    assert_page_in_frame(come_back(visitor, location), 400, "Someone else")
    assert count(Identity) == 0


def test_a_google_account_that_opens_another_account_is_not_linked(
    visitor: FlaskClient, real_provider: ProviderProcess
) -> None:
    real_provider.knows("g-2", email="another@example.org", email_verified=True)
    journey(visitor.application.test_client(), real_provider, "g-2")
    sign_in_by_password(visitor)
    answer = journey(visitor, real_provider, "g-2", query=f"?link={request_token(visitor)}")
    assert_page_in_frame(answer, 409, "is linked to another account")
    assert count(Identity) == 1
