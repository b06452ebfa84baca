"""Lists, their order and their reasons."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from moviesite.recommendations import serving
from moviesite.recommendations.explaining import FEATURE_KINDS
from moviesite.recommendations.features import KINDS
from moviesite.recommendations.model import Model
from moviesite.recommendations.neighbours import neighbours, neighbours_by_content
from moviesite.recommendations.serving import recommend
from tests.recommendations.conftest import FIRST, NEW, SECOND

Liked = NDArray[np.int64]


@pytest.mark.parametrize("likes", [1, 3, 7, 14, 25])
@pytest.mark.parametrize("strategy", ["hybrid", "content", "collab"])
def test_reasons_and_rest_add_up_to_the_score(
    model: Model, likes: int, strategy: serving.Strategy
) -> None:
    for one in recommend(model, np.arange(likes), strategy=strategy):
        assert sum(r.weight for r in one.reasons) + one.rest == pytest.approx(one.score, abs=1e-5)
        assert len(one.reasons) <= 3
        assert all(reason.weight > 0 for reason in one.reasons)


@pytest.mark.parametrize("likes", [1, 5, 8, 30])
def test_shares_of_all_likes_and_what_is_left_are_the_whole_score(model: Model, likes: int) -> None:
    told = model.fold(np.arange(likes))
    columns = np.arange(model.size)
    left = told.scores - told.shares(columns).sum(axis=0)
    by_hand = model._prior(likes, "hybrid")
    for scale, voice in told.voices:
        by_hand = by_hand - scale * voice.total().mean()
    np.testing.assert_allclose(left, by_hand, atol=1e-4)


def test_only_what_the_person_likes_is_named(model: Model, liked: Liked) -> None:
    for one in recommend(model, liked):
        named = {reason.id for reason in one.reasons if reason.kind == "movie"}
        assert named <= set(liked.tolist())


def test_a_like_that_is_taken_back_is_no_longer_a_reason(model: Model, liked: Liked) -> None:
    gone = recommend(model, liked)[0].reasons[0].id
    after = recommend(model, liked[liked != gone])
    assert all(reason.id != gone for one in after for reason in one.reasons)


def test_new_movies_are_explained_by_what_they_share_with_liked_ones(
    model: Model, liked: Liked
) -> None:
    new = [one for one in recommend(model, liked) if one.is_new]
    assert {one.movie for one in new} == {56, 57}
    for one in new:
        shared = {(reason.kind, reason.id) for reason in one.reasons}
        assert shared
        assert ("director", 101) not in shared
        assert shared & {("director", 100), ("cast", 2000)}


def test_two_of_twenty_places_are_for_new_movies(model: Model, liked: Liked) -> None:
    shown = recommend(model, liked)
    assert [place for place, one in enumerate(shown) if one.is_new] == [9, 19]
    assert len(shown) == 20
    assert not any(one.is_new for one in recommend(model, liked, new_places=0, count=3))


def test_what_was_seen_or_vetoed_is_not_shown(model: Model, liked: Liked) -> None:
    without = np.array([1, 2, 4, 56, 57, 58, 59])
    shown = {one.movie for one in recommend(model, liked, without=without)}
    assert not shown & {*liked.tolist(), *without.tolist()}


def test_a_vetoed_like_does_not_speak(model: Model, liked: Liked) -> None:
    vetoed = recommend(model, liked, without=liked[:1])
    assert all(reason.id != liked[0] for one in vetoed for reason in one.reasons)
    assert all(one.movie != liked[0] for one in vetoed)


def test_nobodys_likes_give_what_is_popular_without_reasons(model: Model) -> None:
    shown = recommend(model, [])
    assert [one for one in shown if one.reasons] == []
    assert len(shown) == 20
    np.testing.assert_allclose(model.score([]), model.popularity)


def test_when_everything_was_seen_nothing_is_shown(model: Model) -> None:
    assert recommend(model, [0], without=np.arange(model.size)) == []


def test_movies_that_do_not_exist_are_refused(model: Model) -> None:
    for wrong in ([-1], [model.size]):
        with pytest.raises(IndexError, match="columns from 0 to 59"):
            model.score(wrong)


def test_a_movie_liked_twice_counts_once(model: Model) -> None:
    np.testing.assert_array_equal(model.score([3, 3, 5]), model.score([3, 5]))


def test_a_score_masks_nothing_and_leaves_the_model_alone(model: Model, liked: Liked) -> None:
    before = model.score(liked)
    before[:] = 0
    assert np.isfinite(model.score(liked)).all()
    assert model.score(liked).any()


def test_content_alone_goes_by_what_is_shared(model: Model, liked: Liked) -> None:
    scores = model.fold(liked, "content").scores
    assert scores[list(FIRST)].mean() > scores[list(SECOND)].mean() + 1


def alike(likeness: list[list[float]]) -> Model:
    """A model that knows nothing but which movies are alike."""
    rows = np.array(likeness, dtype=np.float32)
    return Model({"counts": np.ones(len(rows), dtype=np.int32), "likeness": rows})


def test_re_ranking_spreads_a_list_and_starts_with_the_best() -> None:
    scores = np.array([1.0, 0.99, 0.98, 0.9], dtype=np.float32)
    model = alike([[1, 0], [1, 0], [1, 0], [0, 1]])
    assert serving.rerank(model, scores, 2).tolist() == [0, 3]
    assert serving.rerank(model, scores, 2, trade=1.0).tolist() == [0, 1]
    model.settings["spread"] = 0.1
    assert serving.rerank(model, scores, 2).tolist() == [0, 1]
    del model.arrays["likeness"]
    assert serving.rerank(model, scores, 3).tolist() == [0, 1, 2]


def test_re_ranking_never_shows_what_is_masked() -> None:
    scores = np.full(9, -np.inf, dtype=np.float32)
    scores[[2, 4, 6]] = [3, 2, 1]
    assert sorted(serving.rerank(alike(np.eye(9).tolist()), scores, 9)) == [2, 4, 6]


def test_neighbours_are_of_the_same_taste_and_not_the_movie_itself(model: Model) -> None:
    own = []
    for movie in FIRST:
        found = neighbours(model, movie, 10)
        assert len(found) == 10
        assert movie not in found
        own.append(len(set(found) & {*FIRST, *NEW[:2]}))
    assert np.mean(own) >= 8


def test_a_movie_outside_the_model_has_neighbours_by_content(model: Model) -> None:
    director = KINDS.index("director")
    found = neighbours_by_content(model, [(director, 101)], 5)
    assert set(found) <= {*SECOND, 58, 59}
    assert len(neighbours_by_content(model, [(director, 999)], 5)) == 0
    assert len(neighbours_by_content(model, [], 5)) == 0


def test_both_lists_of_kinds_are_the_same() -> None:
    assert FEATURE_KINDS == KINDS


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
def test_matrices_are_multiplied_by_the_thread_that_asks() -> None:
    """Threads of the library's own wait for each other actively, on a busy machine for seconds."""
    code = (
        "import os\n"
        "from moviesite.recommendations import serving\n"
        "import numpy as np\n"
        "np.linalg.inv(np.eye(500)) @ np.ones((500, 500))\n"
        "assert len(os.listdir('/proc/self/task')) == 1\n"
    )
    usual = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=usual)
    assert done.returncode == 0
