"""Portraits (200 by 300 units, 2:3) and provider logos (square): monograms, never a likeness.

Pure: no files, no catalogue. Nobody's sex, age or colour is guessed from a name.
"""

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import COLOURWAYS, Inks, inks, text_on
from moviesite.demo.art.layout import frame
from moviesite.demo.art.metrics import BOLD, SERIF, width
from moviesite.demo.art.setting import clean, face_attributes, n, text_line
from moviesite.demo.art.shapes import disc, moved, polygon, rect, ring, shape

WIDE, HIGH, SQUARE = 200, 300, 100
# Calm families of ink: a cast list is read, not looked at.
SITTERS = (18, 99, 878, 9648, 36, 10749, 53, 12, 37, 14)
_HEAD_Y, _HEAD_R = 118.0, 46.0


def portrait(*, person_id: int, name: str) -> str:
    """A bust made of plain shapes with the initials on its chest; at most 4,096 bytes."""
    dice, name = Dice("portrait", person_id), clean(name)
    k = inks(dice.of(SITTERS), None, dice.below(COLOURWAYS), False)
    marks = rect(0, 0, WIDE, HIGH, k.ground) + _behind(dice, k) + _bust(dice, k)
    return frame(
        WIDE, HIGH, name or "–", marks + _initials(name, dice, text_on(k.first, k.text, k.ground))
    )


def _behind(d: Dice, k: Inks) -> str:
    return d.of(
        (
            "",
            disc(100, _HEAD_Y, 84, k.third),
            rect(0, 0, WIDE / 2, HIGH, k.third),
            rect(0, 0, WIDE, 150, k.third),
            polygon([(0, 0), (WIDE, 0), (0, HIGH)], k.third),
            rect(36, 36, 128, HIGH, k.third),
        )
    )


def _bust(d: Dice, k: Inks) -> str:
    """Head and shoulders; light falls from one side or none."""
    y, r = _HEAD_Y, _HEAD_R
    head = disc(100, y, r, k.second)
    half = f"M100 {n(y - r)}a{n(r)} {n(r)} 0 0 {{}} 0 {n(2 * r)}z"
    shade = d.of(("", half.format(0), half.format(1)))
    shoulders = (
        "M14 300V262a86 86 0 0 1 172 0V300z",
        "M0 300C0 206 60 186 100 186s100 20 100 114z",
        "M20 300V222L56 186H144L180 222V300z",
        "M20 300V186H100A80 80 0 0 1 180 266V300z",
    )
    lit = shape(shade, k.first) if shade else ""
    return shape(d.of(shoulders), k.first) + head + lit


def initials_of(name: str) -> str:
    """First letters of the first and the last word of a name; one letter when there is one word."""
    letters = [next((c for c in word if c.isalnum()), "") for word in name.split()]
    found = [letter.upper()[:1] for letter in letters if letter]
    return "".join(found[:: len(found) - 1][:2]) if len(found) > 1 else "".join(found) or "–"


def _initials(name: str, d: Dice, ink: str) -> str:
    face, text = d.of((BOLD, SERIF)), initials_of(name)
    size = min(56.0, 110 / width(face, text, 1.0))
    line = text_line(face, text, 100 - width(face, text, size) / 2, 274, size)
    return f"<g {face_attributes(face, size, ink)}>{line}</g>"


def logo(*, provider_id: int, name: str) -> str:
    """A square mark of a letter and a plain shape; at most 4,096 bytes."""
    dice, name = Dice("logo", provider_id), clean(name)
    k = inks(
        dice.of((28, 16, 35, 80, 14, 10402, 878, 53, 12, 10749)),
        None,
        dice.below(COLOURWAYS),
        False,
    )
    letter = initials_of(name)[0]
    ink = text_on(k.first, k.text, k.ground)
    size = min(52.0, 43 / width(BOLD, letter, 1.0))
    line = text_line(BOLD, letter, 50 - width(BOLD, letter, size) / 2, 50 + size * 0.35, size)
    mark = f"<g {face_attributes(BOLD, size, ink)}>{line}</g>"
    return frame(
        SQUARE, SQUARE, name or "–", rect(0, 0, SQUARE, SQUARE, k.ground) + _seal(dice, k) + mark
    )


def _seal(d: Dice, k: Inks) -> str:
    plates = (
        disc(50, 50, 39, k.first),
        rect(0, 0, SQUARE, SQUARE, k.first)
        + polygon([(0, 84), (SQUARE, 84), (SQUARE, SQUARE), (0, SQUARE)], k.third),
        shape("M14 14H86V50A36 36 0 0 1 14 50z", k.first),
        shape("M14 50A36 36 0 0 1 86 50V86H14z", k.first),
        rect(14, 14, 72, 72, k.first) + moved(0, 0, disc(86, 14, 11, k.third)),
        disc(50, 50, 36, k.first) + ring(50, 50, 44, 4, k.third),
        shape("M14 14H50A36 36 0 0 1 50 86H14z", k.first),
    )
    return d.of(plates)
