"""Where only close titles are found, pages and programs are told so."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import finding, service
from moviesite.catalogue.finding import Found
from moviesite.catalogue.search_syntax import read
from tests import factories

KEPT = 9_000_001


def everywhere(words: str) -> Found:
    """The first page of results for what was typed."""
    return finding.search_everywhere(read(words), 1, "en-US")


def words(page: str) -> str:
    """The text of a page without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def stored(app: Flask) -> None:
    """A movie of 1995 that the source does not know."""
    service.store_movies([factories.movie(KEPT, "The Night Nobody Knows")])


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("typed", "close_to"),
    [
        *(("the nihgt nobody knows", "the nihgt nobody knows"), ("nobdy knows", "nobdy knows")),
        *(("nobody knows 1955", "nobody knows 1955"), ("nobdy year:1995", "nobdy")),
        *(("nobody knows", None), ("night nobody", None), ("the nigh", None), ("inception", None)),
        *(("nobdy genre:horror", None), ("nothing of the kind", None), ("", None)),
    ],
)
def test_what_is_merely_close_is_said_to_be(typed: str, close_to: str | None) -> None:
    assert everywhere(typed).close_to == close_to


@pytest.mark.usefixtures("app")
def test_what_the_source_finds_under_another_name_is_not_said_to_be_merely_close() -> None:
    service.store_movies([factories.movie(KEPT, "Inceptiom")])
    found = everywhere("inception")
    assert found.page.results[0].id == KEPT
    assert found.close_to is None


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("path", ["/api/v1/movies/search?query=", "/api/v1/movies?search="])
def test_programs_are_told_what_is_merely_close(client: FlaskClient, path: str) -> None:
    body = client.get(path + "nobdy+knows").get_json()
    assert body["close_to"] == "nobdy knows"
    assert [movie["id"] for movie in body["results"]] == [KEPT]
    assert client.get(path + "nobody+knows").get_json()["close_to"] is None


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("query=nobdy+knows", "No film is called “nobdy knows” One film comes close."),
        ("query=nobdy&year=1995", "No film within these limits is called “nobdy” One film"),
        ("query=nobody", "One film for “nobody”"),
    ],
)
def test_readers_are_told_what_is_merely_close(client: FlaskClient, asked: str, said: str) -> None:
    assert said in words(client.get(f"/search?{asked}").text)
