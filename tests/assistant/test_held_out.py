"""Wishes that were written before any rule and shaped none: how many are read rightly."""

from tests.assistant.world import cases, expected, made, understood

# What the rules reached; measured, never a reason to change a rule or a wish.
REACHED = 40


def test_as_many_unseen_wishes_are_understood_as_ever() -> None:
    held_out = cases("held_out")
    right = [case for case in held_out if made(understood(case["prompt"])) == expected(case)]
    assert len(held_out) == 40
    assert len(right) >= REACHED


def test_no_unseen_wish_shapes_the_rules() -> None:
    prompts = {case["prompt"] for case in cases("cases")}
    assert len(prompts) >= 120
    assert not prompts & {case["prompt"] for case in cases("held_out")}
