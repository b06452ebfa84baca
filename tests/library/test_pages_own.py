"""Pages of somebody's own: favorites, watchlist, history, statistics."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient

from moviesite import clock
from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.library import history_queries, service
from moviesite.library.history_pages import PAGE_SIZE
from moviesite.models import User, WatchlistItem
from moviesite.reviews import service as reviews
from moviesite.transactions import transactional
from tests import factories
from tests.form_reading import form_of
from tests.library.conftest import HEAT, OTHER
from tests.library.sending import said_in, send, undo_in
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("films")

OWN = ("/favorites", "/watchlist", "/history", "/statistics", "/hidden", "/reviews")


def titles_of(page: str) -> list[str]:
    return re.findall(r'(?:card|wish)__title"[^>]*><a href="[^"]+">([^<]+)</a>', page)


def store(count: int) -> list[int]:
    """Films with numbers for titles."""
    movies = [factories.movie(5000 + n, f"Film {n:03}", genres=()) for n in range(count)]
    catalogue.store_movies(movies)
    return [movie.id for movie in movies]


@transactional
def subscribe(user: User, service_id: int) -> None:
    user.providers = [service_id]
    db.session.add(user)


@transactional
def move(user: User, zone: str) -> None:
    user.time_zone = zone
    db.session.add(user)


@pytest.mark.parametrize("address", OWN)
def test_visitors_are_asked_who_they_are_and_come_back(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in?next={address}")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/favorites", "No favorites yet"),
        ("/watchlist", "Your watchlist is empty"),
        ("/history", "Nothing in your history yet"),
        ("/statistics", "No statistics yet"),
        ("/hidden", "Nothing is hidden"),
        ("/reviews", "Nothing rated yet"),
    ],
)
def test_an_empty_page_says_what_to_do_and_is_kept_by_nobody(
    ada_browsing: FlaskClient, address: str, words: str
) -> None:
    page = ada_browsing.get(address)
    assert words in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert 'name="robots" content="noindex"' in page.text


@pytest.mark.parametrize(
    "address", ["/favorites", "/watchlist", "/history", "/statistics", "/reviews"]
)
def test_an_empty_page_offers_to_bring_films_along(ada_browsing: FlaskClient, address: str) -> None:
    main = ada_browsing.get(address).text.partition("<main")[2].partition("</main>")[0]
    assert '<a href="/account/import">Import your films</a>' in main


def test_the_header_leads_to_what_is_ones_own(ada_browsing: FlaskClient) -> None:
    page = ada_browsing.get("/favorites").text
    menu = page.split('class="whoami__menu"')[1].split("</details>")[0]
    for address in OWN:
        assert f'<a href="{address}"' in menu
    assert '<a href="/favorites" aria-current="page">' in menu
    tabs = page.split('class="tabs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', tabs) == ["/for-you", *OWN[:3]]


def test_favorites_come_page_by_page_latest_first(ada: User, ada_browsing: FlaskClient) -> None:
    for movie_id in store(25):
        service.add_favorite(ada, movie_id)
    first, second = (ada_browsing.get(f"/favorites?page={n}").text for n in (1, 2))
    assert titles_of(first) == [f"Film {n:03}" for n in range(24, 4, -1)]
    assert titles_of(second) == [f"Film {n:03}" for n in range(4, -1, -1)]
    assert 'rel="next" href="/favorites?page=2"' in first
    asked = {"HX-Request": "true", "HX-Target": "nav#more"}
    more = ada_browsing.get("/favorites?page=2", headers=asked).text
    assert "<html" not in more
    assert titles_of(more) == titles_of(second)
    narrowed = ada_browsing.get("/favorites?sort=title", headers={"HX-Request": "true"}).text
    assert "<html" not in narrowed
    assert titles_of(narrowed)[0] == "Film 000"
    assert "There is no page 9" in ada_browsing.get("/favorites?page=9").text


def test_favorites_are_narrowed_by_genre_and_length(ada: User, ada_browsing: FlaskClient) -> None:
    service.add_favorite(ada, HEAT)
    service.add_favorite(ada, OTHER)
    assert titles_of(ada_browsing.get("/favorites?genre=18").text) == ["Heat"]
    assert titles_of(ada_browsing.get("/favorites?runtime=long").text) == ["Heat"]
    page = ada_browsing.get("/favorites?genre=18&runtime=short").text
    assert titles_of(page) == []
    assert "None of your films match." in page


def test_the_watchlist_is_narrowed_to_services(ada: User, ada_browsing: FlaskClient) -> None:
    service.keep_on_watchlist(ada, HEAT)
    service.keep_on_watchlist(ada, OTHER)
    assert titles_of(ada_browsing.get("/watchlist?service=9001").text) == ["Heat"]
    assert titles_of(ada_browsing.get("/watchlist?service=mine").text) == []
    subscribe(ada, 9001)
    assert titles_of(ada_browsing.get("/watchlist?service=mine").text) == ["Heat"]


def store_older() -> int:
    """A film of another decade than Heat."""
    catalogue.store_movies([factories.movie(76, "Older", release_date=dt.date(1975, 5, 1))])
    return 76


@pytest.mark.parametrize("shelf", ["favorites", "watchlist", "reviews"])
def test_shelves_are_narrowed_to_a_decade(ada: User, ada_browsing: FlaskClient, shelf: str) -> None:
    for movie_id in (HEAT, store_older()):
        service.add_favorite(ada, movie_id)
        service.keep_on_watchlist(ada, movie_id)
        reviews.rate(ada, movie_id, 4)
    nineties = ada_browsing.get(f"/{shelf}?decade=1990").text
    assert "One film matches" in nineties
    assert titles_of(nineties) == ["Heat"]
    assert '<option value="1990" selected>1990s</option>' in nineties
    assert "None of your films match" in ada_browsing.get(f"/{shelf}?decade=1950").text
    for odd in ("1995", "1880", "9990", "x"):
        assert ada_browsing.get(f"/{shelf}?decade={odd}").status_code == 422


@pytest.mark.parametrize("shelf", ["favorites", "watchlist"])
def test_shelves_are_narrowed_to_what_was_not_seen(
    ada: User, ada_browsing: FlaskClient, shelf: str
) -> None:
    for movie_id in (HEAT, OTHER):
        service.add_favorite(ada, movie_id)
        service.keep_on_watchlist(ada, movie_id)
    service.mark_seen(ada, HEAT)
    service.record_viewing(ada, OTHER, progress_seconds=60)
    left = ada_browsing.get(f"/{shelf}?seen=no&sort=title").text
    assert titles_of(left) == ["Other"]
    assert "One film matches" in left
    assert '<option value="no" selected>Not seen</option>' in left
    with counted() as statements:
        seen = ada_browsing.get(f"/{shelf}?seen=yes", headers={"HX-Request": "true"}).text
    assert titles_of(seen) == ["Heat"]
    # Who asks, how many there are, the films, and what was done with each.
    assert len(statements) == 4, statements
    assert ada_browsing.get(f"/{shelf}?seen=x").status_code == 422


def test_ratings_are_not_narrowed_to_what_was_seen(ada: User, ada_browsing: FlaskClient) -> None:
    reviews.rate(ada, HEAT, 4)
    page = ada_browsing.get("/reviews?seen=yes").text
    assert titles_of(page) == ["Heat"]
    assert 'name="seen"' not in page


def test_one_of_the_watchlist_is_picked_and_then_another(
    ada: User, ada_browsing: FlaskClient
) -> None:
    to_come = factories.movie(77, "To come", release_date=clock.now().date() + dt.timedelta(30))
    catalogue.store_movies([to_come])
    for movie_id in (HEAT, OTHER, 77):
        service.keep_on_watchlist(ada, movie_id, note="with Ben")
    assert 'href="/watchlist/pick">Pick one for me' in ada_browsing.get("/watchlist").text
    drawn = ada_browsing.get("/watchlist/pick").location
    assert drawn in (f"/watchlist/pick?film={HEAT}", f"/watchlist/pick?film={OTHER}")
    first = ada_browsing.get(drawn).text
    [title] = titles_of(first)
    assert title in ("Heat", "Other")
    assert "with Ben" in first
    another = re.search(r'href="(/watchlist/pick\?besides=\d+)">Another one', first)
    assert another
    second = ada_browsing.get(another[1], follow_redirects=True).text
    assert titles_of(second) == [{"Heat": "Other"}.get(title, "Heat")]
    assert titles_of(ada_browsing.get(drawn).text) == [title], "it stays where one comes back to it"


def test_a_pick_is_one_that_was_not_seen_where_there_is_one(
    ada: User, ada_browsing: FlaskClient
) -> None:
    older = store_older()
    for movie_id in (HEAT, OTHER, older):
        service.keep_on_watchlist(ada, movie_id)
    for movie_id in (HEAT, OTHER):
        service.mark_seen(ada, movie_id)
    for _ in range(5):
        assert ada_browsing.get("/watchlist/pick").location == f"/watchlist/pick?film={older}"
    seen = ada_browsing.get(f"/watchlist/pick?besides={older}").location
    assert seen in (f"/watchlist/pick?film={HEAT}", f"/watchlist/pick?film={OTHER}")


def test_a_pick_that_left_the_watchlist_says_so(ada: User, ada_browsing: FlaskClient) -> None:
    service.keep_on_watchlist(ada, HEAT)
    page = f"/watchlist/pick?film={HEAT}"
    send(ada_browsing, f"/movie/{HEAT}/watchlist", shown=page, keep="0")
    gone = ada_browsing.get(page).text
    assert "This film is not on your watchlist anymore." in gone
    assert f'href="/watchlist/pick?besides={HEAT}">Another one' in gone
    assert ada_browsing.get("/watchlist/pick?film=x").status_code == 422


def test_a_pick_keeps_to_what_the_list_is_narrowed_to(ada: User, ada_browsing: FlaskClient) -> None:
    for movie_id in (HEAT, store_older()):
        service.keep_on_watchlist(ada, movie_id)
    narrowed = ada_browsing.get("/watchlist?decade=1990&seen=no&sort=title").text
    params = "decade=1990&amp;seen=no&amp;sort=title"
    assert f'href="/watchlist/pick?{params}">Pick one for me' in narrowed
    address = f"/watchlist/pick?decade=1990&seen=no&sort=title&besides={HEAT}"
    page = ada_browsing.get(address, follow_redirects=True).text
    assert titles_of(page) == ["Heat"], "the only one may come again"
    assert f'href="/watchlist?{params}">Back to the watchlist' in page
    assert f'href="/watchlist/pick?besides={HEAT}&amp;{params}">Another one' in page
    nothing = ada_browsing.get("/watchlist/pick?decade=1950").text
    assert "No released film on your watchlist fits." in nothing


@pytest.mark.parametrize("released", [None, dt.date(2999, 1, 1)])
def test_what_nobody_can_see_yet_is_not_picked(
    ada: User, ada_browsing: FlaskClient, released: dt.date | None
) -> None:
    catalogue.store_movies([factories.movie(76, "Announced", release_date=released)])
    service.keep_on_watchlist(ada, 76)
    page = ada_browsing.get("/watchlist/pick").text
    assert "No released film on your watchlist fits." in page


def test_what_comes_first_comes_first(ada: User, ada_browsing: FlaskClient) -> None:
    service.keep_on_watchlist(ada, HEAT, priority=5)
    service.keep_on_watchlist(ada, OTHER, priority=1)
    assert titles_of(ada_browsing.get("/watchlist").text) == ["Other", "Heat"]
    assert titles_of(ada_browsing.get("/watchlist?sort=-priority").text) == ["Heat", "Other"]


def test_a_note_is_written_in_place_and_taken_back(ada: User, ada_browsing: FlaskClient) -> None:
    service.keep_on_watchlist(ada, HEAT, note="old")
    address = f"/watchlist/{HEAT}"
    saved = send(ada_browsing, address, shown="/watchlist", note="a\r\n<b>", priority="5")
    assert "<html" not in saved.text
    assert f'id="jot-{HEAT}" hx-swap-oob="outerHTML"' in saved.text
    assert "a\n&lt;b&gt;" in saved.text
    db.session.rollback()
    item = db.session.get_one(WatchlistItem, (ada.id, HEAT))
    assert (item.note, item.priority) == ("a\n<b>", 5)
    back = send(ada_browsing, undo_in(saved.text), shown="/watchlist")
    assert back.headers["HX-Refresh"] == "true"
    assert ">old</p>" in ada_browsing.get("/watchlist").text
    plain = send(ada_browsing, f"{address}?at=jot-{HEAT}", note="new", next="/watchlist?page=1")
    assert plain.headers["Location"] == f"/watchlist?page=1#jot-{HEAT}"


def test_two_tabs_that_write_a_note_and_a_priority_keep_both(
    ada: User, ada_browsing: FlaskClient
) -> None:
    service.keep_on_watchlist(ada, HEAT, note="old\nlines")
    page = ada_browsing.get("/watchlist").text
    shown = form_of(page, f"/watchlist/{HEAT}?at=jot-{HEAT}")
    for typed in ({"priority": "5"}, {"note": "new"}):
        sent = ada_browsing.post(f"/watchlist/{HEAT}", data={**shown, **typed})
        assert sent.status_code == 303
    db.session.expire_all()
    item = db.session.get_one(WatchlistItem, (ada.id, HEAT))
    assert (item.note, item.priority) == ("new", 5)
    sent = ada_browsing.post(f"/watchlist/{HEAT}", data={**shown, "note": "", "priority": "1"})
    assert sent.status_code == 303, sent.text
    db.session.expire_all()
    item = db.session.get_one(WatchlistItem, (ada.id, HEAT))
    assert (item.note, item.priority) == ("", 1)


def test_the_watchlist_in_numbers(ada: User, ada_browsing: FlaskClient) -> None:
    service.keep_on_watchlist(ada, HEAT)
    page = ada_browsing.get("/watchlist").text
    assert "One film, 2\N{NO-BREAK SPACE}h 50\N{NO-BREAK SPACE}min</p>" in page
    rows = re.findall(r'<th scope="row"[^>]*>([^<]+)</th>\s*<td>.*?bars__number">(\d+)<', page)
    assert ("Crime", "1") in rows
    assert ("Under 5", "1") in rows
    assert ("1990s", "1") in rows
    assert ("Demo Stream", "1") in rows
    assert "JustWatch" in page


def test_history_shows_films_on_their_days_where_one_lives(
    ada: User, ada_browsing: FlaskClient
) -> None:
    # Eleven in the evening of New York's last of January is February elsewhere.
    move(ada, "America/New_York")
    service.record_viewing(ada, HEAT, watched_at=dt.datetime(2026, 2, 1, 4, tzinfo=dt.UTC))
    page = ada_browsing.get("/history?month=2026-01").text
    assert 'id="day-2026-01-31"' in page
    assert 'href="#day-2026-01-31"' in page
    assert "One film seen in January 2026, 2\N{NO-BREAK SPACE}h 50\N{NO-BREAK SPACE}min</p>" in page
    empty = ada_browsing.get("/history?month=2026-02").text
    assert "Nothing seen in February 2026" in empty
    assert "<title>History, February 2026 - moviesite</title>" in empty
    assert 'href="/history?month=2026-01">January 2026</a>' in empty
    move(ada, "")
    assert 'id="day-2026-02-01"' in ada_browsing.get("/history?month=2026-02").text


def test_the_diary_says_what_was_thought_and_which_days_are_near(
    ada: User, ada_browsing: FlaskClient
) -> None:
    now = clock.now()
    for day in (now, now - dt.timedelta(days=1), dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)):
        service.record_viewing(ada, HEAT, watched_at=day)
    reviews.rate(ada, HEAT, 4.5)
    page = ada_browsing.get(f"/history?month={now:%Y-%m}").text
    assert ">Today</h3>" in page
    assert '<span class="ownmark__rating"><span class="visually-hidden">Rated </span>4½' in page
    assert ">Sun, Mar 1</h3>" in ada_browsing.get("/history?month=2026-03").text
    film = send(ada_browsing, f"/movie/{HEAT}/like", shown=f"/movie/{HEAT}", keep="1").text
    assert "Seen 3 times" in film
    assert ">today</time>" in film
    assert ">yesterday</time>" in film


def test_of_two_plays_at_one_moment_one_is_the_first(ada: User, ada_browsing: FlaskClient) -> None:
    for _ in range(2):
        service.record_viewing(ada, HEAT, watched_at=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    page = ada_browsing.get("/history?month=2026-03").text
    assert "2 films seen in March 2026, 1 rewatched" in page


def test_a_month_of_very_many_films_is_shown_whole_page_by_page(
    ada: User, ada_browsing: FlaskClient
) -> None:
    for n, movie_id in enumerate(store(PAGE_SIZE + 1)):
        day = dt.datetime(2020, 2, 2 if n else 1, 12, tzinfo=dt.UTC)
        service.record_viewing(ada, movie_id, watched_at=day)
    month = "/history?month=2020-02"
    first, second = (ada_browsing.get(f"{month}&page={number}").text for number in (1, 2))
    for page in (first, second):
        assert f"{PAGE_SIZE + 1} films seen in February 2020" in page
    assert first.count('class="diary__play"') == PAGE_SIZE
    assert 'href="#day-2020-02-02"' in first
    earlier = f'href="{month}&amp;page=2#day-2020-02-01"'
    assert earlier in first
    assert f'rel="next" href="{month}&amp;page=2">Earlier' in first
    assert (second.count('class="diary__play"'), "Film 000" in second) == (1, True)
    assert 'href="#day-2020-02-01"' in second
    assert ada_browsing.get(f"{month}&page=9").text.count('class="diary__play"') == 1


def test_a_film_seen_again_is_counted(ada: User, ada_browsing: FlaskClient) -> None:
    for day in (1, 2, 3):
        service.record_viewing(ada, HEAT, watched_at=dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC))
    page = ada_browsing.get("/history?month=2026-03").text
    assert "3 films seen in March 2026, 2 rewatched" in page
    assert 'href="/search">Find a film to add</a>' in page
    assert "for the 2nd time" in page
    assert "for the 3rd time" in page


def test_a_day_is_added_on_the_films_page_and_deleted_with_a_way_back(
    ada: User, ada_browsing: FlaskClient
) -> None:
    shown = f"/movie/{HEAT}"
    added = send(ada_browsing, f"/movie/{HEAT}/plays", shown=shown, date="2020-02-29")
    assert said_in(added.text) == "Added to your history."
    assert "February 29, 2020" in added.text
    delete = re.search(r'formaction="(/history/[^?"]+/delete)', added.text)
    assert delete
    gone = send(ada_browsing, delete[1], shown=shown)
    assert "February 29, 2020" not in gone.text
    send(ada_browsing, undo_in(gone.text), shown=shown)
    page = ada_browsing.get("/history?month=2020-02").text
    assert 'id="day-2020-02-29"' in page
    assert send(ada_browsing, delete[1], shown="/history").headers["HX-Refresh"] == "true"
    assert "Nothing seen in" not in ada_browsing.get("/history?month=2020-02").text
    plain = send(ada_browsing, f"/movie/{HEAT}/plays", date=clock.now().date().isoformat())
    assert plain.status_code == 303
    assert "Heat" in ada_browsing.get("/history").text


def test_a_day_is_changed_where_it_stands_with_a_way_back(
    ada: User, ada_browsing: FlaskClient
) -> None:
    move(ada, "Europe/Berlin")
    evening = dt.datetime(2020, 2, 29, 20, 15, tzinfo=ada.zone)
    play = service.record_viewing(ada, HEAT, watched_at=evening).row
    address = f"/history/{play.uuid}"
    link = f'href="{address}" data-dialog="Change date"'
    assert link in ada_browsing.get("/history?month=2020-02").text
    film = f"/movie/{HEAT}"
    assert link in send(ada_browsing, f"{film}/favorite", shown=film, keep="1").text
    form = form_of(ada_browsing.get(address).text, address)
    assert form["date"] == ["2020-02-29"]
    moved = send(ada_browsing, address, next="/history?month=2020-02", date="2020-03-01")
    assert (moved.status_code, moved.location) == (303, "/history?month=2020-02")
    page = ada_browsing.get("/history?month=2020-02").text
    assert said_in(page) == "Date changed."
    [there] = history_queries.history_of(ada).rows
    assert there.watched_at == evening + dt.timedelta(days=1), "at the same time of day"
    send(ada_browsing, undo_in(page), shown=film)
    [back] = history_queries.history_of(ada).rows
    assert back.watched_at == evening
    same = send(ada_browsing, address, date="2020-02-29")
    assert said_in(ada_browsing.get(same.location).text) == "Nothing was changed."
    for day in ("", "1887-01-01", "2999-01-01"):
        assert send(ada_browsing, address, date=day).status_code == 422


def test_what_is_moved_to_today_was_not_later_than_now(
    ada: User, ada_browsing: FlaskClient
) -> None:
    late = dt.datetime(2020, 2, 29, 23, 59, 59, tzinfo=dt.UTC)
    play = service.record_viewing(ada, HEAT, watched_at=late).row
    send(ada_browsing, f"/history/{play.uuid}", date=clock.now().date().isoformat())
    [moved] = history_queries.history_of(ada).rows
    assert late < moved.watched_at <= clock.now()


def test_nobody_moves_anothers_play(ada: User, cleo_browsing: FlaskClient) -> None:
    play = service.record_viewing(ada, HEAT).row
    address = f"/history/{play.uuid}"
    assert cleo_browsing.get(address).status_code == 404
    assert send(cleo_browsing, address, date="2020-02-29").status_code == 404


def test_nobody_deletes_anothers_play(
    ada: User, ada_browsing: FlaskClient, cleo_browsing: FlaskClient
) -> None:
    play = service.record_viewing(ada, HEAT).row
    assert send(cleo_browsing, f"/history/{play.uuid}/delete").status_code == 404
    assert "Heat" in ada_browsing.get("/history").text


def test_statistics_are_drawn_and_told_in_numbers(ada: User, ada_browsing: FlaskClient) -> None:
    for year in (2024, 2025, 2025):
        service.record_viewing(ada, HEAT, watched_at=dt.datetime(year, 5, 5, 12, tzinfo=dt.UTC))
    page = ada_browsing.get("/statistics").text
    for title in ("Films by month", "Your ratings", "Genres", "Decades", "Countries"):
        assert f">{title}</h2>" in page
    # Of people, those alone are told who were met in more than one film.
    assert ">Directors</h2>" not in page
    assert "Michael Mann" not in page
    assert "bars__most" not in page.split(">Genres</h2>")[1].split("</table>")[0], "all alike"
    assert "United States" in page
    assert "8\N{NO-BREAK SPACE}h 30\N{NO-BREAK SPACE}min" in page
    told = ada_browsing.get("/statistics?year=2025").text
    assert "2025 in review" in told
    assert 'href="/statistics?year=2024"' in told
    assert '<th scope="row">May 2025</th><td>2</td>' in told
    assert "The busiest month was May 2025, with 2 films." in told
    assert "Heat</a> (twice)" in told
    assert "Nothing seen or rated in 2023" in ada_browsing.get("/statistics?year=2023").text


# Who it is, a page in two, and what one did with its films; for the watchlist its numbers, too.
@pytest.mark.parametrize(("address", "most"), [("/favorites", 4), ("/watchlist", 5)])
def test_a_page_costs_the_same_however_long_the_list(
    ada: User, ada_browsing: FlaskClient, address: str, most: int
) -> None:
    keep = service.add_favorite if address == "/favorites" else service.keep_on_watchlist
    costs = []
    for movie_ids in (store(2), store(30)):
        for movie_id in movie_ids:
            keep(ada, movie_id)
        ada_browsing.get(address)
        with counted() as said:
            assert ada_browsing.get(address).status_code == 200
        costs.append(len(said))
    assert costs[0] == costs[1] <= most


def test_history_and_statistics_cost_a_few_statements(ada: User, ada_browsing: FlaskClient) -> None:
    for day in range(1, 29):
        service.record_viewing(ada, HEAT, watched_at=dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC))
    for address, most in (("/history?month=2026-03", 2), ("/history?month=2026-04", 3)):
        with counted() as said:
            ada_browsing.get(address)
        assert len(said) <= most, address
    with counted() as said:
        ada_browsing.get("/statistics")
    assert len(said) <= 4
