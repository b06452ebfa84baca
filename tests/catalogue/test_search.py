"""The stored catalogue is searched by closeness, and mistakes are forgiven."""

import random
import string
from pathlib import Path

import pytest

from benchmarks import films
from moviesite.catalogue import purge_service, service
from moviesite.catalogue import search as searching
from moviesite.catalogue.finding import browse_stored
from moviesite.catalogue.people_search import search_people
from moviesite.catalogue.search_syntax import read
from moviesite.extensions import db
from moviesite.providers.base import MovieData
from moviesite.text import fold
from tests import factories
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")

MISSPELLINGS = 200


def keep(*titles: str, **facts: object) -> None:
    """Stores movies with these titles, each less popular than the one before it."""
    movies = [
        factories.movie(n, title, **{"popularity": 100.0 / n, **facts})
        for n, title in enumerate(titles, 1)
    ]
    service.store_movies(movies)


def found(words: str) -> list[str]:
    """Titles found, closest first."""
    return [movie.title for movie in browse_stored(read(words)).movies]


def test_a_title_comes_before_its_beginning_and_that_before_words_of_it() -> None:
    keep("Into the Heat", "Heat Wave", "Heathers", "Heat", "In the Heat of the Night")
    assert found("heat") == [
        *("Heat", "Heat Wave", "Heathers"),
        *("Into the Heat", "In the Heat of the Night"),
    ]


def test_popularity_breaks_ties() -> None:
    service.store_movies(
        [
            factories.movie(1, "Star Trek", popularity=20),
            factories.movie(2, "Star Wars", popularity=90),
        ]
    )
    assert found("star") == ["Star Wars", "Star Trek"]


def test_an_article_may_be_left_out() -> None:
    keep("Matrix Reloaded Again", "The Matrix")
    assert found("matrix") == ["The Matrix", "Matrix Reloaded Again"]


def test_a_mistake_in_a_title_without_its_article_leaves_it_before_longer_ones() -> None:
    keep("The Godfather Part II", "The Godfather")
    assert found("godfathr") == ["The Godfather", "The Godfather Part II"]


def test_accents_and_case_do_not_matter() -> None:
    keep("Amélie")
    assert found("AMELIE") == found("amélie") == ["Amélie"]


def test_original_titles_count() -> None:
    service.store_movies([factories.movie(1, "Spirited Away", original_title="千と千尋の神隠し")])
    assert found("千と千尋") == ["Spirited Away"]


@pytest.mark.parametrize(
    "typed",
    [
        *("Interstelar", "Interstelllar", "Imterstellar", "Interstellra", "nterstellar"),
        *("inter stellar", "intestelar", "Interstela"),
    ],
)
def test_mistakes_are_forgiven(typed: str) -> None:
    keep("Inside Out", "Interstellar", "International")
    assert found(typed)[0] == "Interstellar"


@pytest.mark.parametrize(
    "typed", ["thedarkknight", "th edark knight", "the darkxknight", "dark kn"]
)
def test_spaces_do_not_matter(typed: str) -> None:
    keep("Knight and Day", "The Dark Knight", "Dark City")
    assert found(typed)[0] == "The Dark Knight"


def test_mistakes_in_some_words_of_a_long_title_are_forgiven() -> None:
    keep("Ring", "The Lord of the Rings: The Two Towers", "Lord of War")
    assert found("lord of the rngs towers")[0] == "The Lord of the Rings: The Two Towers"


def test_a_year_beside_a_title_is_the_year_of_release() -> None:
    service.store_movies(
        [
            factories.movie(1, "Dune", popularity=90),
            factories.movie(2, "Dune", release_date=None),
            factories.movie(3, "1917"),
            factories.movie(4, "Blade Runner 2049"),
        ]
    )
    assert browse_stored(read("dune 1995")).movies[0].id == 1
    assert found("1917") == ["1917"]
    assert found("blade runner 2049") == ["Blade Runner 2049"]


@pytest.mark.parametrize("typed", ["x", "7", "é", "千"])
def test_one_character_is_enough(typed: str) -> None:
    keep("Xanadu", "7 Days", "Étoile", "千年")
    assert len(found(typed)) == 1


def test_titles_without_a_letter_can_be_found() -> None:
    keep("???", "Heat")
    assert found("???") == ["???"]
    assert found("!!!") == []


def test_letters_inside_a_word_count_where_nothing_else_fits() -> None:
    keep("Interstellar", "Heat")
    assert found("stellar") == ["Interstellar"]


@pytest.mark.parametrize(
    "typed",
    [
        *("%", "_", "\\", "'", '"', "*", "heat*", '"heat', "heat AND", "NEAR(heat)", "😀", "مرحبا"),
        *("\u202eheat", "a" * 200, "- -", "()", "a b c d e f g h i j k l m n o p"),
    ],
)
def test_strange_words_find_what_they_can_and_never_fail(typed: str) -> None:
    keep("Heat")
    assert found(typed) in ([], ["Heat"])


def test_adult_movies_are_left_out() -> None:
    keep("Heat", adult=True)
    assert found("heat") == []


def test_a_renamed_movie_is_found_by_its_new_title_alone() -> None:
    keep("Heat")
    keep("Fire")
    assert found("heat") == []
    assert found("fire") == ["Fire"]


def test_a_movie_that_became_popular_is_still_found_once() -> None:
    keep("Heat", popularity=1)
    keep("Heat", popularity=200)
    assert found("heat") == ["Heat"]


def test_a_purged_movie_is_not_found() -> None:
    keep("Heat")
    purge_service.purge_tmdb()
    assert found("heat") == []
    assert found("haet") == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("pacino", "Al Pacino"), ("al pacino", "Al Pacino"), ("Al Paccino", "Al Pacino")),
        *(("paci", "Al Pacino"), ("mann", "Michael Mann"), ("micheal mann", "Michael Mann")),
    ],
)
def test_people_are_found_by_names_with_mistakes(typed: str, name: str) -> None:
    service.store_detail(factories.detail())
    assert [one.person.name for one in search_people(typed)] == [name]


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        *(("dir:mann", True), ("dir:man", True), ("dir:man heat", True), ("dir:pacino", False)),
        *(("cast:pacino", True), ("cast:paccino", True), ("cast:nobody", False)),
        *(("genre:crime", True), ("genre:80", True), ("genre:sci-fi", False)),
        *(("-genre:crime", False), ("-genre:horror", True)),
        *(("year:1990..1999", True), ("year:..1994", False), ("<170min", True)),
        *(("<169min", False), (">3h", False), ("lang:en", True), ("lang:fr", False)),
        *(("country:us", True), ("country:fr", False), ("imdb:tt0113277", True)),
        *(("imdb:tt0000001", False), ("heat genre:crime <3h dir:mann", True)),
        *(("heat genre:horror", False), ("https://www.imdb.com/title/tt0113277/", True)),
        *(("https://www.themoviedb.org/movie/949-heat", True), ("tt0113278", False)),
        *(("https://letterboxd.com/film/heat-1995/", True),),
    ],
)
def test_operators_narrow_the_search(typed: str, fits: bool) -> None:
    only = {"similar": (), "recommended": (), "original_language": "en"}
    service.store_detail(factories.detail(**only))
    assert ("Heat" in found(typed)) is fits


def test_a_search_is_three_statements_and_a_fruitless_one_four() -> None:
    keep("Heat", "The Dark Knight")
    for typed, most in (("heat", 3), ("the dark knigth", 3), ("nothing like it", 4)):
        with counted() as statements:
            found(typed)
        assert len(statements) <= most, typed


def misspelt(title: str, chance: random.Random) -> str:
    """The title with one letter inserted, left out, replaced or swapped with the next."""
    while True:
        at, letter = chance.randrange(len(title)), chance.choice(string.ascii_lowercase)
        before, here, after = title[:at], title[at], title[at + 1 :]
        edited = chance.choice(
            [
                before + letter + here + after,
                before + after,
                before + letter + after,
                before + after[:1] + here + after[1:],
            ]
        )
        if fold(edited) != fold(title):
            return edited


def test_of_five_thousand_real_films_the_right_one_is_among_the_first_three(
    shared_data: Path,
) -> None:
    catalogue = films.read(shared_data / "tmdb" / "films-5000.jsonl.gz")
    films.store(catalogue)
    assert found("Interstelar")[0] == "Interstellar"
    assert found("amelie")[0] == "Amélie"
    assert "Terminator 2: Judgment Day" in found("terminator 2")[:3]
    assert set(found("dir:villeneuve")[:3]) <= {
        *("Prisoners", "Sicario", "Enemy", "Incendies", "Arrival"),
    }
    chance = random.Random(20_251)
    titles = [film["title"] for film in catalogue if sum(map(str.isalpha, film["title"])) >= 4]
    missed = []
    for title in chance.sample(titles, MISSPELLINGS):
        typed = misspelt(title, chance)
        best = searching.search(typed)[:3]
        shown = {movie_id for _, movie_id in best}
        if not any(film["id"] in shown for film in catalogue if film["title"] == title):
            missed.append((title, typed))
        db.session.rollback()
    assert len(missed) <= 0.03 * MISSPELLINGS, missed


def test_a_stored_movie_is_found_as_the_source_told_it() -> None:
    service.store_movies([MovieData(id=5, title="Four Rooms")])
    assert found("four rooms") == ["Four Rooms"]
