"""Load on one address of this machine, by wrk or, where there is none, by threads of ours."""

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

CONNECTIONS = 64
LONGEST_SECONDS = 60.0
MOST_REQUESTS = 500_000

_LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)", re.MULTILINE)
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)", re.MULTILINE)
_ERRORS = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.+)")
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Load(NamedTuple):
    """What a round showed: answers a second, median and 99th percentile in milliseconds."""

    rate: float
    p50: float
    p99: float


def press(
    address: str,
    seconds: float = 3.0,
    connections: int = CONNECTIONS,
    *,
    headers: Mapping[str, str] | None = None,
    script: Path | None = None,
) -> Load:
    """One round; raises RuntimeError where an answer was no success.

    `script` is one of wrk's, for requests that differ from each other; without wrk it cannot run.
    """
    parts = urlsplit(address)
    if parts.hostname != "127.0.0.1" or not 0 < seconds <= LONGEST_SECONDS:
        raise ValueError("rounds are short and stay on this machine")
    wrk = shutil.which("wrk")
    if wrk is None and script is not None:
        raise RuntimeError("writes are measured by wrk alone")
    sent = headers or {}
    if wrk is None:
        return _by_threads(address, seconds, sent)
    more = [f"-H{name}: {value}" for name, value in sent.items()]
    more += ["-s", str(script)] if script else []
    return _by_wrk([wrk, *more], address, seconds, connections)


def typical(rounds: list[Load]) -> Load:
    """The median of each figure."""
    return Load(*(statistics.median(values) for values in zip(*rounds, strict=True)))


def _by_wrk(wrk: list[str], address: str, seconds: float, connections: int) -> Load:
    command = [
        *wrk,
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        # Slow answers are a finding, and no reason to give up.
        "--timeout",
        "20s",
        "--latency",
        address,
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if found := _ERRORS.search(output):
        raise RuntimeError(f"{address}: {found[0]}")
    times = {
        percent: float(value) * _MILLISECONDS[unit] for percent, value, unit in _percent(output)
    }
    rate = _RATE.search(output)
    if rate is None:
        raise RuntimeError(output)
    return Load(float(rate[1]), times["50"], times["99"])


def _percent(output: str) -> list[tuple[str, str, str]]:
    return _LATENCY.findall(output)


def _by_threads(address: str, seconds: float, headers: Mapping[str, str]) -> Load:
    """Slower than wrk, so that ratios look better than they are: four threads in turn."""
    until = time.monotonic() + seconds
    times: list[float] = []
    asked = (address, headers, until, times)
    threads = [threading.Thread(target=_ask, args=asked) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / seconds, cuts[49] * 1000, cuts[98] * 1000)


def _ask(address: str, headers: Mapping[str, str], until: float, times: list[float]) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)
    wanted = address.split(parts.netloc, 1)[1]
    while time.monotonic() < until and len(times) < MOST_REQUESTS:
        began = time.perf_counter()
        connection.request("GET", wanted, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
    connection.close()
