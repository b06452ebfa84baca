"""What those who run the site say of a film shows at once and outlives every sync."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite.admin import (
    caches_service,
    movie_queries,
    movie_service,
    removal_service,
    term_service,
)
from moviesite.admin.term_queries import GENRES
from moviesite.catalogue import live, purge_service, remembering, service
from moviesite.errors import Conflict
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.lists import service as lists
from moviesite.models import (
    Favorite,
    ListItem,
    Movie,
    MovieList,
    OutboxEntry,
    Override,
    Review,
    User,
)
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from tests import factories
from tests.admin.conftest import acts, post
from tests.statements import counted

INCEPTION = 27205
SHEET = f"/api/v1/admin/movies/{INCEPTION}"


@pytest.fixture
def inception(app: Flask) -> int:
    """A film of the demo, stored whole."""
    remembering.sync(INCEPTION)
    return INCEPTION


def stored(movie_id: int = INCEPTION) -> Movie:
    db.session.rollback()
    found = db.session.scalar(
        select(Movie).where(Movie.id == movie_id).execution_options(populate_existing=True)
    )
    assert found is not None
    return found


def said(client: FlaskClient, changes: dict[str, Any], movie_id: int = INCEPTION) -> Any:
    answer = client.patch(f"/api/v1/admin/movies/{movie_id}", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_an_edit_shows_in_the_next_request(
    admin: FlaskClient, client: FlaskClient, inception: int
) -> None:
    address = f"/api/v1/movies/{inception}"
    before = client.get(address).get_json()
    said(admin, {"title": "Nested dreams", "runtime": 149, "release_date": "2011-01-02"})
    after = client.get(address).get_json()
    assert (before["title"], after["title"]) == ("Inception", "Nested dreams")
    assert (after["runtime"], after["release_date"]) == (149, "2011-01-02")
    assert "Nested dreams" in client.get(f"/movie/{inception}-nested-dreams").text
    found = client.get("/api/v1/movies?search=nested%20dreams").get_json()
    assert [row["id"] for row in found["results"]] == [inception]
    lists_ = client.get("/api/v1/movies/top-rated").get_json()["results"]
    titles = {row["id"]: row["title"] for row in lists_}
    assert titles.get(inception, "Nested dreams") == "Nested dreams"


def test_whole_pages_kept_for_visitors_go_with_an_edit(
    site_with: Any, cleo: User, inception: int
) -> None:
    site = site_with(CACHE_ANSWER_SECONDS="60")
    visitor = site.test_client()
    with site.app_context():
        address = f"/api/v1/movies/{inception}"
        for _ in range(2):
            assert visitor.get(address).get_json()["title"] == "Inception"
        movie_service.edit(cleo, inception, {"title": "Nested dreams"})
        assert visitor.get(address).get_json()["title"] == "Nested dreams"


def test_it_outlives_a_sync_and_the_source_is_remembered(
    admin: FlaskClient, inception: int
) -> None:
    said(admin, {"title": "Nested dreams", "runtime": 149, "genres": [878], "keywords": []})
    remembering.sync(inception)
    sheet = admin.get(SHEET).get_json()
    assert (sheet["title"], sheet["runtime"]) == ("Nested dreams", 149)
    assert [genre["id"] for genre in sheet["genres"]] == [878]
    assert sheet["keywords"] == []
    assert sheet["overrides"]["title"]["source"] == "Inception"
    assert sheet["overrides"]["title"]["set_by"] == "cleo"
    assert stored().title_key == "nested dreams"
    assert stored().first_genre == "Science Fiction"


def test_what_the_source_says_meanwhile_is_kept_beside_it(cleo: User, app: Flask) -> None:
    service.store_detail(factories.detail())
    movie_service.edit(cleo, 949, {"title": "Mine", "tagline": "Mine too"})
    service.store_detail(factories.detail(title="Heat 2", tagline="Colder"))
    assert (stored(949).title, stored(949).tagline) == ("Mine", "Mine too")
    service.store_movies([factories.movie(title="Heat 3")])
    assert stored(949).title == "Mine"
    service.store_movies([factories.movie(title="Hitze")], translated=True)
    movie_service.edit(cleo, 949, {}, reset=["title", "tagline", "runtime"])
    assert (stored(949).title, stored(949).tagline) == ("Heat 3", "Colder")
    assert stored(949).search_text == "heat 3"


def test_a_field_is_put_back_by_itself(admin: FlaskClient, inception: int) -> None:
    said(admin, {"title": "Nested dreams", "runtime": 149})
    sheet = said(admin, {"reset": ["title"]})
    assert (sheet["title"], sheet["runtime"]) == ("Inception", 149)
    assert list(sheet["overrides"]) == ["runtime"]
    assert said(admin, {"runtime": 148})["overrides"] == {}


def test_words_are_for_readers_of_the_sites_own_language(
    admin: FlaskClient, client: FlaskClient, inception: int
) -> None:
    address = f"/api/v1/movies/{inception}?language=de-DE"
    german = client.get(address).get_json()["title"]
    said(admin, {"title": "Nested dreams", "runtime": 149})
    after = client.get(address).get_json()
    assert (after["title"], after["runtime"]) == (german, 149)


def test_each_act_is_in_the_log(admin: FlaskClient, inception: int) -> None:
    said(admin, {"title": "Nested dreams"})
    said(admin, {"reset": ["title"]})
    said(admin, {"reset": ["title"]})
    assert admin.post(f"{SHEET}/sync").status_code == 202
    assert admin.delete(SHEET).status_code == 204
    assert admin.post(f"{SHEET}/restore").status_code == 202
    assert [(entry.act, entry.subject_id) for entry in acts()] == [
        (act, str(inception))
        for act in (
            *("movie.edit", "movie.reset", "movie.sync"),
            *("movie.delete", "movie.restore"),
        )
    ]
    first = acts()[0]
    assert (first.before, first.after) == ({"title": "Inception"}, {"title": "Nested dreams"})
    assert first.request_id


def test_a_sync_is_asked_of_the_workers(admin: FlaskClient, inception: int) -> None:
    admin.post(f"{SHEET}/sync")
    [entry] = db.session.scalars(select(OutboxEntry)).all()
    assert entry.job.endswith("sync_tmdb_movie")
    assert entry.args == [inception]


def test_a_film_is_brought_in_by_its_number(admin: FlaskClient) -> None:
    answer = admin.post("/api/v1/admin/movies", json={"id": INCEPTION, "tagline": "Dream on"})
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(SHEET)
    assert answer.get_json()["tagline"] == "Dream on"
    assert admin.post("/api/v1/admin/movies", json={"id": INCEPTION}).status_code == 409
    unknown = admin.post("/api/v1/admin/movies", json={"id": 99_999_999})
    assert (unknown.status_code, unknown.json["detail"]) == (404, "There is no such film.")
    assert [entry.act for entry in acts()] == ["movie.add"]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "a\x00b"},
        {"title": "x" * 501},
        {"runtime": 0},
        {"runtime": "90"},
        {"runtime": 2**31},
        {"release_date": "soon"},
        {"release_date": "0001-01-01"},
        {"homepage": "javascript:alert(1)"},
        {"poster_path": "https://example.org/x.jpg"},
        {"imdb_id": "tt1\n"},
        {"genres": [1]},
        {"genres": ["18"]},
        {"keywords": [2**40]},
        {"adult": 1},
        {"vote_average": 10},
        {"reset": ["vote_average"]},
    ],
    ids=str,
)
def test_what_cannot_be_said_is_refused(
    admin: FlaskClient, inception: int, changes: dict[str, Any]
) -> None:
    assert admin.patch(SHEET, json=changes).status_code == 422
    assert db.session.query(Override).count() == 0
    assert acts() == []


def test_a_purge_of_what_came_from_tmdb_leaves_what_is_said_here(
    cleo: User, ada: User, inception: int
) -> None:
    library.add_favorite(ada, inception)
    noir = term_service.add(cleo, GENRES, "Noir")
    changes = {"title": "Nested dreams", "genres": [noir], "overview": "Mine", "runtime": 149}
    movie_service.edit(cleo, inception, changes)
    purge_service.purge_tmdb()
    rows = db.session.query(Override).order_by(Override.field).all()
    assert [row.source for row in rows] == [None] * 4
    remembering.sync(inception)
    assert (stored().title, stored().first_genre) == ("Nested dreams", "Noir")
    purge_service.purge_tmdb()
    movie_service.edit(cleo, inception, {}, reset=["title", "overview", "genres", "runtime"])
    assert (stored().title, stored().overview) == (f"TMDb {inception}", "")
    remembering.sync(inception)
    assert (stored().title, stored().first_genre) == ("Inception", "Action")


def hold(ada: User, ben: User) -> MovieList:
    """Several people have something of a film."""
    for movie_id in (278, 155, 680):
        remembering.sync(movie_id)
    library.add_favorite(ada, INCEPTION)
    library.keep_on_watchlist(ben, INCEPTION)
    library.record_viewing(ben, INCEPTION)
    reviews.write_review(ben, INCEPTION, ReviewInput(4, "Dreams."))
    return lists.create(ada, "Dreams", movie_ids=[278, INCEPTION, 155, 680])


def test_what_goes_with_a_film_is_told_first(
    admin: FlaskClient, desk: FlaskClient, ada: User, ben: User, inception: int
) -> None:
    hold(ada, ben)
    held = admin.get(SHEET).get_json()["held_by"]
    assert {name: count for name, count in held.items() if count} == {
        "favorites": 1,
        "watchlist_items": 1,
        "viewings": 1,
        "reviews": 1,
        "list_items": 1,
    }
    page = desk.get(f"/admin/movies/{inception}/remove").text
    assert "Watchlist entries: 1" in page
    assert 'name="held" value="5"' in page


def test_a_removed_film_is_gone_and_stays_away(
    admin: FlaskClient, client: FlaskClient, ada: User, ben: User, inception: int
) -> None:
    made = hold(ada, ben)
    assert client.get(f"/movie/{inception}").status_code == 200
    assert admin.delete(f"{SHEET}?held=5").status_code == 204
    db.session.rollback()
    items = db.session.execute(
        select(ListItem.movie_id, ListItem.position)
        .where(ListItem.list_id == made.id)
        .order_by(ListItem.position)
    ).all()
    assert [tuple(item) for item in items] == [(278, 0), (155, 1), (680, 2)]
    assert db.session.query(Favorite).count() == db.session.query(Review).count() == 0
    db.session.refresh(made)
    db.session.refresh(ada)
    assert (made.movie_count, ada.favorite_count) == (3, 0)
    assert client.get(f"/movie/{inception}").status_code == 404
    assert client.get(f"/api/v1/movies/{inception}").status_code == 404
    remembering.sync(inception)
    live.renew_listing("popular", "en-US", "US")
    remembering.remember("tmdb:popular")
    assert db.session.get(Movie, inception) is None
    for address in ("popular", "top-rated", "search?query=inception"):
        rows = client.get(f"/api/v1/movies/{address}").get_json()["results"]
        assert inception not in [row["id"] for row in rows]


def test_nobody_brings_back_what_hung_on_it(ada: User, cleo: User, inception: int) -> None:
    library.add_favorite(ada, inception)
    undo = library.remove_favorite(ada, inception).undo
    assert undo
    removal_service.remove(cleo, inception)
    with pytest.raises(Conflict):
        library.undo(ada, undo)


def test_a_removed_film_stays_away_when_somebody_who_has_not_heard_of_it_keeps_it(
    cleo: User, inception: int
) -> None:
    removal_service.remove(cleo, inception)
    service.store_row(factories.movie(inception, "Inception"))
    assert db.session.get(Movie, inception) is None


def test_a_removal_stops_where_more_hangs_on_it(
    admin: FlaskClient, ada: User, inception: int
) -> None:
    library.add_favorite(ada, inception)
    assert admin.delete(f"{SHEET}?held=0").status_code == 409
    assert stored().title == "Inception"


def test_a_removed_film_is_let_in_again(
    admin: FlaskClient, client: FlaskClient, inception: int
) -> None:
    admin.delete(SHEET)
    rows = admin.get("/api/v1/admin/movies?show=removed").get_json()["results"]
    assert [(row["title"], row["removed"]) for row in rows] == [("Inception", True)]
    assert admin.post("/api/v1/admin/movies", json={"id": inception}).status_code == 409
    admin.post(f"{SHEET}/restore")
    assert client.get(f"/api/v1/movies/{inception}").status_code == 200
    remembering.sync(inception)
    assert stored().title == "Inception"


def test_removing_takes_a_session_that_was_confirmed(as_cleo: FlaskClient, inception: int) -> None:
    answer = as_cleo.delete(SHEET)
    assert answer.status_code == 403
    assert answer.get_json()["confirm"] == "/api/v1/me/confirmation"
    assert stored().title == "Inception"


def test_lists_of_films_cost_the_same_whatever_their_size(cleo: User, app: Flask) -> None:
    service.store_movies([factories.movie(number, f"Film {number}") for number in range(1, 61)])
    for number in range(1, 41):
        movie_service.edit(cleo, number, {"title": f"Mine {number}"})
    for shown in movie_queries.SHOWN:
        sizes = []
        for size in (5, 50):
            with counted() as made:
                movie_queries.movies("", shown, page_size=size)
            sizes.append(len(made))
        assert sizes[0] == sizes[1] <= 6, shown
    with counted() as made:
        movie_queries.sheet(1)
    assert len(made) <= 5


def test_reading_costs_nothing_more_while_nothing_changed(
    client: FlaskClient, cleo: User, inception: int
) -> None:
    movie_service.edit(cleo, inception, {"title": "Nested dreams"})
    address = "/api/v1/movies/popular"
    client.get(address)
    with counted() as made:
        client.get(address)
    assert not [statement for statement in made if "overrides" in statement]


def test_a_sync_and_an_edit_at_once_leave_the_edit(app: Flask, cleo: User, inception: int) -> None:
    detail = live.renew_movie(inception, "en-US")
    begin = threading.Barrier(2)

    def store() -> None:
        with app.app_context():
            begin.wait(30)
            for _ in range(5):
                service.store_detail(detail)
            db.session.remove()

    thread = threading.Thread(target=store)
    thread.start()
    begin.wait(30)
    movie_service.edit(cleo, inception, {"title": "Nested dreams"})
    thread.join(60)
    assert stored().title == "Nested dreams"
    row = db.session.get(Override, ("movie", inception, "title"))
    assert row
    assert row.source == "Inception"


def test_a_form_says_only_what_was_changed_in_it(desk: FlaskClient, inception: int) -> None:
    address = f"/admin/movies/{inception}"
    fields = shown_in(desk, address)
    answer = post(desk, address, **{**fields, "title": "Nested dreams"})
    assert answer.status_code == 303
    assert db.session.query(Override).one().field == "title"
    page = desk.get(address).text
    assert 'The source says: <span dir="auto">Inception</span>' in page
    answer = post(desk, f"{address}/reset", field="title")
    assert answer.status_code == 303
    assert stored().title == "Inception"


def test_a_refused_form_keeps_what_was_typed(desk: FlaskClient, inception: int) -> None:
    address = f"/admin/movies/{inception}"
    fields = shown_in(desk, address)
    answer = post(
        desk, address, **{**fields, "runtime": "long", "keywords": "dream, nonsense here"}
    )
    assert answer.status_code == 422
    assert "Not known here:" in answer.text
    assert "nonsense here" in answer.text
    assert 'value="long"' in answer.text
    assert db.session.query(Override).count() == 0


@pytest.mark.parametrize("text", ["a\x00b", "x" * 20_000, "<script>alert(1)</script>"])
def test_odd_text_in_a_form_is_refused_or_shown_as_it_is(
    desk: FlaskClient, inception: int, text: str
) -> None:
    address = f"/admin/movies/{inception}"
    fields = shown_in(desk, address)
    for name in ("title", "keywords", "runtime", "was", "poster_path"):
        answer = post(desk, address, **{**fields, name: text})
        assert answer.status_code in (303, 422), name
        assert "<script>alert" not in desk.get(address).text


def shown_in(desk: FlaskClient, address: str) -> dict[str, Any]:
    """What a browser would send of the form as it is shown."""
    sheet = movie_queries.sheet(INCEPTION)
    page = desk.get(address).text
    was = page.split('name="was" value="')[1].split('"')[0]
    texts = {
        name: "" if value is None else str(value)
        for name, value in sheet.values.items()
        if name not in ("adult", "genres", "keywords")
    }
    return {
        **texts,
        "genres": [str(id_) for id_, _ in sheet.genres],
        "keywords": ", ".join(name for _, name in sheet.keywords),
        "was": was.replace("&#34;", '"').replace("&quot;", '"'),
    }


@pytest.mark.parametrize("kind", ["everything", "lists", "movies", "answers", "recommendations"])
def test_what_is_cached_is_asked_for_anew(
    admin: FlaskClient, client: FlaskClient, kind: str
) -> None:
    client.get("/api/v1/movies/popular")
    answer = admin.post("/api/v1/admin/cache/refresh", json={"kind": kind})
    assert answer.status_code == 200
    assert (answer.get_json()["forgotten"] > 0) == (kind in ("everything", "lists"))
    assert [entry.subject_id for entry in acts()] == [kind]


def test_an_unknown_kind_of_cache_is_refused(admin: FlaskClient, desk: FlaskClient) -> None:
    assert admin.post("/api/v1/admin/cache/refresh", json={"kind": "all"}).status_code == 422
    assert post(desk, "/admin/cache", kind="nonsense").status_code == 422
    assert post(desk, "/admin/cache", kind="lists").status_code == 303


def test_processes_that_share_redis_follow_an_edit(
    site_with: Any, redis_url: str, cleo: User, inception: int
) -> None:
    one, other = (site_with(REDIS_URL=redis_url) for _ in range(2))
    one.extensions["redis_client"].flushdb()
    address = f"/api/v1/movies/{inception}"
    for site in (one, other):
        assert site.test_client().get(address).get_json()["title"] == "Inception"
    with one.app_context():
        movie_service.edit(cleo, inception, {"title": "Nested dreams"})
    assert other.test_client().get(address).get_json()["title"] == "Nested dreams"
    with one.app_context():
        assert caches_service.refresh(cleo, "everything") > 0
        assert caches_service.refresh(cleo, "movies") == 0
