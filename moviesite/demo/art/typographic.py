"""Compositions in which the words themselves are the picture, or stand in the middle of it.

Each takes the facts of a cover and gives its marks above the plain ground. Pure.
"""

from collections.abc import Callable

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks, luminance, text_on
from moviesite.demo.art.layout import (
    HIGH,
    MARGIN,
    MEASURE,
    SIZES,
    SMALL,
    WIDE,
    Facts,
    Place,
    credit,
    lines,
    panel,
    words,
    zone_for,
)
from moviesite.demo.art.metrics import BOLD, SERIF, width
from moviesite.demo.art.numerals import digit
from moviesite.demo.art.setting import face_attributes, fit, fit_anyhow, n, text_line
from moviesite.demo.art.shapes import disc, polygon, rect, shape


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
    ground = panel(facts, HIGH - zone, zone)
    return "".join(marks) + ground + words(facts, Place(HIGH - zone, zone, k.panel_text))


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
    coat, light = sorted({k.first, k.second, k.third} - {k.field}, key=luminance)
    low = top + zone
    beam = polygon([(x - 5, HIGH), (14, low), (WIDE - 14, low), (x + 5, HIGH)], light)
    seats = d.of((4, 5, 6))
    pitch = WIDE / seats
    heads = "".join(_head(pitch * (i + 0.5), pitch * 0.3, coat) for i in range(seats))
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
    zone, letter = zone_for(facts), letter_of(facts.title)
    face = SERIF if facts.face is SERIF else BOLD
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
    return seal[shape_of] + mark + panel(facts, high, zone) + words(facts, place)


def letter_of(title: str) -> str:
    """The letter that a title is filed under: articles do not count."""
    words_in = [word for word in title.split() if any(map(str.isalnum, word))] or [title]
    filed = words_in[1] if len(words_in) > 1 and words_in[0] in _ARTICLES else words_in[0]
    return next((char for char in filed if char.isalnum()), filed[0]).upper()[0]


_ARTICLES = ("The", "A", "An", "Le", "La", "Les", "Der", "Die", "Das", "El", "Il")
COMPOSITIONS: dict[str, Callable[[Facts], str]] = {
    "numeral": _numeral,
    "stack": _stack,
    "bands": _bands,
    "screen": _screen,
    "initial": _initial,
}
