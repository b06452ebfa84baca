"""Breaks titles into lines, sizes them and writes them as SVG text. It knows no colours or shapes.

Every line carries `textLength`: where a machine stands in another font for ours, the line is
pressed into the width that was reckoned here, so nothing can run over the edge.
"""

import re
import unicodedata
from functools import lru_cache
from html import escape
from typing import NamedTuple

from moviesite.demo.art.metrics import Face, width

LONGEST = 160  # characters; longer titles end in an ellipsis so that a file stays under 4 kB
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECES = re.compile(r"\S+?(?:[-–—/…]+(?=\w)|(?=\s|$))\s*")


class Fit(NamedTuple):
    """Lines of one size in a face."""

    face: Face
    size: float
    lines: tuple[str, ...]

    @property
    def step(self) -> float:
        """Distance of two baselines."""
        return self.size * self.face.leading

    @property
    def height(self) -> float:
        """From the first ascender to the last descender."""
        return self.step * (len(self.lines) - 1) + self.size * 0.94


def clean(text: str) -> str:
    """Text that XML can hold, in single spaces, at most `LONGEST` characters."""
    plain = " ".join(_UNFIT.sub("", text).split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"


def wrap(face: Face, text: str, size: float, measure: float) -> tuple[str, ...]:
    """Lines no wider than `measure`; a word that is wider is broken between letters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(face, text, size, measure):
        if line and width(face, (line + piece).rstrip(), size) > measure:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return (*lines, line.rstrip())


def _pieces(face: Face, text: str, size: float, measure: float) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        while width(face, piece.rstrip(), size) > measure:
            cut = _cut(face, piece, size, measure)
            pieces.append(piece[:cut])
            piece = piece[cut:]
        pieces.append(piece)
    return pieces


def _cut(face: Face, word: str, size: float, measure: float) -> int:
    """How many characters fit, at least one, never between a letter and its combining marks."""
    cut = next((n for n in range(2, len(word)) if width(face, word[:n], size) > measure), 2) - 1
    while cut < len(word) and unicodedata.category(word[cut]).startswith("M"):
        cut += 1
    return max(cut, 1)


def _whole(face: Face, text: str, size: float, measure: float) -> bool:
    return all(width(face, p.rstrip(), size) <= measure for p in _PIECES.findall(text))


@lru_cache(maxsize=512)
def fit(
    face: Face, text: str, measure: float, height: float, sizes: tuple[float, ...]
) -> Fit | None:
    """The largest of `sizes` (descending) at which `text` stands in the box with no word broken.

    Lines are balanced. None when no size will do.
    """
    for size in sizes:
        found = Fit(face, size, wrap(face, text, size, measure))
        if found.height <= height and _whole(face, text, size, measure):
            return Fit(face, size, _balanced(face, text, size, measure, found.lines))
    return None


def fit_anyhow(
    face: Face, text: str, measure: float, height: float, sizes: tuple[float, ...]
) -> Fit:
    """As `fit`; then with broken words; then ever smaller."""
    if whole := fit(face, text, measure, height, sizes):
        return whole
    size = sizes[-1]
    found = Fit(face, size, wrap(face, text, size, measure))
    while found.height > height and size > 4:
        size *= 0.94
        found = Fit(face, size, wrap(face, text, size, measure))
    return found


def _balanced(
    face: Face, text: str, size: float, measure: float, lines: tuple[str, ...]
) -> tuple[str, ...]:
    """The narrowest setting that needs no more lines."""
    best = lines
    for part in (0.92, 0.84, 0.76, 0.68, 0.6, 0.52):
        trial = wrap(face, text, size, measure * part)
        if len(trial) > len(lines) or not _whole(face, text, size, measure * part):
            break
        best = trial
    return best


def is_rtl(text: str) -> bool:
    """Whether a line reads from the right."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def n(value: float) -> str:
    """A number with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.").removeprefix("0") or "0"


def text_line(face: Face, text: str, x: float, y: float, size: float) -> str:
    """One `<text>` whose left edge is x and baseline y."""
    rtl = ' direction="rtl" text-anchor="end"' if is_rtl(text) else ""
    length = n(width(face, text, size))
    return (
        f'<text x="{n(x)}" y="{n(y)}" textLength="{length}"'
        f' lengthAdjust="spacingAndGlyphs"{rtl}>{escape(text, quote=False)}</text>'
    )


def face_attributes(face: Face, size: float, fill: str) -> str:
    """Presentation attributes of a group of lines."""
    return (
        f'font-family="{face.family}" font-weight="{face.weight}" font-size="{n(size)}"'
        f' letter-spacing="{n2(face.tracking * size)}" fill="{fill}"'
    )


def n2(value: float) -> str:
    """A number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
