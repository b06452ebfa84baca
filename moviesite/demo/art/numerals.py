"""Ten digits drawn with one broad pen, so that a year can stand as tall as a cover."""

from moviesite.demo.art.setting import n
from moviesite.demo.art.shapes import line

# Centre lines in a cell 100 wide and 150 high for a pen 34 wide.
_DIGITS = (
    "M50 17A33 33 0 0 1 83 50V100A33 33 0 0 1 17 100V50A33 33 0 0 1 50 17z",
    "M14 17H56V150",
    "M17 58V50A33 33 0 0 1 83 50Q83 72 62 90L28 133H100",
    "M10 17H52A29 29 0 0 1 52 75H32M52 75A29 29 0 0 1 52 133H10",
    "M20 0V98H100M71 48V150",
    "M92 17H27V66H48A33.5 33.5 0 0 1 48 133H10",
    "M17 100A33 33 0 0 1 83 100A33 33 0 0 1 17 100V70Q17 17 78 17",
    "M6 17H78L38 150",
    "M50 17A28 29 0 0 1 50 75A28 29 0 0 1 50 17M50 75A30 29 0 0 1 50 133A30 29 0 0 1 50 75",
    "M83 50A33 33 0 0 1 17 50A33 33 0 0 1 83 50V80Q83 133 22 133",
)


def digit(value: int, x: float, y: float, scale: float, ink: str) -> str:
    """One digit with its cell's upper left corner at x, y."""
    drawn = line(_DIGITS[value], 34, ink)
    return f'<g transform="translate({n(x)} {n(y)}) scale({scale:.2f})">{drawn}</g>'
