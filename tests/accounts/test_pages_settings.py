"""An account's own page: every part of it changes what it says, and nothing of anybody else."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from moviesite.accounts import session_service
from moviesite.extensions import db
from moviesite.models import Identity, Session, User
from moviesite.transactions import transactional
from tests.accounts.conftest import send_form
from tests.accounts.test_pages import faults, has_gone_in
from tests.form_reading import form_of
from tests.people import DEVICE, PASSWORD, form_token, join, signed_in_browser

NEW_PASSWORD = "a long walk home"


def fresh(user: User) -> User:
    db.session.expire_all()
    return db.session.get_one(User, user.id)


def said(browser: FlaskClient) -> list[str]:
    return re.findall(r'class="said" role="status">(.+?)<', browser.get("/account").text)


def upload(browser: FlaskClient, content: bytes, name: str = "me.png") -> int:
    form = {"csrf_token": form_token(browser), "avatar": (BytesIO(content), name)}
    with browser.post("/account/avatar", data=form) as answer:
        answer.request.input_stream.close()
        return answer.status_code


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), "#a33").save(made, "PNG")
    return made.getvalue()


@transactional
def link_google(user: User) -> Identity:
    linked = Identity(user_id=user.id, issuer="https://accounts.google.com", subject="g-1")
    db.session.add(linked)
    db.session.flush()
    return linked


def test_the_profile_is_saved_and_shown(ada_browsing: FlaskClient, ada: User) -> None:
    form = {"username": "Ada.L", "bio": "Likes <b>\r\nlong films", "locale": "de", "region": "DE"}
    changes = {**form, "time_zone": "Europe/Berlin", "show_adult": "1"}
    answer = send_form(ada_browsing, "/account/profile", **changes)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account#profile")
    user = fresh(ada)
    assert (user.username, user.bio) == ("Ada.L", "Likes <b>\nlong films")
    assert (user.locale, user.region, user.time_zone) == ("de", "DE", "Europe/Berlin")
    assert user.show_adult
    assert said(ada_browsing) == ["Your profile is saved."]
    page = ada_browsing.get("/account").text
    assert '<option value="Europe/Berlin" selected>' in page
    assert "Likes &lt;b&gt;" in page
    assert said(ada_browsing) == [], "said once"
    send_form(ada_browsing, "/account/profile", username="Ada.L")
    user = fresh(ada)
    assert (user.bio, user.locale, user.show_adult) == ("", "", False)


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ({"username": "ada.l"}, {"bio": "Two\r\nlines"}, ("ada.l", "Two\nlines", [8, 10])),
        ({"bio": ""}, {"locale": "de", "region": "DE"}, ("ada", "", [8, 10])),
        ({"providers": "9"}, {"time_zone": "Europe/Berlin"}, ("ada", "One\nline", [9])),
        ({"show_adult": "1"}, {"providers": ["10", "8", "9"]}, ("ada", "One\nline", [10, 8, 9])),
    ],
)
def test_two_tabs_that_edit_different_fields_of_a_profile_keep_both(
    ada_browsing: FlaskClient,
    ada: User,
    first: dict[str, str],
    second: dict[str, str],
    left: tuple[object, ...],
) -> None:
    kept = {"username": "ada", "bio": "One\r\nline", "providers": "8,10"}
    send_form(ada_browsing, "/account/profile", **kept)
    shown = form_of(ada_browsing.get("/account").text, "/account/profile")
    for typed in (first, second):
        answer = ada_browsing.post("/account/profile", data={**shown, **typed})
        assert answer.status_code == 303, faults(answer)
    user = fresh(ada)
    assert (user.username, user.bio, user.providers) == left
    for name, value in (first | second).items():
        if name in ("locale", "region", "time_zone"):
            assert getattr(user, name) == value
    assert user.show_adult == ("show_adult" in first)


def test_a_refused_profile_still_knows_what_it_began_with(
    ada_browsing: FlaskClient, ada: User
) -> None:
    shown = form_of(ada_browsing.get("/account").text, "/account/profile")
    send_form(ada_browsing, "/account/profile", username="ada", bio="From another tab")
    answer = ada_browsing.post("/account/profile", data={**shown, "username": "two words"})
    again = form_of(answer.text, "/account/profile")
    ada_browsing.post("/account/profile", data={**again, "username": "ada.l"})
    user = fresh(ada)
    assert (user.username, user.bio) == ("ada.l", "From another tab")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"username": "two words"}, "profile-username"),
        ({"username": ""}, "profile-username"),
        ({"bio": "x" * 1001}, "profile-bio"),
        ({"bio": "\x00"}, "profile-bio"),
        ({"locale": "German"}, "profile-locale"),
        ({"region": "de"}, "profile-region"),
        ({"time_zone": "Mars/Olympus"}, "profile-time_zone"),
    ],
)
def test_a_fault_in_the_profile_is_named_and_nothing_is_changed(
    ada_browsing: FlaskClient, ada: User, changes: dict[str, str], fault: str
) -> None:
    answer = send_form(
        ada_browsing, "/account/profile", **{"username": "ada", "bio": "kept", **changes}
    )
    assert answer.status_code == 422
    assert list(faults(answer)) == [fault]
    assert fresh(ada).bio == ""


def test_a_name_that_somebody_has_is_refused(ada_browsing: FlaskClient, ben: User) -> None:
    answer = send_form(ada_browsing, "/account/profile", username="BEN")
    assert answer.status_code == 409
    assert faults(answer) == {"profile-username": "This username is taken."}


def test_a_picture_is_shown_and_removed(ada_browsing: FlaskClient, ada: User) -> None:
    assert upload(ada_browsing, picture()) == 303
    name = fresh(ada).avatar_path
    page = ada_browsing.get("/account").text
    assert page.count(f'src="/media/{name}"') == 2, "in the header and on the page"
    with ada_browsing.get(f"/media/{name}") as shown:
        assert shown.mimetype == "image/webp"
    assert send_form(ada_browsing, "/account/avatar/remove").status_code == 303
    assert fresh(ada).avatar_path is None
    assert "Remove picture" not in ada_browsing.get("/account").text


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "", 422),
        (b"<svg/>", "a.svg", 422),
        (b"no picture", "a.png", 422),
        (b"x" * (2 * 2**20 + 1), "a.png", 422),
        (b"x" * (4 * 2**20), "a.png", 413),
    ],
)
def test_what_is_no_picture_is_refused_on_the_page(
    ada_browsing: FlaskClient, ada: User, content: bytes, name: str, status: int
) -> None:
    assert upload(ada_browsing, content, name) == status
    assert fresh(ada).avatar_path is None


def test_a_new_address_takes_the_password(ada_browsing: FlaskClient, ada: User) -> None:
    without = send_form(ada_browsing, "/account/address", email="new@example.org")
    assert without.status_code == 422
    assert faults(without).keys() == {"address-password"}
    wrong = send_form(ada_browsing, "/account/address", email="new@example.org", password="wrong")
    assert wrong.status_code == 422
    assert faults(wrong).keys() == {"address-password"}
    assert 'value="new@example.org"' in wrong.text
    assert fresh(ada).pending_email is None
    good = {"email": "new@example.org", "password": PASSWORD}
    assert send_form(ada_browsing, "/account/address", **good).status_code == 303
    assert (fresh(ada).email, fresh(ada).pending_email) == ("ada@example.org", "new@example.org")


def test_another_link_is_sent_and_not_for_ever(house: Flask) -> None:
    browser = signed_in_browser(house, join("ada", email_verified_at=None))
    answers = [send_form(browser, "/account/verification") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "Try again in" in answers[-1].text


def test_a_changed_password_signs_out_the_other_devices(
    app: Flask, ada_browsing: FlaskClient, ada: User
) -> None:
    elsewhere = signed_in_browser(app, ada)
    wrong = send_form(ada_browsing, "/account/password", current="wrong", new=NEW_PASSWORD)
    assert wrong.status_code == 422
    assert faults(wrong) == {"password-current": "That is not your current password."}
    weak = send_form(ada_browsing, "/account/password", current=PASSWORD, new="password123")
    assert faults(weak).keys() == {"password-new"}
    assert has_gone_in(elsewhere)
    form = {"current": PASSWORD, "new": NEW_PASSWORD}
    assert send_form(ada_browsing, "/account/password", **form).status_code == 303
    assert has_gone_in(ada_browsing)
    assert not has_gone_in(elsewhere)


def test_without_a_password_one_is_set_by_mail(app: Flask) -> None:
    browser = signed_in_browser(app, join("ada", password_hash=None))
    page = browser.get("/account").text
    assert "This account has no password yet" in page
    assert 'autocomplete="current-password"' not in page
    assert send_form(browser, "/account/password-link").status_code == 303
    refused = send_form(browser, "/account/password", current="anything", new=NEW_PASSWORD)
    assert refused.status_code == 409


def test_google_is_unlinked_while_another_way_in_is_left(app: Flask, ada: User) -> None:
    browser = signed_in_browser(app, ada)
    mine = f"/account/sign-ins/{link_google(ada).id}/unlink"
    assert mine in browser.get("/account").text
    assert send_form(browser, mine).status_code == 303
    assert send_form(browser, mine).status_code == 404


def test_the_only_way_in_stays_linked(app: Flask) -> None:
    user = join("ada", password_hash=None)
    mine = f"/account/sign-ins/{link_google(user).id}/unlink"
    answer = send_form(signed_in_browser(app, user), mine)
    assert answer.status_code == 409
    assert "Set a password first" in answer.text


def test_devices_are_listed_and_ended(app: Flask, ada_browsing: FlaskClient, ada: User) -> None:
    phone = signed_in_browser(app, ada)
    session_service.open_api(ada, DEVICE)
    page = ada_browsing.get("/account").text
    assert page.count("Firefox on Linux</strong>") == 3
    assert page.count("192.0.2.1, last used just now") >= 3
    assert page.count(">this device<") == 1
    newest = select(Session).where(Session.kind == "browser").order_by(Session.id.desc())
    ended = db.session.scalars(newest).first()
    assert ended
    assert send_form(ada_browsing, f"/account/sessions/{ended.uuid}/end").status_code == 303
    assert not has_gone_in(phone)
    assert send_form(ada_browsing, "/account/sessions/end-others").status_code == 303
    assert has_gone_in(ada_browsing)
    assert "Sign out all other devices" not in ada_browsing.get("/account").text


def test_deleting_takes_the_password_and_a_tick(
    ada_browsing: FlaskClient, ada: User, ben: User
) -> None:
    unsure = send_form(ada_browsing, "/account/delete", password=PASSWORD)
    assert faults(unsure).keys() == {"delete-sure"}
    wrong = send_form(ada_browsing, "/account/delete", password="wrong", sure="1")
    assert wrong.status_code == 422
    assert faults(wrong) == {"delete-password": "That is not your current password."}
    gone = send_form(ada_browsing, "/account/delete", password=PASSWORD, sure="1")
    assert (gone.status_code, gone.headers["Location"]) == (303, "/sign-in")
    assert "everything in it have been deleted" in ada_browsing.get("/sign-in").text
    assert not has_gone_in(ada_browsing)
    assert db.session.scalars(select(User.username)).all() == ["ben"]
    assert db.session.scalar(select(func.count()).select_from(Session)) == 0


def test_the_page_of_an_account_is_kept_by_nobody(ada_browsing: FlaskClient, ada: User) -> None:
    answer = ada_browsing.get("/account")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


RELOADED = (
    *("profile", "avatar", "avatar/remove", "address", "address/cancel", "verification"),
    *("password", "password-link", "confirmation", "sessions/end-others", "delete"),
    *("sign-ins/1/unlink", "sessions/0f8fad5b-d9cb-469f-a165-70867728950e/end"),
)


@pytest.mark.parametrize("form", RELOADED)
def test_a_forms_address_that_is_loaded_anew_leads_to_the_account(
    ada_browsing: FlaskClient, form: str
) -> None:
    again = ada_browsing.get(f"/account/{form}")
    assert (again.status_code, again.headers["Location"]) == (303, "/account")
    assert again.headers["Cache-Control"] == "private, no-store"


def test_no_form_is_left_out_of_that(app: Flask) -> None:
    own = ("settings.", "proof.")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(own)]
    sent = {rule.rule for rule in rules if "POST" in (rule.methods or ())}
    loaded = {rule.rule for rule in rules if "GET" in (rule.methods or ())}
    assert sent <= loaded


def test_a_fault_is_still_shown_at_the_address_of_its_form(ada_browsing: FlaskClient) -> None:
    answer = send_form(ada_browsing, "/account/profile", username="two words")
    assert (answer.status_code, answer.request.path) == (422, "/account/profile")
    assert faults(answer).keys() == {"profile-username"}


def offered(browser: FlaskClient, region: str = "US") -> list[int]:
    found = browser.get(f"/api/v1/watch-providers?region={region}").json["results"]
    return [service["id"] for service in found]


def ticked(page: str) -> list[str]:
    return re.findall(r'name="providers" value="([\d,]+)" checked', page)


def test_services_are_ticked_and_kept(
    ada_browsing: FlaskClient, client: FlaskClient, ada: User
) -> None:
    first, second, *_ = offered(client)
    page = ada_browsing.get("/account").text
    assert page.count('name="providers"') == len(offered(client))
    assert ticked(page) == []
    send = {"username": "ada", "region": "US"}
    token = form_token(ada_browsing)
    chosen = {**send, "csrf_token": token, "providers": [str(first), str(second)]}
    assert ada_browsing.post("/account/profile", data=chosen).status_code == 303
    assert fresh(ada).providers == [first, second]
    assert ticked(ada_browsing.get("/account").text) == [str(first), str(second)]
    assert send_form(ada_browsing, "/account/profile", **send).status_code == 303
    assert fresh(ada).providers == []


def test_services_of_another_country_are_kept_until_unticked(app: Flask) -> None:
    user = join("ada", providers=[4_000_000, 4_000_001], region="DE")
    browser = signed_in_browser(app, user)
    page = browser.get("/account").text
    assert "Keep 2 more, not available there" in page
    assert ticked(page) == ["4000000,4000001"]
    send_form(browser, "/account/profile", username="ada", providers="4000000,4000001")
    assert fresh(user).providers == [4_000_000, 4_000_001]


@pytest.mark.parametrize("odd", ["abc", "0", "-1", "9" * 10, "1," * 200 + "1", "\x00"])
def test_odd_services_are_refused_or_dropped(
    ada_browsing: FlaskClient, ada: User, odd: str
) -> None:
    answer = send_form(ada_browsing, "/account/profile", username="ada", providers=odd)
    assert answer.status_code in {303, 422}
    assert fresh(ada).providers in ([], [1])


def test_the_services_of_a_country_that_was_just_chosen_are_shown(
    ada_browsing: FlaskClient, client: FlaskClient
) -> None:
    german = offered(client, "DE")
    part = ada_browsing.get(f"/account/services?region=DE&providers={german[0]}&providers=7").text
    assert "<html" not in part
    assert ticked(part) == [str(german[0]), *(["7"] if 7 not in german else [])]
    assert part.count('name="providers"') == len(german) + (7 not in german)
    for region in ("", "XX", "no country"):
        assert ada_browsing.get(f"/account/services?region={region}").status_code == 200
