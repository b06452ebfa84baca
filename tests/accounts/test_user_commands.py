"""Accounts are looked after from the command line."""

from flask import Flask

from moviesite.accounts import queries, service, session_service
from moviesite.models import User
from tests.people import DEVICE, PASSWORD


def run(app: Flask, *args: str, typed: str = "") -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["user", *args], input=typed)
    return answer.exit_code, answer.output


def test_an_account_is_made_with_a_password_that_is_asked_for(app: Flask) -> None:
    typed = "nineteen lemons\nnineteen lemons\n"
    code, said = run(app, "create", "grace@example.org", "--admin", typed=typed)
    assert (code, "nineteen" in said) == (0, False)
    grace = service.sign_in("grace", "nineteen lemons", DEVICE)
    assert (grace.is_admin, grace.email_verified) == (True, True)


def test_what_cannot_be_made_is_said(app: Flask, ada: User) -> None:
    for email, password in (
        ("ada@example.org", "nineteen lemons"),
        ("nobody", "nineteen lemons"),
        ("grace@example.org", "password1"),
        ("grace@example.org", "nineteen lemons"),
    ):
        code, said = run(app, "create", email, "--password", password, "--username", "two words")
        assert code == 1
        assert said.startswith("Error: ")


def test_the_command_line_has_no_limit(house: Flask) -> None:
    for number in range(7):
        email = f"person{number}@example.org"
        assert run(house, "create", email, "--password", "nineteen lemons")[0] == 0


def test_somebody_is_promoted(app: Flask, ada: User) -> None:
    assert run(app, "promote", "ADA")[0] == 0
    assert ada.is_admin


def test_somebody_is_deactivated_and_signed_out(app: Flask, ada: User) -> None:
    opened = session_service.open_browser(ada, DEVICE)
    assert run(app, "deactivate", "ada@example.org")[0] == 0
    assert queries.viewer_by_cookie(opened) is None
    assert not ada.is_active


def test_sessions_are_ended(app: Flask, ada: User) -> None:
    for _ in range(3):
        session_service.open_browser(ada, DEVICE)
    assert run(app, "end-sessions", "ada") == (0, "3 sessions of ada ended.\n")
    assert service.sign_in("ada", PASSWORD, DEVICE).id == ada.id


def test_nobody_is_not_found(app: Flask) -> None:
    for command in ("promote", "deactivate", "end-sessions"):
        assert run(app, command, "nobody") == (1, "Error: There is no account nobody.\n")
