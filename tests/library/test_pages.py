"""What is done with a film on a page: by a plain form, and by htmx in its place."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from moviesite.extensions import db
from moviesite.library import muting_queries, overlay_queries, service
from moviesite.library.overlay_queries import ViewerState
from moviesite.models import Favorite, Movie, MovieView, User, WatchlistItem
from moviesite.reviews import service as reviews
from tests.library.conftest import HEAT
from tests.library.sending import pressed_in, said_in, send, undo_in
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("films")

INCEPTION = 27205
# Verb of the address, what it says, what it says of the way back, and the field of the state.
TOGGLES = (
    ("favorite", "Added to favorites.", "Removed from favorites.", "favorite"),
    ("watchlist", "Added to your watchlist.", "Removed from your watchlist.", "watchlist"),
    ("seen", "Marked as seen.", "No longer marked as seen.", "watched_at"),
    ("like", "Liked.", "Like removed.", "liked"),
    ("vote/up", "Voted up.", "Vote removed.", "vote"),
)


def state(user: User, movie_id: int = HEAT) -> ViewerState:
    db.session.rollback()
    return overlay_queries.overlay(user.id, [movie_id])[movie_id]


@pytest.mark.parametrize(("verb", "done", "undone", "field"), TOGGLES)
def test_a_plain_form_does_it_says_so_and_leads_back_to_the_place(
    ada: User, ada_browsing: FlaskClient, verb: str, done: str, undone: str, field: str
) -> None:
    address = f"/movie/{HEAT}/{verb}?at=film-{HEAT}"
    answer = send(ada_browsing, address, keep="1", next="/genre/drama?page=2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/genre/drama?page=2#film-{HEAT}"
    assert getattr(state(ada), field)
    assert said_in(ada_browsing.get("/about").text) == done
    assert 'class="toast__words"' not in ada_browsing.get("/about").text
    send(ada_browsing, address, keep="0")
    assert not getattr(state(ada), field)
    assert said_in(ada_browsing.get("/about").text) == undone


def test_what_was_seen_before_stays_marked_and_that_is_said(
    ada: User, ada_browsing: FlaskClient
) -> None:
    for _ in range(2):
        service.record_viewing(ada, HEAT)
    answer = send(ada_browsing, f"/movie/{HEAT}/seen", shown="/", keep="0")
    assert said_in(answer.text) == "Your latest viewing was removed. Earlier ones remain."
    assert pressed_in(answer.text, "seen")


@pytest.mark.parametrize("verb", ["favorite", "watchlist", "seen"])
def test_htmx_gets_the_films_buttons_and_the_toast_alone(
    ada_browsing: FlaskClient, verb: str
) -> None:
    answer = send(ada_browsing, f"/movie/{HEAT}/{verb}", shown="/", keep="1")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f"hx-swap-oob=\"outerMorph:.quick--card[data-quick='{HEAT}']\"" in answer.text
    assert 'hx-swap-oob="innerHTML:#toasts"' in answer.text
    assert pressed_in(answer.text, verb)
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_on_the_films_page_all_that_is_ones_own_is_drawn_anew(ada_browsing: FlaskClient) -> None:
    shown = f"/movie/{HEAT}-heat"
    answer = send(ada_browsing, f"/movie/{HEAT}/like", shown=shown, keep="1")
    assert 'id="yours" aria-label="Yours" hx-swap-oob="outerMorph"' in answer.text
    assert "quick--large" in answer.text
    other = send(ada_browsing, f"/movie/{HEAT}/like", shown=f"/movie/{HEAT}2", keep="0")
    assert 'id="yours"' not in other.text


def test_undo_in_the_toast_brings_back_note_priority_and_date(
    ada: User, ada_browsing: FlaskClient
) -> None:
    service.keep_on_watchlist(ada, HEAT, priority=5, note="with Ben")
    before = db.session.get_one(WatchlistItem, (ada.id, HEAT)).added_at
    gone = send(ada_browsing, f"/movie/{HEAT}/watchlist", shown="/", keep="0")
    back = send(ada_browsing, undo_in(gone.text), shown="/")
    assert said_in(back.text) == "Undone."
    assert pressed_in(back.text, "watchlist")
    db.session.rollback()
    item = db.session.get_one(WatchlistItem, (ada.id, HEAT))
    assert (item.priority, item.note, item.added_at) == (5, "with Ben", before)


def test_undo_without_script_stands_on_the_next_page(ada: User, ada_browsing: FlaskClient) -> None:
    send(ada_browsing, f"/movie/{HEAT}/favorite", keep="1")
    way_back = undo_in(ada_browsing.get("/about").text)
    assert send(ada_browsing, way_back, next="/about").headers["Location"] == "/about"
    assert not state(ada).favorite
    assert said_in(ada_browsing.get("/about").text) == "Undone."


def test_an_undo_that_was_overtaken_says_so(ada: User, ada_browsing: FlaskClient) -> None:
    old = undo_in(send(ada_browsing, f"/movie/{HEAT}/favorite", shown="/", keep="1").text)
    send(ada_browsing, f"/movie/{HEAT}/favorite", shown="/", keep="0")
    send(ada_browsing, f"/movie/{HEAT}/favorite", shown="/", keep="1")
    refused = send(ada_browsing, old, shown="/")
    assert refused.status_code == 409
    assert "changed since" in refused.text
    assert send(ada_browsing, old).status_code == 303
    assert "changed since" in said_in(ada_browsing.get("/about").text)
    assert state(ada).favorite


def test_nobody_takes_back_what_is_anothers(
    app: Flask, ada: User, ada_browsing: FlaskClient, cleo_browsing: FlaskClient
) -> None:
    change = service.add_favorite(ada, HEAT)
    assert send(cleo_browsing, f"/undo/{change.undo}", shown="/").status_code == 409
    assert state(ada).favorite


def test_what_is_seen_leaves_the_watchlist_and_undo_brings_both_back(
    ada: User, ada_browsing: FlaskClient
) -> None:
    service.keep_on_watchlist(ada, HEAT, note="at last")
    seen = send(ada_browsing, f"/movie/{HEAT}/seen", shown="/", keep="1")
    assert said_in(seen.text) == "Marked as seen and removed from your watchlist."
    assert not state(ada).watchlist
    send(ada_browsing, undo_in(seen.text), shown="/")
    assert state(ada).watchlist
    assert state(ada).watched_at is None
    assert db.session.get_one(WatchlistItem, (ada.id, HEAT)).note == "at last"


def test_what_is_seen_may_stay_on_the_watchlist(ada: User, ada_browsing: FlaskClient) -> None:
    service.keep_on_watchlist(ada, HEAT)
    assert send(ada_browsing, "/watchlist/stays").status_code == 303
    assert "stay on your watchlist" in said_in(ada_browsing.get("/watchlist").text)
    send(ada_browsing, f"/movie/{HEAT}/seen", shown="/", keep="1")
    assert state(ada).watchlist
    send(ada_browsing, "/watchlist/stays", leaves="1")
    assert "be removed from your watchlist" in said_in(ada_browsing.get("/watchlist").text)


@pytest.mark.parametrize(
    "answer_of",
    [
        lambda browser: send(browser, f"/movie/{HEAT}/favorite"),
        lambda browser: send(browser, f"/movie/{HEAT}/favorite", keep="2"),
        lambda browser: send(browser, f"/movie/{HEAT}/feedback", value="never"),
        lambda browser: send(browser, f"/watchlist/{HEAT}", priority="6"),
        lambda browser: send(browser, f"/watchlist/{HEAT}", priority="²"),
        lambda browser: send(browser, f"/watchlist/{HEAT}", note="x" * 1001),
        lambda browser: send(browser, f"/watchlist/{HEAT}", note="\x00"),
        lambda browser: send(browser, f"/movie/{HEAT}/plays", date="2026-02-30"),
        lambda browser: send(browser, f"/movie/{HEAT}/plays", date="1887-12-31"),
        lambda browser: send(browser, f"/movie/{HEAT}/plays", date="9999-12-31"),
        lambda browser: send(browser, f"/movie/{HEAT}/rating", rating="4.7"),
        lambda browser: send(browser, f"/movie/{HEAT}/rating"),
        lambda browser: send(browser, f"/movie/{HEAT}/review", text="", rating=""),
        lambda browser: browser.get("/history?month=2026-13"),
        lambda browser: browser.get("/history?month=0"),
        lambda browser: browser.get("/statistics?year=x"),
        lambda browser: browser.get("/watchlist?sort=colour"),
        lambda browser: browser.get("/favorites?genre=0"),
        lambda browser: browser.get("/favorites?page=501"),
        lambda browser: browser.get("/reviews?page=0"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ada_browsing: FlaskClient, answer_of: object) -> None:
    assert callable(answer_of)
    answer = answer_of(ada_browsing)
    assert answer.status_code == 422
    assert "<h1" in answer.text


def test_a_film_that_is_none_is_not_found(ada_browsing: FlaskClient) -> None:
    assert send(ada_browsing, "/movie/2000000000/favorite", keep="1").status_code == 404


def test_without_the_forms_token_nothing_is_done(ada: User, ada_browsing: FlaskClient) -> None:
    answer = ada_browsing.post(f"/movie/{HEAT}/favorite", data={"keep": "1"})
    assert answer.status_code == 400
    assert not state(ada).favorite


def test_an_open_redirect_is_not_followed(ada_browsing: FlaskClient) -> None:
    address = f"/movie/{HEAT}/favorite?at=film-1%0d%0aX:y"
    for wanted in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = send(ada_browsing, address, keep="1", next=wanted)
        assert answer.headers["Location"] == f"/movie/{HEAT}"


def test_visitors_find_no_form_but_the_way_to_sign_in(client: FlaskClient) -> None:
    for address in ("/", "/popular", f"/movie/{INCEPTION}-inception"):
        page = client.get(address).text
        assert 'method="post"' not in page
        assert "quick" not in page
        assert "csrf" not in page
    assert "/sign-in?next=/movie/27205-inception" in page


def test_visitors_who_press_anyway_are_asked_who_they_are(client: FlaskClient) -> None:
    answer = send(client, f"/movie/{HEAT}/favorite", keep="1")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/sign-in?next=/genre/drama",
    )
    answer = send(client, f"/movie/{HEAT}/favorite", shown="/genre/drama", keep="1")
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def test_every_page_of_films_shows_what_is_ones_own(ada: User, ada_browsing: FlaskClient) -> None:
    pages = (
        *("/", "/popular", "/genre/science-fiction", "/discover", "/search?query=inception"),
        *("/trending", "/person/525-christopher-nolan", f"/movie/{INCEPTION}-inception"),
    )
    for address in pages:
        page = ada_browsing.get(address)
        assert page.headers["Cache-Control"] == "private, no-store", address
        assert 'aria-pressed="true"' not in page.text, address
        shown = page.text.split('data-quick="')[1].split('"')[0]
        service.add_favorite(ada, int(shown))
        assert 'aria-pressed="true"' in ada_browsing.get(address).text, address
        service.remove_favorite(ada, int(shown))


def test_a_person_says_which_and_how_many_films_were_seen(
    ada: User, client: FlaskClient, ada_browsing: FlaskClient
) -> None:
    person = "/person/525-christopher-nolan"
    service.mark_seen(ada, INCEPTION)
    reviews.rate(ada, INCEPTION, 4.5)
    page = ada_browsing.get(person).text
    assert re.search(r"\d films, 1 seen · newest first", page)
    line = page.split('class="credits__title"')[1:]
    [marked] = {part.split("</a>")[0].split(">")[-1] for part in line if 'class="ownmark"' in part}
    assert marked == "Inception"
    assert ", 1 seen" not in client.get(person).text


# Beside what a visitor's page costs: who it is, what they do not want to be offered, and what
# they did with the films that are left.
@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("/popular", 3),
        ("/genre/drama", 3),
        ("/discover", 3),
        ("/trending", 3),
        ("/search?query=star", 3),
        ("/person/525-christopher-nolan", 3),
        # And the rows of one's own.
        ("/", 4),
        # And when it was seen, and whether it is hidden.
        (f"/movie/{INCEPTION}-inception", 4),
    ],
)
def test_what_is_ones_own_costs_a_few_statements_a_page(
    ada: User, client: FlaskClient, ada_browsing: FlaskClient, address: str, more: int
) -> None:
    service.keep_on_watchlist(ada, HEAT)
    service.mark_seen(ada, HEAT)
    for browser in (client, ada_browsing):
        browser.get(address)
    with counted() as visitors:
        client.get(address)
    with counted() as adas:
        assert ada_browsing.get(address).status_code == 200
    assert len(adas) - len(visitors) <= more


def test_an_action_costs_its_write_and_three_statements_for_the_answer(
    ada_browsing: FlaskClient,
) -> None:
    send(ada_browsing, f"/movie/{HEAT}/favorite", shown="/", keep="0")
    with counted() as said:
        send(ada_browsing, f"/movie/{HEAT}/favorite", shown="/", keep="1")
    # The viewer; the write; the film and what is one's own of it.
    assert len(said) <= 1 + 6 + 2


def test_home_begins_with_ones_own_rows_where_there_are_any(
    ada: User, ada_browsing: FlaskClient
) -> None:
    service.record_viewing(ada, HEAT, progress_seconds=10)
    page = ada_browsing.get("/").text
    assert "From your watchlist" not in page
    assert "Recently seen" not in page
    service.keep_on_watchlist(ada, HEAT)
    service.mark_seen(ada, INCEPTION)
    page = ada_browsing.get("/").text
    assert (
        page.index("From your watchlist")
        < page.index("Recently seen")
        < page.index("Trending this")
    )
    assert f'id="film-watchlist-{HEAT}"' in page


def cover_of(page: str) -> str:
    """The film at the top of the home page."""
    return page.partition('<article class="cover')[2].partition("</article>")[0]


def test_the_film_on_the_cover_has_the_same_buttons_as_a_card(
    ada: User, ada_browsing: FlaskClient, client: FlaskClient
) -> None:
    assert "quick" not in cover_of(client.get("/").text)
    cover = cover_of(ada_browsing.get("/").text)
    movie = int(cover.partition('data-quick="')[2].partition('"')[0])
    assert 'class="quick quick--card"' in cover, "answers by htmx change it as any other copy"
    for verb in ("favorite", "watchlist", "seen"):
        assert not pressed_in(cover, verb)
        address = f"/movie/{movie}/{verb}?at=film-cover-{movie}"
        assert f'formaction="{address}"' in cover
        answer = send(ada_browsing, address, keep="1", next="/")
        assert answer.headers["Location"] == f"/#film-cover-{movie}"
        page = ada_browsing.get("/")
        assert pressed_in(cover_of(page.text), verb)
        assert page.headers["Cache-Control"] == "private, no-store"
    assert f' id="film-cover-{movie}"' in cover
    assert f'href="/movie/{movie}/rating?at=film-cover-{movie}"' in cover
    assert "quick" not in cover_of(client.get("/").text), "nothing of hers is in a shared answer"


def test_a_view_is_counted_once_an_hour_and_by_post_alone(
    client: FlaskClient, ada_browsing: FlaskClient
) -> None:
    def views() -> int:
        db.session.rollback()
        return db.session.scalar(select(func.count()).select_from(MovieView)) or 0

    assert client.get(f"/movie/{HEAT}/views").status_code == 405
    for _ in range(3):
        assert client.post(f"/movie/{HEAT}/views").status_code == 204
    assert views() == 1
    ada_browsing.post(f"/movie/{HEAT}/views")
    assert views() == 2


def test_a_view_from_another_site_is_not_counted(client: FlaskClient) -> None:
    sent = {"Origin": "https://evil.example"}
    assert client.post(f"/movie/{HEAT}/views", headers=sent).status_code == 403


def test_what_is_hidden_stands_on_its_page_until_it_is_let_back_in(
    ada: User, ada_browsing: FlaskClient
) -> None:
    assert "Nothing is hidden" in ada_browsing.get("/hidden").text
    send(ada_browsing, "/hidden/genre/18", keep="1")
    said = send(ada_browsing, f"/hidden/movie/{HEAT}", shown=f"/movie/{HEAT}", keep="1")
    assert said_in(said.text) == "This film is hidden."
    page = ada_browsing.get("/hidden").text
    assert "Drama" in page
    assert "Heat" in page
    back = send(ada_browsing, "/hidden/genre/18", shown="/hidden", keep="0")
    assert back.headers["HX-Refresh"] == "true"
    page = ada_browsing.get("/hidden").text
    assert "Drama" not in page
    send(ada_browsing, undo_in(page), shown="/hidden")
    assert muting_queries.muted(ada.id).genres == {18}


@pytest.mark.parametrize(
    ("shown", "address", "kind"),
    [
        ("/genre/drama", "/hidden/genre/18", "genre"),
        ("/person/525", "/hidden/person/525", "person"),
    ],
)
def test_a_genre_and_a_person_are_hidden_where_they_are_and_let_back(
    client: FlaskClient, ada_browsing: FlaskClient, shown: str, address: str, kind: str
) -> None:
    assert f"Hide this {kind}" in ada_browsing.get(shown).text
    assert 'id="hide"' not in client.get(shown).text
    said = send(ada_browsing, address, shown=shown, keep="1").text
    assert f"Show this {kind} again" in said
    assert 'hx-swap-oob="outerMorph"' in said
    page = ada_browsing.get(shown).text
    assert f"Show this {kind} again" in page
    send(ada_browsing, undo_in(said), shown=shown)
    assert f"Hide this {kind}" in ada_browsing.get(shown).text


def test_a_keyword_is_hidden_beside_it_by_its_name_and_let_back(
    client: FlaskClient, ada: User, ada_browsing: FlaskClient
) -> None:
    shown = f"/movie/{INCEPTION}-inception"
    page = ada_browsing.get(shown).text
    assert "Hide a keyword" not in client.get(shown).text
    found = re.search(r'formaction="(/hidden/keyword/(\d+)[^"]*)">Hide “<span[^>]*>([^<]+)<', page)
    assert found, "no keyword"
    address, keyword, name = found[1].replace("&amp;", "&"), int(found[2]), found[3]
    said = send(ada_browsing, address, shown=shown, keep="1").text
    assert said_in(said) == "This keyword is hidden."
    assert f'id="hide-keyword-{keyword}"' in said
    assert f'>Show “<span dir="auto">{name}</span>” again' in said
    assert name in ada_browsing.get("/hidden").text
    assert f">{name}</span>” again" in ada_browsing.get(shown).text
    # The film that it was met at is one of those that are not offered any more.
    for listing in ("/search?query=inception", "/discover?with_genres=878"):
        assert f'href="/movie/{INCEPTION}-' not in ada_browsing.get(listing).text, listing
    assert f'href="/movie/{INCEPTION}-' in client.get("/search?query=inception").text
    plain = send(ada_browsing, address, keep="0", next=shown)
    assert plain.headers["Location"] == f"{shown}#keywords"
    assert muting_queries.muted(ada.id).nothing


def test_what_was_said_of_a_suggestion_shows_and_is_taken_back_where_it_was_said(
    ada: User, ada_browsing: FlaskClient
) -> None:
    address, shown = f"/movie/{INCEPTION}/feedback", f"/movie/{INCEPTION}"
    said = send(ada_browsing, address, shown=shown, value="less").text
    assert re.findall(r'value="(\w+)" aria-pressed="(\w+)" formaction="[^"]+feedback', said) == [
        ("more", "false"),
        ("none", "true"),
        ("not_interested", "false"),
    ]
    assert 'value="none" aria-pressed="true"' in ada_browsing.get(shown).text
    send(ada_browsing, address, shown=shown, value="none")
    assert state(ada, INCEPTION).feedback is None


def test_what_is_hidden_or_unwanted_leaves_the_page_for_somebody_at_once(
    ada: User, ada_browsing: FlaskClient
) -> None:
    for address, fields in (
        (f"/hidden/movie/{HEAT}", {"keep": "1"}),
        (f"/movie/{HEAT}/feedback", {"value": "not_interested"}),
    ):
        answer = send(ada_browsing, address, shown="/for-you", **fields)
        assert answer.headers["HX-Refresh"] == "true"
        undone = send(ada_browsing, undo_in(ada_browsing.get("/about").text), shown="/for-you")
        assert undone.headers["HX-Refresh"] == "true"
        assert said_in(ada_browsing.get("/about").text) == "Undone."


def test_every_card_and_the_films_page_lead_to_ones_lists(
    client: FlaskClient, ada_browsing: FlaskClient
) -> None:
    for address in ("/popular", f"/movie/{INCEPTION}"):
        assert f'href="/movie/{INCEPTION}/lists" data-dialog' in ada_browsing.get(address).text
        assert "/lists" not in client.get(address).text.split("<main")[1]


def test_shelves_are_shared_from_where_they_are(ada: User, ada_browsing: FlaskClient) -> None:
    assert "/shares" not in ada_browsing.get("/favorites").text.split("<main")[1]
    service.add_favorite(ada, HEAT)
    service.keep_on_watchlist(ada, HEAT)
    for shelf in ("favorites", "watchlist"):
        assert f'href="/shares?source={shelf}" data-dialog' in ada_browsing.get(f"/{shelf}").text


def test_counts_of_the_community_follow(ada: User, ada_browsing: FlaskClient) -> None:
    shown = f"/movie/{HEAT}"
    send(ada_browsing, f"/movie/{HEAT}/like", shown=shown, keep="1")
    answer = send(ada_browsing, f"/movie/{HEAT}/vote/down", shown=shown, keep="1")
    assert answer.text.count('opinion__count">1<') == 2
    db.session.rollback()
    assert db.session.get_one(Movie, HEAT).votes_down == 1
    assert db.session.get(Favorite, (ada.id, HEAT)) is None
