"""Drawings of plain geometry. Each fills a field w by h from its own upper left corner, inside it
or bleeding off its sides, in the inks given. No text, no chance but the dice.
"""

from math import cos, pi, sin

from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks
from moviesite.demo.art.setting import n
from moviesite.demo.art.shapes import disc, line, mirrored, polygon, rect, shape


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


def _quarter(left: float, top: float, wide: float, high: float, turn: int) -> str:
    """A quarter disc that fills a cell; `turn` is the corner of its centre, clockwise."""
    right, low = turn in (1, 2), turn in (2, 3)
    x, y = left + wide * right, top + high * low
    out, down = -wide if right else wide, -high if low else high
    sweep = int(right == low)
    arc = f"a{n(wide)} {n(high)} 0 0 {sweep} {n(-out)} {n(down)}z"
    return f"M{n(x)} {n(y)}h{n(out)}{arc}"


def tiles(d: Dice, k: Inks, w: float, h: float) -> str:
    """Quarter discs in a square net, each turned its own way."""
    side = w / (d.of((3, 4)) if w < h * 1.4 else 7)
    columns, rows = round(w / side), round(h / side)
    across, down = w / columns, h / rows
    paths: dict[str, list[str]] = {k.first: [], k.second: [], k.third: []}
    for i in range(columns * rows):
        left, top, turn = across * (i % columns), down * (i // columns), d.below(4)
        ink = d.of((k.first, k.first, k.second, k.third))
        paths[ink].append(_quarter(left, top, across, down, turn))
    return "".join(shape("".join(path), ink) for ink, path in paths.items() if path)


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
