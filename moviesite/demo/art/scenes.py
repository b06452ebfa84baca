"""Drawings of things: sun, stairs, houses. Each fills a field w by h from its own upper left
corner, inside it or bleeding off its sides, in the inks given. No text, no chance but the dice.
"""

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks
from moviesite.demo.art.setting import n
from moviesite.demo.art.shapes import disc, line, mirrored, polygon, rect, shape


def split(d: Dice, k: Inks, w: float, h: float) -> str:
    """A field cut by a slope, a half disc lying on the cut."""
    low, high = h * d.of((0.3, 0.42, 0.55)), h
    tilt = -1 if d.chance(50) else 1
    left, right = (low, high)[::tilt]
    angle = (right - left) / w
    r, x = min(w, h) * d.of((0.2, 0.26, 0.32)), w * d.of((0.36, 0.5, 0.64))
    y, c = left + angle * x, (1 + angle * angle) ** 0.5
    dx, dy = r / c, r * angle / c
    half = f"M{n(x - dx)} {n(y - dy)}A{n(r)} {n(r)} 0 0 1 {n(x + dx)} {n(y + dy)}z"
    other = f"M{n(x - dx)} {n(y - dy)}A{n(r)} {n(r)} 0 0 0 {n(x + dx)} {n(y + dy)}z"
    field = polygon([(0, 0), (w, 0), (w, right), (0, left)], k.first)
    return field + (shape(half, k.second) if d.chance(50) else "") + shape(other, k.third)


def horizon(d: Dice, k: Inks, w: float, h: float) -> str:
    """Sun over water."""
    line_at, r = h * d.of((0.58, 0.66, 0.74)), min(w, h) * d.of((0.2, 0.27, 0.34))
    x, rise = w * d.of((0.3, 0.5, 0.7)), d.of((-0.35, 0.0, 0.35, 0.75))
    marks = [disc(x, line_at - r * rise, r, k.first), rect(0, line_at, w, h - line_at, k.second)]
    step = (h - line_at) / 5
    for i in range(4):
        half = r * (1.05 - 0.22 * i)
        marks.append(rect(x - half, line_at + step * (i + 0.55), 2 * half, step * 0.42, k.first))
    return "".join(marks)


def stairs(d: Dice, k: Inks, w: float, h: float) -> str:
    """Steps, and a ball that has climbed them."""
    steps = d.of((4, 5, 6))
    tread, rise = w / steps, h * 0.72 / steps
    climb = f"M0 {n(h)}" + f"v{n(-rise)}h{n(tread)}" * steps + f"V{n(h)}z"
    columns = (
        rect(i * tread, h - rise * (i + 1), tread + 0.8, rise * (i + 1), (k.first, k.second)[i % 2])
        for i in range(steps)
    )
    marks = "".join(columns) if d.chance(40) else shape(climb, k.first)
    on, r = d.between(0, steps - 1), min(tread * 0.46, h * 0.13)
    ball = disc(tread * (on + 0.5), h - rise * (on + 1) - r, r, k.third)
    drawn = marks + ball
    return mirrored(w, drawn) if d.chance(50) else drawn


def eye(d: Dice, k: Inks, w: float, h: float) -> str:
    """One to three eyes."""
    count = d.of((1, 1, 2, 3))
    gap, reach = h / count, min(w * 0.44, h * 0.55)
    look = d.of((-0.3, 0.0, 0.3))
    marks = []
    for i in range(count):
        y, lift = gap * (i + 0.5) + 6, min(gap * 0.78, reach * 1.05)
        x, r = w / 2, lift * 0.42
        lens = f"M{n(x - reach)} {n(y)}Q{n(x)} {n(y - lift)} {n(x + reach)} {n(y)}"
        lens += f"Q{n(x)} {n(y + lift)} {n(x - reach)} {n(y)}z"
        marks.append(shape(lens, k.first) + disc(x + look * r, y, r, k.second))
        marks.append(disc(x + look * r * 1.4, y, r * 0.5, k.third))
    return "".join(marks)


def peaks(d: Dice, k: Inks, w: float, h: float) -> str:
    """Three summits and a moon."""
    summits = d.of(((0.3, 0.72, 0.5), (0.62, 0.2, 0.85), (0.5, 0.14, 0.86)))
    heights = d.of(((0.72, 0.5, 0.36), (0.62, 0.7, 0.3)))
    marks = [disc(w * d.of((0.2, 0.5, 0.8)), h * 0.2, min(w, h) * d.of((0.08, 0.13)), k.third)]
    for at, high, ink in zip(summits, heights, (k.first, k.second, k.third), strict=True):
        x, y, half = w * at, h * (1 - high), h * high * 0.8
        marks.append(polygon([(x - half, h), (x, y), (x + half, h)], ink))
    return "".join(marks)


def road(d: Dice, k: Inks, w: float, h: float) -> str:
    """A straight road to a low sun."""
    far, at = h * d.of((0.4, 0.5, 0.6)), w * d.of((0.3, 0.5, 0.7))
    r = min(w, h) * d.of((0.14, 0.22))
    half, end = w * 0.32, w * d.of((0.4, 0.5, 0.6))
    marks = [disc(at, far, r, k.third), rect(0, far, w, h - far, k.first)]
    marks.append(
        polygon([(at - 2, far), (at + 2, far), (end + half, h), (end - half, h)], k.second)
    )
    for start, stop in ((0.12, 0.2), (0.3, 0.45), (0.6, 0.85)):
        pair = [(at + (end - at) * t, far + (h - far) * t, 6 * t) for t in (start, stop)]
        (x1, y1, s1), (x2, y2, s2) = pair
        marks.append(polygon([(x1 - s1, y1), (x1 + s1, y1), (x2 + s2, y2), (x2 - s2, y2)], k.third))
    return "".join(marks)


def skyline(d: Dice, k: Inks, w: float, h: float) -> str:
    """Houses at night, one window lit."""
    count = 5 if w < h * 1.4 else 10
    wide, lit = w / count, d.below(count)
    x, y, r = w * d.of((0.22, 0.5, 0.78)), h * 0.2, min(w, h) * d.of((0.09, 0.13))
    marks = [disc(x, y, r, k.third)]
    for i in range(count):
        high = h * d.of((0.26, 0.34, 0.42, 0.5, 0.58))
        ink, glass = (k.first, k.second) if i % 2 else (k.second, k.first)
        marks.append(rect(i * wide, h - high, wide + 0.4, high, ink))
        windows = d.of((0, 0, 2, 3))
        if windows and i != lit:
            path = "".join(
                f"M{n(wide * (i + (c + 1) / (windows + 1)))} {n(h - high + 14)}V{n(h)}"
                for c in range(windows)
            )
            marks.append(line(path, wide * 0.13, glass, ' stroke-dasharray="8 9"'))
        if i == lit:
            left, side = (i + 0.28) * wide, wide * 0.44
            marks.append(rect(left, h - high + 14, side, side * 1.15, k.third))
    return "".join(marks)


def leaves(d: Dice, k: Inks, w: float, h: float) -> str:
    """A stem of leaves, each half of an almond in its own ink."""
    pairs = d.of((2, 3))
    gap, x = h / (pairs + 0.35), w / 2
    marks = [rect(x - 3, h * 0.08, 6, h * 0.92, k.second)]
    for i in range(pairs):
        y, reach = h - gap * i - gap * 0.1, min(gap * 1.15, w * 0.4)
        for way in (-1, 1):
            out, up = n(way * reach), n(reach * 0.8)
            ink = k.third if d.chance(25) else k.first
            path = f"M{n(x)} {n(y)}q0 -{up} {out} -{up}q0 {up} {n(-way * reach)} {up}z"
            marks.append(shape(path, ink))
    return "".join(marks) + disc(x, h * 0.1 + 6, gap * 0.14, k.third)
