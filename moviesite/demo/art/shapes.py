"""SVG marks as short strings. Colours come in, markup goes out; no choices are made here."""

from moviesite.demo.art.setting import n


def rect(x: float, y: float, wide: float, high: float, fill: str) -> str:
    """A rectangle by its upper left corner."""
    return f'<path fill="{fill}" d="M{n(x)} {n(y)}h{n(wide)}v{n(high)}h{n(-wide)}z"/>'


def disc(x: float, y: float, radius: float, fill: str) -> str:
    """A full circle."""
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" fill="{fill}"/>'


def ring(x: float, y: float, radius: float, stroke: float, ink: str) -> str:
    """A circle line, `stroke` wide."""
    return (
        f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" fill="none"'
        f' stroke="{ink}" stroke-width="{n(stroke)}"/>'
    )


def shape(path: str, fill: str) -> str:
    """A filled path."""
    return f'<path fill="{fill}" d="{path}"/>'


def line(path: str, stroke: float, ink: str, extra: str = "") -> str:
    """A drawn path, `stroke` wide."""
    return f'<path fill="none" stroke="{ink}" stroke-width="{n(stroke)}"{extra} d="{path}"/>'


def polygon(points: list[tuple[float, float]], fill: str) -> str:
    """A closed shape with straight sides."""
    return shape("M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "z", fill)


def moved(x: float, y: float, marks: str) -> str:
    """Marks shifted to the right and down."""
    return f'<g transform="translate({n(x)} {n(y)})">{marks}</g>' if x or y else marks


def mirrored(wide: float, marks: str) -> str:
    """Marks turned left to right in a field `wide` across."""
    return f'<g transform="matrix(-1 0 0 1 {n(wide)} 0)">{marks}</g>'
