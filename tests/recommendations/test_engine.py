"""What is learnt, against arithmetic done the long way."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse

from moviesite import optional
from moviesite.recommendations import (
    closed_form,
    counting,
    engine,
    explaining,
    factors,
    features,
    newcomers,
)
from tests.recommendations.conftest import FIRST, MOVIES, NEW, SECOND, World


def test_counts_are_those_of_a_plain_product() -> None:
    chance = np.random.default_rng(1)
    dense = (chance.random((300, 90)) < np.linspace(0.001, 0.4, 90)).astype(np.float32)
    found = counting.together(sparse.csr_array(dense))
    np.testing.assert_allclose(found, dense.T @ dense)


def test_counts_of_nothing_but_rare_movies_and_of_nothing_but_frequent_ones() -> None:
    for dense in (np.eye(200, dtype=np.float32), np.ones((5, 3), dtype=np.float32)):
        np.testing.assert_allclose(counting.together(sparse.csr_array(dense)), dense.T @ dense)


@pytest.mark.parametrize("in_place", [True, False])
def test_weights_are_the_closed_form(in_place: bool) -> None:
    chance = np.random.default_rng(2)
    rows = (chance.random((400, 600)) < 0.1).astype(np.float64)
    counts = rows.T @ rows
    inverse = np.linalg.inv(counts + np.diag(7 + 3 * np.diag(counts)))
    wanted = -inverse / np.diag(inverse)
    np.fill_diagonal(wanted, 0)
    told = counts.astype(np.float32)
    found = closed_form.weights(told, 7, 0.75, in_place=in_place)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert in_place or (told == counts).all()


def test_weights_need_a_regularisation() -> None:
    with pytest.raises(ValueError, match="positive definite"):
        closed_form.weights(-np.eye(3, dtype=np.float32), 0.5, 0.0)


def test_rare_features_weigh_more_and_those_of_a_single_movie_nothing() -> None:
    told = features.weighted(
        {"genre": [[1], [1], [1], [1], []], "keyword": [[7], [7, 8], [], [8], []]}
    )
    rows = told.rows.toarray()
    assert told.kinds.tolist() == [0, 4, 4]
    assert told.ids.tolist() == [1, 7, 8]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 0, 1, 0], atol=1e-6)
    assert rows[1, 1] == pytest.approx(rows[1, 2])
    assert features.weighted({"cast": [[1], [2], []]}).rows.nnz == 0


def test_features_weigh_as_their_kind_is_told_to() -> None:
    kinds = {"director": [[1], [1], []], "cast": [[2], [2], []]}
    rows = features.weighted(kinds, {"director": 3.0}).rows.toarray()
    assert rows[0, 0] == pytest.approx(3 * rows[0, 1])


def test_features_of_unequal_length_or_unknown_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        features.weighted({"cast": [[1]], "genre": []})
    with pytest.raises(ValueError, match="one length"):
        features.weighted({"colour": [[1]]})


def test_everybody_gets_their_own_half(world: World) -> None:
    for half in (FIRST, SECOND):
        scores = world.model.score(np.array(half[:12]))
        rest = [movie for movie in range(56) if movie not in half[:12]]
        best = sorted(rest, key=lambda movie: -scores[movie])[:10]
        assert set(best) <= set(half)


def test_new_movies_score_as_what_they_are_made_of(world: World) -> None:
    scores = world.model.score(np.array(FIRST[:12]))
    assert scores[[56, 57]].min() > scores[[58, 59]].max()
    assert np.flatnonzero(world.model.is_new).tolist() == list(NEW)


def test_liking_a_new_movie_says_something(world: World) -> None:
    scores = world.model.fold(np.array([56])).shares(np.arange(56))[0]
    assert scores[list(FIRST)].mean() > scores[list(SECOND)].mean() + 0.5


def test_a_new_column_is_the_weighted_mean_of_its_neighbours() -> None:
    weights = np.array([[0, 2, 0], [4, 0, 0], [0, 0, 0]], dtype=np.float32)
    rows = sparse.csr_array(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    near = newcomers.nearest(rows, np.array([1, 1, 0]), 2)
    newcomers.fill_in(weights, near, itself=0.1)
    share = np.array([0.6, 0.8]) / 1.4
    assert near.totals.tolist() == pytest.approx([0, 0, 1.4])
    np.testing.assert_allclose(
        weights[:2, 2], [2 * share[1] + 0.1 * share[0], 4 * share[0] + 0.1 * share[1]], rtol=1e-5
    )
    assert weights[2, 2] == 0


def test_what_people_taught_of_a_new_movie_counts_as_far_as_they_are() -> None:
    """Two of five likes: two fifths of what they say, three fifths of what its neighbour says."""
    rows = sparse.csr_array(np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32))
    near = newcomers.nearest(rows, np.array([1, 1, 0.4]), 2)
    weights = np.array([[0, 2, 0], [4, 0, 10], [0, 20, 0]], dtype=np.float32)
    newcomers.fill_in(weights, near, itself=0)
    assert weights[1, 2] == pytest.approx(0.4 * 10 + 0.6 * 4)
    assert weights[2, 1] == pytest.approx(0.4 * 20 + 0.6 * 2)
    items = np.array([[1, 1], [5, 5], [0, 8]], dtype=np.float32)
    newcomers.fill_in_factors(items, near)
    np.testing.assert_allclose(items[2], [0.6, 0.4 * 8 + 0.6], rtol=1e-6)


def test_reasons_of_a_new_movie_are_for_the_part_that_its_neighbours_speak(world: World) -> None:
    """Two of five people taught of movie 56: what it is made of owns three fifths of its score."""
    dense = world.likes.toarray()
    dense[[0, 1], 56] = 1
    names = {"feature_kinds": world.told.kinds, "feature_ids": world.told.ids}
    model = engine.fit(sparse.csr_array(dense), world.told.rows, **names)
    told = model.fold(np.array(FIRST[:5]))
    rows, neighbours = model.features, model.neighbours_of_new
    assert rows is not None
    assert neighbours is not None
    own = np.ones(MOVIES)
    own[list(NEW)] = [0.4, 0, 0, 0]
    near = newcomers.nearest(world.told.rows, own, 200)
    for movie, share in ((56, 0.6), (57, 1.0)):
        index, weight = rows.row(movie)
        others, each = neighbours.row(movie)
        by_features = weight @ explaining._parts(model, told, movie, index)
        by_neighbours = each @ told.scores[others] * near.reach[movie]
        assert by_features == pytest.approx(share * by_neighbours, rel=1e-4)


def test_more_of_what_is_more_alike_comes_to_a_new_movie() -> None:
    weights = np.zeros((4, 4), dtype=np.float32)
    weights[0, 1] = 1
    rows = sparse.csr_array(np.array([[1, 0], [1, 0], [1, 0], [0.5, 0.5]], dtype=np.float32))
    near = newcomers.nearest(rows, np.array([1, 1, 0, 0]), 2)
    newcomers.fill_in(weights, near, itself=0)
    close, far = weights[0, 2:]
    assert close / far == pytest.approx(2**0.5), "the root of how much more alike it is"
    assert (close**2 + far**2) / 2 == pytest.approx(0.5**2), "neither better on the whole"


def test_without_implicit_the_matrices_speak_alone(world: World) -> None:
    alone = engine.Model(
        {k: v for k, v in world.model.arrays.items() if k not in ("item_factors", "gram_inverse")},
        world.model.settings,
    )
    scores = alone.score(np.array(FIRST[:12]))
    assert scores[list(FIRST[12:])].min() > scores[list(SECOND)].max()


def test_an_absent_package_is_none_and_a_present_one_is_loaded() -> None:
    assert optional.load("no_such_package_here.at_all") is None
    assert optional.load("json.decoder") is not None


def test_too_many_movies_are_left_to_the_factors(world: World) -> None:
    if not factors.available():
        pytest.skip("implicit is not installed")
    model = engine.fit(world.likes, None, most_movies=10)
    assert "long" not in model.arrays
    scores = model.score(np.array(FIRST[:12]))
    assert scores[list(FIRST[12:])].mean() > scores[list(SECOND)].mean()


def test_few_people_are_regularised_less(world: World) -> None:
    full = engine.fit(world.likes, None, people_for_full=1)
    assert np.abs(full.arrays["long"]).sum() < np.abs(world.model.arrays["long"]).sum()


def test_who_likes_nearly_everything_says_less_with_each_like() -> None:
    """Five people like a pair; one who likes all twenty movies likes every other pair as well.

    Among few people those who like much have most of all likes: there they lose less.
    """
    dense = np.zeros((6, 20), dtype=np.float32)
    dense[:5, :2] = dense[5] = 1
    likes = sparse.csr_array(dense)

    def standing_out(**settings: float) -> float:
        found = engine.fit(likes, None, **settings).arrays["short"]
        return float(found[0, 1] / found[5, 6])

    of_many = standing_out(people_for_full=1) / standing_out(people_for_full=1, evenness=0.0)
    of_few = standing_out() / standing_out(evenness=0.0)
    assert of_many > of_few > 1


def test_the_same_data_gives_the_same_model(world: World) -> None:
    again = engine.fit(world.likes, world.told.rows)
    for name in ("long", "short", "item_factors"):
        np.testing.assert_array_equal(again.arrays[name], world.model.arrays[name])


def test_only_the_proportions_within_a_row_of_features_count(world: World) -> None:
    larger = engine.fit(world.likes, world.told.rows * 7)
    np.testing.assert_allclose(larger.arrays["long"], world.model.arrays["long"], atol=1e-5)


def test_repeated_and_weighted_likes_count_once(world: World) -> None:
    twice = engine.fit(world.likes * 3, world.told.rows)
    np.testing.assert_array_equal(twice.arrays["long"], world.model.arrays["long"])


def test_what_cannot_be_learnt_from_is_said(world: World) -> None:
    with pytest.raises(ValueError, match="no interactions"):
        engine.fit(sparse.csr_array((3, 4)), None)
    with pytest.raises(ValueError, match="describe 60 movies"):
        engine.fit(sparse.csr_array(np.ones((3, 4))), world.told.rows)
    with pytest.raises(TypeError):
        engine.fit(world.likes, None, regularization=1)


def test_features_without_entries_are_as_none(world: World) -> None:
    model = engine.fit(world.likes, sparse.csr_array((MOVIES, 3)))
    assert model.features is None
    assert not model.is_new.any()


def test_a_model_is_fitted_where_implicit_is_not_installed() -> None:
    code = (
        "import sys; sys.modules['implicit'] = sys.modules['threadpoolctl'] = None\n"
        "import numpy as np\n"
        "from scipy import sparse\n"
        "from moviesite.recommendations import engine, serving\n"
        "model = engine.fit(sparse.csr_array(np.tri(9, dtype=np.float32)), None)\n"
        "assert 'item_factors' not in model.arrays\n"
        "assert model.arrays['likeness'].shape[0] == 9\n"
        "assert len(serving.recommend(model, [1, 2], strategy='collab')) == 7\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False)
    assert done.returncode == 0
