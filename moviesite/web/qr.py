"""Addresses as QR codes. Pure: SVG that stands inside a page, without style or script."""

import segno


def qr_svg(address: str) -> str:
    """Black on white with the quiet zone that readers need, as wide as what holds it."""
    code = segno.make(address, micro=False, error="m")
    drawn: str = code.svg_inline(omitsize=True, light="#fff", border=4, svgclass="qr")
    return drawn
