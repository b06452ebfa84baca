"""The grid of a cover: margins, the field of words, title, credit, the document around it.

300 by 450 units (2:3). It makes no drawings and chooses no colours.
"""

from html import escape
from typing import NamedTuple

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks
from moviesite.demo.art.metrics import BOLD, SANS, SERIF, Face, width
from moviesite.demo.art.setting import Fit, clean, face_attributes, fit, fit_anyhow, text_line
from moviesite.demo.art.shapes import rect

WIDE, HIGH, MARGIN = 300, 450, 24
MEASURE = WIDE - 2 * MARGIN
SIZES = (58.0, 51.0, 45.0, 39.0, 34.0, 30.0, 27.0, 24.5, 22.5)
SMALL = (*SIZES, 20.0, 18.0)
CREDIT = 15.0
# The face follows the genre: books of feeling in Times, of fact in light, of action in bold.
_SERIF_GENRES = frozenset((18, 10749, 36, 14, 9648, 37, 10770))
_LIGHT_GENRES = frozenset((99, 878, 10402, 53))


class Facts(NamedTuple):
    """What a cover says and wears."""

    title: str
    year: int | None
    director: str
    face: Face
    inks: Inks
    dice: Dice


class Place(NamedTuple):
    """A field for title and credit; the title hangs from its top, the credit stands at its foot."""

    top: float
    high: float
    ink: str
    left: float = MARGIN
    measure: float = MEASURE


def face_of(family: int) -> Face:
    """The cut that a genre's titles are set in."""
    return SERIF if family in _SERIF_GENRES else SANS if family in _LIGHT_GENRES else BOLD


def decade(year: int | None) -> int | None:
    """1968 -> 1960."""
    return year // 10 * 10 if year else None


def label_of(title: str, year: int | None) -> str:
    """The name for screen readers."""
    return f"{clean(title) or '–'} ({year})" if year else clean(title) or "–"


def frame(wide: int, high: int, name: str, marks: str) -> str:
    """A whole SVG document."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}"'
        f' viewBox="0 0 {wide} {high}" role="img"><title>{escape(name, quote=False)}</title>'
        f"{marks}</svg>"
    )


def panel(facts: Facts, top: float, high: float) -> str:
    """The ground of the words; it laps over the drawing so that no seam shows."""
    return rect(0, top - 0.8, WIDE, high + 1.6, facts.inks.panel)


def zone_for(facts: Facts) -> float:
    """Height of the field of words: three steps, so that covers share their lines."""
    for zone in (138.0, 168.0):
        found = fit(facts.face, facts.title, MEASURE, zone - 62, SIZES)
        if found and found.size >= 29:
            return zone
    return 204.0


def words(facts: Facts, place: Place, sizes: tuple[float, ...] = SMALL) -> str:
    """Title and credit in a place."""
    room = place.high - 62
    set_title = fit_anyhow(facts.face, facts.title, place.measure, room, sizes)
    return lines(set_title, place.left, place.top + 18, place.ink) + credit(
        facts, place, place.top + place.high - 21
    )


def lines(title: Fit, left: float, top: float, ink: str) -> str:
    """A title whose first line hangs from `top`."""
    first = top + title.size * 0.73
    marks = "".join(
        text_line(title.face, text, left, first + title.step * i, title.size)
        for i, text in enumerate(title.lines)
    )
    return f"<g {face_attributes(title.face, title.size, ink)}>{marks}</g>"


def credit(facts: Facts, place: Place, y: float) -> str:
    """Director at the left, year at the right, on one baseline; a long name gives way in size."""
    year = str(facts.year) if facts.year else ""
    room = place.measure - (width(SANS, year, CREDIT) + 12 if year else 0)
    size = min(CREDIT, CREDIT * room / max(width(SANS, facts.director, CREDIT), 1))
    marks = ""
    if facts.director and size >= 9:
        marks = f"<g {face_attributes(SANS, size, place.ink)}>"
        marks += text_line(SANS, facts.director, place.left, y, size) + "</g>"
    if year:
        x = place.left + place.measure - width(SANS, year, CREDIT)
        marks += f"<g {face_attributes(SANS, CREDIT, place.ink)}>"
        marks += text_line(SANS, year, x, y, CREDIT) + "</g>"
    return marks
