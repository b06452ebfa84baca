"""Films that draw their style once more, written by `spread.py`. Data only."""

REDRAWN: dict[int, int] = {}
