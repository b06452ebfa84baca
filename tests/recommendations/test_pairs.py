"""What likes say together, against the same done the long way."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from moviesite.recommendations import engine, newcomers, pairs
from moviesite.recommendations.folding import Columns, PairSums
from moviesite.recommendations.guests import of as guests_of
from tests.recommendations.conftest import FIRST, MOVIES, SECOND, World

MANY = np.array([*FIRST[:20], *SECOND[:2]])
# Arrays and the settings that say how strongly they speak.
BESIDE_THE_MATRICES = (("item_factors", "blend"), ("pair_weights", "pair_blend"))


@pytest.fixture(scope="module")
def likes() -> sparse.csr_array:
    """Forty people and fifteen movies, some of which many more like."""
    chance = np.random.default_rng(7)
    return sparse.csr_array(
        (chance.random((40, 15)) < np.linspace(0.15, 0.7, 15)).astype(np.float32)
    )


def told(found: pairs.Directions, weights: NDArray[np.float32], liked: Columns) -> PairSums:
    person = found.rows[liked] / np.sqrt(found.lengths[liked].sum())
    return PairSums(person, found.pairs.astype(np.int32), weights)


def test_all_products_are_the_square_of_the_cosine(likes: sparse.csr_array) -> None:
    """Ridge regression over people with that kernel says the same, down to the last direction."""
    rarity, ridge = 0.4, 0.3
    found = pairs.directions(likes, 14, 10_000, rarity)
    dense = likes.toarray().astype(np.float64)
    rows = dense * ((1 + dense.sum(axis=0)) / len(dense)) ** -rarity
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    # Products are of what lies in the fourteen directions: the kernel must be, too.
    _, _, axes = np.linalg.svd(rows)
    within = rows @ axes[:14].T @ axes[:14]
    kernel = (within @ rows.T) ** 2
    wanted = kernel @ np.linalg.solve(kernel + ridge * np.eye(40), dense)
    weights = pairs.learn(likes, found, ridge)
    for person in (0, 17, 39):
        voice = told(found, weights, np.flatnonzero(dense[person]))
        np.testing.assert_allclose(voice.total(), wanted[person], atol=2e-3)


def test_each_like_has_its_part_and_the_parts_are_the_whole(likes: sparse.csr_array) -> None:
    found = pairs.directions(likes, 6, 15, 0.4)
    voice = told(found, pairs.learn(likes, found, 0.1), np.array([1, 4, 9, 14]))
    parts = voice.of(np.arange(15))
    assert parts.shape == (4, 15)
    np.testing.assert_allclose(parts.sum(axis=0), voice.total(), atol=1e-5)


def test_the_products_that_vary_most_are_looked_at(likes: sparse.csr_array) -> None:
    found = pairs.directions(likes, 8, 5, 0.4)
    places = pairs._products(likes, found)
    every = pairs.directions(likes, 8, 10_000, 0.4)
    assert found.pairs.shape == (2, 5)
    assert every.pairs.shape == (2, 36)
    twice = np.where(every.pairs[0] == every.pairs[1], 1, 2)
    spread = (pairs._products(likes, every) ** 2).mean(axis=0) * twice
    kept = (places**2).mean(axis=0) * np.where(found.pairs[0] == found.pairs[1], 1, 2)
    assert kept.sum() > 0.7 * np.sort(spread)[-5:].sum()


def test_people_are_learnt_from_in_parts(likes: sparse.csr_array) -> None:
    found = pairs.directions(likes, 8, 20, 0.4)
    whole, parts = (pairs.learn(likes, found, 0.1, at_once) for at_once in (40, 7))
    np.testing.assert_allclose(parts, whole, rtol=1e-2, atol=1e-3)


def test_where_nothing_varies_nothing_is_said() -> None:
    for dense in (np.ones((1, 5)), np.ones((4, 1))):
        model = engine.fit(sparse.csr_array(dense, dtype=np.float32), None)
        assert "pair_weights" not in model.arrays
    model = engine.fit(sparse.csr_array(np.ones((30, 25), dtype=np.float32)), None)
    assert model.arrays["taste_rows"].shape == (25, 1), "they have one direction in common"
    assert np.isfinite(model.score(np.arange(22))).all()


def test_they_speak_to_those_who_told_much(world: World) -> None:
    def voices(count: int) -> list[str]:
        return [type(voice).__name__ for _, voice in world.model.fold(MANY[:count]).voices]

    assert "PairSums" not in voices(10)
    assert "PairSums" in voices(11)
    strengths = sum(world.model._blend(*names, 22) for names in BESIDE_THE_MATRICES)
    assert strengths == pytest.approx(0.5), "half is left to the matrices"


def test_everybody_gets_their_own_half_by_pairs_alone(world: World) -> None:
    model = engine.Model(
        world.model.arrays, {**world.model.settings, "pair_blend": 1.0, "blend": 0}
    )
    scores = model.score(MANY)
    assert scores[list(FIRST[20:])].mean() > scores[list(SECOND[2:])].mean() + 0.2
    assert scores[[56, 57]].min() > scores[[58, 59]].max(), "new ones as what they are made of"


def test_new_movies_stand_where_those_like_them_stand() -> None:
    rows = np.array([[1, 0], [0, 1], [9, 9]], dtype=np.float32)
    lengths = np.array([1, 4, 81], dtype=np.float32)
    weights = np.array([[2], [4], [0]], dtype=np.float32)
    made_of = sparse.csr_array(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    near = newcomers.nearest(made_of, np.array([1, 1, 0]), 2)
    newcomers.fill_in_pairs(rows, lengths, weights, near)
    share = np.array([0.6, 0.8]) / 1.4
    np.testing.assert_allclose(rows[2], share, rtol=1e-6)
    assert lengths[2] == pytest.approx(share @ [1, 4])
    assert weights[2, 0] == pytest.approx(share @ [2, 4])


def test_a_liked_movie_without_a_column_takes_part(world: World) -> None:
    kinds, ids = world.told.kinds, world.told.ids
    made_of = [(int(kinds[at]), int(ids[at])) for at in world.told.rows[[3]].indices]
    found = guests_of(world.model, {9999: made_of})
    assert found is not None
    told_of = world.model.fold(MANY, guests=found)
    voice = next(voice for _, voice in told_of.voices if isinstance(voice, PairSums))
    assert len(voice.per_like) == len(MANY) + 1
    assert np.abs(voice.per_like[-1]).sum() > 0
    assert len(told_of.shares(np.arange(MOVIES))) == len(MANY) + 1


def test_a_model_holds_nothing_that_has_a_row_for_each_person(world: World) -> None:
    people = world.likes.shape[0]
    assert all(people not in array.shape for array in world.model.arrays.values())
