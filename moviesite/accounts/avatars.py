"""Pictures that people upload: looked at, cut to a square and drawn anew. Keeps no file."""

import warnings
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from moviesite.errors import InvalidInput

LARGEST_BYTES = 2 * 1024 * 1024
SIDE = 256
# A small file may unfold to gigabytes. Before it can be shrunk there are two copies of a picture in
# memory, of a WebP four: 200 MB either way.
_LARGEST_PIXELS, _LARGEST_WEBP = 25_000_000, 13_000_000
# One after another in one thread: many would take that much each, and give less of it back.
_STUDIO = ThreadPoolExecutor(1, "pictures")
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 82


def redrawn(upload: bytes) -> bytes:
    """The picture as a WebP of 256 by 256 pixels, without whatever else was in the file.

    What it is, is read from its content and not from its name. Raises InvalidInput naming
    `avatar` for anything but a whole JPEG, PNG, WebP or GIF of at most 2 MB and 25 megapixels, 13
    as WebP.
    """
    if len(upload) > LARGEST_BYTES:
        raise _refused("At most 2 MB.")
    return _STUDIO.submit(_drawn, upload).result()


def _drawn(upload: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            # Odd but harmless metadata is thrown away with the rest.
            warnings.simplefilter("ignore")
            return _square(upload)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise _refused("This picture cannot be read.") from error


def _square(upload: bytes) -> bytes:
    try:
        image = Image.open(BytesIO(upload), formats=_FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _refused("Choose a JPEG, PNG, WebP or GIF.") from error
    with image:
        _check_extent(image)
        picture = _in_eight_bits(image)
        _shrink(picture)
        ImageOps.exif_transpose(picture, in_place=True)
        painted = picture.convert("RGBA")
    square = ImageOps.fit(painted, (SIDE, SIDE), Image.Resampling.LANCZOS)
    made = BytesIO()
    square.save(made, "WEBP", quality=_QUALITY)
    return made.getvalue()


def _check_extent(image: Image.Image) -> None:
    webp = image.format == "WEBP"
    if image.width * image.height > (_LARGEST_WEBP if webp else _LARGEST_PIXELS):
        what = "13 megapixels as WebP, 25 as JPEG" if webp else "25 megapixels"
        raise _refused(f"At most {what}.")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """A grey PNG may have sixteen, of which a conversion would keep the dark end alone."""
    if not image.mode.startswith("I"):
        return image
    return image.point(lambda value: value * (1 / 256)).convert("L")


def _shrink(image: Image.Image) -> None:
    """To twice the size that is drawn, before copies are made: one of 25 megapixels is 100 MB."""
    share = 2 * SIDE / min(image.size)
    if share < 1:
        # JPEGs are decoded smaller at once.
        image.thumbnail((round(image.width * share), round(image.height * share)))


def _refused(why: str) -> InvalidInput:
    return InvalidInput.of("avatar", why, "files")
