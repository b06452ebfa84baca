"""The pages of lists, with and without JavaScript."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moviesite.library import service as library
from moviesite.lists import following_service, item_service, queries, share_service
from moviesite.lists.queries import Wanted
from moviesite.models import User
from tests.library.sending import said_in
from tests.lists.conftest import Making, movie_id, titles_of
from tests.people import form_token, signed_in_browser
from tests.statements import counted

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ben_browsing(app: Flask, ben: User) -> FlaskClient:
    return signed_in_browser(app, ben)


def send(client: FlaskClient, path: str, *, htmx: bool = False, **fields: Any) -> TestResponse:
    headers = {"X-CSRFToken": form_token(client), **(HTMX if htmx else {})}
    return client.post(path, data=fields, headers=headers)


def test_a_list_is_made_with_a_name_alone(ada_browsing: FlaskClient, ada: User) -> None:
    made = send(ada_browsing, "/lists", name="Evenings")
    assert made.status_code == 303
    page = ada_browsing.get(made.headers["Location"])
    assert '<h1 dir="auto">Evenings</h1>' in page.text
    assert "only you can see it" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_a_directory_without_lists_says_so_once(client: FlaskClient, adas_list: Making) -> None:
    assert words_of(client.get("/lists").text).count("no public lists") == 1
    assert "No lists yet" not in client.get("/lists").text
    adas_list()
    nothing = words_of(client.get("/lists?search=dust").text)
    assert "No public lists match “dust”." in nothing
    assert "No lists" not in nothing
    past = words_of(client.get("/lists?page=9").text)
    assert "There is no page 9." in past
    assert "no public lists" not in past


def edited(browser: FlaskClient, path: str, **typed: str) -> dict[str, str]:
    """What the form of a list's page sends after this was typed into it, as browsers do."""
    form = browser.get(path).text.partition(f'action="{path}/edit"')[2].partition("</form>")[0]
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    shown = {
        "name": re.findall(r'name="name"[^>]*value="([^"]*)"', form)[0],
        "description": re.findall(r"<textarea[^>]*>([^<]*)", form)[0],
        "visibility": re.findall(r'value="(\w+)" checked', form)[0],
    }
    return {**dict(inputs), **shown, **typed}


def test_two_tabs_that_edit_different_fields_of_a_list_keep_both(
    ada_browsing: FlaskClient, ada: User, adas_list: Making
) -> None:
    described = adas_list(description="Two\nlines")
    page = f"/list/{described.uuid}"
    first = edited(ada_browsing, page, name="Nights")
    second = edited(ada_browsing, page, visibility="unlisted")
    second["description"] = second["description"].replace("\n", "\r\n")
    assert send(ada_browsing, f"{page}/edit", **first).status_code == 303
    assert send(ada_browsing, f"{page}/edit", **second).status_code == 303
    [shown] = queries.directory(ada, Wanted(owner=str(ada.uuid))).rows
    made = shown.movie_list
    assert (made.name, made.description, made.visibility) == ("Nights", "Two\nlines", "unlisted")


def test_a_note_that_is_written_in_another_tab_moves_no_film(
    ada_browsing: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    form = ada_browsing.get(f"/list/{made.uuid}").text.partition('id="film-1002"')[2]
    form = form.partition("</form>")[0]
    shown = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form))
    shown |= {"note": "", "do": "save"}
    item_service.put_movie(ada, made.uuid, movies[1], position=3, note="From here")
    path = f"/list/{made.uuid}/films/{movies[1]}"
    assert send(ada_browsing, path, **{**shown, "note": "From there"}).status_code == 303
    assert titles_of(made) == ["Alien", "Chinatown", "Diva", "Brazil"]
    assert send(ada_browsing, path, **{**shown, "place": "1"}).status_code == 303
    page = ada_browsing.get(f"/list/{made.uuid}").text
    assert titles_of(made) == ["Brazil", "Alien", "Chinatown", "Diva"]
    assert "From there" in page


def test_a_list_without_films_leads_to_films_and_offers_no_search(
    ada_browsing: FlaskClient, ada: User
) -> None:
    made = send(ada_browsing, "/lists", name="Evenings").headers["Location"]
    page = ada_browsing.get(made).text
    assert "open any film and choose “Add to list”." in page
    assert "Search this list" not in page
    assert "No films yet · private" in ada_browsing.get("/lists").text
    assert "No films yet · updated" in page
    nothing = ada_browsing.get(f"{made}?search=dust").text
    assert "Search this list" in nothing, "a search that finds nothing can be changed"


def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(
    ada_browsing: FlaskClient, adas_list: Making
) -> None:
    refused = send(ada_browsing, "/lists", name="  ", description="Kept words")
    assert refused.status_code == 422
    assert "Kept words" in refused.text
    assert 'role="alert"' in refused.text
    address = f"/list/{adas_list().uuid}"
    refused = send(ada_browsing, f"{address}/edit", name="x" * 300)
    assert refused.status_code == 422
    assert send(ada_browsing, f"{address}/delete").status_code == 422


def test_an_owner_edits_and_deletes(ada_browsing: FlaskClient, adas_list: Making) -> None:
    made = adas_list()
    address = f"/list/{made.uuid}"
    assert send(ada_browsing, f"{address}/edit", name="Nights", visibility="unlisted")
    page = ada_browsing.get(address).text
    assert "Nights" in page
    assert "anyone with the address" in page
    gone = send(ada_browsing, f"{address}/delete", sure="1")
    assert gone.headers["Location"] == "/lists"
    assert said_in(ada_browsing.get("/lists").text) == "“Nights” is deleted."
    assert ada_browsing.get(address).status_code == 404


def change(client: FlaskClient, made: Any, movie: int, **fields: Any) -> TestResponse:
    return send(client, f"/list/{made.uuid}/films/{movie}", **fields)


def test_films_are_moved_by_buttons_and_by_a_number(
    ada_browsing: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    moved = change(ada_browsing, made, movies[0], do="down", place="1")
    assert moved.status_code == 303
    assert moved.headers["Location"].endswith(f"#film-{movies[0]}")
    assert titles_of(made) == ["Brazil", "Alien", "Chinatown", "Diva"]
    assert said_in(ada_browsing.get(f"/list/{made.uuid}").text) == "Alien is number 2 of 4."
    assert change(ada_browsing, made, movies[0], do="save", place="9").status_code == 303
    assert "toast--trouble" in ada_browsing.get(f"/list/{made.uuid}").text
    part = change(ada_browsing, made, movies[0], do="save", place="4", note="Late", htmx=True)
    assert (part.status_code, "<html" in part.text) == (200, False)
    assert "Late" in part.text
    assert titles_of(made) == ["Brazil", "Chinatown", "Diva", "Alien"]
    for place in ("0", "-1", "x", "99999", "5"):
        refused = change(ada_browsing, made, movies[0], do="save", place=place, htmx=True)
        assert 'role="alert"' in refused.text, place
    assert (
        "number 1 of 4" in change(ada_browsing, made, movies[1], do="up", place="1", htmx=True).text
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("5", "Places in this list go from 1 to 4."),
        ("10000", "Places in this list go from 1 to 4."),
        ("10001", "Use a number from 1 to 10,000."),
        ("0", "Use a number from 1 to 10,000."),
        ("1" + "0" * 30, "Use a number from 1 to 10,000."),
    ],
)
def test_a_place_that_there_is_not_is_answered_with_those_there_are(
    ada_browsing: FlaskClient, adas_list: Making, movies: list[int], place: str, words: str
) -> None:
    made = adas_list()
    refused = change(ada_browsing, made, movies[0], do="save", place=place, htmx=True)
    assert words in refused.text
    assert titles_of(made)[0] == "Alien"


def test_a_place_is_read_to_its_last_digit(
    ada_browsing: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    change(ada_browsing, made, movies[0], do="save", place="00000000003")
    assert titles_of(made) == ["Brazil", "Chinatown", "Alien", "Diva"]


def test_a_film_that_was_taken_out_comes_back(
    ada_browsing: FlaskClient, adas_list: Making, movies: list[int], ada: User
) -> None:
    made = adas_list()
    item_service.put_movie(ada, made.uuid, movies[1], note="With Anna")
    for htmx in (False, True):
        answer = change(ada_browsing, made, movies[1], do="remove", title="Brazil", htmx=htmx)
        shown = answer if htmx else ada_browsing.get(f"/list/{made.uuid}")
        assert "Brazil was removed from the list." in shown.text
        found = re.search(r'name="token" value="([^"]+)"', shown.text)
        assert found
        assert titles_of(made) == ["Alien", "Chinatown", "Diva"]
        send(ada_browsing, f"/list/{made.uuid}/undo", token=found[1], htmx=htmx)
        assert titles_of(made) == ["Alien", "Brazil", "Chinatown", "Diva"]
    assert "With Anna" in ada_browsing.get(f"/list/{made.uuid}").text
    late = send(ada_browsing, f"/list/{made.uuid}/undo", token=found[1], htmx=True)
    assert 'role="alert"' in late.text
    odd = send(ada_browsing, f"/list/{made.uuid}/undo", token="x", htmx=True)
    assert 'role="alert"' in odd.text


def test_others_see_no_forms_and_change_nothing(
    client: FlaskClient, ben_browsing: FlaskClient, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    page = client.get(f"/list/{made.uuid}")
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert "csrf" not in page.text
    assert "Alien" in page.text
    assert change(ben_browsing, made, movies[0], do="remove").status_code == 403
    assert send(ben_browsing, f"/list/{made.uuid}/edit", name="Mine").status_code == 403
    assert send(client, f"/list/{made.uuid}/edit", name="Mine").status_code == 303
    assert "films/" not in ben_browsing.get(f"/list/{made.uuid}").text


def test_a_list_that_became_private_is_gone_even_for_who_has_it_cached(
    client: FlaskClient, ada_browsing: FlaskClient, adas_list: Making
) -> None:
    address = f"/list/{adas_list().uuid}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    send(ada_browsing, f"{address}/edit", visibility="private")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 404
    assert "Evenings" not in client.get("/lists").text


def test_public_lists_can_be_found_by_search_engines_and_others_not(
    client: FlaskClient, adas_list: Making
) -> None:
    public = client.get(f"/list/{adas_list().uuid}").text
    assert "noindex" not in public
    assert 'property="og:image" content="http' in public
    unlisted = client.get(f"/list/{adas_list(visibility='unlisted').uuid}").text
    assert 'content="noindex"' in unlisted


def test_a_list_is_searched_and_sorted(client: FlaskClient, adas_list: Making) -> None:
    address = f"/list/{adas_list().uuid}"
    found = client.get(f"{address}?search=bra").text
    assert "Brazil" in found
    assert "Chinatown" not in found
    newest = client.get(f"{address}?ordering=-added_at", headers=HTMX).text
    assert newest.index("Diva") < newest.index("Alien")
    for query in ("ordering=x", "page=0", "search=" + "x" * 300, "search=%00"):
        assert client.get(f"{address}?{query}").status_code == 422, query


def test_followers_see_what_is_new_until_they_have_looked(
    ben_browsing: FlaskClient, ada: User, ben: User, adas_list: Making, movies: list[int]
) -> None:
    made = adas_list()
    send(ben_browsing, f"/list/{made.uuid}/follow", follow="1")
    item_service.put_movie(ada, made.uuid, movies[7])
    assert "1 new" in ben_browsing.get("/lists").text
    page = ben_browsing.get(f"/list/{made.uuid}").text
    assert page.count('class="newmark"') == 1
    assert "1 new" in ben_browsing.get("/lists").text, "looking writes nothing"
    send(ben_browsing, f"/list/{made.uuid}/seen")
    assert "1 new" not in ben_browsing.get("/lists").text
    send(ben_browsing, f"/list/{made.uuid}/follow", follow="0")
    assert not queries.shown(made.uuid, ben).subscribed


def test_a_list_is_copied(ben_browsing: FlaskClient, ben: User, adas_list: Making) -> None:
    made = send(ben_browsing, f"/list/{adas_list().uuid}/clone")
    copy = ben_browsing.get(made.headers["Location"]).text
    assert said_in(copy) == "This copy is yours and private."
    assert queries.directory(ben, Wanted(owner="ben")).total == 1


def test_who_runs_the_site_recommends_lists(
    cleo_browsing: FlaskClient, client: FlaskClient, adas_list: Making
) -> None:
    address = f"/list/{adas_list().uuid}"
    send(cleo_browsing, f"{address}/curate", curated="1")
    assert "Featured list" in client.get("/lists").text
    send(cleo_browsing, f"{address}/curate", curated="0")
    assert "Featured list" not in client.get("/lists").text


def test_a_film_is_put_into_lists_from_its_menu(
    ada_browsing: FlaskClient, ada: User, adas_list: Making, movies: list[int]
) -> None:
    made, address = adas_list(), f"/movie/{movies[7]}/lists"
    assert 'aria-pressed="false"' in ada_browsing.get(address).text
    part = send(ada_browsing, address, list=str(made.uuid), keep="1", htmx=True)
    assert 'aria-pressed="true"' in part.text
    assert queries.shown(made.uuid, ada).movie_list.movie_count == 5
    assert send(ada_browsing, address, list=str(made.uuid), keep="0").status_code == 303
    assert said_in(ada_browsing.get(address).text) == "Removed from “Evenings”."
    assert queries.shown(made.uuid, ada).movie_list.movie_count == 4
    fresh = send(ada_browsing, address, name="Dreams", htmx=True)
    assert "“Dreams” created with this film." in fresh.text
    assert 'aria-pressed="true"' in fresh.text
    for fields in ({"name": " "}, {"list": "x", "keep": "1"}, {}):
        refused = send(ada_browsing, address, htmx=True, **fields)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text


def test_shared_links_are_in_the_menu_and_say_how_they_begin(ada_browsing: FlaskClient) -> None:
    assert '<a href="/shares">Shared links</a>' in ada_browsing.get("/about").text
    page = ada_browsing.get("/shares").text
    assert 'href="/shares" aria-current="page"' in page
    assert "You have no shared links yet." in page
    assert ">Watchlist</a>" in page


def test_a_link_is_made_shown_as_a_code_and_ended(
    ada_browsing: FlaskClient, client: FlaskClient, ada: User, adas_list: Making
) -> None:
    made = adas_list(visibility="private")
    what = {"source": "list", "list_id": str(made.uuid)}
    assert "Name that others see" in ada_browsing.get("/shares", query_string=what).text
    part = send(ada_browsing, "/shares", **what, name="For Anna", expires="7", htmx=True)
    found = re.search(r'value="http://[^"]+(/l/[\w-]{22})"', part.text)
    assert found
    assert "<svg" in part.text
    assert client.get(found[1]).status_code == 200
    assert send(ada_browsing, "/shares", **what, name="A", expires="8").status_code == 422
    assert send(ada_browsing, "/shares", **what, name=" ", expires="0").status_code == 422
    end = re.search(r'action="(/shares/[\w-]+/revoke)"', part.text)
    assert end
    assert send(ada_browsing, end[1], **what).status_code == 303
    assert client.get(found[1]).status_code == 410
    assert "no longer works" in said_in(ada_browsing.get("/shares", query_string=what).text)
    kept = send(ada_browsing, "/shares", source="favorites", name="Kept", expires="0")
    assert kept.status_code == 303
    assert "Kept" in ada_browsing.get("/shares").text
    for odd in ("source=x", "source=list", "source=list&list_id=x"):
        assert ada_browsing.get(f"/shares?{odd}").status_code == 422


def test_the_shared_page_of_a_link_is_whole_without_script(
    client: FlaskClient, ada: User, adas_list: Making
) -> None:
    made = adas_list(visibility="private", description="For long evenings")
    link = share_service.share(ada, "list", "For Anna", list_id=made.uuid)
    page = client.get(f"/l/{link.token}").text
    for words in ("For Anna", "For long evenings", "ada", "Alien", "4 films"):
        assert words in page
    assert "Evenings" not in page, "the list's own name is its owner's"


def test_how_many_films_a_list_has_is_said_once(client: FlaskClient, adas_list: Making) -> None:
    page = client.get(f"/list/{adas_list().uuid}").text.partition("<main")[2]
    assert words_of(page).count("4 films") == 1


def test_films_of_somebody_elses_list_are_kept_where_they_stand(
    client: FlaskClient,
    ada_browsing: FlaskClient,
    ben_browsing: FlaskClient,
    ben: User,
    adas_list: Making,
) -> None:
    made = adas_list()
    library.mark_seen(ben, movie_id(1))
    address = f"/list/{made.uuid}"
    page = ben_browsing.get(address).text
    assert re.findall(r'data-quick="(\d+)"', page) == [str(movie_id(n)) for n in range(4)]
    assert "You have seen 1 of 4" in page
    entry = page.partition(f'id="film-{movie_id(1)}"')[2].partition("</li>")[0]
    seen = re.search(r'aria-pressed="(\w+)"[^>]* formaction="[^"]*/seen\?at=film-(\d+)"', entry)
    assert seen is not None
    assert seen.groups() == ("true", str(movie_id(1)))
    for browser in (client, ada_browsing):
        shown = browser.get(address).text
        assert "data-quick" not in shown


def test_pages_ask_the_database_little(
    client: FlaskClient, ben_browsing: FlaskClient, ben: User, adas_list: Making
) -> None:
    made = adas_list()
    following_service.follow(ben, made.uuid)
    address = f"/list/{made.uuid}"
    for caller, most in ((client, 2), (ben_browsing, 6)):
        with counted() as statements:
            caller.get(address)
        assert len(statements) <= most, statements
