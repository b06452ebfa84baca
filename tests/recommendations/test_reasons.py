"""Which films are named as reasons, in which words, and films that the model does not know."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import service as catalogue
from moviesite.library import service as library
from moviesite.models import User
from moviesite.recommendations import in_service, presenting, training_service
from moviesite.recommendations.presenting import Named
from tests.recommendations import town
from tests.recommendations.town import HEISTS, NEWCOMER, WALTZES
from tests.statements import counted

FIRST, OTHER = HEISTS[0], WALTZES[0]
BARE = 1_000_902
TITLE = f"Film {FIRST}"
ADDRESS = "/api/v1/me/recommendations?limit=50"


@pytest.fixture
def trained(app: Flask) -> Flask:
    """A town with a model of what its people like."""
    town.films()
    town.people()
    training_service.train()
    in_service.look_again()
    return app


@pytest.fixture
def newcomer(trained: Flask) -> int:
    """A film made by those who made others, known since the model was learnt."""
    catalogue.store_detail(town.film(NEWCOMER, title="Brand New"))
    return NEWCOMER


def results(program: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program.get(ADDRESS).get_json()["results"]
    for one in found:
        weights = sum(reason["weight"] for reason in one["reasons"])
        assert weights == pytest.approx(one["score"], abs=1e-5)
    return found


def named(found: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Titles that are named, each with how it was turned to."""
    for one in found:
        for reason in one["reasons"]:
            if reason["kind"] == "movie":
                yield reason["movie"]["title"], reason["basis"]


def test_a_film_that_is_newer_than_the_model_speaks_in_the_next_answer(
    newcomer: int, as_ada: FlaskClient
) -> None:
    assert as_ada.put(f"/api/v1/me/favorites/{newcomer}").status_code == 201
    told = as_ada.get(ADDRESS).get_json()
    assert told["personal"]
    found = results(as_ada)
    assert set(named(found)) == {("Brand New", "liked")}
    assert found[0]["why"] == "Because you like Brand New"
    ids = [one["movie"]["id"] for one in found]
    assert len(set(ids[:8]) & set(HEISTS)) > 4, "most are made of the same"
    assert ids[0] in HEISTS
    assert newcomer not in ids
    as_ada.delete(f"/api/v1/me/favorites/{newcomer}")
    assert not set(named(results(as_ada)))


def test_it_speaks_beside_films_that_the_model_knows(newcomer: int, as_ada: FlaskClient) -> None:
    as_ada.put(f"/api/v1/me/favorites/{OTHER}")
    as_ada.put(f"/api/v1/me/favorites/{newcomer}")
    assert {title for title, _ in named(results(as_ada))} == {f"Film {OTHER}", "Brand New"}


def test_a_film_of_which_nothing_is_known_is_no_reason(trained: Flask, as_ada: FlaskClient) -> None:
    catalogue.store_detail(town.film(BARE, genres=(), keywords=(), cast=(), crew=()))
    as_ada.put(f"/api/v1/me/favorites/{BARE}")
    told = as_ada.get(ADDRESS).get_json()
    assert not told["personal"]
    assert {one["found_by"] for one in told["results"]} <= {"trending", "variety"}


def test_films_without_a_column_cost_one_statement_together(
    newcomer: int, ada: User, as_ada: FlaskClient
) -> None:
    library.add_favorite(ada, FIRST)
    with counted() as before:
        as_ada.get(ADDRESS)
    library.add_favorite(ada, newcomer)
    with counted() as after:
        as_ada.get(ADDRESS)
    assert len(after) <= len(before) + 1


def test_reasons_say_whether_a_film_was_liked_rated_or_watched(
    trained: Flask, ada: User, as_ada: FlaskClient
) -> None:
    library.record_viewing(ada, FIRST)
    assert set(named(results(as_ada))) == {(TITLE, "watched")}
    assert results(as_ada)[0]["why"] == f"Because you watched {TITLE}"
    as_ada.post(f"/api/v1/movies/{FIRST}/reviews", json={"rating": 4.5})
    assert set(named(results(as_ada))) == {(TITLE, "rated")}
    assert results(as_ada)[0]["why"] == f"Because you rated {TITLE} highly"
    library.like(ada, FIRST)
    assert set(named(results(as_ada))) == {(TITLE, "liked")}
    assert results(as_ada)[0]["why"] == f"Because you like {TITLE}"


def test_pages_use_the_same_words(trained: Flask, ada: User, ada_browsing: FlaskClient) -> None:
    library.record_viewing(ada, FIRST)
    for address in ("/for-you", "/"):
        page = ada_browsing.get(address).text
        assert f"Because you watched {TITLE}" in page
        assert "Because you like" not in page


@pytest.mark.parametrize(
    ("bases", "words"),
    [
        (["liked"], "Because you like A"),
        (["rated", "rated"], "Because you rated A and B highly"),
        (["watched", "liked"], "Because you like B and watched A"),
        (["liked", "liked", "watched"], "Because you like A and B and watched C"),
        (["watched", "rated", "liked"], "Because you like C, rated B highly and watched A"),
        ([], ""),
    ],
)
def test_reasons_are_sentences(bases: list[str], words: str) -> None:
    reasons = [
        Named("movie", place, "ABC"[place], 1.0, basis=basis) for place, basis in enumerate(bases)
    ]
    assert presenting.in_words(reasons) == words


def test_what_a_new_film_shares_is_not_claimed_to_be_liked() -> None:
    shared = [Named("person", 1, "Michael Mann", 1.0, "director"), Named("genre", 2, "Crime", 0.5)]
    said = "Shares Michael Mann and Crime with films you like or have seen"
    assert presenting.in_words(shared) == said
