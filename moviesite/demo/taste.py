"""Makes up the demo viewers: tastes, and what follows from them. Copies nobody's ratings.

Every draw comes from one fixed seed. A film's renown and merit are made here too, from facts and
from the house's own list of cornerstones; no upstream number goes into them.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from moviesite.demo.curation import is_cornerstone
from moviesite.demo.windows import standing_day

Row = dict[str, Any]

VIEWERS: Final = 300
_SEED: Final = 20160
_GENRES: Final = (
    28,
    12,
    16,
    35,
    80,
    99,
    18,
    10751,
    14,
    36,
    27,
    10402,
    9648,
    10749,
    878,
    53,
    10752,
    37,
)
_MOODS: Final = (
    *("quiet", "early", "late", "patient", "curious", "gentle", "bright", "restless", "velvet"),
    *("amber", "silver", "rainy", "sunny", "slow", "brisk", "hidden", "distant", "paper"),
    *("midnight", "morning", "western", "northern", "double", "second"),
)
_THINGS: Final = (
    *("projector", "matinee", "usher", "ticket", "balcony", "curtain", "reel", "lobby", "marquee"),
    *("aisle", "spotlight", "programme", "foyer", "screen", "intermission", "popcorn", "lantern"),
    *("splice", "credits", "trailer", "organ", "stalls"),
)
_LONGEST_VIEW_HOURS: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a taste can hold on to in one film, with its renown and merit."""

    id: int
    year: int
    genres: frozenset[int]
    keywords: frozenset[int]
    directors: frozenset[int]
    is_foreign: bool
    is_out: bool
    renown: float
    merit: float


@dataclass(frozen=True, slots=True)
class _Taste:
    """What one viewer likes: weights that add up to a liking around zero."""

    genres: dict[int, float]
    keywords: frozenset[int]
    directors: frozenset[int]
    year: float
    span: float
    foreign: float
    mainstream: float
    mean: float
    sharpness: float

    def liking(self, film: _Facts) -> float:
        """About -1.5 to 2."""
        genre = sum(self.genres[g] for g in film.genres if g in self.genres)
        return (
            genre / math.sqrt(max(1, len(film.genres)))
            + 0.3 * len(self.keywords & film.keywords)
            + 0.9 * len(self.directors & film.directors)
            + self.foreign * film.is_foreign
            - min(1.2, abs(film.year - self.year) / self.span * 0.4)
        )


def invent_viewers(films: list[Row]) -> list[Row]:
    """Rows of the viewers' bundle for these films; the same films give the same viewers."""
    draw = random.Random(_SEED)  # noqa: S311 - made-up people need no secrets
    known = _facts(films, draw)
    loved = _things_to_love(known)
    return [_viewer(number, known, loved, draw) for number in range(1, VIEWERS + 1)]


def _facts(films: list[Row], draw: random.Random) -> list[_Facts]:
    eve = standing_day(sorted(film["release_date"] for film in films)).isoformat()
    seen = Counter(name for film in films for name in _prominent(film))
    hands: dict[int, float] = {}
    return [_facts_of(film, eve, seen, hands, draw) for film in films]


def _facts_of(
    film: Row, eve: str, seen: Counter[int], hands: dict[int, float], draw: random.Random
) -> _Facts:
    directors = frozenset(c["id"] for c in film["crew"] if c["job"] == "Director")
    year = int(film["release_date"][:4])
    cornerstone = is_cornerstone(film)
    hand = sum(hands.setdefault(d, draw.gauss(0, 0.2)) for d in sorted(directors))
    # The four best known: an anthology by twenty directors is not five times as famous.
    fame = sum(sorted((math.log2(1 + seen[name]) for name in _prominent(film)), reverse=True)[:4])
    return _Facts(
        id=film["id"],
        year=year,
        genres=frozenset(g["id"] for g in film["genres"]),
        keywords=frozenset(k["id"] for k in film["keywords"]),
        directors=directors,
        is_foreign=film["original_language"] != "en",
        is_out=film["release_date"] <= eve,
        renown=fame / 8 + 1.6 * cornerstone + max(0, year - 1985) / 40 + draw.gauss(0, 0.5),
        merit=0.5 * cornerstone
        + 0.15 * (year < 1970)
        + hand / len(directors)
        + draw.gauss(0, 0.25),
    )


def _prominent(film: Row) -> list[int]:
    stars = [part["id"] for part in film["cast"][:4]]
    return stars + [c["id"] for c in film["crew"] if c["job"] == "Director"]


def _things_to_love(films: list[_Facts]) -> tuple[list[int], list[int]]:
    """Directors with three films or more, and keywords that eight to eighty films share."""
    directors = Counter(d for film in films for d in film.directors)
    keywords = Counter(k for film in films for k in film.keywords)
    return (
        sorted(d for d, times in directors.items() if times >= 3),
        sorted(k for k, times in keywords.items() if 8 <= times <= 80),
    )


def _taste(loved: tuple[list[int], list[int]], draw: random.Random) -> _Taste:
    genres = {genre: draw.gauss(0, 0.12) for genre in _GENRES}
    favored = draw.sample(_GENRES, 5)
    for genre in favored[:3]:
        genres[genre] += draw.uniform(0.5, 1.0)
    for genre in favored[3:]:
        genres[genre] -= draw.uniform(0.5, 1.0)
    directors, keywords = loved
    return _Taste(
        genres=genres,
        keywords=frozenset(draw.sample(keywords, min(8, len(keywords)))),
        directors=frozenset(draw.sample(directors, min(6, len(directors)))),
        year=draw.choice((1958, 1972, 1982, 1988, 1995, 1999, 2004, 2008, 2011, 2013)),
        span=draw.uniform(9, 30),
        foreign=draw.choice((-0.5, -0.3, -0.1, 0.2, 0.6)),
        mainstream=draw.uniform(0.6, 1.4),
        mean=min(4.2, max(2.6, draw.gauss(3.35, 0.35))),
        sharpness=draw.uniform(0.6, 1.1),
    )


def _viewer(
    number: int, films: list[_Facts], loved: tuple[list[int], list[int]], draw: random.Random
) -> Row:
    taste = _taste(loved, draw)
    joined = int(draw.triangular(20, 1500, 500))
    ratings = _ratings(films, taste, joined, draw)
    return {
        "username": f"demo-{draw.choice(_MOODS)}-{draw.choice(_THINGS)}-{number}",
        "joined_days_ago": joined,
        "ratings": ratings,
        "favorites": _favorites(ratings, draw),
        "views": _views(films, taste, ratings, draw),
    }


def _drawn(weights: list[tuple[float, _Facts]], count: int, draw: random.Random) -> list[_Facts]:
    """`count` different films, likelier by weight (exponential keys instead of repeated draws)."""
    keyed = [
        (weight - math.log(-math.log(draw.random() or 0.5)), film.id, film)
        for weight, film in weights
    ]
    keyed.sort(reverse=True, key=lambda entry: entry[:2])
    return [film for _, _, film in keyed[:count]]


def _ratings(
    films: list[_Facts], taste: _Taste, joined: int, draw: random.Random
) -> list[list[float]]:
    """`[movie id, stars, days ago]`, newest first, given in evenings of a few films."""
    count = int(min(240, max(16, draw.lognormvariate(4.05, 0.6))))
    weights = [
        (taste.mainstream * film.renown + 2.2 * taste.liking(film), film)
        for film in films
        if film.is_out
    ]
    evenings = [draw.randint(0, joined) for _ in range(1 + count // 4)]
    rows = [
        [film.id, _stars(film, taste, draw), draw.choice(evenings)]
        for film in _drawn(weights, count, draw)
    ]
    return sorted(rows, key=lambda row: (row[2], row[0]))


def _stars(film: _Facts, taste: _Taste, draw: random.Random) -> float:
    felt = (
        taste.mean + 0.9 * film.merit + taste.sharpness * taste.liking(film) + draw.gauss(0, 0.45)
    )
    return min(5.0, max(0.5, round(felt * 2) / 2))


def _favorites(ratings: list[list[float]], draw: random.Random) -> list[list[int]]:
    """`[movie id, days ago]`: most of the five stars and some just below, kept the same evening."""
    keeping = {5.0: 0.7, 4.5: 0.35, 4.0: 0.08}
    rows = [row for row in ratings if draw.random() < keeping.get(row[1], 0.0)]
    return [[int(row[0]), int(row[2])] for row in rows]


def _views(
    films: list[_Facts], taste: _Taste, ratings: list[list[float]], draw: random.Random
) -> list[list[int]]:
    """`[movie id, hours ago]` of the last two months, newest first; new films draw the eye."""
    newest = max(film.year for film in films)
    weights = [
        (
            taste.mainstream * film.renown
            + 1.5 * taste.liking(film)
            + 0.9 * (newest - film.year < 2)
            + 0.7 * (not film.is_out),
            film,
        )
        for film in films
    ]
    seen = _drawn(weights, int(draw.triangular(15, 110, 45)), draw)
    rows = [[film.id, int(draw.triangular(0, _LONGEST_VIEW_HOURS, 0))] for film in seen]
    rated = [row for row in ratings if row[2] * 24 < _LONGEST_VIEW_HOURS]
    rows += [[int(row[0]), int(row[2]) * 24 + draw.randint(0, 23)] for row in rated]
    return sorted(rows, key=lambda row: (row[1], row[0]))
