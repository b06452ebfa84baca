"""Any catalogue file can be served, bare rows and files with votes of their own included."""

import gzip
import json
import threading
import urllib.request

import pytest

from moviesite.demo.catalogue import load
from moviesite.demo.serve import http_server
from moviesite.demo.server import create_server

from .conftest import Visitor, document, read_lines

SERIES = {"id": 5, "name": "A Series", "poster_path": None, "backdrop_path": None}
ROWS = [
    {"id": 1, "title": "Bare"},
    {
        "id": 2,
        "title": "Voted",
        "release_date": "1999-01-01",
        "vote_average": 7,
        "vote_count": 3,
        "popularity": 9.5,
        "revenue": 12,
        "imdb_id": "tt0000002",
        "belongs_to_collection": SERIES,
        "production_companies": [{"id": 77, "name": "A Company"}],
    },
    {"id": 3, "title": "Hidden", "adult": True, "release_date": ""},
    {"id": 603, "title": "Unseen", "vote_average": 0, "vote_count": 0},
]


@pytest.fixture(params=["films.jsonl", "films.jsonl.gz"])
def small(tmp_path, request):
    path = tmp_path / request.param
    text = "\n".join(json.dumps(row) for row in ROWS).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return Visitor(create_server(path))


def test_a_bare_film_has_a_whole_answer(small):
    film = small.get("/movie/1", append_to_response="credits,release_dates,similar,translations")
    assert (film["title"], film["original_title"], film["release_date"]) == ("Bare", "Bare", "")
    assert (film["genres"], film["runtime"], film["imdb_id"]) == ([], 0, None)
    assert film["credits"] == {"cast": [], "crew": []}
    assert film["release_dates"] == {"results": []}


def test_votes_of_the_file_are_used_also_when_there_are_none(small):
    film = small.get("/movie/2")
    assert (film["vote_average"], film["vote_count"], film["popularity"]) == (7, 3, 9.5)
    assert small.get("/movie/603")["vote_count"] == 0


def test_adult_films_are_shown_when_asked_for_alone(small):
    assert small.get("/discover/movie")["total_results"] == 3
    assert small.get("/discover/movie", include_adult="true")["total_results"] == 4
    assert small.get("/search/movie", query="hidden")["total_results"] == 0
    assert small.get("/search/movie", query="hidden", include_adult="true")["total_results"] == 1
    assert small.get("/movie/popular")["total_results"] == 3


def test_outside_ids_and_collections_of_the_file_are_known(small):
    found = small.get("/find/tt0000002", external_source="imdb_id")
    assert [row["id"] for row in found["movie_results"]] == [2]
    assert small.get("/find/77", external_source="tvdb_id")["movie_results"] == []
    assert small.get("/movie/tt0000002")["title"] == "Voted"
    series = small.get("/collection/5")
    assert (series["name"], [row["id"] for row in series["parts"]]) == ("A Series", [2])


def test_companies_choose_films(small):
    assert small.get("/discover/movie", with_companies="77")["results"][0]["id"] == 2
    assert small.get("/discover/movie", without_companies="77")["total_results"] == 2


def test_films_without_a_value_stand_last_both_ways(small):
    for way in ("asc", "desc"):
        rows = small.get("/discover/movie", sort_by=f"primary_release_date.{way}")["results"]
        assert [row["id"] for row in rows] == [2, 1, 603]


def test_the_large_file_is_served_with_its_own_votes():
    path = document("films-5000.jsonl.gz")
    visitor = Visitor(create_server(path))
    source = {film["id"]: film for film in read_lines(path)}
    row = visitor.get("/discover/movie", sort_by="vote_count.desc")["results"][0]
    assert row["vote_count"] == max(film["vote_count"] for film in source.values())
    assert row["overview"] == source[row["id"]]["overview"]
    assert visitor.get("/movie/upcoming")["total_results"] >= 20
    assert visitor.get("/movie/now_playing")["total_results"] >= 20
    assert len(load(path).films) == len(source) == 4803


def test_it_speaks_http_and_writes_down_no_key(capfd):
    server = http_server(0)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    url = f"http://127.0.0.1:{server.server_port}/3/movie/603?api_key=a-secret"
    with urllib.request.urlopen(url) as answer:
        assert json.load(answer)["title"] == "The Matrix"
    server.shutdown()
    worker.join()
    server.server_close()
    assert "a-secret" not in "".join(capfd.readouterr())
