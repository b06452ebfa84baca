"""Backdrops, 320 by 180 units (16:9): drawings in thin inks with nothing behind them.

The page shows through, paper or dark, so that page text keeps its contrast in both moods.
Pure; no words are drawn.
"""

from collections.abc import Sequence

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.figures import FIGURES
from moviesite.demo.art.inks import Inks, decade_inks, family_of, luminance, mix
from moviesite.demo.art.layout import decade, frame, label_of
from moviesite.demo.art.style import style_of

WIDE, HIGH = 320, 180
STRENGTH = 0.3  # of the inks; the tests reckon what this leaves of the page text's contrast


def backdrop(*, movie_id: int, title: str, year: int | None, genre_ids: Sequence[int]) -> str:
    """An SVG drawing of at most 4,096 bytes, in the composition of the film's poster if it can."""
    style = style_of(movie_id, year, genre_ids)
    dice = Dice("backdrop", movie_id, style.draw)
    name = style.composition if style.composition in FIGURES else dice.of(tuple(FIGURES))
    colours = thin_inks(family_of(genre_ids), decade(year))
    drawing = FIGURES[name](dice, colours, WIDE, HIGH)
    return frame(WIDE, HIGH, label_of(title, year), f'<g opacity="{STRENGTH}">{drawing}</g>')


def thin_inks(family: int, printed: int | None) -> Inks:
    """Inks of middle tone, which show on paper and on black; none of them is a ground."""
    _, main, second, _ = decade_inks(family, printed)
    one, two = _middle(main), _middle(second)
    return Inks("none", one, two, two, one, "none", one, one)


def _middle(ink: str) -> str:
    """An ink brought to a luminance between 0.16 and 0.36."""
    while luminance(ink) < 0.16:
        ink = mix(ink, (255, 250, 240), 0.1)
    while luminance(ink) > 0.36:
        ink = mix(ink, (20, 17, 16), 0.06)
    return ink
