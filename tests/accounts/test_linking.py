"""Whose account a witnessed sign-in opens: the whole table, and what each step leaves behind."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select

from moviesite import clock
from moviesite.accounts import names, passwords, queries, session_service
from moviesite.accounts.client import Client
from moviesite.accounts.google_service import PasswordNeeded, enter, enter_by_password, link, unlink
from moviesite.accounts.linking import Known, Step, decide, same_address
from moviesite.errors import Conflict, Forbidden, NotFound, NotSignedIn
from moviesite.extensions import db
from moviesite.models import Identity, OutboxEntry, User
from moviesite.providers.google import Witnessed
from moviesite.transactions import transactional
from tests import people
from tests.people import PASSWORD

ISSUER = "https://accounts.google.com"
EMAIL = "ada@example.org"
HERE = Client("192.0.2.1", "192.0.2.1", "Firefox on Linux")


def witnessed(*, email: str = EMAIL, verified: bool = True, subject: str = "g-1") -> Witnessed:
    return Witnessed(ISSUER, subject, email, verified)


def somebody(
    email: str = EMAIL, *, verified: bool = True, active: bool = True, admin: bool = False
) -> User:
    return User(
        id=1,
        email=email,
        email_verified_at=clock.now() if verified else None,
        is_active=active,
        is_admin=admin,
    )


class Row(NamedTuple):
    """A line of the table: what Google says, what we know, and what follows."""

    confirmed: bool
    known: str
    step: Step


# identity: who is linked already; address: who has the address here.
TABLE = [
    Row(True, "nobody", Step.CREATE),
    Row(False, "nobody", Step.ASK_PASSWORD),
    Row(True, "identity", Step.ENTER),
    Row(False, "identity", Step.ENTER),
    Row(True, "identity closed", Step.REFUSE),
    Row(False, "identity closed", Step.REFUSE),
    Row(True, "address confirmed", Step.LINK),
    Row(False, "address confirmed", Step.ASK_PASSWORD),
    Row(True, "address unconfirmed", Step.TAKE_OVER),
    Row(False, "address unconfirmed", Step.ASK_PASSWORD),
    Row(True, "address unconfirmed of an administrator", Step.ASK_PASSWORD),
    Row(True, "address confirmed of an administrator", Step.LINK),
    Row(True, "address confirmed, closed", Step.REFUSE),
    Row(True, "address unconfirmed, closed", Step.REFUSE),
    Row(False, "address confirmed, closed", Step.ASK_PASSWORD),
    Row(True, "address that only folds to it", Step.ASK_PASSWORD),
    Row(True, "address in capitals", Step.LINK),
    Row(True, "identity, and the address of another", Step.ENTER),
]

KNOWN = {
    "nobody": Known(None, None),
    "identity": Known(somebody(), None),
    "identity closed": Known(somebody(active=False), None),
    "address confirmed": Known(None, somebody()),
    "address unconfirmed": Known(None, somebody(verified=False)),
    "address unconfirmed of an administrator": Known(None, somebody(verified=False, admin=True)),
    "address confirmed of an administrator": Known(None, somebody(admin=True)),
    "address confirmed, closed": Known(None, somebody(active=False)),
    "address unconfirmed, closed": Known(None, somebody(verified=False, active=False)),
    "address that only folds to it": Known(None, somebody("adß@example.org")),
    "address in capitals": Known(None, somebody(EMAIL.upper())),
    "identity, and the address of another": Known(somebody("other@example.org"), somebody()),
}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.known}-{row.confirmed}")
def test_what_follows_from_a_witnessed_sign_in(row: Row) -> None:
    assert decide(witnessed(verified=row.confirmed), KNOWN[row.known]) is row.step


def test_the_table_is_whole() -> None:
    lines = {(row.confirmed, row.known) for row in TABLE}
    plain = {name for name in KNOWN if "administrator" not in name and "," not in name}
    odd = {"address that only folds to it", "address in capitals"}
    assert lines >= set(itertools.product((True, False), plain - odd))
    assert {row.step for row in TABLE} == set(Step)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("straße@example.org", "strasse@example.org"),
        ("\u212aim@example.org", "kim@example.org"),
        ("ada@\uff45xample.org", "ada@example.org"),
        ("ADÁ@example.org", "adá@example.org"),
    ],
)
def test_addresses_that_fold_alike_are_not_the_same(one: str, other: str) -> None:
    assert names.folded(one) == names.folded(other)
    assert not same_address(one, other)


def add(
    email: str = EMAIL,
    *,
    verified: bool = True,
    active: bool = True,
    name: str = "ada",
) -> User:
    confirmed = clock.now() if verified else None
    return people.join(name, email=email, email_verified_at=confirmed, is_active=active)


def fresh(user: User) -> User:
    db.session.expire_all()
    return db.session.get_one(User, user.id)


def identities() -> list[tuple[int, str]]:
    return [(row.user_id, row.subject) for row in db.session.scalars(select(Identity))]


def mailed() -> list[str]:
    jobs = db.session.scalars(select(OutboxEntry).order_by(OutboxEntry.id))
    return [str(job.args[0]) for job in jobs]


def headcount() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_a_confirmed_address_nobody_has_becomes_an_account(app: Flask) -> None:
    user = enter(witnessed(email="Ada.Byron@example.org"), HERE)
    assert user.username == "ada-byron"
    assert user.email == "Ada.Byron@example.org"
    assert fresh(user).email_verified
    assert user.password_hash is None
    assert identities() == [(user.id, "g-1")]
    assert mailed() == []


def test_names_of_new_accounts_are_unique(app: Flask) -> None:
    one = enter(witnessed(email="ada@one.example"), HERE)
    other = enter(witnessed(email="ada@two.example", subject="g-2"), HERE)
    assert one.username == "ada"
    assert other.username.startswith("ada-")


def test_an_identity_opens_its_account_whatever_the_address_says_now(app: Flask) -> None:
    user = enter(witnessed(), HERE)
    for later in (
        witnessed(email="moved@example.org"),
        witnessed(verified=False),
        witnessed(email="", verified=False),
    ):
        assert enter(later, HERE).id == user.id
    assert fresh(user).email == EMAIL
    assert headcount() == 1


def test_a_subject_of_another_issuer_is_somebody_else(app: Flask) -> None:
    user = enter(witnessed(), HERE)
    other = Witnessed("https://other.example", "g-1", "ben@example.org", True)
    assert enter(other, HERE).id != user.id


def test_both_sides_confirmed_are_linked_and_told(app: Flask) -> None:
    user = add(email=EMAIL.upper())
    assert enter(witnessed(), HERE).id == user.id
    assert identities() == [(user.id, "g-1")]
    assert fresh(user).password_hash is not None
    assert mailed() == ["identity_linked"]


@pytest.mark.parametrize("verified_here", [True, False])
def test_an_unconfirmed_word_of_google_links_nothing(app: Flask, verified_here: bool) -> None:
    user = add(verified=verified_here)
    with pytest.raises(PasswordNeeded):
        enter(witnessed(verified=False), HERE)
    assert identities() == []
    assert fresh(user).email_verified == verified_here
    assert passwords.matches(fresh(user).password_hash, PASSWORD)


def test_an_unconfirmed_word_of_google_makes_no_account(app: Flask) -> None:
    with pytest.raises(PasswordNeeded):
        enter(witnessed(verified=False), HERE)
    assert headcount() == 0


def test_the_answer_to_an_unconfirmed_address_tells_not_whether_it_is_known(app: Flask) -> None:
    answers = []
    for email in ("nobody@example.org", EMAIL):
        add() if email == EMAIL else None
        with pytest.raises(PasswordNeeded) as caught:
            enter(witnessed(email=email, verified=False), HERE)
        answers.append((caught.value.status, caught.value.detail, caught.value.extra))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "email",
    [
        *("ada", "ada@", "@example.org", "a b@example.org", "a@b@example.org"),
        *("ada@example", "ada..x@example.org", "<ada@example.org>", "ada@example.org\n"),
    ],
)
def test_what_is_no_address_confirms_nothing(app: Flask, email: str) -> None:
    with pytest.raises(PasswordNeeded):
        enter(witnessed(email=email), HERE)
    assert headcount() == 0


def test_a_stranger_who_registered_the_address_is_thrown_out(app: Flask) -> None:
    user = add(verified=False)
    link(user, witnessed(subject="the-strangers"))
    cookie = session_service.open_browser(user, HERE)
    program = session_service.open_api(user, HERE)
    assert enter(witnessed(), HERE).id == user.id
    owned = fresh(user)
    assert owned.password_hash is None
    assert owned.email_verified
    assert identities() == [(user.id, "g-1")]
    assert queries.viewer_by_cookie(cookie) is None
    with pytest.raises(NotSignedIn):
        session_service.refresh(program.refresh)
    with pytest.raises(PasswordNeeded):
        enter(witnessed(subject="the-strangers", verified=False), HERE)


def test_a_stranger_thrown_out_a_moment_ago_links_nothing(app: Flask) -> None:
    user = add(verified=False)
    stale = db.session.get_one(User, user.id)
    assert stale.password_hash
    with app.app_context():
        enter(witnessed(), HERE)
    with pytest.raises(NotSignedIn):
        link(stale, witnessed(subject="the-strangers"))
    assert identities() == [(user.id, "g-1")]


def test_many_first_arrivals_at_once_make_one_account(app: Flask) -> None:
    def arrive(_: int) -> int:
        with app.app_context():
            return enter(witnessed(), HERE).id

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(arrive, range(8)))
    assert len(found) == 1
    assert identities() == [(found.pop(), "g-1")]
    assert headcount() == 1


def test_a_closed_account_is_refused_by_identity_and_by_address(app: Flask) -> None:
    user = enter(witnessed(), HERE)
    close(user)
    add("ben@example.org", active=False, name="ben")
    for attempt in (witnessed(), witnessed(email="ben@example.org", subject="g-2")):
        with pytest.raises(Forbidden, match="closed"):
            enter(attempt, HERE)
    assert identities() == [(user.id, "g-1")]


@transactional
def close(user: User) -> None:
    user.is_active = False


def test_an_address_that_only_folds_to_anothers_opens_nothing(app: Flask) -> None:
    add("strasse@example.org")
    with pytest.raises(PasswordNeeded):
        enter(witnessed(email="straße@example.org"), HERE)
    assert identities() == []


def test_the_password_links_what_the_address_could_not(app: Flask) -> None:
    user = add()
    claim = witnessed(verified=False)
    assert enter_by_password(claim, "ada", PASSWORD, HERE).id == user.id
    assert enter(claim, HERE).id == user.id
    assert mailed() == ["identity_linked"]


def test_a_wrong_password_links_nothing(app: Flask) -> None:
    add()
    with pytest.raises(NotSignedIn):
        enter_by_password(witnessed(verified=False), EMAIL, "another password", HERE)
    with pytest.raises(NotSignedIn):
        enter_by_password(witnessed(verified=False), "nobody", PASSWORD, HERE)
    assert identities() == []


def test_an_identity_opens_one_account_alone(app: Flask) -> None:
    owner = enter(witnessed(), HERE)
    other = add("ben@example.org", name="ben")
    with pytest.raises(Conflict):
        link(other, witnessed())
    with pytest.raises(Conflict):
        enter_by_password(witnessed(), "ben", PASSWORD, HERE)
    link(owner, witnessed())
    assert identities() == [(owner.id, "g-1")]


def test_the_last_way_in_is_not_taken_away(app: Flask) -> None:
    user = enter(witnessed(), HERE)
    [first] = queries.identities_of(user)
    with pytest.raises(Conflict):
        unlink(user, first.id)
    link(user, witnessed(subject="g-2"))
    unlink(user, first.id)
    assert identities() == [(user.id, "g-2")]


def test_nobody_takes_away_what_is_another_persons(app: Flask) -> None:
    user = enter(witnessed(), HERE)
    stranger = add("ben@example.org", name="ben")
    with pytest.raises(NotFound):
        unlink(stranger, queries.identities_of(user)[0].id)
    assert len(queries.identities_of(user)) == 1
