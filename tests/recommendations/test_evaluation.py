"""The measures themselves, on lists that can be counted by hand."""

import numpy as np
import pytest

from moviesite.recommendations import evaluation
from moviesite.recommendations.evaluation import Case

POPULARITY = np.array([8.0, 4.0, 2.0, 1.0, 1.0])


def _case(folded: list[int], held: list[int]) -> Case:
    return Case(np.array(folded, dtype=np.int64), np.array(held, dtype=np.int64))


def test_recall_and_ndcg_count_what_was_found_again() -> None:
    scores = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    found = evaluation.measure(lambda _: scores, [_case([0], [1, 4])], POPULARITY)
    assert found.recall == 1.0
    ideal = 1 + 1 / np.log2(3)
    assert found.ndcg == pytest.approx((1 + 1 / np.log2(5)) / ideal)
    assert found.coverage == 4 / 5


def test_only_twenty_count_and_more_cannot_be_asked_of_them() -> None:
    scores = -np.arange(60.0)
    held = list(range(10, 50))
    found = evaluation.measure(lambda _: scores, [_case([], held)], np.ones(60))
    assert found.recall == 10 / 20


def test_what_was_folded_in_is_not_shown_nor_what_is_not_asked_for() -> None:
    among = np.array([True, True, False, True, True])
    found = evaluation.first(np.arange(5.0), np.array([4]), 5, among)
    assert found.tolist() == [3, 1, 0]


def test_rare_movies_are_novel() -> None:
    rare, known = (
        evaluation.judge([np.array([movie])], [_case([], [0])], POPULARITY) for movie in (3, 0)
    )
    assert rare.novelty > known.novelty > 0
    assert evaluation.judge([], [], POPULARITY).novelty == 0


def test_people_are_held_out_and_cut_without_loss() -> None:
    chance = np.random.default_rng(1)
    likes = [np.arange(10) + 10 * person for person in range(10)]
    taught, tested = evaluation.hold_out(likes, 0.2, chance)
    assert sorted([*taught, *tested]) == list(range(10))
    assert len(tested) == 2
    for row, case in zip(likes, evaluation.cases(likes, chance), strict=True):
        assert len(case.folded) == 8
        assert sorted([*case.folded, *case.held]) == row.tolist()
    assert evaluation.cases([np.array([1])], chance) == []


def test_of_whom_little_is_told_nothing_is_shown_that_was_kept_back() -> None:
    short = _case([4], [0])._replace(besides=np.array([3, 2]))
    found = evaluation.measure(lambda liked: np.arange(5.0) + len(liked), [short], POPULARITY)
    assert found.coverage == 2 / 5, "what is liked besides is neither told nor shown"
    assert found.recall == 1


def test_time_splits_at_the_moment() -> None:
    likes = [np.array([1, 2, 3]), np.array([4, 5])]
    times = [np.array([10, 30, 20]), np.array([1, 2])]
    (only,) = evaluation.cases_in_time(likes, times, 20)
    assert only.folded.tolist() == [1]
    assert only.held.tolist() == [2, 3]


@pytest.mark.parametrize(("recall", "may"), [(0.6, True), (0.496, True), (0.494, False)])
def test_a_model_that_forgot_too_much_may_not_serve(recall: float, may: bool) -> None:
    serving = evaluation.judge([np.array([0])], [_case([], [0])], POPULARITY)._replace(recall=0.5)
    assert evaluation.may_serve(recall, serving.recall) is may
    assert evaluation.may_serve(serving.recall, None)
    assert serving.figures()["recall_at_20"] == 0.5


def test_diversity_is_one_minus_the_mean_likeness() -> None:
    likeness = np.array([[1.0, 0], [1, 0], [0, 1]])
    assert evaluation.diversity(np.array([0, 1]), likeness) == 0
    assert evaluation.diversity(np.array([0, 1, 2]), likeness) == pytest.approx(2 / 3)
    assert evaluation.diversity(np.array([0]), likeness) == 0
