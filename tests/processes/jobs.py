"""Jobs for the tests of real workers: they say in a file when they ran. Used by no product code."""

import os
import time
from pathlib import Path


def note(path: str, text: str = "done") -> None:
    """Add a line to a file."""
    with Path(path).open("a") as file:
        file.write(text + "\n")


def slow(path: str, seconds: float) -> None:
    """Say which process began, take some time, say that it is done."""
    note(path, f"began {os.getpid()}")
    time.sleep(seconds)
    note(path)


def slow_once(path: str, seconds: float) -> None:
    """Take long the first time and no time at all when done again."""
    again = Path(path).exists()
    note(path, f"began {os.getpid()}")
    time.sleep(0 if again else seconds)
    note(path)


def poison(path: str) -> None:
    """Say that it was tried, and fail as it does each time."""
    note(path, "tried")
    raise ValueError("nothing can be done with this")
