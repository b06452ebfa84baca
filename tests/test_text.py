"""Folded text is the same on every database."""

import pytest

from moviesite.text import fold, is_clean, slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Amélie!", "amelie"),
        ("WALL·E", "wall e"),
        ("Ocean's Eleven", "oceans eleven"),
        ("Ocean’s Eleven", "oceans eleven"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("  The   Good, the Bad & the Ugly ", "the good the bad the ugly"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("snake_case", "snake case"),
        ("…", ""),
    ],
)
def test_folding_leaves_the_letters_alone(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_twice_is_folding_once() -> None:
    for text in ("Amélie", "Œuvre", "Ïslands", "ﬁlm"):
        assert fold(fold(text)) == fold(text)


def test_a_slug_is_bounded_and_readable() -> None:
    assert slug("The Lord of the Rings: The Two Towers") == "the-lord-of-the-rings-the-two-towers"
    assert len(slug("word " * 100)) <= 60
    assert not slug("word " * 100).endswith("-")


def test_text_that_databases_refuse_is_recognised() -> None:
    assert is_clean("film 🎬")
    assert not is_clean("a\x00b")
    assert not is_clean("a\ud800b")
