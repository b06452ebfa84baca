"""Thousands of calls made up from the API's own description: none may surprise it."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

CASES = 2500  # on each database
SEED = 20260131
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# Ids made up at random lead nowhere; some calls are led to what is there.
KNOWN = {"movie_id": [27205, 155, 550, 238, 603], "person_id": [525, 1158, 31, 287]}


def public_operations(app: Flask) -> list[Any]:
    """What anybody may call: reading, without signing in."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if operation.method.upper() == "GET"]


def lead_somewhere(path: dict[str, Any], dice: int) -> None:
    """Put an id that is known in the place of one made up, about every other time."""
    for name in path.keys() & KNOWN.keys():
        if dice < len(KNOWN[name]):
            path[name] = KNOWN[name][dice]


def assert_keeps_its_word(operation: Any, mode: GenerationMode, cases: int) -> int:
    """Make so many calls and hold each answer to the description; says how many were made."""
    made = 0

    @seed(SEED)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), dice=st.integers(0, 9))
    def calls(case: Any, dice: int) -> None:
        nonlocal made
        made += 1
        if mode is GenerationMode.POSITIVE:
            lead_somewhere(case.path_parameters, dice)
        case.call_and_validate()

    calls()
    return made


@pytest.mark.fuzz
def test_no_call_that_can_be_made_up_surprises_the_api(
    app: Flask, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    operations = public_operations(app)
    each = -(-CASES // (len(operations) * len(MODES)))
    made: Counter[str] = Counter()
    for operation in operations:
        for mode in MODES:
            made[operation.label] += assert_keeps_its_word(operation, mode, each)
    with capsys.disabled():
        print(f"\n{made.total()} made-up calls of {len(made)} operations on {database_kind}")  # noqa: T201
    assert made.total() >= CASES
