"""What nobody should send, sent to every door of the administration by who may pass them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.test_bad_input import ODD_NAMES, TEXTS, address, assert_clear, readable

PARAMETERS = ("search", "page", "page_size", "show", "tier", "cursor", "actor", "act", "since")
NUMBERS = ("0", "-1", "501", "abc", "9223372036854775808", "%D9%A1", "1.5")


def addresses(app: Flask, start: str) -> list[str]:
    return [address(rule) for rule in readable(app) if rule.rule.startswith(start)]


@pytest.mark.parametrize("odd", [*TEXTS.values(), *NUMBERS], ids=lambda odd: odd[:12] or "empty")
def test_odd_parameters_are_refused_clearly(
    app: Flask, admin: FlaskClient, desk: FlaskClient, odd: str
) -> None:
    for caller, start in ((admin, "/api/v1/admin"), (desk, "/admin")):
        for wanted in addresses(app, start):
            for name in PARAMETERS:
                assert_clear(caller, f"{wanted}?{name}={odd}")


@pytest.mark.parametrize("query", ODD_NAMES, ids=lambda query: query[:12])
def test_odd_names_of_parameters_are_refused_clearly(
    app: Flask, admin: FlaskClient, desk: FlaskClient, query: str
) -> None:
    for caller, start in ((admin, "/api/v1/admin"), (desk, "/admin")):
        for wanted in addresses(app, start):
            assert_clear(caller, f"{wanted}?{query}")


@pytest.mark.parametrize("odd", [text for text in TEXTS.values() if text])
def test_odd_parts_of_an_address_are_not_found(
    admin: FlaskClient, desk: FlaskClient, odd: str
) -> None:
    for wanted in ("/api/v1/admin/movies/", "/api/v1/admin/users/", "/api/v1/admin/tiers/"):
        assert assert_clear(admin, wanted + odd[:200]) == 404
    for wanted in ("/admin/movies/", "/admin/genres/", "/admin/users/", "/admin/tiers/"):
        assert assert_clear(desk, wanted + odd[:200]) == 404
