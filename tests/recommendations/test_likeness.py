"""Which movies are alike, and how strongly lists are kept diverse."""

import numpy as np
import pytest
from scipy import sparse

from moviesite.recommendations import engine, evaluation, likeness, serving
from moviesite.recommendations.model import Model
from tests.recommendations.conftest import FIRST, MOVIES, NEW, SECOND, World

# Genres of a made-up catalogue; a movie has two of them.
GENRES, FILMS, VIEWERS = 8, 300, 400


@pytest.fixture(scope="module")
def cinema() -> tuple[sparse.csr_array, sparse.csr_array]:
    """People who like the movies of two genres each, and the genres of the movies."""
    chance = np.random.default_rng(3)
    made_of = np.zeros((FILMS, GENRES), dtype=np.float32)
    for row in made_of:
        row[chance.choice(GENRES, 2, replace=False)] = 1
    taste = np.zeros((VIEWERS, GENRES))
    for row in taste:
        row[chance.choice(GENRES, 2, replace=False)] = 1
    popular = chance.random(FILMS) ** 3
    likes = chance.random((VIEWERS, FILMS)) < 0.4 * popular * (0.2 + taste @ made_of.T)
    return sparse.csr_array(likes.astype(np.float32)), sparse.csr_array(made_of)


def named(genres: sparse.csr_array) -> dict[str, object]:
    width = genres.shape[1]
    return {"feature_kinds": np.zeros(width, dtype=np.int8), "feature_ids": np.arange(width)}


def diversity(model: Model, likes: sparse.csr_array, seen: likeness.Matrix, trade: float) -> float:
    found = []
    for row in likes.toarray():
        liked = np.flatnonzero(row)
        scores = model.score(liked)
        scores[liked] = -np.inf
        shown = serving.rerank(model, scores, serving.SHOWN, trade)
        found.append(evaluation.diversity(shown, seen))
    return float(np.mean(found))


def test_movies_are_alike_by_their_genres_and_by_who_likes_them(world: World) -> None:
    alike = world.model.arrays["likeness"] @ world.model.arrays["likeness"].T
    np.testing.assert_allclose(np.diag(alike), 1, atol=1e-5)
    assert alike[np.ix_(FIRST, FIRST)].mean() > alike[np.ix_(FIRST, SECOND)].mean() + 0.5
    assert alike[3, NEW[0]] > alike[3, NEW[2]]


def test_a_movie_of_unknown_genres_is_like_all_others(world: World) -> None:
    dense = world.told.rows.toarray()
    dense[[5, 33]] = 0
    model = engine.fit(
        world.likes,
        sparse.csr_array(dense),
        feature_kinds=world.told.kinds,
        feature_ids=world.told.ids,
    )
    genres = model.arrays["likeness"][:, : int((world.told.kinds == 0).sum())]
    known = np.setdiff1d(np.arange(MOVIES), [5, 33])
    np.testing.assert_allclose(genres[5], genres[known].mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(genres[5], genres[33], atol=1e-6)


def test_where_no_genre_is_told_taste_alone_tells_what_is_alike(world: World) -> None:
    for features in (world.told.rows, None):
        model = engine.fit(world.likes, features)
        assert model.arrays["likeness"].shape == model.arrays["item_factors"].shape


@pytest.mark.parametrize("told", [1.0, 0.3], ids=["all described", "a third described"])
def test_lists_of_people_who_taught_nothing_become_a_twentieth_more_diverse(
    cinema: tuple[sparse.csr_array, sparse.csr_array], told: float
) -> None:
    likes, genres = cinema
    known = np.random.default_rng(1).random(FILMS) < told
    genres = sparse.csr_array(genres * known[:, None])
    model = engine.fit(likes[:300], genres, **named(genres))
    seen = likeness.of_movies(model.arrays, genres).seen
    assert 0 < model.settings["spread"] < likeness.MOST
    gained = diversity(model, likes[300:], seen, serving.TRADE)
    gained /= diversity(model, likes[300:], seen, 1.0)
    assert 1.03 < gained < 1.12


def test_the_strength_is_found_anew_for_what_is_told(
    cinema: tuple[sparse.csr_array, sparse.csr_array],
) -> None:
    likes, genres = cinema
    one = sparse.csr_array(genres[:, [0]])
    rich, poor = (engine.fit(likes, told, **named(told)) for told in (genres, one))
    assert rich.settings["spread"] != poor.settings["spread"]


def test_where_lists_cannot_differ_the_usual_strength_is_kept() -> None:
    likes = sparse.csr_array(np.ones((3, 25), dtype=np.float32) * (np.arange(25) < 24))
    genres = sparse.csr_array(np.ones((25, 1), dtype=np.float32))
    model = engine.fit(likes, genres, **named(genres))
    assert model.settings["spread"] == likeness.USUAL


def test_the_same_likes_give_the_same_strength(
    cinema: tuple[sparse.csr_array, sparse.csr_array],
) -> None:
    likes, genres = cinema
    first, second = (engine.fit(likes, genres, **named(genres)) for _ in range(2))
    assert first.settings["spread"] == second.settings["spread"]
