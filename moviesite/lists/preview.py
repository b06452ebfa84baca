"""Draws the picture by which a shared list is known elsewhere. Pure: no statement, no network.

A page of a printed programme: the name on the left, covers on the right. A film whose poster is
not at hand has a cover set in type and plain shapes.
"""

import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

WIDTH, HEIGHT = 1200, 630
MOST_COVERS = 6

# Drawn larger and made smaller, which is what smooths the edges of shapes.
_FINE = 2
_QUALITY = 86
_FORMATS = ("JPEG", "PNG", "WEBP")
_LARGEST_PIXELS = 8_000_000
_MARGIN = 64
_GAP = 12
_PAPER, _INK, _SOFT = (245, 240, 230), (28, 23, 19), (93, 83, 71)
_FACES = Path(__file__).parent.parent / "static" / "vendor" / "brygada-1918@5.3.0"
_FACE = "brygada-1918-latin.woff2"
_MORE_LETTERS = "brygada-1918-latin-ext.woff2"
# What is in the first face beside ASCII; all else is looked for in the second.
_LATIN = frozenset(
    (
        *range(0x20, 0x7F),
        *range(0xA0, 0x100),
        *(0x131, 0x152, 0x153, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
        *(0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2212),
    )
)
_LATIN_EXT = frozenset(
    (
        *range(0x100, 0x131),
        *range(0x134, 0x138),
        *range(0x139, 0x13F),
        *range(0x141, 0x149),
        *range(0x14A, 0x152),
        *range(0x154, 0x17F),
        *(0x1CD, 0x1CE, 0x218, 0x219, 0x21A, 0x21B, 0x1E9E, 0x2020),
    )
)
# Columns, rows, width and height of covers, by how many there are.
_GRIDS = (
    *((0, 0, 0, 0), (1, 1, 420, 630), (2, 1, 278, 417), (3, 1, 190, 285)),
    *((2, 2, 206, 309), (2, 2, 206, 309), (3, 2, 206, 309)),
)
# Ground, shape, ink.
_INKS = (
    ("#872a2e", "#b89b62", "#f3e8d4"),
    ("#e7e3c6", "#1f6a5d", "#1d2d33"),
    ("#23588c", "#e2714a", "#eef2f2"),
    ("#e9b632", "#cf4f36", "#2f2a28"),
    ("#161719", "#9c1f23", "#e9e2d3"),
    ("#f2d9d0", "#b5384f", "#3a2036"),
    ("#355c58", "#c4b14e", "#eef0e6"),
    ("#e0933a", "#24242c", "#24242c"),
    ("#5b4785", "#d8a24a", "#f4eff8"),
    ("#e5e0d5", "#4c5a63", "#24272b"),
)

Box = tuple[int, int, int, int]
Font = ImageFont.FreeTypeFont


class Cover(NamedTuple):
    """A film to be seen on the picture; `path` names its poster, `poster` is that file itself."""

    movie_id: int
    title: str
    year: int | None
    path: str | None = None
    poster: bytes | None = None


class Preview(NamedTuple):
    """What the picture says: a small line, the name, a line at the foot, and the site's own."""

    kind: str
    name: str
    facts: str
    site: str
    covers: Sequence[Cover]


def drawn(preview: Preview) -> bytes:
    """A JPEG of 1200 by 630 pixels. What the faces have no letters for is left out."""
    picture = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _PAPER)
    places = _places(len(preview.covers))
    for cover, dress, place in zip(preview.covers, _dresses(preview.covers), places, strict=False):
        picture.paste(_cover(cover, dress, place[2], place[3]), (place[0], place[1]))
    edge = min((place[0] for place in places), default=WIDTH * _FINE)
    _words(ImageDraw.Draw(picture), preview, edge - _MARGIN * _FINE)
    made = BytesIO()
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.save(made, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return made.getvalue()


def _places(count: int) -> list[Box]:
    """Where the covers stand, in fine pixels: left, top, width, height."""
    columns, rows, width, height = _GRIDS[min(count, MOST_COVERS)]
    # A row of several stands free on the paper; all else fills the page to its edges.
    free = columns > 1 and rows == 1
    left = WIDTH - columns * (width + _GAP) + _GAP - (_MARGIN if free else 0)
    top = (HEIGHT - height) // 2 if free else 0
    corners = (
        (x * (width + _GAP), y * (height + _GAP)) for y in range(rows) for x in range(columns)
    )
    return [
        (_FINE * (left + x), _FINE * (top + y), _FINE * width, _FINE * height) for x, y in corners
    ]


def _words(draw: ImageDraw.ImageDraw, preview: Preview, right: int) -> None:
    left, width = _MARGIN * _FINE, right - _MARGIN * _FINE
    _line(draw, (left, 66 * _FINE), preview.kind, 30, _SOFT, width)
    for top, thick in ((116, 6), (126, 2)):
        draw.rectangle((left, top * _FINE, right, (top + thick) * _FINE - 1), fill=_INK)
    size, lines = _set(preview.name, width, 340 * _FINE, range(92, 40, -4), 5)
    for number, line in enumerate(lines):
        top = 150 * _FINE + round(number * size * 1.1 * _FINE)
        _line(draw, (left, top), line, size, _INK, width)
    _emblem(draw, left, 540 * _FINE)
    _line(draw, (left + 60 * _FINE, 538 * _FINE), preview.site, 32, _INK, width)
    facts = _length(preview.facts, 32)
    _line(draw, (right - round(facts), 538 * _FINE), preview.facts, 32, _SOFT, width)


def _emblem(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    """The site's mark: a leader's circle, a quarter of it gone by."""
    size, thick = 44 * _FINE, 3 * _FINE
    box = (left, top, left + size, top + size)
    draw.pieslice(box, 270, 360, fill=_INK)
    draw.ellipse(box, outline=_INK, width=thick)
    middle = (left + size // 2, top + size // 2)
    draw.line((left, middle[1], left + size, middle[1]), fill=_INK, width=thick)
    draw.line((middle[0], top, middle[0], top + size), fill=_INK, width=thick)


def _dresses(covers: Sequence[Cover]) -> list[tuple[int, int]]:
    """Inks and composition of each, by its film: no inks twice, no composition twice in a row."""
    found: list[tuple[int, int]] = []
    for cover in covers:
        inks, shape = cover.movie_id % len(_INKS), cover.movie_id % len(_COMPOSITIONS)
        while inks in {one[0] for one in found}:
            inks = (inks + 3) % len(_INKS)
        while found and shape == found[-1][1]:
            shape = (shape + 1) % len(_COMPOSITIONS)
        found.append((inks, shape))
    return found


def _cover(cover: Cover, dress: tuple[int, int], width: int, height: int) -> Image.Image:
    """A film's poster, else one of four compositions in one of ten sets of inks."""
    poster = _opened(cover.poster, (width, height)) if cover.poster else None
    if poster:
        return poster
    ground, shape, ink = _INKS[dress[0]]
    tile = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(tile)
    _COMPOSITIONS[dress[1]](draw, width, height, shape)
    inset, room = width // 11, width - 2 * (width // 11)
    largest = max(20, width // 13)
    sizes = range(largest, max(10, largest // 2), -1)
    size, lines = _set(cover.title, room, height // 3, sizes, 4)
    for number, line in enumerate(lines):
        top = inset + round(number * size * 1.06 * _FINE)
        _line(draw, (inset, top), line, size, ink, room)
    if cover.year:
        place = (inset, height - inset - largest * _FINE // 2)
        _line(draw, place, str(cover.year), largest // 2, ink, room)
    return tile


def _opened(content: bytes, size: tuple[int, int]) -> Image.Image | None:
    """A poster in that size; None for what is no whole picture of a usual kind and extent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=_FORMATS) as poster:
                if poster.width * poster.height > _LARGEST_PIXELS:
                    return None
                return ImageOps.fit(poster.convert("RGB"), size, Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return None


def _disc(draw: ImageDraw.ImageDraw, width: int, height: int, shape: str) -> None:
    across = round(width * 0.62)
    left, top = width - across - width // 11, round(height * 0.44)
    draw.ellipse((left, top, left + across, top + across), fill=shape)


def _horizon(draw: ImageDraw.ImageDraw, width: int, height: int, shape: str) -> None:
    for part in range(4):
        top = round(height * (0.46 + part * 0.1))
        draw.rectangle((0, top, width, top + round(height * (0.012 + part * 0.018))), fill=shape)


def _arch(draw: ImageDraw.ImageDraw, width: int, height: int, shape: str) -> None:
    left, right, top = round(width * 0.3), round(width * 0.84), round(height * 0.44)
    draw.pieslice((left, top, right, top + right - left), 180, 360, fill=shape)
    draw.rectangle((left, top + (right - left) // 2, right, round(height * 0.86)), fill=shape)


def _steps(draw: ImageDraw.ImageDraw, width: int, height: int, shape: str) -> None:
    for part in range(4):
        left, top = round(width * (0.12 + part * 0.22)), round(height * (0.74 - part * 0.1))
        draw.rectangle((left, top, left + round(width * 0.15), round(height * 0.86)), fill=shape)


_COMPOSITIONS = (_disc, _horizon, _arch, _steps)


def _set(text: str, width: int, height: int, sizes: range, most: int) -> tuple[int, list[str]]:
    """The largest of the sizes in which the words fit, and their lines; cut off where none does."""
    words = _legible(text).split()
    for size in sizes:
        lines = _broken(words, size, width)
        fits = len(lines) <= most and len(lines) * size * 1.1 * _FINE <= height
        if fits and all(_length(line, size) <= width for line in lines):
            return size, lines
    lines = _broken(words, sizes[-1], width)
    rows = max(1, min(most, int(height / (sizes[-1] * 1.1 * _FINE))))
    return sizes[-1], [*lines[: rows - 1], lines[rows - 1] + " …"] if len(lines) > rows else lines


def _broken(words: Sequence[str], size: int, width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _legible(text: str) -> str:
    """The text, or nothing where it is in letters that the faces lack."""
    return text if all(ord(letter) in _LATIN | _LATIN_EXT for letter in text) else ""


def _line(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    size: int,
    ink: str | tuple[int, int, int],
    width: int,
) -> None:
    """One line from the left; what does not fit into `width` is cut off."""
    text = _legible(text)
    while text and _length(text, size) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    left = float(place[0])
    for run, font in _runs(text, size):
        draw.text((left, place[1]), run, font=font, fill=ink)
        left += font.getlength(run)


def _length(text: str, size: int) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, size))


def _runs(text: str, size: int) -> Iterator[tuple[str, Font]]:
    """The text in pieces that one face has all letters of."""
    run, face = "", _FACE
    for letter in text:
        needed = _MORE_LETTERS if ord(letter) in _LATIN_EXT else _FACE
        if run and needed != face:
            yield run, _font(face, size)
            run = ""
        run, face = run + letter, needed
    if run:
        yield run, _font(face, size)


@lru_cache(maxsize=128)
def _font(face: str, size: int) -> Font:
    font = ImageFont.truetype(_FACES / face, size * _FINE)
    font.set_variation_by_axes([700])
    return font
