"""Advance widths of the faces that the art is set in. Plain arithmetic: it draws nothing.

A picture shown through `<img>` may only use fonts of the reader's machine, so the art is set in
the two designs whose metrics every platform shares: Helvetica (Arial, Liberation Sans, Nimbus
Sans) and Times (Times New Roman, Liberation Serif, Nimbus Roman). Widths are thousandths of an
em for ASCII 32 to 126 as in the AFM files of the PostScript core fonts.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556"
    " 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833"
    " 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611"
    " 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389"
    " 280 389 584"
)
_REGULAR = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556"
    " 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833"
    " 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556"
    " 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334"
    " 260 334 584"
)
_SERIF = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500"
    " 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889"
    " 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500"
    " 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480"
    " 200 480 541"
)
_OTHERS = {"–": 556, "—": 1000, "…": 1000, "‘": 300, "’": 300, "“": 480, "”": 480, "·": 278}
_OTHERS |= {"ß": 600, "æ": 880, "Æ": 1000, "œ": 940, "Œ": 1000, "ø": 600, "Ø": 778, "ł": 278}
_OTHERS |= {"ı": 278, "đ": 600, "ð": 600, "þ": 600, "¡": 333, "¿": 611, "½": 834, "⅓": 834}
# Averages of scripts that the two designs may lack, so that a stand-in is hardly stretched.
_SCRIPTS = (
    (0x370, 0x3AB, 680),
    (0x3AC, 0x3FF, 560),
    (0x400, 0x42F, 720),
    (0x430, 0x52F, 580),
    (0x590, 0x6FF, 560),
    (0x900, 0xDFF, 640),
    (0xE00, 0xEFF, 560),
)
_UNKNOWN = 700


class Face(NamedTuple):
    """A cut of a typeface: presentation attributes, tracking and leading in ems, widths."""

    family: str
    weight: str
    tracking: float
    leading: float
    widths: tuple[int, ...]


def _face(family: str, weight: str, tracking: float, leading: float, widths: str) -> Face:
    return Face(family, weight, tracking, leading, tuple(map(int, widths.split())))


_SANS_STACK = "Helvetica,Arial,Liberation Sans,sans-serif"
BOLD = _face(_SANS_STACK, "700", -0.025, 1.03, _BOLD)
SANS = _face(_SANS_STACK, "400", -0.02, 1.06, _REGULAR)
SERIF = _face("Times New Roman,Times,Liberation Serif,serif", "400", -0.02, 1.0, _SERIF)


@lru_cache(maxsize=4096)
def _advance(face: Face, char: str) -> int:
    """Thousandths of an em of one character; accents take the width of their letter."""
    base = unicodedata.normalize("NFD", char)[0]
    if " " <= base <= "~":
        return face.widths[ord(base) - 32]
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1000
    script = (wide for low, high, wide in _SCRIPTS if low <= ord(char) <= high)
    return _OTHERS.get(char) or next(script, _UNKNOWN)


def width(face: Face, text: str, size: float) -> float:
    """Width of a line in the units of `size`, tracking included."""
    advances = sum(_advance(face, char) for char in text) / 1000
    return max(advances + face.tracking * len(text), 0.2) * size
