"""Makes the demo's bundle: `python -m moviesite.demo.build --films films-5000.jsonl.gz`.

Takes facts alone from the films given, writes its own overviews, and makes the demo viewers up.
The same input gives the same bytes. Not used while the site runs.
"""

import argparse
import gzip
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from moviesite.demo.catalogue import BUNDLED_CATALOGUE, read_rows
from moviesite.demo.curation import CORNERSTONES, choose, facts_of
from moviesite.demo.sentences import overview
from moviesite.demo.taste import invent_viewers
from moviesite.demo.viewers import BUNDLED_VIEWERS


def build(films: Path, catalogue: Path, viewers: Path) -> tuple[int, int]:
    """Write both files; how many films and viewers they hold."""
    rows = [facts_of(film) for film in choose(read_rows(films))]
    missing = CORNERSTONES - {row["title"] for row in rows}
    if missing:
        raise SystemExit(f"These films must not be missing: {'; '.join(sorted(missing))}")
    for row in rows:
        row["overview"] = overview(row)
    people = invent_viewers(rows)
    _write(catalogue, rows)
    _write(viewers, people)
    return len(rows), len(people)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    text = b"".join(orjson.dumps(row) + b"\n" for row in rows)
    # Without the time in its header, so that the same rows are the same bytes.
    path.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Make the demo catalog and its viewers.")
    parser.add_argument(
        "--films", type=Path, required=True, help="film facts, a JSON object a line"
    )
    parser.add_argument("--catalogue", type=Path, default=BUNDLED_CATALOGUE)
    parser.add_argument("--viewers", type=Path, default=BUNDLED_VIEWERS)
    wanted = parser.parse_args(arguments)
    films, viewers = build(wanted.films, wanted.catalogue, wanted.viewers)
    sys.stdout.write(f"{films} films, {viewers} viewers\n")


if __name__ == "__main__":
    main()
