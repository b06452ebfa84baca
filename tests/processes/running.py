"""A real site in processes of its own, and what is left of it. For tests only."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

ROOT = Path(__file__).resolve().parents[2]
GRACE_SECONDS = 5
# How long what begins may take where several cores' work is done on one, before it counts as stuck.
PATIENCE = 120
KEPT = ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_CONFIG")


# A source that refuses: such a site has no demo to store, so that its worker is idle.
NO_SOURCE = {"TMDB_BASE_URL": "http://127.0.0.1:9/3"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**settings: str) -> dict[str, str]:
    """A clean environment, so that no setting of the developer's reaches the test."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | settings


def wait_for(seen: Callable[[], object], seconds: float, what: str) -> float:
    """Wait until `seen()` is true; the seconds it took. Fails when it takes too long."""
    began = time.monotonic()
    while not seen():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def descendants(pid: int) -> list[int]:
    """Every living process below `pid`."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (state := _state(int(entry.name))):
            parents.setdefault(state[1], []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def alive(pids: Sequence[int]) -> list[int]:
    """Those that still run; a zombie has ended."""
    return [pid for pid in pids if (state := _state(pid)) and state[0] not in "ZX"]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def _state(pid: int) -> tuple[str, int] | None:
    """Its letter and its parent; None where there is no such process."""
    fields = _stat(pid)
    return (fields[0], int(fields[1])) if fields else None


def _started(pid: int) -> int:
    """When a process began, in ticks. Its number does not tell: those begin anew at 32,768."""
    fields = _stat(pid)
    return int(fields[19]) if fields else 0


def _stat(pid: int) -> list[str]:
    """What the kernel tells after a process' name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def end(process: subprocess.Popen) -> None:
    """End a program kindly, so that it can say what it ran, or else at once."""
    process.terminate()
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class RunningSite:
    """A started `python -m moviesite` with its address and its processes."""

    def __init__(self, instance: Path, port: int, *, demo: bool = False) -> None:
        self.instance = instance
        self.port = port
        self.log = instance.parent / f"{instance.name}.log"
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moviesite"],
                cwd=ROOT,
                env=environment(
                    INSTANCE_DIR=str(instance), PORT=str(port), **({} if demo else NO_SOURCE)
                ),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def status(self, path: str = "/health/ready") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def wait_until_ready(self) -> float:
        """Seconds from the start to the greeting."""
        wait_for(
            lambda: "is ready" in self.said or self.process.poll() is not None, PATIENCE, "ready"
        )
        assert self.process.poll() is None, self.said
        return time.monotonic() - self.began

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def pids(self) -> list[int]:
        return descendants(self.process.pid)

    def pids_of(self, words: str) -> list[int]:
        """Living processes whose command line ends with `words`, the oldest first; a port counts
        as nothing.
        """
        shown = {pid: re.sub(r":\d+$", ":", command_of(pid)) for pid in alive(self.pids)}
        found = [pid for pid, command in shown.items() if command.endswith(words)]
        return sorted(found, key=_started)

    def pid_of(self, words: str) -> int:
        """The oldest of them."""
        return self.pids_of(words)[0]

    @property
    def redis(self) -> redis.Redis:
        environ = Path(f"/proc/{self.pid_of('rq_worker.py')}/environ").read_bytes().split(b"\0")
        urls = [item for item in environ if item.startswith(b"REDIS_URL=")]
        return redis.Redis.from_url(urls[0].decode().partition("=")[2])

    def end(self) -> None:
        """Leave nothing behind, whatever the test did; kindly where that is quick."""
        left = self.pids
        end(self.process)
        for pid in alive(left):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def running_site(instance: Path, *, demo: bool = False) -> Iterator[RunningSite]:
    site = RunningSite(instance, free_port(), demo=demo)
    try:
        site.wait_until_ready()
        yield site
    finally:
        site.end()


def enqueue(connection: redis.Redis, job: str, *args: str | float, job_id: str = "job") -> None:
    """Queue one of the jobs beside this file, of which nothing is kept once it is done."""
    Queue("default", connection=connection, serializer=JSONSerializer).enqueue(
        f"tests.processes.jobs.{job}",
        *args,
        job_id=job_id,
        result_ttl=0,
        retry=Retry(max=3, interval=[1]),
    )
