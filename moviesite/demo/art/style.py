"""Which composition, inks and face a film wears. A pure look-up by its facts; it draws nothing.

A choice by id alone now and then sets two like covers side by side. `settled.py` names the films
that draw once more, so that the usual orders of the catalogue show none; see `spread.py`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.figures import FIGURES
from moviesite.demo.art.inks import COLOURWAYS, family_of
from moviesite.demo.art.settled import REDRAWN

COMPOSITIONS = (*FIGURES, "numeral", "stack", "bands", "screen", "initial")
_NEEDS_YEAR = COMPOSITIONS.index("numeral")


class Style(NamedTuple):
    """What makes two covers look alike: composition and palette (family of inks, colourway)."""

    composition: str
    family: int
    colourway: int
    draw: int


def style_of(
    movie_id: int, year: int | None, genre_ids: Sequence[int], draw: int | None = None
) -> Style:
    """The style of a film; `draw` above 0 asks for its next choices."""
    if draw is None:
        draw = REDRAWN.get(movie_id, 0)
    dice = Dice("style", movie_id, draw)
    chosen, colourway = dice.below(len(COMPOSITIONS)), dice.below(COLOURWAYS)
    if chosen == _NEEDS_YEAR and year is None:
        chosen = dice.below(_NEEDS_YEAR)
    return Style(COMPOSITIONS[chosen], family_of(genre_ids), colourway, draw)
