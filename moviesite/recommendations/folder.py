"""A folder of `.npy` files and what holds them together. No pickle, no scipy, no database.

Files are written beside their final name and moved into place, the manifest last, so that a process
that has mapped the earlier ones keeps reading them and a half-written folder is never taken.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = "moviesite-recommendations"
VERSION = 1
MANIFEST = "manifest.json"

Arrays = dict[str, NDArray[Any]]


class UnusableModel(Exception):
    """The folder holds no model of ours, or not the one that was written."""


def write(folder: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Put arrays and facts (JSON) into the folder, which is made when it is not there.

    A folder that holds something else is left alone: UnusableModel.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        _manifest(folder)
    files = {name: _write_array(folder, name, array) for name, array in arrays.items()}
    manifest = {"format": FORMAT, "version": VERSION, "files": files, **facts}
    _replace(folder / MANIFEST, json.dumps(manifest, indent=1, allow_nan=False).encode())


def read(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    """The arrays, mapped read-only, and the facts.

    UnusableModel says what is wrong: no manifest, a foreign one, a missing or changed file.
    """
    manifest = _manifest(folder)
    arrays = {name: _mapped(folder, name, entry) for name, entry in manifest["files"].items()}
    return arrays, manifest


def _write_array(folder: Path, name: str, array: NDArray[Any]) -> dict[str, Any]:
    path = folder / f"{name}.npy"
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    entry = {"sha256": _digest(part), "shape": list(array.shape), "dtype": str(array.dtype)}
    part.replace(path)
    return entry


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise UnusableModel(f"{folder} holds no {MANIFEST}") from None
    except ValueError as wrong:
        raise UnusableModel(f"{folder / MANIFEST} is not JSON: {wrong}") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnusableModel(f"{folder} holds something else than a model of ours")
    if manifest.get("version") != VERSION:
        found = manifest.get("version")
        raise UnusableModel(f"{folder} is of version {found}; this program reads {VERSION}")
    _check_files(folder, manifest.get("files"))
    return manifest


def _check_files(folder: Path, files: object) -> None:
    if not isinstance(files, dict) or not all(
        name.isidentifier() and isinstance(entry, dict) and isinstance(entry.get("sha256"), str)
        for name, entry in files.items()
    ):
        raise UnusableModel(f"{folder / MANIFEST} does not say which files belong to the model")


def _mapped(folder: Path, name: str, entry: dict[str, Any]) -> NDArray[Any]:
    path = folder / f"{name}.npy"
    try:
        if _digest(path) != entry["sha256"]:
            raise UnusableModel(f"{path} is not the file that was written")
        array = np.load(path, mmap_mode="r" if _maps(entry) else None, allow_pickle=False)
    except (OSError, ValueError) as wrong:
        raise UnusableModel(f"{path} cannot be read: {wrong}") from None
    if list(array.shape) != entry.get("shape") or str(array.dtype) != entry.get("dtype"):
        raise UnusableModel(f"{path} is not of the shape that the manifest says")
    return np.asarray(array)  # plain views of the mapping: the subclass costs time at each step


def _maps(entry: dict[str, Any]) -> bool:
    shape = entry.get("shape")
    return isinstance(shape, list) and 0 not in shape  # an empty file cannot be mapped
