"""What trends, whose counting it is, and why."""

import pytest
from flask.testing import FlaskClient


def test_tmdbs_order_stands_in_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/api/v1/movies/trending?time_range=day&limit=5").get_json()
    assert answer["score_source"] == "tmdb"
    assert answer["computed_at"].endswith("Z")
    assert answer["source"]["name"] == "Demo catalogue"
    scores = [movie["score"] for movie in answer["results"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert all("this day" in movie["why"] for movie in answer["results"])


def test_what_is_not_counted_yet_is_empty_and_not_made_up(client: FlaskClient) -> None:
    answer = client.get("/api/v1/movies/trending?score_source=local").get_json()
    assert answer["results"] == []
    assert answer["score_source"] == "local"
    assert answer["source"] is None


@pytest.mark.parametrize("limit", [1, 20, 21, 100])
def test_as_many_as_asked_for_and_each_once(client: FlaskClient, limit: int) -> None:
    results = client.get(f"/api/v1/movies/trending?limit={limit}").get_json()["results"]
    assert len(results) == limit
    assert len({movie["id"] for movie in results}) == limit
