"""Liked movies that a model does not know speak through those most like them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from moviesite.recommendations import guests, serving
from moviesite.recommendations.features import KINDS
from moviesite.recommendations.folding import Guests
from moviesite.recommendations.model import Model
from moviesite.recommendations.serving import recommend
from tests.recommendations.conftest import FIRST, SECOND

DIRECTOR, CAST, GENRE = (KINDS.index(kind) for kind in ("director", "cast", "genre"))
# Made as the first half's movies are, and as the second's.
OF_FIRST = ((DIRECTOR, 100), (CAST, 2000), (GENRE, 2))
OF_SECOND = ((DIRECTOR, 101), (CAST, 2001), (GENRE, 3))
STRANGE = ((DIRECTOR, 999), (CAST, 998))

Liked = NDArray[np.int64]


def known(model: Model, **made_of: tuple[tuple[int, int], ...]) -> Guests:
    """Guests named by numbers."""
    found = guests.of(model, {int(name[1:]): its for name, its in made_of.items()})
    assert found is not None
    return found


def test_one_liked_guest_is_enough_for_a_taste(model: Model) -> None:
    for made_of, own, other in ((OF_FIRST, FIRST, SECOND), (OF_SECOND, SECOND, FIRST)):
        shown = recommend(model, [], guests=known(model, n7=made_of), new_places=0, count=10)
        movies = {one.movie for one in shown}
        assert len(movies & set(own)) > 7
        assert len(movies & set(other)) < 3
        assert {(r.kind, r.id) for one in shown for r in one.reasons} == {("guest", 7)}


@pytest.mark.parametrize("strategy", ["hybrid", "content", "collab"])
@pytest.mark.parametrize("likes", [0, 1, 4, 25])
def test_reasons_and_rest_add_up_with_guests_too(
    model: Model, likes: int, strategy: serving.Strategy
) -> None:
    both = known(model, n7=OF_FIRST, n8=OF_SECOND)
    shown = recommend(model, np.arange(likes), strategy=strategy, guests=both)
    assert shown
    for one in shown:
        assert sum(r.weight for r in one.reasons) + one.rest == pytest.approx(one.score, abs=1e-5)
        assert len(one.reasons) <= 3


@pytest.mark.parametrize("strategy", ["hybrid", "content", "collab"])
def test_shares_with_guests_are_the_whole_score(model: Model, strategy: serving.Strategy) -> None:
    told = model.fold([1, 30], strategy, known(model, n7=OF_FIRST, n8=OF_SECOND))
    shares = told.shares(np.arange(model.size))
    assert shares.shape == (4, model.size)
    prior = model._prior(4, strategy)
    left = told.scores - shares.sum(axis=0) - (0 if prior is None else prior)
    assert np.ptp(left) < 1e-4, "what nobody speaks for is the same for every movie"


def test_a_guest_that_is_like_a_movie_says_what_that_one_says(model: Model) -> None:
    alone = model.score([3])
    guest = model.fold([], guests=known(model, n7=OF_FIRST)).scores
    assert np.corrcoef(alone[list(FIRST)].mean() - alone, guest.mean() - guest)[0, 1] > 0.7


def test_a_guest_adds_to_what_is_liked_and_is_named(model: Model, liked: Liked) -> None:
    shown = recommend(model, liked[:2], guests=known(model, n7=OF_SECOND))
    assert any(("guest", 7) in {(r.kind, r.id) for r in one.reasons} for one in shown)


def test_who_shares_nothing_with_any_movie_is_no_guest(model: Model) -> None:
    assert guests.of(model, {}) is None
    assert guests.of(model, {1: [], 2: STRANGE}) is None
    mixed = guests.of(model, {1: [], 2: STRANGE, 3: OF_FIRST})
    assert mixed is not None
    assert mixed.names == (3,)
    np.testing.assert_allclose(mixed.near.weight.sum(), 1, rtol=1e-5)


def test_new_movies_never_stand_for_a_guest(model: Model) -> None:
    near = known(model, n7=OF_FIRST).near
    assert not model.is_new[near.features].any()
