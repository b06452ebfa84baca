"""The demo's pictures, drawn as SVG from facts. Pure: no files, no network, nothing of the rest."""

from moviesite.demo.art.backdrops import backdrop
from moviesite.demo.art.covers import poster
from moviesite.demo.art.portraits import logo, portrait

__all__ = ["backdrop", "logo", "portrait", "poster"]
