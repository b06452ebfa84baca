"""Folded text is the same on every database."""

import pytest

from moviesite.text import enumerated, fold, is_clean, slug, wait_in_words


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


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "a few seconds"),
        (40, "40 seconds"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (121, "3 minutes"),
        (5_340, "89 minutes"),
        (5_341, "2 hours"),
        (86_400, "24 hours"),
    ],
)
def test_a_wait_is_told_as_people_tell_it_and_never_too_short(seconds: int, words: str) -> None:
    assert wait_in_words(seconds) == words


def test_names_are_told_one_after_another() -> None:
    told = [enumerated(names) for names in (["Heat"], ["Heat", "Ran"], ["Heat", "Ran", "Diva"])]
    assert told == ["Heat", "Heat and Ran", "Heat, Ran and Diva"]
