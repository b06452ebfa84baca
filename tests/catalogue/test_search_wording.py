"""What is typed is understood, or said not to be; it never fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviesite.catalogue.filters import NO_FILTERS, Filters
from moviesite.catalogue.search_syntax import Target, read


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("dir:villeneuve", Filters(directors=(("villeneuve",),))),
        ('dir:"denis villeneuve"', Filters(directors=(("denis villeneuve",),))),
        ("dir: villeneuve", Filters(directors=(("villeneuve",),))),
        ("director:nolan", Filters(directors=(("nolan",),))),
        ("cast:pacino cast:deniro", Filters(cast=(("pacino",), ("deniro",)))),
        ("year:1994", Filters(year_from=1994, year_to=1994)),
        ("year:1990..1999", Filters(year_from=1990, year_to=1999)),
        ("year:1999..1990", Filters(year_from=1990, year_to=1999)),
        ("year:..1999", Filters(year_to=1999)),
        ("year:1990..", Filters(year_from=1990)),
        ("<120min", Filters(runtime_max=120)),
        ("< 120min", NO_FILTERS),
        (">90min", Filters(runtime_min=90)),
        (">90min <2h", Filters(runtime_min=90, runtime_max=120)),
        ("y:1982", Filters(year_from=1982, year_to=1982)),
        ("genre:drama genre:war", Filters(genres=(("drama",), ("war",)))),
        ('-genre:"science fiction"', Filters(without_genres=("science fiction",))),
        ("lang:fr", Filters(languages=("fr",))),
        ("lang:French", Filters(languages=("fr",))),
        ("country:usa", Filters(countries=("US",))),
        ("country:Côte-d'Ivoire", Filters(countries=("CI",))),
        ("imdb:tt0113277", Filters(imdb_id="tt0113277")),
        ("imdb:0113277", Filters(imdb_id="tt0113277")),
        ("GENRE:drama", Filters(genres=(("drama",),))),
    ],
)
def test_operators_become_filters(typed: str, filters: Filters) -> None:
    assert read(typed).filters == filters
    assert read(typed).not_understood == ()


def test_words_between_operators_stay_words() -> None:
    wish = read("blade year:1982 runner <2h")
    assert wish.words == "blade runner"
    assert wish.filters == Filters(year_from=1982, year_to=1982, runtime_max=120)


@pytest.mark.parametrize(
    "typed",
    ["budget:100", "year:abc", "year:19", "lang:xx", "imdb:nm1", "-dir:nolan", "country:qq"],
)
def test_what_is_not_understood_is_said_word_for_word(typed: str) -> None:
    wish = read(f"heat {typed}")
    assert wish.not_understood == (typed,)
    assert wish.words == "heat"


def test_a_title_with_a_colon_is_searched_although_it_looks_like_an_operator() -> None:
    assert read("Y: The Last Man").words == "Y: The Last Man"
    assert read("Alien:Covenant").words == "Alien Covenant"
    assert read("Mission: Impossible").not_understood == ()
    assert read("3:10 to Yuma").words == "3:10 to Yuma"
    assert read("I <3 Huckabees").words == "I <3 Huckabees"


@pytest.mark.parametrize(
    ("pasted", "target"),
    [
        ("https://www.themoviedb.org/movie/27205-inception", Target("movie", "27205")),
        ("themoviedb.org/movie/27205?language=de", Target("movie", "27205")),
        ("https://www.imdb.com/title/tt1375666/", Target("imdb", "tt1375666")),
        ("https://m.imdb.com/de/title/tt1375666/?ref_=x", Target("imdb", "tt1375666")),
        ("  tt1375666 ", Target("imdb", "tt1375666")),
        ("https://letterboxd.com/film/inception/", Target("title", "inception")),
        ("https://letterboxd.com/somebody/film/dune-2021/", Target("title", "dune 2021")),
    ],
)
def test_a_pasted_address_means_one_film(pasted: str, target: Target) -> None:
    assert read(pasted) == read(pasted)._replace(target=target, words="", filters=NO_FILTERS)


@pytest.mark.parametrize(
    "pasted",
    [
        "https://example.org/movie/5",
        "https://www.themoviedb.org/tv/1399",
        "https://www.themoviedb.org/movie/99999999999999999999",
    ],
)
def test_another_address_is_not_understood(pasted: str) -> None:
    wish = read(pasted)
    assert wish.target is None
    assert wish.not_understood == (pasted,)


@given(st.text(max_size=200))
def test_anything_can_be_typed(typed: str) -> None:
    wish = read(typed)
    assert isinstance(wish.words, str)


@given(st.text(alphabet='abc:"-<>0129 ./', max_size=60))
def test_anything_that_looks_like_operators_can_be_typed(typed: str) -> None:
    read(typed)
