"""The folder of uploaded pictures. Knows no person and no table."""

import math
import re
import secrets
import time
from pathlib import Path

from moviesite.config import current_config

NAME = re.compile(r"[0-9a-f]{32}\.webp")


def address_of(name: str | None) -> str | None:
    """The picture's address as others can use it; None without one."""
    return f"{current_config().public_url}/media/{name}" if name else None


def keep(content: bytes) -> str:
    """Store a picture under a name nobody can guess, and that no other content ever gets."""
    name = f"{secrets.token_hex(16)}.webp"
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}"
    draft.write_bytes(content)
    draft.rename(folder / name)
    return name


def drop(name: str | None) -> None:
    """Delete a picture; one that is gone already is no trouble."""
    if name:
        (_folder() / name).unlink(missing_ok=True)


def older_than(seconds: float) -> list[str]:
    """Names of what has lain there for so long; younger files may belong to a write under way."""
    latest = time.time() - seconds
    found = _folder().iterdir() if _folder().is_dir() else ()
    return sorted(path.name for path in found if _written_at(path) < latest)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # renamed or deleted since the folder was read
        return math.inf


def _folder() -> Path:
    return current_config().media_path
