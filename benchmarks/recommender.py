"""The recommender beside what people would reach for, on ratings in MovieLens' format.

    python -m benchmarks.recommender --ratings ratings.csv --links links.csv --films films.jsonl.gz

A fifth of the people are held out; 80 % of each one's movies are folded in, the whole catalogue is
ranked, the rest has to be found again. `--liked-from 3.5` counts high ratings alone.
"""

import argparse
import math
import os
from pathlib import Path

# One thread: as many as there are cores would only wait for each other in matrices this small.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks import movielens, recommender_lists, recommender_tables, training_cost
from benchmarks.recommender_trials import Trial, trials
from benchmarks.table import Row, at_least, at_most, markdown

SIZES = ((6040, 3706, 1_000_000, 6.0, 600.0), (20_000, 10_000, 2_000_000, 35.0, 2500.0))


def main() -> None:
    """Measure everything and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ratings", type=Path, required=True)
    parser.add_argument("--links", type=Path, help="MovieLens' links.csv")
    parser.add_argument("--films", type=Path, help="gzipped JSON lines with ids of TMDb")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--liked-from", type=float, default=0.0)
    parser.add_argument("--no-cost", action="store_true", help="leave out training on made-up data")
    wanted = parser.parse_args()
    ratings = movielens.read(wanted.ratings, wanted.liked_from)
    facts = None
    if wanted.links and wanted.films:
        facts = movielens.described(ratings.movies, wanted.links, wanted.films)
    print(movielens.summary(ratings, facts))
    seeds = [int(seed) for seed in wanted.seeds.split(",")]
    done = [trials(ratings.likes, facts, seed) for seed in seeds]
    _print_all(done)
    if not wanted.no_cost:
        print(f"\n{markdown([row for size in SIZES for row in _cost(*size)])}")


def _print_all(done: list[Trial]) -> None:
    print(f"\n{recommender_tables.beside(done)}")
    print(f"\n{recommender_tables.ratios(done)}")
    print(f"\n{recommender_tables.few_likes(done)}")
    print(f"\n{markdown(_lists(done))}")


def _lists(done: list[Trial]) -> list[Row]:
    rows = [*recommender_tables.newcomers(done)]
    found = recommender_lists.measured(done)
    return [
        *rows,
        Row(
            "recall kept by the re-rank", f"{found['kept']:.4f}", "≥ 0.985", found["kept"] >= 0.985
        ),
        *_diversity(found),
        at_most("share of a score without a name, median", found["rest"], 0.4),
        at_most("fold-in, re-rank, reasons for 5 likes, median", found["median_ms"], 1.0, " ms"),
        at_most("the same, 99 of 100", found["p99_ms"], 1.0, " ms"),
        at_most("the same, 99 of 100, processor time", found["p99_cpu_ms"], 1.0, " ms"),
    ]


def _diversity(found: dict[str, float]) -> list[Row]:
    """Of genres, by which lists are spread where they are told; else of who likes what."""
    name = "diversity of {} within a list, after / before"
    if math.isnan(found["genres"]):
        return [at_least(name.format("tastes"), found["tastes"], 1.05, digits=3)]
    return [
        at_least(name.format("genres"), found["genres"], 1.05, digits=3),
        Row(name.format("tastes"), f"{found['tastes']:.3f}"),
    ]


def _cost(people: int, movies: int, likes: int, seconds: float, memory: float) -> list[Row]:
    found = training_cost.measured(people, movies, likes)
    size = f"training, {movies:,} movies, {likes:,} likes"
    return [
        at_most(f"{size}: processor time", found["cpu_seconds"], seconds, " s", 1),
        at_most(f"{size}: peak memory", found["peak_mb"], memory, " MB", 0),
    ]


if __name__ == "__main__":
    main()
