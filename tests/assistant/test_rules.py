"""Wishes in people's own words, and what the rules make of them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviesite.assistant.rules import MOST_WORDS
from moviesite.catalogue.discover_schemas import DiscoverArgs
from tests.assistant.world import cases, expected, made, understood

CASES = cases("cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["prompt"]))
def test_a_wish_becomes_filters(case: dict[str, Any]) -> None:
    assert made(understood(case["prompt"])) == expected(case)


def test_accents_and_capitals_do_not_matter() -> None:
    assert understood("AGNÈS VARDA, DRAMA") == understood("agnes varda, drama")


def test_a_contradiction_is_told_and_the_first_word_holds() -> None:
    found = understood("films of 1999 or 2001")
    assert found.filters == {"year": 1999}
    assert "2001" in " ".join(found.not_understood)


def test_of_two_bounds_the_narrower_one_holds() -> None:
    assert understood("short, under two hours").filters == {"with_runtime.lte": 90}


def test_what_lies_beyond_the_longest_wish_is_told() -> None:
    found = understood("comedy " + "blah " * (MOST_WORDS + 20) + "western")
    assert found.filters == {"with_genres": "35"}
    assert found.not_understood[-1].endswith("western")


@pytest.mark.parametrize("case", [*CASES, *cases("held_out")], ids=lambda c: str(c["prompt"]))
def test_every_filter_is_one_that_discovering_takes(case: dict[str, Any]) -> None:
    given = {name: str(value) for name, value in understood(case["prompt"]).filters.items()}
    loaded = DiscoverArgs().load(given)
    assert len(loaded) >= len(given)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_nothing_that_can_be_typed_breaks_the_rules(prompt: str) -> None:
    found = understood(prompt)
    DiscoverArgs().load({name: str(value) for name, value in found.filters.items()})


_WORDS = st.sampled_from(sorted({word for case in CASES for word in case["prompt"].split()}))


@given(st.lists(_WORDS, max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_no_order_of_known_words_breaks_the_rules(prompt: str) -> None:
    found = understood(prompt)
    DiscoverArgs().load({name: str(value) for name, value in found.filters.items()})
