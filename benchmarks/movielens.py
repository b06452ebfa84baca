"""Reads ratings and films into matrices. For measurements alone."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import films
from moviesite.recommendations import features

FEWEST_OF_A_MOVIE, FEWEST_OF_A_PERSON = 3, 5
DIRECTING, WRITING = "Director", "Writing"


class Ratings(NamedTuple):
    """`likes`: people x movies of ones; `movies`: the file's movie id of each column."""

    likes: sparse.csr_array
    movies: NDArray[np.int64]


def read(path: Path, liked_from: float = 0.0) -> Ratings:
    """Ratings of `user::movie::rating::time` lines, of CSV with a header, or of a zip with either.

    Every rating of `liked_from` or more counts; then movies with fewer than 3 are left out, then
    people with fewer than 5.
    """
    rows = np.array(list(_rows(path)), dtype=np.float64)
    rows = rows[rows[:, 2] >= liked_from]
    rows = rows[_often(rows[:, 1], FEWEST_OF_A_MOVIE)]
    rows = rows[_often(rows[:, 0], FEWEST_OF_A_PERSON)]
    people, person = np.unique(rows[:, 0], return_inverse=True)
    movies, movie = np.unique(rows[:, 1].astype(np.int64), return_inverse=True)
    ones = np.ones(len(rows), dtype=np.float32)
    likes = sparse.csr_array((ones, (person, movie)), shape=(len(people), len(movies)))
    likes.data[:] = 1  # somebody who rated a movie twice likes it once
    return Ratings(likes, movies)


def _often(ids: NDArray[np.float64], least: int) -> NDArray[np.bool_]:
    _, which, count = np.unique(ids, return_inverse=True, return_counts=True)
    return count[which] >= least


def _rows(path: Path) -> Iterator[tuple[float, float, float]]:
    lines = _text(path).splitlines()
    dat = "::" in lines[0]
    split = (line.split("::") for line in lines) if dat else csv.reader(lines[1:])
    for person, movie, rating, *_ in filter(None, split):
        yield float(person), float(movie), float(rating)


def _text(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="latin-1")
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if Path(n).stem == "ratings"]
        with io.TextIOWrapper(archive.open(names[0]), encoding="latin-1") as text:
            return text.read()


def described(movies: NDArray[np.int64], links: Path, catalogue: Path) -> features.Features:
    """What the films of a catalogue are made of, for each movie that links to one of them."""
    with links.open(newline="") as lines:
        tmdb_ids = {int(row["movieId"]): row["tmdbId"] for row in csv.DictReader(lines)}
    known = {film["id"]: film for film in films.read(catalogue)}
    linked = [known.get(int(tmdb_ids.get(int(movie)) or -1)) for movie in movies]
    return features.weighted(
        {kind: [_ids(film, kind) if film else [] for film in linked] for kind in features.KINDS}
    )


def _ids(film: films.Film, kind: str) -> list[int]:
    crew = film["crew"]
    rows = {
        "genre": film["genres"],
        "keyword": film["keywords"],
        "cast": film["cast"],
        "director": [row for row in crew if row["job"] == DIRECTING],
        "writer": [row for row in crew if row["department"] == WRITING],
    }[kind]
    return [row["id"] for row in rows]


def summary(ratings: Ratings, facts: features.Features | None) -> str:
    """What was read, in a sentence; of how much of it the films say what it is made of."""
    people, movies = ratings.likes.shape
    text = f"{people:,} people, {movies:,} movies, {ratings.likes.nnz:,} interactions"
    if facts is None:
        return f"{text}; nothing is known of what the movies are made of"
    known = np.diff(facts.rows.indptr) > 0
    share = ratings.likes.sum(axis=0)[known].sum() / ratings.likes.nnz
    return f"{text}; films describe {known.mean():.0%} of the movies with {share:.0%} of these"
