"""What is offered while nothing of a person's speaks: what trends, between films of many kinds.

No web, and nothing about taste is pretended: each row says how it was found.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, zip_longest

from moviesite import clock
from moviesite.cache_kinds import PickedRow
from moviesite.catalogue import browse
from moviesite.catalogue.filters import Filters
from moviesite.catalogue.queries import stored_among
from moviesite.errors import Unavailable
from moviesite.models import User
from moviesite.providers.base import MovieData
from moviesite.recommendations import in_service, queries
from moviesite.recommendations.recommending import Picks, Wish, picks_for, variety
from moviesite.trending import queries as trending
from moviesite.trending.queries import Trend

TRENDING, VARIETY = "trending", "variety"
OF_MANY_KINDS = "Well known, and different from the others"
# As many trending films as TMDb tells in one page.
_TRENDING = 20
# Of so many well-known films those are chosen that differ, where no model tells; so many are
# looked at, for whoever has seen a good part of them.
_KNOWN, _LOOKED_AT = 100, 500
_DECADE = 10


def offered_to(user: User, wish: Wish, language: str, region: str) -> Picks:
    """At most `limit` movies for a person: by their taste, else what anybody may start with.

    The first of what trends leads, and from then on trends and films of many kinds take turns.
    """
    own = picks_for(user, wish)
    if own.personal:
        return own
    signals, serving = queries.signals_of(user.id), in_service.current()
    trends = _trends(wish, language, region)
    known = () if serving else _well_known(wish, signals.muted["genre"])
    among = {*trends, *(serving.ids if serving else ()), *(movie.id for movie in known)}
    without = queries.left_out(signals, among) | signals.liked.keys()
    leading = [(movie_id, why) for movie_id, why in trends.items() if movie_id not in without]
    without |= trends.keys()
    if serving:
        others = variety(wish, without, serving)
    else:
        left = [movie for movie in known if movie.id not in without]
        others = _spread(left[:_KNOWN], wish.limit)
    rows = list(_rows(leading, [(one, OF_MANY_KINDS) for one in others]))[: wish.limit]
    return Picks(tuple(_scored(rows)), clock.now(), personal=False, has_likes=bool(signals.liked))


def _trends(wish: Wish, language: str, region: str) -> dict[int, str]:
    """Stored films that trend, here or, while few people come, on TMDb, each with its reason."""
    try:
        found = trending.trending("week", _TRENDING, trending.BLEND, language, region).results
    except Unavailable:
        return {}
    fitting = [one for one in found if _fits(one, wish)]
    stored = stored_among([one.movie.id for one in fitting])
    return {one.movie.id: one.why for one in fitting if one.movie.id in stored}


def _fits(trend: Trend, wish: Wish) -> bool:
    kinds = {genre.id for genre in trend.movie.genres}
    fitting = all(not kinds.isdisjoint(group) for group in wish.genres)
    return fitting and _is_of_decade(trend.movie, wish.decade)


def _is_of_decade(movie: MovieData, decade: int | None) -> bool:
    if decade is None:
        return True
    return movie.year is not None and decade <= movie.year < decade + _DECADE


def _well_known(wish: Wish, muted_genres: Collection[int]) -> Sequence[MovieData]:
    filters = Filters(
        genres=tuple(tuple(map(str, group)) for group in wish.genres),
        without_genres=tuple(map(str, muted_genres)),
        year_from=wish.decade,
        year_to=wish.decade + _DECADE - 1 if wish.decade else None,
    )
    return browse.stored(filters, page_size=_LOOKED_AT).movies


def _spread(movies: Sequence[MovieData], count: int) -> list[int]:
    """The first ones, unless their genres were chosen before: each place weighs both alike."""
    left = {movie.id: (place / len(movies), movie) for place, movie in enumerate(movies)}
    chosen, genres = list[int](), Counter[int]()
    while left and len(chosen) < count:
        best = min(left, key=lambda id_: left[id_][0] + _overlap(left[id_][1], genres, len(chosen)))
        _, movie = left.pop(best)
        chosen.append(best)
        genres.update(genre.id for genre in movie.genres)
    return chosen


def _overlap(movie: MovieData, genres: Counter[int], chosen: int) -> float:
    """How much of what was chosen is of the movie's genres, 0 to 1."""
    if not chosen or not movie.genres:
        return 0.0
    return sum(genres[genre.id] for genre in movie.genres) / (chosen * len(movie.genres))


def _rows(
    trends: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, str, str]]:
    labelled = zip_longest(
        ((movie_id, TRENDING, why) for movie_id, why in trends),
        ((movie_id, VARIETY, why) for movie_id, why in others),
    )
    return (row for row in chain.from_iterable(labelled) if row is not None)


def _scored(rows: Sequence[tuple[int, str, str]]) -> Iterator[PickedRow]:
    """Scores tell the order alone: the two kinds of rows are not of one scale."""
    for place, (movie_id, found_by, why) in enumerate(rows):
        score = 1 - place / len(rows)
        yield PickedRow(movie_id, score, False, (), score, found_by, why)
