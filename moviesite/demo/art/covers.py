"""Posters: a drawing, a title set to fit and a line of credit, as one SVG document.

Pure: the same facts give the same bytes. It reads no files and knows no catalogue.
"""

from collections.abc import Sequence

from moviesite.demo.art import typographic
from moviesite.demo.art.dice import Dice
from moviesite.demo.art.figures import FIGURES, Figure
from moviesite.demo.art.inks import inks
from moviesite.demo.art.layout import (
    HIGH,
    WIDE,
    Facts,
    Place,
    decade,
    face_of,
    frame,
    label_of,
    panel,
    words,
    zone_for,
)
from moviesite.demo.art.setting import clean
from moviesite.demo.art.shapes import moved, rect
from moviesite.demo.art.style import Style, style_of


def poster(
    *, movie_id: int, title: str, year: int | None, genre_ids: Sequence[int], director: str | None
) -> str:
    """An SVG cover of at most 4,096 bytes for a film."""
    style = style_of(movie_id, year, genre_ids)
    dice = Dice("cover", movie_id, style.draw)
    plated = dice.chance(35)
    facts = Facts(
        title=clean(title) or "–",
        year=year,
        director=clean(director or ""),
        face=face_of(style.family),
        inks=inks(style.family, decade(year), style.colourway, plated),
        dice=dice,
    )
    ground = rect(0, 0, WIDE, HIGH, facts.inks.ground)
    return frame(WIDE, HIGH, label_of(title, year), ground + _drawn(style, facts))


def _drawn(style: Style, facts: Facts) -> str:
    special = typographic.COMPOSITIONS.get(style.composition)
    return special(facts) if special else _figure(FIGURES[style.composition], facts)


def _figure(figure: Figure, facts: Facts) -> str:
    """A drawing above the words, or below them one time in four."""
    zone = zone_for(facts)
    below, high = facts.dice.chance(25), HIGH - zone
    drawing = figure(facts.dice, facts.inks, WIDE, high)
    top = 0.0 if below else high
    ground = panel(facts, top, zone)
    place = Place(top + (6 if below else 0), zone, facts.inks.panel_text)
    return moved(0, zone if below else 0, drawing) + ground + words(facts, place)
