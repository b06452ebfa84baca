"""All measurements as one table: `python -m benchmarks` (`--quick` for a first impression).

Lists and searches of a growing catalogue have a table of their own: `python -m benchmarks.search`.
"""

import argparse
import os
import platform
from pathlib import Path

from benchmarks import answers, footprint, upstream
from benchmarks.table import markdown


def main() -> None:
    """Measure everything and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds")
    rounds, seconds = (3, 2.0) if parser.parse_args().quick else (7, 4.0)
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"{os.cpu_count()} processors ({_processor()}), Python {platform.python_version()}, ")
    print(f"{rounds} rounds of {seconds:g} s with 64 connections; load before: {load}\n")
    print(
        markdown([*answers.measured(rounds, seconds), *footprint.measured(), *upstream.measured()])
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.is_file() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
