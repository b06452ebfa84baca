"""Where models rest: a folder each, named by version. No database, no scipy."""

import fcntl
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from moviesite.config import current_config


def folder_of(version: str) -> Path:
    """The folder of a model."""
    return current_config().model_path / version


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether nobody else trains at this moment. The lock goes with the process that holds it."""
    root = current_config().model_path
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def remove_but(versions: Collection[str]) -> None:
    """Delete the folders of all other models. Processes that map one keep it until they let go."""
    root = current_config().model_path
    for path in root.iterdir() if root.is_dir() else ():
        if path.is_dir() and path.name not in versions:
            shutil.rmtree(path, ignore_errors=True)
