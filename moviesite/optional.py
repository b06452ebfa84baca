"""Loads packages that may be missing. Nothing else does: an import is never guarded elsewhere."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def load(name: str) -> ModuleType | None:
    """The package or module of that dotted name; None where it is not installed.

    A package that is there but broken still raises: hiding that would hide a wrong installation.
    """
    package = name.partition(".")[0]
    return import_module(name) if find_spec(package) else None
