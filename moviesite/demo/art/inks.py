"""Inks and papers: four per genre, toned by decade. It draws nothing.

Contrast is the WCAG ratio; text always stands in an ink that has at least 4.5:1 on its ground.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# Genre id (TMDb) -> light, main, second, deep.
FAMILIES: dict[int, tuple[str, str, str, str]] = {
    28: ("#e9dccb", "#b93a26", "#e0933a", "#24242c"),
    12: ("#e7e3c6", "#1f6a5d", "#dca23c", "#1d2d33"),
    16: ("#f3e1cd", "#e8795a", "#4fa3a5", "#2c2f57"),
    35: ("#f4e6b8", "#e9b632", "#cf4f36", "#2f2a28"),
    80: ("#dfd8c9", "#872a2e", "#b89b62", "#1c1d22"),
    99: ("#e0e4dc", "#3f6479", "#c9a35b", "#1f2f3a"),
    18: ("#ead9c6", "#7a3f45", "#c98b6b", "#2a2430"),
    10751: ("#e6ebd3", "#5f9e6e", "#ef9d5c", "#23404a"),
    14: ("#e2dce8", "#5b4785", "#d8a24a", "#231d3b"),
    36: ("#e6d9b8", "#6b5a2c", "#a64a36", "#2c2820"),
    27: ("#ddd6c6", "#9c1f23", "#7d8a6a", "#161719"),
    10402: ("#f0dcd6", "#d6507a", "#3e7fb0", "#262148"),
    9648: ("#dbdfd4", "#355c58", "#c4b14e", "#172426"),
    10749: ("#f2d9d0", "#b5384f", "#e89a8b", "#3a2036"),
    878: ("#d8e2e4", "#23588c", "#e2714a", "#101f35"),
    10770: ("#e4dfd6", "#655f86", "#d3a05f", "#29283a"),
    53: ("#d9dcd8", "#2e4156", "#e3bd3f", "#15181d"),
    10752: ("#dcd8bd", "#5c6438", "#a84e2b", "#23261d"),
    37: ("#efd9b4", "#b04a24", "#d99a45", "#33231e"),
    0: ("#e5e0d5", "#4c5a63", "#bf8f5a", "#24272b"),
}
# The most telling genre gives the colour: nearly everything is also a drama or a comedy.
_TELLING = (
    37,
    10752,
    10402,
    99,
    16,
    27,
    878,
    36,
    9648,
    10749,
    14,
    80,
    10751,
    12,
    53,
    28,
    35,
    18,
    10770,
)
_AGEING: tuple[tuple[int, float], ...] = (
    (1940, 0.2),
    (1950, 0.17),
    (1960, 0.14),
    (1970, 0.12),
    (1980, 0.1),
    (1990, 0.06),
)
_AGEING += ((2000, 0.04), (2010, 0.02))
_TAN = (0xB8, 0x93, 0x58)
_BLACK, _WHITE = "#0b0a09", "#fffefb"
COLOURWAYS = 4

RGB = tuple[int, int, int]


class Inks(NamedTuple):
    """Colours of a cover.

    `ground`; `first` to `third` for drawings; `field`, the ink of large plain areas, another one in
    each colourway; `panel` under text (often the ground); text on ground and on panel.
    """

    ground: str
    first: str
    second: str
    third: str
    field: str
    panel: str
    text: str
    panel_text: str


def rgb(colour: str) -> RGB:
    """`#rrggbb` as three bytes."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: RGB, part: float) -> str:
    """`colour` with `part` (0 to 1) of `other` in it."""
    return "#" + "".join(
        f"{round(a + (b - a) * part):02x}" for a, b in zip(rgb(colour), other, strict=True)
    )


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2)."""
    parts = (v / 255 for v in rgb(colour))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def family_of(genre_ids: Sequence[int]) -> int:
    """The genre whose inks a film wears; 0 without a genre that we know."""
    return next((genre for genre in _TELLING if genre in genre_ids), 0)


def _aged(colour: str, year: int | None) -> str:
    part = next((part for before, part in _AGEING if year and year < before), 0.0)
    return mix(colour, _TAN, part)


@lru_cache(maxsize=512)
def decade_inks(family: int, decade: int | None) -> tuple[str, str, str, str]:
    """Light, main, second and deep of a family as printed in a decade."""
    light, main, second, deep = (_aged(colour, decade) for colour in FAMILIES[family])
    return light, main, second, deep


def text_on(ground: str, dark: str, light: str) -> str:
    """The ink of the family that reads on `ground`, else plain black or white."""
    own = max((dark, light), key=lambda ink: contrast(ink, ground))
    if contrast(own, ground) >= 4.6:
        return own
    return max((_BLACK, _WHITE), key=lambda ink: contrast(ink, ground))


@lru_cache(maxsize=1024)
def inks(family: int, decade: int | None, colourway: int, panel: bool) -> Inks:
    """The colours of one cover; `colourway` 0 to 3: on paper, on main, on deep, on second."""
    light, main, second, deep = decade_inks(family, decade)
    ground, one, two, three, field, under = (
        (light, main, deep, second, main, deep),
        (main, light, deep, second, light, light),
        (deep, main, light, second, second, main),
        (second, deep, light, main, deep, light),
    )[colourway]
    stand = under if panel else ground
    on_ground, on_panel = text_on(ground, deep, light), text_on(stand, deep, light)
    return Inks(ground, one, two, three, field, stand, on_ground, on_panel)
