"""Which films are alike, and which are liked by the same viewers. Numbers only, nothing shown."""

import math
from collections import Counter, defaultdict
from functools import cached_property, lru_cache

from moviesite.demo.catalogue import Catalogue
from moviesite.demo.records import Film

_LIKED = 4.0
_MOST = 200
# Added to how many like a film, so that one shared oddity does not beat a shared favorite.
_FEW = 8
_WEIGHTS = {"genre": 0.6, "keyword": 1.0, "cast": 1.1, "director": 1.6, "writer": 0.5}

Trait = tuple[str, int]


class Kinship:
    """Similar and recommended films of one catalogue, worked out when asked and remembered."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.similar = lru_cache(maxsize=10_000)(self._similar)
        self.recommended = lru_cache(maxsize=10_000)(self._recommended)

    def prepare(self) -> None:
        """Make now what is otherwise made when first needed."""
        self._bearers, self._likers  # noqa: B018 - looking makes them

    def _similar(self, movie_id: int) -> tuple[Film, ...]:
        """Films that share genres, keywords and people; a rare trait counts for more."""
        films = self._catalogue.films
        scores: dict[int, float] = defaultdict(float)
        for trait in _traits(films[movie_id]):
            bearers = self._bearers[trait]
            weight = _WEIGHTS[trait[0]] * math.log(1 + len(films) / len(bearers))
            for other in bearers:
                scores[other] += weight
        return self._best(scores, movie_id)

    def _recommended(self, movie_id: int) -> tuple[Film, ...]:
        """Films liked by the demo viewers who like this one, popular ones held back."""
        together: Counter[int] = Counter()
        for likes in self._likers.get(movie_id, ()):
            together.update(likes)
        scores = {
            other: (count - 1) / math.sqrt(len(self._likers[other]) + _FEW)
            for other, count in together.items()
            if count > 1
        }
        return self._best(scores, movie_id)

    def _best(self, scores: dict[int, float], movie_id: int) -> tuple[Film, ...]:
        films = self._catalogue.films
        scores.pop(movie_id, None)
        ids = sorted(scores, key=lambda other: (-scores[other], other))[:_MOST]
        return tuple(films[other] for other in ids)

    @cached_property
    def _bearers(self) -> dict[Trait, list[int]]:
        found: dict[Trait, list[int]] = defaultdict(list)
        for film in self._catalogue.films.values():
            if not film.adult:
                for trait in _traits(film):
                    found[trait].append(film.id)
        return found

    @cached_property
    def _likers(self) -> dict[int, list[frozenset[int]]]:
        """Movie id → what each viewer who likes it likes."""
        found: dict[int, list[frozenset[int]]] = defaultdict(list)
        for viewer in self._catalogue.viewers:
            likes = frozenset(
                movie_id
                for movie_id, stars, _ in viewer.ratings
                if stars >= _LIKED and movie_id in self._catalogue.films
            )
            for movie_id in likes:
                found[movie_id].append(likes)
        return found


def _traits(film: Film) -> frozenset[Trait]:
    jobs = ((credit["id"], credit.get("job")) for credit in film.row.get("crew", ()))
    return frozenset(
        [
            *(("genre", genre) for genre in film.genres),
            *(("keyword", keyword) for keyword in film.keywords),
            *(("cast", person) for person in film.cast),
            *(("director" if job == "Director" else "writer", person) for person, job in jobs),
        ]
    )
