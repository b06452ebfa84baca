"""How much of a list its reader has seen, and the part that they have not."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.accounts import profile_service
from moviesite.accounts.client import Client
from moviesite.catalogue import service as catalogue
from moviesite.library import service as library
from moviesite.lists import service, share_service
from moviesite.models import MovieList, User
from tests import factories
from tests.library.sending import send, undo_in
from tests.lists.conftest import FIRST, TITLES, Making
from tests.people import signed_in_browser
from tests.statements import counted

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ben_browsing(app: Flask, ben: User) -> FlaskClient:
    return signed_in_browser(app, ben)


def see(user: User, *titles: str) -> None:
    """Mark the films with these titles as seen."""
    for title in titles:
        library.mark_seen(user, FIRST + TITLES.index(title))


def told(page: str) -> str:
    """What a page says of how much is seen; empty where it says nothing."""
    found = re.search(r"You have seen [\d,]+ of [\d,]+", page)
    return found[0] if found else ""


def titles(page: str) -> list[str]:
    """The films of a list's page in their order."""
    return re.findall(r'<h2 class="entry__title".*?<a [^>]*>([^<]+)</a>', page)


def test_all_pages_of_a_list_tell_how_much_of_the_whole_is_seen(
    ben: User, ben_browsing: FlaskClient, adas_list: Making
) -> None:
    films = [factories.movie(number, f"Film {number}") for number in range(1, 102)]
    catalogue.store_movies(films)
    made = adas_list(movie_ids=[film.id for film in films])
    for film in (1, 2, 101):
        library.mark_seen(ben, film)
        library.mark_seen(ben, film)
    library.record_viewing(ben, 3, progress_seconds=60)
    for query in ("", "?page=2", "?ordering=title", "?search=dust", "?seen=no"):
        assert told(ben_browsing.get(f"/list/{made.uuid}{query}").text) == "You have seen 3 of 101"


def test_owners_and_readers_are_told_and_visitors_are_not(
    client: FlaskClient,
    ada: User,
    ada_browsing: FlaskClient,
    ben_browsing: FlaskClient,
    adas_list: Making,
) -> None:
    address = f"/list/{adas_list().uuid}"
    see(ada, "Alien", "Heat")
    assert told(ada_browsing.get(address).text) == "You have seen 1 of 4"
    assert told(ben_browsing.get(address).text) == "You have seen 0 of 4"
    for path in (address, "/lists"):
        page = client.get(path)
        assert "seen" not in page.text.partition("<main")[2].partition("</main")[0]
        assert page.headers["Cache-Control"] == "public, no-cache"
    assert told(ada_browsing.get(f"/list/{service.create(ada, 'Empty').uuid}").text) == ""


def test_films_for_adults_count_for_whoever_is_shown_them(
    ada: User, ben: User, ada_browsing: FlaskClient, ben_browsing: FlaskClient, adas_list: Making
) -> None:
    catalogue.store_movies([factories.movie(5001, "Late show", adult=True)])
    made = adas_list(movie_ids=[5001, FIRST])
    address = f"/list/{made.uuid}"
    for user in (ada, ben):
        library.mark_seen(user, 5001)
    assert told(ada_browsing.get(address).text) == "You have seen 1 of 2"
    assert told(ben_browsing.get(address).text) == "You have seen 0 of 1"
    assert "2 films<" in ben_browsing.get("/lists").text.replace(" · ", "<")
    see(ben, "Alien")
    assert "every film on this list" in ben_browsing.get(f"{address}?seen=no").text
    profile_service.edit_profile(ben, {"show_adult": True}, Client())
    assert told(ben_browsing.get(address).text) == "You have seen 2 of 2"
    assert "2 films, 2 seen" in ben_browsing.get("/lists").text


def test_the_number_follows_when_a_film_is_marked_on_the_page(
    ben: User, ben_browsing: FlaskClient, adas_list: Making
) -> None:
    made = adas_list()
    shown, film = f"/list/{made.uuid}", f"/movie/{FIRST}"
    marked = send(ben_browsing, f"{film}/seen", shown=shown, keep="1").text
    assert told(marked) == "You have seen 1 of 4"
    assert 'id="how-much" hx-swap-oob="outerHTML"' in marked
    assert told(send(ben_browsing, undo_in(marked), shown=shown).text) == "You have seen 0 of 4"
    elsewhere = ("/", film, "/lists", "/list/", f"{shown}x", f"/list/{'-' * 36}")
    for page in (*elsewhere, f"/list/{'0' * 8}-0000-0000-0000-{'0' * 12}"):
        other = send(ben_browsing, f"{film}/seen", shown=page, keep="1")
        assert other.status_code == 200, page
        assert told(other.text) == "", page
    with counted() as statements:
        send(ben_browsing, f"{film}/favorite", shown=shown, keep="1")
    assert not [one for one in statements if "FROM lists" in one], "it changes nothing of this"


def test_a_private_list_tells_others_nothing(
    ben_browsing: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(visibility="private")
    marked = send(
        ben_browsing, f"/movie/{movies[0]}/seen", shown=f"/list/{made.uuid}", keep="1"
    ).text
    assert told(marked) == ""


def test_the_number_follows_when_the_owner_adds_and_removes(
    ada: User, ada_browsing: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    see(ada, "Alien")
    removed = send(
        ada_browsing, f"/list/{made.uuid}/films/{movies[0]}", shown="/", do="remove", title="Alien"
    )
    assert told(removed.text) == "You have seen 0 of 3"


def test_what_was_not_seen_is_kept_to_over_orders_searches_and_edits(
    ada: User, ada_browsing: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list(movie_ids=movies[::-1])
    see(ada, "Heat", "Brazil", "Alien")
    address = f"/list/{made.uuid}"
    page = ada_browsing.get(f"{address}?seen=no").text
    assert titles(page) == ["Gattaca", "Fargo", "Eraserhead", "Diva", "Chinatown"]
    assert 'class="entry__number" aria-hidden="true">2<' in page, "places are those of the list"
    assert "data-orderly" not in page
    assert titles(ada_browsing.get(f"{address}?seen=yes").text) == ["Heat", "Brazil", "Alien"]
    by_title = ada_browsing.get(f"{address}?seen=no&ordering=title&search=a").text
    assert titles(by_title) == []
    by_title = ada_browsing.get(f"{address}?seen=no&ordering=title&search=fa").text
    assert titles(by_title) == ["Fargo"]
    assert by_title.count('<input type="hidden" name="seen" value="no">') == 1
    assert '<option value="no" selected>Not seen</option>' in by_title
    assert f"/films/{movies[5]}?ordering=title&amp;search=fa&amp;seen=no" in by_title
    saved = send(
        ada_browsing, f"{address}/films/{movies[5]}?seen=no", shown=address, do="remove", title="F"
    )
    assert titles(saved.text) == ["Gattaca", "Eraserhead", "Diva", "Chinatown"]
    back = send(ada_browsing, f"{address}/films/{movies[4]}?seen=no", do="remove", title="E")
    assert f"{address}?seen=no#film-" in back.headers["Location"]
    assert ada_browsing.get(f"{address}?seen=maybe").status_code == 422


def test_pages_of_what_was_not_seen_lead_to_each_other(
    ben: User, ben_browsing: FlaskClient, adas_list: Making
) -> None:
    films = [factories.movie(number, f"Film {number}") for number in range(1, 103)]
    catalogue.store_movies(films)
    address = f"/list/{adas_list(movie_ids=[film.id for film in films]).uuid}"
    library.mark_seen(ben, 1)
    page = ben_browsing.get(f"{address}?seen=no&ordering=title").text
    assert f'href="{address}?page=2&amp;ordering=title&amp;seen=no"' in page
    assert len(titles(ben_browsing.get(f"{address}?seen=no&page=2").text)) == 1
    past = ben_browsing.get(f"{address}?seen=no&page=3").text
    assert "There is no page 3." in past
    assert f'href="{address}?seen=no">Go to page 1' in past


def test_nothing_left_to_see_is_said_plainly(
    ben: User, ben_browsing: FlaskClient, adas_list: Making
) -> None:
    address = f"/list/{adas_list().uuid}"
    none = ben_browsing.get(f"{address}?seen=yes").text
    assert "You have not seen any film on this list." in none
    see(ben, "Alien", "Brazil", "Chinatown", "Diva")
    page = ben_browsing.get(f"{address}?seen=no").text
    assert "You have seen every film on this list." in page
    assert f'<a href="{address}">Show all</a>' in page
    empty = f"/list/{adas_list(movie_ids=[]).uuid}?seen=no"
    assert "Nothing here yet." in ben_browsing.get(empty).text


def test_who_is_not_signed_in_is_asked_to_for_what_they_have_seen(
    client: FlaskClient, adas_list: Making
) -> None:
    made = adas_list()
    asked = client.get(f"/list/{made.uuid}?seen=no")
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/sign-in?next=")
    for query in ("seen=false", "seen=true&search=alien"):
        refused = client.get(f"/api/v1/lists/{made.uuid}/movies?{query}")
        assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
    hidden = adas_list(visibility="private")
    assert client.get(f"/list/{hidden.uuid}?seen=no").status_code == 404


def test_programs_ask_for_what_was_seen_or_not(
    ben: User, as_ben: FlaskClient, adas_list: Making
) -> None:
    address = f"/api/v1/lists/{adas_list().uuid}/movies"
    see(ben, "Brazil")
    for query, expected in (
        ("seen=true", ["Brazil"]),
        ("seen=false&ordering=-position", ["Diva", "Chinatown", "Alien"]),
        ("seen=false&search=chi", ["Chinatown"]),
    ):
        answer = as_ben.get(f"{address}?{query}")
        page = answer.get_json()
        assert [row["movie"]["title"] for row in page["results"]] == expected, query
        assert page["count"] == len(expected)
        assert answer.headers["Cache-Control"] == "private, no-store"
    first = as_ben.get(f"{address}?seen=false&page_size=1").get_json()
    assert "seen=false" in first["next"]
    assert as_ben.get(f"{address}?seen=perhaps").status_code == 422


@pytest.mark.parametrize("source", ["list", "favorites", "watchlist"])
def test_shared_pages_tell_whoever_is_signed_in(
    client: FlaskClient,
    ada: User,
    ben: User,
    ben_browsing: FlaskClient,
    adas_list: Making,
    movies: list[int],
    source: str,
) -> None:
    made = adas_list(visibility="private")
    for film in movies[:4]:
        library.add_favorite(ada, film)
        library.keep_on_watchlist(ada, film)
    see(ben, "Alien", "Heat")
    list_id = made.uuid if source == "list" else None
    link = share_service.share(ada, source, "For friends", list_id=list_id)
    page = f"/l/{link.token}"
    assert told(ben_browsing.get(page).text) == "You have seen 1 of 4"
    assert told(client.get(page).text) == ""
    for browser in (client, ben_browsing):
        assert "You have seen" not in browser.get(page, headers=HTMX).text


def test_all_lists_tell_how_much_of_each_is_seen(
    ada: User, ben: User, ada_browsing: FlaskClient, ben_browsing: FlaskClient, adas_list: Making
) -> None:
    adas_list(), adas_list(movie_ids=[FIRST])
    see(ada, "Alien", "Diva")
    page = ada_browsing.get("/lists").text
    assert page.count("4 films, 2 seen") == 2, "among one's own, and among all"
    assert page.count("One film, seen") == 2
    assert "seen" not in ben_browsing.get("/lists", headers=HTMX).text


def some_lists(user: User, count: int, movies: list[int]) -> list[MovieList]:
    made = (service.create(user, f"List {n}", visibility="public") for n in range(count))
    return [service.edit(user, one.uuid, {"movie_ids": movies}) for one in made]


def test_it_costs_a_statement_however_many_lists_and_films(
    ada: User, ben: User, ada_browsing: FlaskClient, ben_browsing: FlaskClient, movies: list[int]
) -> None:
    made = some_lists(ada, 1, movies[:2])[0]
    see(ada, "Alien", "Brazil")
    costs = []
    for _ in range(2):
        with counted() as statements:
            ada_browsing.get("/lists")
        costs.append(len(statements))
        some_lists(ada, 5, movies)
    assert costs[0] == costs[1]
    for query in ("", "?seen=no", "?seen=yes&search=a"):
        with counted() as statements:
            ben_browsing.get(f"/list/{made.uuid}{query}")
        # Who asks, the list, its films, what was done with each, how much is seen; and what a
        # word may mean.
        assert len(statements) <= 6, statements
    with counted() as statements:
        send(ben_browsing, f"/movie/{FIRST}/seen", shown="/", keep="1")
    apart = len(statements)
    with counted() as statements:
        send(ben_browsing, f"/movie/{FIRST}/seen", shown=f"/list/{made.uuid}", keep="1")
    assert len(statements) <= apart + 2
