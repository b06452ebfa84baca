"""What TMDb is asked, word for word, and how its texts are chosen. The network is played back."""

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests_mock

from moviesite.errors import NotFound, Unavailable
from moviesite.providers.base import DiscoverQuery, Grant, MovieDetailData
from moviesite.providers.tmdb import TMDb
from tests.providers.conftest import KEY, replaying

BASE = "https://api.themoviedb.org/3"
EMPTY = {"page": 1, "results": [], "total_pages": 1, "total_results": 0}


@pytest.fixture
def tmdb() -> TMDb:
    """A client whose transport is replaced."""
    return TMDb(BASE, KEY, redis=None, threads=8)


def asked(mock: requests_mock.Mocker) -> tuple[str, dict[str, list[str]]]:
    """Path and parameters of the last question, without the key."""
    address = urlsplit(mock.request_history[-1].url)
    params = parse_qs(address.query)
    assert params.pop("api_key") == [KEY]
    return address.path.removeprefix("/3"), params


LISTS = {
    "/trending/movie/day": lambda t: t.trending("day", 1, "de"),
    "/trending/movie/week": lambda t: t.trending("week", 1, "de"),
    "/movie/popular": lambda t: t.popular(1, "de"),
    "/movie/top_rated": lambda t: t.top_rated(1, "de"),
    "/movie/upcoming": lambda t: t.upcoming(1, "de"),
    "/movie/now_playing": lambda t: t.now_playing(1, "de"),
}


@pytest.mark.parametrize("path", LISTS)
def test_lists(tmdb: TMDb, requests_mock: requests_mock.Mocker, path: str) -> None:
    requests_mock.get(BASE + path, json=EMPTY)
    LISTS[path](tmdb)
    assert asked(requests_mock) == (path, {"language": ["de"], "page": ["1"]})


def test_a_region_goes_along(tmdb: TMDb, requests_mock: requests_mock.Mocker) -> None:
    requests_mock.get(f"{BASE}/movie/upcoming", json={**EMPTY, "page": 3})
    assert tmdb.upcoming(3, "de-AT", "AT").page == 3
    assert asked(requests_mock)[1] == {"language": ["de-AT"], "region": ["AT"], "page": ["3"]}


def test_discover_passes_on_everything_that_is_set(
    tmdb: TMDb, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(f"{BASE}/discover/movie", json={**EMPTY, "page": 2})
    tmdb.discover(
        DiscoverQuery(
            page=2,
            with_genres="28,12",
            without_genres="16|99",
            year=1999,
            release_date_gte=dt.date(1999, 1, 31),
            vote_average_gte=6.5,
            vote_count_gte=100,
            with_runtime_lte=120,
            with_original_language="ja",
            with_people="1|2",
            with_keywords="3",
            watch_region="AT",
            with_watch_providers="8",
            include_video=True,
        )
    )
    assert asked(requests_mock)[1] == {
        "page": ["2"],
        "sort_by": ["popularity.desc"],
        "include_adult": ["false"],
        "include_video": ["true"],
        "with_genres": ["28,12"],
        "without_genres": ["16|99"],
        "year": ["1999"],
        "release_date.gte": ["1999-01-31"],
        "vote_average.gte": ["6.5"],
        "vote_count.gte": ["100"],
        "with_runtime.lte": ["120"],
        "with_original_language": ["ja"],
        "with_people": ["1|2"],
        "with_keywords": ["3"],
        "watch_region": ["AT"],
        "with_watch_providers": ["8"],
    }


def test_a_search(tmdb: TMDb, requests_mock: requests_mock.Mocker) -> None:
    requests_mock.get(f"{BASE}/search/movie", json=EMPTY)
    tmdb.search_movies("Zwölf & eins", 1, "de", 1957)
    assert asked(requests_mock)[1] == {
        "query": ["Zwölf & eins"],
        "language": ["de"],
        "year": ["1957"],
        "include_adult": ["false"],
        "page": ["1"],
    }


def test_a_movie_is_one_call_of_at_most_twenty_parts(
    tmdb: TMDb, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(f"{BASE}/movie/603", json={"id": 603, "title": "The Matrix"})
    tmdb.movie(603, "de-AT")
    _, params = asked(requests_mock)
    parts = params["append_to_response"][0].split(",")
    assert set(parts) == {
        *("credits", "videos", "images", "keywords", "release_dates", "watch/providers"),
        *("similar", "recommendations", "external_ids", "translations"),
    }
    assert params["include_image_language"] == ["de,en,null"]
    assert requests_mock.call_count == 1


def test_another_movie_is_not_taken_for_the_one_asked_for() -> None:
    with pytest.raises(Unavailable):
        replaying(b'{"id": 604, "title": "Reloaded"}').movie(603, "en")


@pytest.mark.parametrize("imdb_id", ["", "603", "tt1", "tt0133093/../x", "tt" + "1" * 30, "nmx"])
def test_an_imdb_id_that_is_none_is_not_asked_for(
    tmdb: TMDb, requests_mock: requests_mock.Mocker, imdb_id: str
) -> None:
    with pytest.raises(NotFound):
        tmdb.find_by_imdb(imdb_id, "en")
    assert requests_mock.call_count == 0


def test_an_imdb_id_that_tmdb_does_not_know_is_not_found(
    tmdb: TMDb, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(f"{BASE}/find/tt0133093", json={"movie_results": []})
    with pytest.raises(NotFound):
        tmdb.find_by_imdb("tt0133093", "en")


def test_favorites_of_an_account_are_asked_for_with_its_own_token(
    tmdb: TMDb, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.get(f"{BASE}/account/42/favorite/movies", json=EMPTY)
    tmdb.account_favorites(Grant("a.b.c"), "42", 1, "en")
    own = requests_mock.request_history[-1]
    assert own.headers["Authorization"] == "Bearer a.b.c"
    assert "api_key" not in own.url
    tmdb.account_favorites(None, "42", 1, "en")
    assert asked(requests_mock)[1]["page"] == ["1"]


@pytest.mark.parametrize("account_id", ["", "../movie", "4/2", "x" * 65, "é"])
def test_an_account_id_cannot_name_another_address(
    tmdb: TMDb, requests_mock: requests_mock.Mocker, account_id: str
) -> None:
    with pytest.raises(NotFound):
        tmdb.account_favorites(Grant("token"), account_id, 1, "en")
    assert requests_mock.call_count == 0


def test_a_favorite_is_written(tmdb: TMDb, requests_mock: requests_mock.Mocker) -> None:
    requests_mock.post(f"{BASE}/account/42/favorite", json={"status_code": 12}, status_code=201)
    tmdb.set_favorite(Grant("a.b.c"), "42", 603, favorite=False)
    sent = requests_mock.request_history[-1]
    assert sent.json() == {"media_type": "movie", "media_id": 603, "favorite": False}
    requests_mock.post(f"{BASE}/account/42/favorite", json={"success": False})
    with pytest.raises(Unavailable):
        tmdb.set_favorite(Grant("a.b.c"), "42", 603, favorite=True)


def test_an_account(tmdb: TMDb, requests_mock: requests_mock.Mocker) -> None:
    requests_mock.get(f"{BASE}/account", json={"id": 42, "username": "ada"})
    assert tmdb.account(Grant("a.b.c")).id == "42"
    assert tmdb.account(Grant("a.b.c")).username == "ada"


def test_services_come_in_the_order_of_their_region(
    tmdb: TMDb, requests_mock: requests_mock.Mocker
) -> None:
    rows = [
        {
            "provider_id": 1,
            "provider_name": "One",
            "display_priority": 0,
            "display_priorities": {"AT": 9},
        },
        {"provider_id": 2, "provider_name": "Two", "display_priority": 5},
    ]
    requests_mock.get(f"{BASE}/watch/providers/movie", json={"results": rows})
    assert [service.name for service in tmdb.watch_providers("AT", "de")] == ["Two", "One"]
    assert [service.name for service in tmdb.watch_providers("US", "de")] == ["One", "Two"]


# Rows


def page_of(*rows: dict[str, Any]) -> list[str]:
    body = json.dumps({"results": rows}).encode()
    return [movie.title for movie in replaying(body).popular(1, "en").results]


def test_adult_rows_are_left_out_unless_asked_for() -> None:
    rows = [
        {"id": 1, "title": "All"},
        {"id": 2, "title": "Adult", "adult": True},
        {"id": 3, "title": "Flag of another type", "adult": "yes"},
        {"id": 4, "title": "Newer flag", "adult": False, "softcore": True},
    ]
    assert page_of(*rows) == ["All"]
    every = replaying(json.dumps({"results": rows}).encode())
    assert len(every.discover(DiscoverQuery(include_adult=True)).results) == 4


@pytest.mark.parametrize(
    "row",
    [
        {"title": "no id"},
        {"id": 0, "title": "x"},
        {"id": -1, "title": "x"},
        {"id": 2**31, "title": "x"},
        {"id": True, "title": "x"},
        {"id": "5", "title": "x"},
        {"id": 5},
        {"id": 5, "title": ""},
        {"id": 5, "title": " \x00\ud800 "},
        {"id": 5, "title": ["x"]},
        {"id": 5, "title": "a series", "media_type": "tv"},
        {"id": 5, "name": "a series"},
    ],
)
def test_a_row_without_id_or_title_is_left_out(row: dict[str, Any]) -> None:
    assert page_of(row, {"id": 1, "title": "Sound"}) == ["Sound"]


def test_only_id_and_title_are_required() -> None:
    movie = replaying(b'{"id": 5, "title": "Bare"}').movie(5, "en")
    assert movie.title == "Bare"
    assert set(movie.missing) == {
        *("overview", "release_date", "runtime", "status", "imdb_id", "poster_url", "genres"),
        *("countries", "languages", "keywords", "credits", "videos", "watch_providers"),
        *("certifications", "similar", "recommendations"),
    }


# Texts: asked language, its base, the original one, English, each text on its own


def translated(asked_for: str, **given: Any) -> MovieDetailData:
    rows = {
        "pt-PT": {"title": "", "overview": "", "tagline": "Lema de Portugal"},
        "pt-BR": {"title": "O Título", "overview": "Resumo", "tagline": "Lema do Brasil"},
        "ja-JP": {"title": "", "overview": "あらすじ", "tagline": ""},
        "en-US": {"title": "The Title", "overview": "Story", "tagline": "Line"},
    }
    told = [
        {"iso_639_1": code[:2], "iso_3166_1": code[3:], "data": data} for code, data in rows.items()
    ]
    body = {
        "id": 5,
        "title": "原題",
        "original_title": "原題",
        "original_language": "ja",
        "translations": {"translations": told},
        **given,
    }
    return replaying(json.dumps(body).encode()).movie(5, asked_for)


def test_what_tmdb_gives_in_the_language_is_taken() -> None:
    movie = translated("de-DE", title="Der Titel", overview="Inhalt", tagline="Spruch")
    assert (movie.title, movie.overview, movie.tagline) == ("Der Titel", "Inhalt", "Spruch")


def test_each_text_falls_back_by_itself() -> None:
    movie = translated("de-DE")
    assert movie.overview == "あらすじ", "the original language's"
    assert movie.tagline == "Line", "English"
    assert movie.title == "原題"


def test_other_regions_of_a_language_go_before_the_original() -> None:
    movie = translated("pt-MZ")
    assert movie.overview == "Resumo"
    assert movie.title == "O Título"


def test_a_region_that_left_the_title_as_it_is_keeps_it() -> None:
    movie = translated("pt-PT")
    assert movie.title == "原題"
    assert movie.tagline == "Lema de Portugal"
    assert movie.overview == "Resumo"


def test_a_title_in_its_own_language_is_not_replaced_by_another_regions() -> None:
    told = [{"iso_639_1": "en", "iso_3166_1": "GB", "data": {"title": "Avengers Assemble"}}]
    movie = translated(
        "en-US",
        title="The Avengers",
        original_title="The Avengers",
        original_language="en",
        translations={"translations": told},
    )
    assert movie.title == "The Avengers"


def test_a_poster_may_come_from_the_images() -> None:
    images = {"posters": [{"file_path": "/../x"}, {"file_path": "/other.jpg"}]}
    assert translated("en", poster_path=None, images=images).poster_path == "/other.jpg"


@pytest.mark.parametrize(
    ("site", "key", "url"),
    [
        ("YouTube", "dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("Vimeo", "123", "https://vimeo.com/123"),
        ("YouTube", "x&list=y", ""),
        ("YouTube", "../evil", ""),
        ("Elsewhere", "abc", ""),
    ],
)
def test_only_known_sites_get_an_address(site: str, key: str, url: str) -> None:
    movie = translated("en", videos={"results": [{"site": site, "key": key}]})
    assert [video.url for video in movie.videos] == [url]


@pytest.mark.parametrize(
    "homepage", ["javascript:alert(1)", "//x", "data:text/html,x", "http://a b", 5]
)
def test_a_homepage_is_a_web_address(homepage: Any) -> None:
    assert translated("en", homepage=homepage).homepage == ""
    assert translated("en", homepage="https://example.org/").homepage == "https://example.org/"


@pytest.mark.parametrize(
    "path", ["x.jpg", "//evil/x.jpg", "/../x.jpg", "/a/../b", "/x.jpg?a", "/x y", "/" + "x" * 300]
)
def test_an_image_path_cannot_leave_the_image_address(path: str) -> None:
    assert translated("en", poster_path=path).poster_path is None


def test_the_certificate_of_cinemas_goes_first() -> None:
    releases = [
        {"type": 1, "certification": ""},
        {"type": 4, "certification": "NR"},
        {"type": 3, "certification": "R"},
    ]
    dates = {"results": [{"iso_3166_1": "US", "release_dates": releases}]}
    movie = translated("en", release_dates=dates)
    assert [(c.region, c.value) for c in movie.certifications] == [("US", "R")]


def test_what_is_free_is_streamed_and_no_service_comes_twice() -> None:
    def service(id_: int, place: int) -> dict[str, Any]:
        return {"provider_id": id_, "provider_name": f"S{id_}", "display_priority": place}

    offers = {
        "link": "https://www.themoviedb.org/movie/5/watch",
        "flatrate": [service(1, 5), service(2, 1)],
        "free": [service(3, 3), service(1, 5)],
        "buy": [service(4, 1)],
    }
    movie = translated("en", **{"watch/providers": {"results": {"AT": offers, "x": offers}}})
    (austria,) = movie.watch_providers
    assert [s.id for s in austria.stream] == [2, 3, 1]
    assert [s.id for s in austria.buy] == [4]
    assert austria.rent == ()


def test_a_biography_falls_back_to_english() -> None:
    told = [{"iso_639_1": "en", "iso_3166_1": "US", "data": {"biography": "Born."}}]
    body = {"id": 6, "name": "Ada", "translations": {"translations": told}}
    assert replaying(json.dumps(body).encode()).person(6, "de").biography == "Born."


def test_a_filmography_has_each_part_once() -> None:
    row = {"id": 1, "title": "One", "character": "Her"}
    credits = {
        "cast": [row, row, {"id": 2, "title": "Two", "adult": True}],
        "crew": [{"id": 1, "title": "One", "job": "Director", "department": "Directing"}],
    }
    body = {"id": 6, "name": "Ada", "movie_credits": credits}
    person = replaying(json.dumps(body).encode()).person(6, "de")
    assert [(credit.character, credit.job) for credit in person.credits] == [
        ("Her", ""),
        ("", "Director"),
    ]
