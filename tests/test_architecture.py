"""The house defends itself: import directions, rooms, and how long things may be."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "moviesite"

# In the order in which one may build on another.
FEATURES = (
    *("accounts", "catalogue", "library", "reviews", "lists", "tmdb_account", "transfer"),
    *("trending", "recommendations", "assistant", "admin", "ops"),
)
DOORS = ("pages", "api", "schemas", "forms")
SHARED_READS = ("queries", "live", "presenting", "schemas", "shelves", "genres")

# What each module outside of the features may import of ours, by prefix.
FOUNDATION = (
    *("extensions", "errors", "clock", "text", "bounds", "database", "transactions", "config"),
    "inserts",
)
ALLOWED: dict[str, tuple[str, ...]] = {
    "extensions": ("redis_pool", "token_reader"),
    "redis_pool": (),
    "token_reader": (),
    "errors": (),
    "clock": (),
    "text": (),
    "bounds": (),
    "optional": (),
    "config": ("mail_server",),
    "mail_server": (),
    "metrics": (),
    "request_costs": (),
    "log_context": (),
    "log_store": ("extensions",),
    "job_history": (),
    "error_reports": ("config", "optional"),
    "freshness": (),
    "budget": ("errors",),
    "request_cache": (),
    "processes": (
        *("processes", "config", "queue", "extensions", "clock", "metrics"),
        *("job_history", "log_store", "logs"),
    ),
    "logs": ("config", "error_reports", "log_store"),
    "database": ("errors", "extensions", "request_costs", "text"),
    "inserts": ("database", "extensions"),
    "migrating": ("database", "extensions"),
    "transactions": ("database", "errors", "extensions"),
    "single_flight": ("budget", "errors", "log_context"),
    "cache_backends": ("extensions", "config", "redis_pool"),
    "cache_kinds": ("config", "providers.base"),
    "caching": (
        *("extensions", "errors", "clock", "config", "freshness", "models", "queue"),
        "request_cache",
        *("cache_backends", "cache_kinds", "single_flight", "metrics"),
    ),
    "queue": ("extensions", "transactions", "models", "clock"),
    "models": ("extensions", "models", "clock"),
    "providers": (
        *("providers", "bounds", "budget", "errors", "clock", "text", "mail_server"),
        *("log_context", "metrics", "request_costs", "optional"),
    ),
    "keys": (),
    "networks": (),
    "cipher": ("config",),
    "cursors": ("errors",),
    "spreadsheets": (),
    "local_copies": ("caching", "request_cache"),
    "audit": ("models", "transactions", "extensions", "errors", "clock"),
    "idempotency": (
        *("models", "database", "transactions", "extensions", "errors", "keys", "clock"),
    ),
    "demo": ("demo",),
    "web": (
        *("web", "errors", "extensions", "config", "bounds", "clock", "text", "providers.base"),
        *("request_cache", "budget", "freshness", "cache_backends", "keys", "models.accounts"),
        *("idempotency", "metrics", "networks", "request_costs", "log_store", "logs"),
    ),
}
ASSEMBLY = ("app", "cli", "__main__", "__init__")
FEATURE_MAY = (
    *(
        *FOUNDATION,
        "keys",
        "cipher",
        "cursors",
        "models",
        "providers",
        "queue",
        "caching",
        "cache_kinds",
        "idempotency",
    ),
    *("optional", "metrics", "job_history", "log_store", "local_copies", "audit", "migrating"),
    *("cursors", "networks", "spreadsheets"),
    # Made-up viewers, as plain values.
    "demo.viewers",
)

# Arithmetic: no database, no clock, no web. What scipy works in, workers alone import.
PURE = {
    *("features", "counting", "closed_form", "factors", "newcomers", "pairs"),
    *("likeness", "engine"),
    *("folder", "folding", "model", "explaining", "neighbours", "guests", "serving", "evaluation"),
}
FITTING = {
    *("features", "counting", "closed_form", "factors", "newcomers", "pairs"),
    *("likeness", "engine"),
    "training_service",
}

WEB_PACKAGES = {
    *("flask", "flask_login", "flask_smorest", "flask_jwt_extended", "marshmallow"),
    *("flask_wtf", "flask_limiter", "flask_cors", "webargs"),
}
# What speaks to other systems, or reads what they signed.
OUTSIDE_PACKAGES = {"requests", "urllib3", "authlib", "joserfc", "smtplib"}
MAY_USE_WEB = (
    *("web", "app", "config", "extensions", "token_reader"),
    *("cli", "demo.pages", "processes"),
)
# These reach the application that they run in, and nothing else of Flask.
CURRENT_APP_ONLY = ("queue", "migrating", "providers", "caching", "cache_kinds", "cache_backends")

# Lines; longest, and what nine of ten (and the median) stay under.
LONGEST_FUNCTION, LONGEST_FILE = 60, 400
NINE_IN_TEN_FUNCTIONS, MEDIAN_FUNCTION, NINE_IN_TEN_FILES = 30, 8, 250


class Module(NamedTuple):
    """A module of ours: its name below the package, its source and its syntax tree."""

    name: str
    source: str
    tree: ast.Module


def _modules() -> list[Module]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        source = path.read_text()
        found.append(Module(name, source, ast.parse(source)))
    return found


MODULES = _modules()


def _imports(tree: ast.AST) -> Iterator[str]:
    """Full dotted names, `from a import b` as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _of_ours(tree: ast.AST) -> set[str]:
    names = {name for name in _imports(tree) if name.startswith("moviesite.")}
    return {name.removeprefix("moviesite.") for name in names}


def _below(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def _feature_may_import(module: str, wanted: str) -> bool:
    feature, _, room = module.partition(".")
    room = _kind_of_room(room)
    target, _, target_room = wanted.partition(".")
    if target not in FEATURES:
        door = room in DOORS
        return _below(wanted, (*FEATURE_MAY, "web") if door else FEATURE_MAY)
    target_room = _kind_of_room(target_room.partition(".")[0])
    if target_room == "jobs":
        return False
    if target == feature:
        return room in DOORS or target_room not in DOORS
    if room in DOORS:
        return target_room in ("", *SHARED_READS)
    earlier = FEATURES.index(target) < FEATURES.index(feature)
    return earlier and target_room not in (*DOORS, "")


def _kind_of_room(name: str) -> str:
    """A room that grew was split by subject: `people_api` is an `api`."""
    return name.rpartition("_")[2] if name.rpartition("_")[2] in DOORS else name


def _may_import(module: str, wanted: str) -> bool:
    owner = module.partition(".")[0]
    if owner in ASSEMBLY:
        return True
    if owner in FEATURES:
        return _feature_may_import(module, wanted) or _package_of(module, wanted)
    return _below(wanted, ALLOWED[owner])


def _package_of(module: str, wanted: str) -> bool:
    """`from moviesite.catalogue import live` is an import of catalogue.live alone."""
    return wanted.partition(".")[0] == wanted and wanted in FEATURES and bool(module)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_imports_point_the_right_way(module: Module) -> None:
    wrong = {name for name in _of_ours(module.tree) if not _may_import(module.name, name)}
    assert not wrong


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_web_packages_stay_at_the_edge(module: Module) -> None:
    room = _kind_of_room(module.name.rpartition(".")[2])
    if _below(module.name, MAY_USE_WEB) or room in DOORS:
        return
    used = {name for name in _imports(module.tree) if name.partition(".")[0] in WEB_PACKAGES}
    if _below(module.name, CURRENT_APP_ONLY):
        used -= {"flask.current_app", "flask.Flask"}
    assert not used


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_only_providers_speak_to_other_systems(module: Module) -> None:
    if not _below(module.name, ("providers",)):
        assert not OUTSIDE_PACKAGES & {name.partition(".")[0] for name in _imports(module.tree)}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_nothing_is_imported_inside_a_function(module: Module) -> None:
    for function in _functions(module.tree):
        assert not list(_imports(function)), function.name


def test_schemas_are_given_what_they_show() -> None:
    asking = {"queries", "service", "live", "shelves", "presenting"}
    for module in MODULES:
        if _kind_of_room(module.name.rpartition(".")[2]) == "schemas":
            # What bounds a field may stand anywhere; what is called may not.
            called = {name for name in _of_ours(module.tree) if name.rpartition(".")[2].islower()}
            rooms = {part.rpartition("_")[2] for name in called for part in name.split(".")}
            assert not asking & rooms, module.name


def test_nobody_imports_the_application_or_a_job() -> None:
    for module in MODULES:
        if module.name not in ("app", "__main__"):
            assert not _below_any(_of_ours(module.tree), ("app",)), module.name
        assert not any(".jobs" in name for name in _of_ours(module.tree)), module.name


def _below_any(names: set[str], prefixes: tuple[str, ...]) -> bool:
    return any(_below(name, prefixes) for name in names)


def test_the_recommender_is_arithmetic() -> None:
    pure = {m.name: m for m in MODULES if _room_of(m.name, "recommendations") in PURE}
    assert len(pure) == len(PURE)
    for name, module in pure.items():
        used = {wanted.partition(".")[0] for wanted in _imports(module.tree)}
        assert not used & {*WEB_PACKAGES, "sqlalchemy", "datetime", "time"}, name
        assert _below_all(_of_ours(module.tree), ("recommendations", "optional")), name


def test_only_workers_import_scipy() -> None:
    fitting = {f"recommendations.{room}" for room in FITTING}
    for module in MODULES:
        uses = {name.partition(".")[0] for name in _imports(module.tree)} & {"scipy", "implicit"}
        assert not uses or module.name in fitting, module.name
        room = module.name.rpartition(".")[2]
        if module.name not in fitting and room != "jobs" and not room.endswith("_service"):
            assert not fitting & _modules_of(_of_ours(module.tree)), module.name


def test_files_are_read_without_looking_around() -> None:
    rooms = {"reading", "entries", "values", "files", "columns", "sources", "trakt"}
    pure = {m.name: m for m in MODULES if _room_of(m.name, "transfer") in rooms}
    assert len(pure) == len(rooms)
    own = tuple(f"transfer.{room}" for room in rooms)
    for name, module in pure.items():
        assert _below_all(_of_ours(module.tree), ("errors", "text", "bounds", *own)), name


def _room_of(name: str, feature: str) -> str:
    owner, _, room = name.partition(".")
    return room if owner == feature else ""


def _below_all(names: set[str], prefixes: tuple[str, ...]) -> bool:
    return all(_below(name, prefixes) for name in names)


def _modules_of(names: set[str]) -> set[str]:
    return {".".join(name.split(".")[:2]) for name in names}


def test_only_transactions_commit() -> None:
    committing = [m.name for m in MODULES if re.search(r"session\.commit\(", m.source)]
    assert committing == ["transactions"]


def test_only_one_module_knows_the_names_of_htmx_headers() -> None:
    knowing = [m.name for m in MODULES if re.search(r"[\"']HX-", m.source)]
    assert knowing == ["web.htmx"]


def test_statements_are_written_in_queries_and_services_alone() -> None:
    rooms = {"queries", "service", "storage", "search", "people_search", "browse", "filter_sql"}
    for module in MODULES:
        if module.name.partition(".")[0] in FEATURES:
            uses = "sqlalchemy.select" in set(_imports(module.tree))
            room = module.name.rpartition(".")[2]
            rightly = room in rooms or room.endswith(("_service", "_queries"))
            assert not uses or rightly, module.name


# A block of data is not run: the policy lets it stand.
_DATA = 'type="application/ld+json">'
_INLINE = rf"<style|\sstyle=|\son\w+=|<script(?! {re.escape(_DATA)})(?![^>]*\ssrc=)"


def test_templates_hold_no_inline_style_or_script() -> None:
    for path in (PACKAGE / "templates").rglob("*.html"):
        text = path.read_text()
        if path.parent.name == "emails":  # mail programs read no style but this
            text = re.sub(r"\sstyle=", " ", text)
        assert not re.search(_INLINE, text), path.name


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_are_short() -> None:
    sizes = {f"{m.name}.{f.name}": _lines(f) for m in MODULES for f in _functions(m.tree)}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert statistics.median(sizes.values()) <= MEDIAN_FUNCTION
    assert statistics.quantiles(sizes.values(), n=10)[-1] < NINE_IN_TEN_FUNCTIONS


def test_files_are_short() -> None:
    sizes = {m.name: m.source.count("\n") for m in MODULES}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}
    assert statistics.quantiles(sizes.values(), n=10)[-1] < NINE_IN_TEN_FILES
