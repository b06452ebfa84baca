"""What a fresh installation is made from agrees with the code: settings, packages, lock files."""

import ast
import re
import sys
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import msgspec
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from moviesite.config import Config, load_config

ROOT = Path(__file__).parent.parent
LOCK_FILES = ("requirements.txt", "requirements-dev.txt")


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)(?:\[.*\])?==", (ROOT / name).read_text(), re.MULTILINE))


def imported() -> set[str]:
    """Top-level names of everything that the product imports and Python does not bring."""
    files = [*ROOT.glob("moviesite/**/*.py"), *ROOT.glob("migrations/**/*.py")]
    trees = [ast.parse(file.read_text()) for file in [*files, ROOT / "rq_worker.py"]]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"moviesite"}


def test_the_example_names_every_setting_and_no_other():
    assert set(example()) == set(Config.__struct_encode_fields__)


def test_the_example_shows_the_defaults(tmp_path):
    settings = {"SECRET_KEY": "x" * 32, "INSTANCE_DIR": str(tmp_path)}
    from_example = load_config({**example(), **settings})
    assert msgspec.to_builtins(from_example) == msgspec.to_builtins(load_config(settings))


def test_every_imported_package_is_locked_for_running():
    brought_by = packages_distributions()
    known = locked("requirements.txt")
    # Names for type checkers alone exist in no package.
    wanted = {name: brought_by[name] for name in imported() if name in brought_by}
    normal = {
        name: {re.sub(r"[-_.]+", "-", package.lower()) for package in packages}
        for name, packages in wanted.items()
    }
    assert {name for name, packages in normal.items() if not packages & known} == set()


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_files_hold_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE)
    assert pins
    assert all(pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "--index-url" not in text


def wanted_with_extras() -> set[Requirement]:
    """What an installed package wants of another one together with an extra of that."""
    told = [each for package in distributions() for each in package.requires or ()]
    wanted = {Requirement(each) for each in told}
    here = {"extra": ""}
    return {
        each for each in wanted if each.extras and (not each.marker or each.marker.evaluate(here))
    }


def test_extras_that_packages_want_are_locked_by_name():
    """Else a pip older than 23.3 refuses the lock once there is a newer release of one of them."""
    pin = re.compile(r"^([a-z0-9.-]+)\[(.+)\]==", re.MULTILINE)
    locked_extras = dict(pin.findall((ROOT / "requirements-dev.txt").read_text()))
    wanted = wanted_with_extras()
    assert wanted
    for each in wanted:
        assert each.extras <= set(locked_extras[canonicalize_name(each.name)].split(","))


def test_what_developing_locks_agrees_with_what_running_locks():
    pin = re.compile(r"^([a-z0-9.-]+)(?:\[.*\])?==([^ ;]+)", re.MULTILINE)
    run, develop = (set(pin.findall((ROOT / name).read_text())) for name in LOCK_FILES)
    assert run <= develop
