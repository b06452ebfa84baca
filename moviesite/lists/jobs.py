"""Background doors of lists. Each may run twice without harm."""

from moviesite.lists import seeding


def seed_demo() -> None:
    """Make the demo's lists, once; over a real source nothing happens."""
    seeding.seed_demo()
