"""The drawings of the series. Each fills a field w by h from its own upper left corner, inside it
or bleeding off its sides, in the inks given; no text, no randomness but the dice.
"""

from collections.abc import Callable
from math import cos, pi, sin

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks
from moviesite.demo.art.setting import n
from moviesite.demo.art.shapes import (
    disc,
    line,
    mirrored,
    polygon,
    rect,
    shape,
)

Figure = Callable[[Dice, Inks, float, float], str]


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


def circle_bar(d: Dice, k: Inks, w: float, h: float) -> str:
    """A disc and a bar across it."""
    r, b = min(w, h) * d.of((0.3, 0.36)), min(w, h) * d.of((0.09, 0.14))
    x, y = w * d.of((0.38, 0.5, 0.62)), h * d.of((0.46, 0.52))
    way, off = d.below(4), r * d.of((-0.45, 0.0, 0.45))
    bars = (
        rect(x + off - b / 2, 0, b, h, k.second),
        rect(0, y + off - b / 2, w, b, k.second),
        polygon([(0, h), (0, h - b * 1.6), (w, 0), (w, b * 1.6)], k.second),
        rect(x + off - b / 2, 0, b, y + off + b / 2, k.second)
        + rect(x + off + b / 2, y + off - b / 2, w, b, k.third),
    )
    small = disc(x - r * 0.7, y - r * 0.7, r * 0.3, k.third) if d.chance(40) else ""
    return disc(x, y, r, k.first) + bars[way] + small


def dots(d: Dice, k: Inks, w: float, h: float) -> str:
    """A grid of dots that swell and shrink row by row; one is not like the others."""
    columns = round(w / h * 7) if w > h * 1.2 else d.of((6, 7))
    pitch = (w - 24) / columns
    rows = max(int((h - 20) // pitch), 3)
    top, mode, marks = (h - rows * pitch) / 2 + pitch / 2 + 4, d.below(4), []
    for row in range(rows):
        t = row / (rows - 1)
        size = (0.25 + 0.6 * t, 0.85 - 0.6 * t, 0.3 + 0.55 * sin(pi * t), 0.72)[mode]
        y = n(top + row * pitch)
        dash = f' stroke-linecap="round" stroke-dasharray="0 {n(pitch)}"'
        path = f"M{n(12 + pitch / 2)} {y}H{n(w - 12 - pitch / 2 + 1)}"
        marks.append(line(path, pitch * size, k.first, dash))
    x, y2 = d.between(1, columns - 2), d.between(1, rows - 2)
    odd = disc(12 + pitch * (x + 0.5), top + y2 * pitch, pitch * d.of((0.5, 0.62)), k.third)
    return "".join(marks) + odd


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


def arcs(d: Dice, k: Inks, w: float, h: float) -> str:
    """Quarter rings about a corner, or half rings about the foot."""
    count, where = d.of((4, 5, 6)), d.below(5)
    x, y = ((0, h), (w, h), (0, 0), (w, 0), (w / 2, h))[where]
    reach = min(w * (0.5 if where == 4 else 1.0), h) * 0.98
    step = reach / count
    palette = (k.first, k.second, k.first, k.third)
    marks = []
    for i in range(count, 0, -1):
        r, ink = step * i, k.ground if (count - i) % 2 and d.chance(60) else palette[i % 4]
        marks.append(_sector(x, y, r, where, ink))
    return "".join(marks)


def _sector(x: float, y: float, r: float, where: int, ink: str) -> str:
    """A quarter disc about corner `where` (as in `arcs`), or the upper half disc for 4."""
    if where == 4:
        return shape(f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 0 1 {n(2 * r)} 0z", ink)
    across, up = (r if where in (0, 2) else -r), (-r if where < 2 else r)
    sweep = 1 if where in (0, 3) else 0
    return shape(
        f"M{n(x)} {n(y)}v{n(up)}a{n(r)} {n(r)} 0 0 {sweep} {n(across)} {n(-up)}z",
        ink,
    )


def stripes(d: Dice, k: Inks, w: float, h: float) -> str:
    """Bars that thicken from one side to the other, broken by a shift."""
    count, cut = d.of((7, 9)), h * d.of((0.35, 0.5, 0.62))
    pitch = w / count
    above, below = [], []
    for i in range(count):
        thick = pitch * (0.12 + 0.76 * i / (count - 1))
        above.append(f"M{n(i * pitch)} 0h{n(thick)}v{n(cut)}h{n(-thick)}z")
        below.append(f"M{n(w - i * pitch)} {n(cut)}h{n(-thick)}V{n(h)}h{n(thick)}z")
    drawn = shape("".join(above), k.first) + shape("".join(below), k.second)
    seal = disc(w * d.of((0.3, 0.5)), cut, min(w, h) * 0.15, k.third) if d.chance(50) else ""
    return (mirrored(w, drawn) if d.chance(50) else drawn) + seal


def frames(d: Dice, k: Inks, w: float, h: float) -> str:
    """Nested squares that lean towards one side."""
    side, lean = min(w, h) - 40, d.of((0.25, 0.5, 0.75))
    x, y = (w - side) / 2, (h - side) / 2 + 6
    colours = d.of(
        (
            (k.first, k.second, k.third),
            (k.second, k.third, k.first),
            (k.third, k.first, k.ground),
            (k.first, k.ground, k.first, k.third),
            (k.second, k.ground, k.third),
        )
    )
    marks, inner = [], side
    for i, ink in enumerate(colours):
        inner = side * (1 - i / (len(colours) + 0.4))
        marks.append(rect(x + (side - inner) / 2, y + (side - inner) * lean, inner, inner, ink))
    return "".join(marks)


_TURNS = ("v{s}a{s} {s} 0 0 0 {s} -{s}z", "h{s}a{s} {s} 0 0 1 -{s} {s}z")


def tiles(d: Dice, k: Inks, w: float, h: float) -> str:
    """Quarter discs in a square net, each turned its own way."""
    side = w / (d.of((3, 4)) if w < h * 1.4 else 7)
    columns, rows = round(w / side), max(int(h / side + 0.15), 1)
    side = min(side, h / rows)
    left, s = (w - columns * side) / 2, n(side)
    paths: dict[str, list[str]] = {k.first: [], k.second: [], k.third: []}
    for i in range(columns * rows):
        x, y = left + side * (i % columns), side * (i // columns)
        turn, ink = d.below(4), d.of((k.first, k.first, k.second, k.third))
        cx, cy = x + side * (turn in (1, 2)), y + side * (turn in (2, 3))
        across, down = (-1 if turn in (1, 2) else 1), (-1 if turn in (2, 3) else 1)
        sweep = 1 if across * down > 0 else 0
        paths[ink].append(
            f"M{n(cx)} {n(cy)}h{n(across * side)}"
            f"a{s} {s} 0 0 {sweep} {n(-across * side)} {n(down * side)}z"
        )
    return "".join(shape("".join(path), ink) for ink, path in paths.items() if path)


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


def waves(d: Dice, k: Inks, w: float, h: float) -> str:
    """Lines of swell."""
    count = d.of((6, 7, 8))
    gap, long = h / (count + 0.5), w / d.of((2, 3, 4))
    swell, odd = gap * d.of((0.5, 0.9)), d.below(count)
    marks = []
    for i in range(count):
        times = int(w / long) + 2
        shift = -long + (i % 2) * long / 2 * d.of((0, 1))
        path = f"M{n(shift)} {n(gap * (i + 0.75))}q{n(long / 4)} {n(-swell)} {n(long / 2)} 0"
        path += f"t{n(long / 2)} 0" * (2 * times)
        ink = k.third if i == odd else (k.first, k.second)[i % 2]
        marks.append(line(path, gap * 0.46, ink))
    return "".join(marks)


def tunnel(d: Dice, k: Inks, w: float, h: float) -> str:
    """Rings that sink away to one side."""
    count, angle = d.of((5, 6, 7)), d.below(8) * pi / 4
    outer = min(w, h) * 0.5 - 8
    slip, marks = outer / count * 0.62, []
    for i in range(count):
        r, ink = outer * (1 - i / count), (k.first, k.second)[i % 2]
        if i == count - 1:
            ink = k.third
        marks.append(disc(w / 2 + cos(angle) * slip * i, h / 2 + 6 + sin(angle) * slip * i, r, ink))
    return "".join(marks)


def moons(d: Dice, k: Inks, w: float, h: float) -> str:
    """A calendar of phases."""
    rows = d.of((2, 3))
    columns = max(round(w / h * rows), 2)
    cell_w, cell_h = (w - 28) / columns, (h - 24) / rows
    r, full, marks = min(cell_w, cell_h) * 0.42, d.below(rows * columns), []
    for i in range(rows * columns):
        x, y = 14 + cell_w * (i % columns + 0.5), 18 + cell_h * (i // columns + 0.5)
        if i == full:
            marks.append(disc(x, y, r, k.third))
            continue
        lit = 1 - abs(i - full) / max(full + 1, rows * columns - full) * 0.94
        bulge, side = abs(1 - 2 * lit) * r, int(i < full)
        path = f"M{n(x)} {n(y - r)}a{n(r)} {n(r)} 0 0 {side} 0 {n(2 * r)}"
        back = side if lit > 0.5 else 1 - side
        path += f"a{n(bulge)} {n(r)} 0 0 {back} 0 {n(-2 * r)}z"
        marks.append(shape(path, k.first))
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
