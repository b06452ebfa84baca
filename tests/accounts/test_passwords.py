"""Which passwords are taken, and how they are kept."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from moviesite.accounts import passwords

NAMES = ("ada", "ada.byron@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PassWord",
        "12345678",
        "qwertyuiop",
        "iloveyou1",
        "aaaaaaaaaa",
        "ada.byron@example.org",
        "ADA.BYRON@example.org",
        "ada.byron",
        "short12",
        "",
        "lemon " * 21 + "ade",
    ],
)
def test_common_short_long_and_own_names_are_refused(password: str) -> None:
    assert passwords.problem_with(password, *NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "nineteen lemons",
        "my password is long",
        "ada.byron was here",
        "aaaaaaab",
        "lemon " * 21 + "ad",
        "8 wörter",
        "雨の日の映画館で",
        "👩‍🚀 in space",
    ],
)
def test_no_rule_of_composition_and_containing_a_name_is_fine(password: str) -> None:
    assert passwords.problem_with(password, *NAMES) is None


def test_the_hash_has_the_parameters_of_the_design() -> None:
    made = extract_parameters(passwords.hash_of("nineteen lemons"))
    assert (made.memory_cost, made.time_cost, made.parallelism) == (19 * 1024, 2, 1)
    assert made.type.name == "ID"


def test_a_password_matches_however_its_letters_are_put_together() -> None:
    stored = passwords.hash_of("caf\u00e9 au lait")
    assert passwords.matches(stored, "cafe\u0301 au lait")
    assert not passwords.matches(stored, "cafe au lait")


def test_nobodys_hash_costs_what_a_real_one_does_and_matches_nothing() -> None:
    assert not passwords.is_outdated(passwords._NOBODYS)
    assert not passwords.matches(None, "")
    assert not passwords.matches("no hash at all", "nineteen lemons")


def test_a_hash_of_other_parameters_is_outdated() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("nineteen lemons")
    assert passwords.is_outdated(old)
    assert passwords.matches(old, "nineteen lemons")


def test_the_list_of_common_passwords_holds_what_could_be_typed() -> None:
    common = passwords._common()
    assert len(common) > 1000
    assert all(8 <= len(one) <= 128 and one == one.casefold() for one in common)
