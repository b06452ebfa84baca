"""Wishes in people's own words, and what the rules make of them."""

from typing import Any

import pytest

from tests.assistant.world import cases, expected, made, understood

CASES = cases("cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["prompt"]))
def test_a_wish_becomes_filters(case: dict[str, Any]) -> None:
    assert made(understood(case["prompt"])) == expected(case)
