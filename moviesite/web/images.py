"""Addresses of posters and portraits in the widths that the source offers."""

import time
from collections.abc import Callable
from functools import lru_cache

from flask import Flask, current_app

from moviesite.providers.base import ImageSizes

# What TMDb offered when this was written; used until its configuration is known.
DEFAULT_SIZES = ImageSizes(
    poster=("w92", "w154", "w185", "w342", "w500", "w780", "original"),
    backdrop=("w300", "w780", "w1280", "original"),
    profile=("w45", "w185", "h632", "original"),
    logo=("w45", "w92", "w154", "w185", "w300", "w500", "original"),
)

KINDS = ("poster", "backdrop", "profile", "logo")
# A page has hundreds of images, and sizes change once in years.
REMEMBERED_SECONDS = 60

Widths = tuple[tuple[int, str], ...]


class Images:
    """Builds image addresses under one host for the sizes that are known at the moment."""

    def __init__(self, base_url: str, sizes: Callable[[], ImageSizes]) -> None:
        self.base_url = base_url
        self.sizes = sizes
        self._known: tuple[float, dict[str, Widths]] = (0.0, {})

    def url(self, path: str | None, kind: str, width: int = 342) -> str | None:
        """Address in the smallest size at least `width` pixels wide; None without a path."""
        if not path:
            return None
        return self._address(_fitting(self._widths(kind), width), path)

    def srcset(self, path: str | None, kind: str, *, least: int = 0, most: int = 10_000) -> str:
        """All widths within bounds for a `srcset` attribute; empty without a path."""
        if not path:
            return ""
        widths = [(width, name) for width, name in self._widths(kind) if least <= width <= most]
        return ", ".join(f"{self._address(name, path)} {width}w" for width, name in widths)

    def _address(self, size: str, path: str) -> str:
        return f"{self.base_url}{size}/{path.lstrip('/')}"

    def _widths(self, kind: str) -> Widths:
        until, known = self._known
        if time.monotonic() >= until:
            sizes = self.sizes()
            known = {name: _widths(sizes, name) for name in KINDS}
            self._known = (time.monotonic() + REMEMBERED_SECONDS, known)
        return known[kind]


def _widths(sizes: ImageSizes, kind: str) -> Widths:
    names: tuple[str, ...] = getattr(sizes, kind) or getattr(DEFAULT_SIZES, kind)
    return tuple(sorted((int(n[1:]), n) for n in names if n.startswith("w") and n[1:].isdecimal()))


@lru_cache(maxsize=256)
def _fitting(widths: Widths, width: int) -> str:
    """The smallest that is wide enough; remembered, since an answer holds a hundred images."""
    return next((name for offered, name in widths if offered >= width), "original")


def init_app(app: Flask, base_url: str, sizes: Callable[[], ImageSizes]) -> None:
    """Bind to the application and its templates."""
    images = Images(base_url, sizes)
    app.extensions["images"] = images
    app.add_template_global(images.url, "image_url")
    app.add_template_global(images.srcset, "image_srcset")


def image_url(path: str | None, kind: str, width: int) -> str | None:
    """Address of an image for the present application; None without a path."""
    images: Images = current_app.extensions["images"]
    return images.url(path, kind, width)
