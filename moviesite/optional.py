"""Loads packages that may be missing. Nothing else does: an import is never guarded elsewhere."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def present(name: str) -> bool:
    """Whether the package of that name is installed; it is not imported."""
    return find_spec(name) is not None


def load(name: str) -> ModuleType | None:
    """The package or module of that dotted name; None where it is not installed.

    A package that is there but broken still raises: hiding that would hide a wrong installation.
    """
    package = name.partition(".")[0]
    return import_module(name) if present(package) else None
