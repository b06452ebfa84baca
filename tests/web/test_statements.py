"""How much is asked of the database for an answer, whatever its length."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import remembering
from moviesite.extensions import cache
from tests.statements import counted

LIST, MOVIE = 3, 3
# A search looks for words, whole titles and people before it reads what it found.
SEARCH = 5
SEARCHES = ["/search?query=star", "/api/v1/movies/search?query=star"]
LISTS = ["/", "/api/v1/movies/popular"]
LISTS += ["/api/v1/movies/discover?with_genres=18", "/api/v1/movies/27205/similar"]
MOVIES = ["/movie/27205-inception", "/api/v1/movies/27205", "/api/v1/people/525"]


@pytest.fixture
def stored(app: Flask, client: FlaskClient) -> None:
    """What the answers name is in the tables too, as a worker would have put it there."""
    for address in (*LISTS, *SEARCHES, *MOVIES):
        client.get(address)
    for key in list(app.extensions["cache"][cache].keys("tmdb:")):
        remembering.remember(key)


def statements_of(client: FlaskClient, address: str) -> int:
    with counted() as said:
        assert client.get(address).status_code == 200
    return len(said)


@pytest.mark.parametrize("address", SEARCHES)
def test_a_search_costs_a_few_statements_however_much_it_finds(
    client: FlaskClient, stored: None, address: str
) -> None:
    assert statements_of(client, address) <= SEARCH


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_three_statements_at_most(
    client: FlaskClient, stored: None, address: str
) -> None:
    assert statements_of(client, address) <= LIST


@pytest.mark.parametrize("address", MOVIES)
def test_a_movie_costs_three_statements_at_most(
    client: FlaskClient, stored: None, address: str
) -> None:
    assert statements_of(client, address) <= MOVIE


def test_a_longer_list_costs_no_more(client: FlaskClient, stored: None) -> None:
    few = "/api/v1/movies/trending?limit=5"
    many = "/api/v1/movies/trending?limit=100"
    client.get(many)
    assert statements_of(client, few) == statements_of(client, many) <= LIST
