"""How long a start takes and how much memory a worker holds, with the shipped settings.

python -m benchmarks.footprint
"""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks import serving, upstream
from benchmarks.table import Row, at_most, markdown

STARTS = 5
VISITED: tuple[str, ...] = (
    "/",
    "/movie/27205-inception",
    "/search?query=star",
    "/api/v1/movies/trending",
)
VISITED += ("/api/v1/movies/27205", "/api/v1/movies/discover?with_genres=18", "/about")
ROUNDS = 60


def main() -> None:
    """Measure and print."""
    print(markdown(measured()))


def measured() -> list[Row]:
    """The start, and the memory of the largest worker, with the source elsewhere and within."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis_url, other = (stack.enter_context(serving.redis_server(folder)) for _ in range(2))
        _, source = stack.enter_context(upstream.listening(upstream.CountingSource(None)))
        env = serving.environment(folder, REDIS_URL=redis_url)
        serving.prepare(env)
        starts = [_start(env) for _ in range(STARTS)]
        within = _largest(env)
        outside = {"REDIS_URL": other, "TMDB_BASE_URL": source, "TMDB_API_KEY": "measured"}
        elsewhere = _largest({**env, **outside})
    worker = f"a worker after {ROUNDS * len(VISITED)} answers, PSS"
    return [
        at_most("web server: start to first page (median)", statistics.median(starts), 1.5, " s"),
        at_most(worker, elsewhere, 85, " MB", 0),
        Row(f"{worker}, the demo catalog in it", f"{within:.0f} MB"),
    ]


def _largest(env: dict[str, str]) -> float:
    with serving.web(env) as (address, pid):
        for _ in range(ROUNDS):
            for path in VISITED:
                serving.fetch(address + path)
        return max(proportional_mb(child) for child in children_of(pid))


def _start(env: dict[str, str]) -> float:
    began = time.perf_counter()
    with serving.web(env, ready="/"):
        return time.perf_counter() - began


def children_of(pid: int) -> list[int]:
    """Ids of the processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def proportional_mb(pid: int) -> float:
    """Memory of a process in megabytes, shared pages counted in shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no PSS of {pid}")


if __name__ == "__main__":
    main()
