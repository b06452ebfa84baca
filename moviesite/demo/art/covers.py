"""Posters: a drawing, a title set to fit and a line of credit, 300 by 450 units (2:3).

Pure: the same facts give the same bytes. It reads no files and knows no catalogue.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from moviesite.demo.art import figures
from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks, inks, text_on
from moviesite.demo.art.metrics import BOLD, SANS, SERIF, Face, width
from moviesite.demo.art.numerals import digit
from moviesite.demo.art.setting import (
    Fit,
    clean,
    face_attributes,
    fit,
    fit_anyhow,
    n,
    text_line,
)
from moviesite.demo.art.shapes import disc, moved, polygon, rect, shape
from moviesite.demo.art.style import Style, style_of

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
    panel: bool


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


def poster(
    *, movie_id: int, title: str, year: int | None, genre_ids: Sequence[int], director: str | None
) -> str:
    """An SVG cover of at most 4,096 bytes for a film."""
    style = style_of(movie_id, year, genre_ids)
    dice = Dice("cover", movie_id, style.draw)
    panel = dice.chance(35)
    facts = Facts(
        title=clean(title) or "–",
        year=year,
        director=clean(director or ""),
        face=face_of(style.family),
        inks=inks(style.family, decade(year), style.colourway, panel),
        dice=dice,
        panel=panel,
    )
    return frame(WIDE, HIGH, label_of(title, year), _ground(facts) + _drawn(style, facts))


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


def _ground(facts: Facts) -> str:
    return rect(0, 0, WIDE, HIGH, facts.inks.ground)


def _drawn(style: Style, facts: Facts) -> str:
    special = _SPECIAL.get(style.composition)
    return special(facts) if special else _figure(getattr(figures, style.composition), facts)


def _figure(figure: figures.Figure, facts: Facts) -> str:
    """A drawing above the words, or below them one time in four."""
    zone = zone_for(facts)
    below, high = facts.dice.chance(25), HIGH - zone
    drawing = figure(facts.dice, facts.inks, WIDE, high)
    top = 0.0 if below else high
    panel = _panel(facts, top, zone)
    place = Place(top + (6 if below else 0), zone, facts.inks.panel_text)
    return moved(0, zone if below else 0, drawing) + panel + words(facts, place)


def _panel(facts: Facts, top: float, high: float) -> str:
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


def _numeral(facts: Facts) -> str:
    """The year's last two figures as tall as the field allows."""
    zone, k, d = zone_for(facts), facts.inks, facts.dice
    year = facts.year or 0
    scale = min(1.2, (HIGH - zone - 2 * MARGIN) / 150)
    wide, top = 100 * scale, (HIGH - zone - 150 * scale) / 2 + 5
    left = MARGIN if d.chance(60) else (WIDE - 2 * wide) / 2
    two = (k.first, k.first) if d.chance(50) else (k.first, k.third)
    marks = [digit(year // 10 % 10, left, top, scale, two[0])]
    marks.append(digit(year % 10, left + wide + 4, top, scale, two[1]))
    panel = _panel(facts, HIGH - zone, zone)
    return "".join(marks) + panel + words(facts, Place(HIGH - zone, zone, k.panel_text))


def _stack(facts: Facts) -> str:
    """Type alone: the title as large as it goes, a bar that weighs it."""
    k, sizes = facts.inks, (92.0, 80.0, 70.0, 62.0, *SIZES)
    set_title = fit(facts.face, facts.title, MEASURE, 310, sizes) or fit_anyhow(
        facts.face, facts.title, MEASURE, 310, SMALL
    )
    bar = facts.dice.of((7, 14, 26))
    top = MARGIN + bar + 10
    foot = top + set_title.height + 22
    marks = rect(MARGIN, MARGIN, MEASURE, bar, k.third) + _weight(facts, foot, 396 - foot)
    place = Place(0, HIGH, k.text)
    return marks + lines(set_title, MARGIN, top, k.text) + credit(facts, place, HIGH - 21)


def _weight(facts: Facts, top: float, room: float) -> str:
    """A plain mark in the room that a title leaves."""
    if room < 40:
        return ""
    r = min(room / 2, MEASURE / 2)
    left, foot, ink, side = MARGIN, top + room, facts.inks.first, n(2 * r)
    right = left + MEASURE
    marks = (
        disc(right - r, foot - r, r, ink),
        disc(left + r, foot - r, r, ink),
        shape(f"M{right} {n(foot)}h-{side}a{side} {side} 0 0 1 {side} -{side}z", ink),
        shape(f"M{left} {n(foot)}v-{side}a{side} {side} 0 0 1 {side} {side}z", ink),
        rect(left, foot - room * 0.6, MEASURE, room * 0.6, ink),
    )
    return facts.dice.of(marks)


def _bands(facts: Facts) -> str:
    """Three bands, the title on the middle one and a device on the lowest."""
    k, d, zone = facts.inks, facts.dice, zone_for(facts)
    top = d.of((64.0, 92.0, 120.0))
    low = top + zone
    marks = rect(0, 0, WIDE, top, k.field) + rect(0, low, WIDE, HIGH - low, k.field)
    rule = rect(0, top - 16, WIDE, 8, k.ground) if d.chance(50) else ""
    return marks + _device(d, k, low, HIGH - low) + rule + words(facts, Place(top, zone, k.text))


def _device(d: Dice, k: Inks, top: float, room: float) -> str:
    """The publisher's mark of a banded cover."""
    x, y, r = d.of((0.25, 0.5, 0.75)) * WIDE, top + room / 2, room * 0.28
    rise = min(room * 0.7, 110)
    ink = k.first if k.third == k.field else k.third
    many = "".join(disc(WIDE * (i + 1) / 6, y, 15, ink) for i in range(5))
    marks = (
        disc(x, y, r, ink) + disc(x, y, r * 0.45, k.field),
        shape(f"M{n(x - rise)} {HIGH}a{n(rise)} {n(rise)} 0 0 1 {n(2 * rise)} 0z", ink),
        many + disc(WIDE * d.between(1, 5) / 6, y, 15, k.ground),
        polygon([(x, y - r * 1.3), (x + r * 1.3, y), (x, y + r * 1.3), (x - r * 1.3, y)], ink),
        rect(0, y - 18, WIDE, 12, ink) + rect(0, y + 6, WIDE, 12, k.ground),
        polygon([(0, HIGH), (WIDE, top + room * 0.25), (WIDE, HIGH)], ink),
    )
    return d.of(marks)


def _screen(facts: Facts) -> str:
    """The words stand on the screen, a beam falls on it, and people watch."""
    k, d = facts.inks, facts.dice
    zone, x, top = zone_for(facts), d.of((0.2, 0.5, 0.8)) * WIDE, 14.0
    beam = polygon(
        [(x - 5, HIGH), (14, top + zone), (WIDE - 14, top + zone), (x + 5, HIGH)], k.second
    )
    seats = d.of((4, 5, 6))
    pitch = WIDE / seats
    heads = "".join(
        _head(pitch * (i + 0.5), pitch * 0.3, k.first if k.third == k.field else k.third)
        for i in range(seats)
    )
    place = Place(top, zone, text_on(k.field, k.text, k.ground))
    return beam + rect(14, top, WIDE - 28, zone, k.field) + heads + words(facts, place)


def _head(x: float, r: float, ink: str) -> str:
    """Someone seen from behind."""
    shoulder = n(r * 1.45)
    path = f"M{n(x - r * 1.45)} {HIGH}a{shoulder} {n(r * 1.3)} 0 0 1 {n(r * 2.9)} 0z"
    return disc(x, HIGH - r * 1.75, r, ink) + shape(path, ink)


def _initial(facts: Facts) -> str:
    """The first letter on a seal."""
    k, d = facts.inks, facts.dice
    zone, face, letter = (
        zone_for(facts),
        SERIF if facts.face is SERIF else BOLD,
        letter_of(facts.title),
    )
    high, shape_of = HIGH - zone, d.below(3)
    x, y, r = WIDE / 2, high / 2 + 4, high / 2 - 22
    size = min(r * 1.5, r * 1.35 / width(face, letter, 1.0)) * (1.25 if shape_of == 2 else 1)
    seal = (
        disc(x, y, r, k.field),
        rect(x - r, y - r, 2 * r, 2 * r, k.field),
        rect(0, 0, WIDE, high, k.field),
    )
    ink = text_on(k.field, k.text, k.ground)
    big = text_line(face, letter, x - width(face, letter, size) / 2, y + size * 0.35, size)
    mark = f"<g {face_attributes(face, size, ink)}>{big}</g>"
    place = Place(high, zone, k.panel_text)
    return seal[shape_of] + mark + _panel(facts, high, zone) + words(facts, place)


def letter_of(title: str) -> str:
    """The letter that a title is filed under: articles do not count."""
    words_in = [word for word in title.split() if any(map(str.isalnum, word))] or [title]
    filed = words_in[1] if len(words_in) > 1 and words_in[0] in _ARTICLES else words_in[0]
    return next((char for char in filed if char.isalnum()), filed[0]).upper()[0]


_ARTICLES = ("The", "A", "An", "Le", "La", "Les", "Der", "Die", "Das", "El", "Il")
_SPECIAL: dict[str, Callable[[Facts], str]] = {
    "numeral": _numeral,
    "stack": _stack,
    "bands": _bands,
    "screen": _screen,
    "initial": _initial,
}
