"""The drawings of the series by name, in the order that `style` counts them. It draws nothing."""

from collections.abc import Callable

from moviesite.demo.art import patterns, scenes
from moviesite.demo.art.dice import Dice
from moviesite.demo.art.inks import Inks

Figure = Callable[[Dice, Inks, float, float], str]

FIGURES: dict[str, Figure] = {
    drawing.__name__: drawing
    for drawing in (
        scenes.split,
        scenes.horizon,
        patterns.circle_bar,
        patterns.dots,
        scenes.stairs,
        patterns.arcs,
        patterns.stripes,
        patterns.frames,
        patterns.tiles,
        scenes.eye,
        scenes.peaks,
        patterns.waves,
        patterns.tunnel,
        patterns.moons,
        scenes.road,
        scenes.skyline,
        scenes.leaves,
    )
}
