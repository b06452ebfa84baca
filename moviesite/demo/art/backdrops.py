"""Backdrops, 320 by 180 units (16:9): the drawing of a film's poster, wide and without words.

Pure: the same facts give the same bytes. No words are drawn.
"""

from collections.abc import Sequence

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.figures import FIGURES
from moviesite.demo.art.inks import COLOURWAYS, Inks, decade_inks, inks, luminance, mix
from moviesite.demo.art.layout import decade, frame, label_of
from moviesite.demo.art.shapes import rect
from moviesite.demo.art.style import Style, style_of

WIDE, HIGH = 320, 180
THIN = 0.3  # opacity behind text; the tests reckon what it leaves of the text's contrast
_WHITE, _BLACK = (255, 250, 240), (20, 17, 16)


def backdrop(
    *,
    movie_id: int,
    title: str,
    year: int | None,
    genre_ids: Sequence[int],
    behind_text: bool = False,
) -> str:
    """An SVG of at most 4,096 bytes, in the colourway opposite to the poster's.

    With `behind_text` there is no ground: thin inks through which the page shows, paper or dark, so
    that text over it keeps 4.5:1 in both moods.
    """
    style = style_of(movie_id, year, genre_ids)
    dice = Dice("backdrop", movie_id, style.draw)
    name = style.composition if style.composition in FIGURES else dice.of(tuple(FIGURES))
    colours = thin_inks(style.family, decade(year)) if behind_text else _opposite(style, year)
    drawing = FIGURES[name](dice, colours, WIDE, HIGH)
    if behind_text:
        return frame(WIDE, HIGH, label_of(title, year), f'<g opacity="{THIN}">{drawing}</g>')
    return frame(
        WIDE, HIGH, label_of(title, year), rect(0, 0, WIDE, HIGH, colours.ground) + drawing
    )


def _opposite(style: Style, year: int | None) -> Inks:
    """Dark for a poster on paper, paper for a dark one."""
    return inks(style.family, decade(year), (style.colourway + 2) % COLOURWAYS, False)


def thin_inks(family: int, printed: int | None) -> Inks:
    """Inks of middle tone, which show on paper and on black; none of them is a ground."""
    _, main, second, _ = decade_inks(family, printed)
    one, two = _middle(main), _middle(second)
    return Inks("none", one, two, two, one, "none", one, one)


def _middle(ink: str) -> str:
    """An ink brought to a luminance between 0.16 and 0.36."""
    while luminance(ink) < 0.16:
        ink = mix(ink, _WHITE, 0.1)
    while luminance(ink) > 0.36:
        ink = mix(ink, _BLACK, 0.06)
    return ink
