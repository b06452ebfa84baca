"""What a training run costs: CPU seconds and peak memory of a fresh process, on made-up likes.

    python -m benchmarks.training_cost 6040 3706 1000000

Prints one JSON object. Who likes what is drawn from Zipf-like shares, features likewise.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moviesite.recommendations import engine, features

FEATURES_OF_A_MOVIE = {"genre": (3, 19), "keyword": (8, 8000), "cast": (10, 20000)}


def measured(people: int, movies: int, likes: int) -> dict[str, float]:
    """The figures of one training in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.training_cost", *map(str, (people, movies, likes))]
    found: dict[str, float] = json.loads(subprocess.check_output(command))
    return found


def made_up(people: int, movies: int, likes: int) -> sparse.csr_array:
    """Likes of the wanted number, spread as unevenly over people and movies as real ones are."""
    chance = np.random.default_rng(1)
    taken = np.empty(0, dtype=np.int64)
    while len(taken) < likes:
        person = chance.choice(people, likes, p=_shares(people, 0.6))
        movie = chance.choice(movies, likes, p=_shares(movies, 0.9))
        taken = np.unique(np.concatenate([taken, person * movies + movie]))
    taken = chance.permutation(taken)[:likes]
    ones = np.ones(likes, dtype=np.float32)
    return sparse.csr_array((ones, np.divmod(taken, movies)), shape=(people, movies))


def described(movies: int) -> features.Features:
    """Features of so many movies."""
    chance = np.random.default_rng(2)
    return features.weighted(
        {
            kind: chance.choice(pool, (movies, many), p=_shares(pool, 0.8)).tolist()
            for kind, (many, pool) in FEATURES_OF_A_MOVIE.items()
        }
    )


def _shares(count: int, steepness: float) -> NDArray[np.float64]:
    weights = (np.arange(count) + 20.0) ** -steepness
    return weights / weights.sum()


def _peak_mb() -> float:
    """Of this program alone: what `getrusage` tells begins with the memory of who started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Train once and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("people", "movies", "likes"):
        parser.add_argument(name, type=int)
    wanted = parser.parse_args()
    likes = made_up(wanted.people, wanted.movies, wanted.likes)
    facts = described(wanted.movies)
    before, start = time.process_time(), time.perf_counter()
    engine.fit(likes, facts.rows, feature_kinds=facts.kinds, feature_ids=facts.ids)
    found = {
        "cpu_seconds": time.process_time() - before,
        "seconds": time.perf_counter() - start,
        "peak_mb": _peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
