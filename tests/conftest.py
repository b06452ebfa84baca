"""The application on real databases, a real Redis and, where asked for, a real browser."""

import gc
import os
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import expect
from sqlalchemy import text

from moviesite.app import create_app
from moviesite.config import Config, load_config
from moviesite.extensions import cache, db
from moviesite.models import User
from moviesite.single_flight import REFRESH
from moviesite.transactions import transactional
from tests import people, servers
from tests.sites import let_go

pytest_plugins = ("tests.browsing",)

REQUIRED = {name for name in os.environ.get("MOVIESITE_REQUIRE", "").split(",") if name}
DATABASES = ("sqlite", "postgresql")

# Tables of those names that ever held a row since they were cut off, with their bytes.
SIZES = text(
    "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relname = ANY(:names) "
    "AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
)
RESTARTED = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
    "FROM pg_sequences WHERE last_value IS NOT NULL"
)
LARGE_BYTES = 1 << 20

# A browser beside a whole test run may be slow; what is expected of a page is waited for.
expect.set_options(timeout=30_000)


def absent(what: str, hint: str) -> None:
    """Skip because something is not installed, or fail where the run demands it."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {hint}")
    pytest.skip(f"no {what}: {hint}")


def pytest_configure() -> None:
    """No setting of the machine reaches a test."""
    for name in Config.__struct_encode_fields__:
        os.environ.pop(name, None)


# What starts processes or a browser, or makes thousands of calls, takes minutes for a few tests.
LONG = ("processes", "browser", "fuzz")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several share the run, long files begin first, that none is left to one at the end."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.path for item in items)
    long = {item.path for item in items if any(item.get_closest_marker(name) for name in LONG)}
    items.sort(key=lambda item: (item.path not in long, -tests[item.path]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three for every two cores: such tests wait for others half of the time."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


@pytest.fixture(scope="module", autouse=True)
def tidied() -> None:
    """Garbage is collected before the tests of a file, and what stays is looked at no more.

    Collecting stops every thread: among all that a long run keeps it took half a second or more,
    again and again, and a source in this process seemed silent to whoever waits three for it.
    """
    with warnings.catch_warnings():
        # A browser that left leaves what it was being sent half read.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this run's own.

    Not in pytest's own folder, which another run closes to the server's account as it starts.
    """
    if servers.postgresql_bin() is None:
        absent("postgresql", "apt install postgresql")
    with (
        TemporaryDirectory(prefix="moviesite-postgresql-") as folder,
        servers.postgresql(Path(folder)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of this run's own."""
    with servers.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session", params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database; whatever uses it runs on each."""
    return str(request.param)


class Databases:
    """Of each kind of database the settings of a site over it, and that site, once it is asked.

    Files begin with the one and go on with the other; each is found as it was left.
    """

    def __init__(self) -> None:
        self.settings: dict[str, dict[str, str]] = {}
        self._apps: dict[str, Flask] = {}

    def app(self, kind: str) -> Flask:
        """The application over the demo catalogue, its tables made by the migrations."""
        if kind not in self._apps:
            app = create_app(load_config(self.settings[kind]))
            app.testing = True
            with app.app_context():
                upgrade()
            self._apps[kind] = app
        return self._apps[kind]

    def close(self) -> None:
        """Let go of each."""
        for app in self._apps.values():
            let_go(app)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The databases of this run."""
    databases = Databases()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def settings(
    databases: Databases,
    database_kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> dict[str, str]:
    """The environment that the application under test reads."""
    if database_kind not in databases.settings:
        if database_kind == "postgresql":
            address = str(request.getfixturevalue("postgresql_url"))
        else:
            address = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
        databases.settings[database_kind] = {
            "DATABASE_URL": address,
            "INSTANCE_DIR": str(tmp_path_factory.mktemp("instance")),
            "SECRET_KEY": "for tests alone, and long enough for them",
            "THROTTLE_PROFILE": "off",
            "CACHE_ANSWER_SECONDS": "0",
            "LOG_LEVEL": "WARNING",
        }
    return databases.settings[database_kind]


@pytest.fixture(scope="session")
def migrated_app(databases: Databases, database_kind: str, settings: dict[str, str]) -> Flask:
    """The application over the demo catalogue, its tables made by the migrations."""
    return databases.app(database_kind)


@transactional
def empty_tables() -> None:
    """Delete every row and count ids from one again, after whoever is still writing."""
    tables = list(reversed(db.metadata.sorted_tables))
    if db.engine.dialect.name == "postgresql":
        _empty_postgresql([table.name for table in tables])
    else:
        for table in tables:
            db.session.execute(table.delete())


def _empty_postgresql(tables: list[str]) -> None:
    """Cutting a table off makes new files for it and all its indexes, forty times as dear as
    deleting a few rows; so it is done only where dead rows would be dragged along.
    """
    names = ", ".join(f'"{table}"' for table in tables)
    db.session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    sizes = dict(db.session.execute(SIZES, {"names": tables}).all())
    if max(sizes.values(), default=0) > LARGE_BYTES:
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        return
    # No row that is deleted need look for those that point to it: they go, too.
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for table in sizes:
        db.session.execute(db.metadata.tables[table].delete())
    db.session.execute(RESTARTED)


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application with empty tables and an empty cache, inside its context."""
    with migrated_app.app_context():
        yield migrated_app
        db.session.rollback()
        empty_tables()
        cache.clear()


def let_refreshes_end() -> None:
    """What is renewed behind a reader's back may hold a connection that nobody would close."""
    for thread in threading.enumerate():
        if thread.name == REFRESH:
            thread.join(30)


@pytest.fixture
def site_with(settings: dict[str, str], app: Flask) -> Iterator[Callable[..., Flask]]:
    """Makes the application with other settings, over the same tables."""
    made: list[Flask] = []

    def make(**changes: str) -> Flask:
        made.append(create_app(load_config({**settings, **changes})))
        return made[-1]

    yield make
    let_refreshes_end()
    for site in made:
        let_go(site)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in."""
    return app.test_client()


@pytest.fixture
def ada(app: Flask) -> User:
    """Somebody with an account."""
    return people.join("ada")


@pytest.fixture
def ben(app: Flask) -> User:
    """Somebody else."""
    return people.join("ben")


@pytest.fixture
def cleo(app: Flask) -> User:
    """Who runs the site."""
    return people.join("cleo")


@pytest.fixture
def as_ada(app: Flask, ada: User) -> FlaskClient:
    """Ada's program, calling the API."""
    return people.signed_in_program(app, ada)


@pytest.fixture
def as_ben(app: Flask, ben: User) -> FlaskClient:
    """Ben's program, calling the API."""
    return people.signed_in_program(app, ben)


@pytest.fixture
def as_cleo(app: Flask, cleo: User) -> FlaskClient:
    """The program of who runs the site."""
    return people.signed_in_program(app, cleo)


@pytest.fixture
def ada_browsing(app: Flask, ada: User) -> FlaskClient:
    """Ada's browser, signed in on the pages."""
    return people.signed_in_browser(app, ada)


@pytest.fixture
def cleo_browsing(app: Flask, cleo: User) -> FlaskClient:
    """The browser of who runs the site, signed in on the pages."""
    return people.signed_in_browser(app, cleo)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Recorded answers and real data sets beside the project; absent outside of development."""
    folder = Path(__file__).parent.parent.parent / "shared" / "data"
    if not folder.is_dir():
        absent("shared", "recorded data lies beside the project only while it is developed")
    return folder
