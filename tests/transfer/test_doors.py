"""The pages and the JSON doors of imports and exports."""

import csv
import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.lists import service as lists
from moviesite.models import (
    Favorite,
    Feedback,
    Hidden,
    Like,
    Review,
    User,
    Viewing,
    Vote,
    WatchlistItem,
)
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from moviesite.transfer import queries, service
from tests.people import form_token
from tests.statements import counted

INCEPTION, MATRIX = 27205, 603
DIARY = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    "2020-02-08,Inception,2010,https://boxd.it/1skk,4.5,,,2020-02-07\n"
    "2020-02-09,No Such Film At All,1911,https://boxd.it/2a,3,,,2020-02-09\n"
)
LAST_YEAR = dt.datetime(2025, 3, 1, 20, 15, tzinfo=dt.UTC)
IMPORT, EXPORT = "/api/v1/me/import", "/api/v1/me/export"


# Sent as it is: a form of this size would be put into a file on its way.
LARGE = {"data": b"x" * (4 * 2**20), "content_type": "multipart/form-data; boundary=x"}


def file(text: str | bytes = DIARY, name: str = "diary.csv") -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": (io.BytesIO(content), name)}


def table(archive: bytes, name: str) -> list[dict[str, str]]:
    """A file of an export, line by line."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return [*csv.DictReader(io.StringIO(files.read(name).decode()))]


def carry_on(user: User) -> None:
    going = queries.of(user.id)
    assert going is not None
    service.carry_on(going.uuid)


def test_a_program_imports_and_sees_how_far_it_is(as_ada: FlaskClient, ada: User) -> None:
    assert as_ada.get(IMPORT).status_code == 404
    begun = as_ada.post(IMPORT, data=file())
    assert begun.status_code == 202
    assert (begun.get_json()["waiting"], begun.get_json()["finished_at"]) == (2, None)
    assert as_ada.post(IMPORT, data=file()).status_code == 409
    assert as_ada.post(f"{IMPORT}/retry").status_code == 202
    carry_on(ada)
    report = as_ada.get(IMPORT).get_json()
    assert report["finished_at"]
    assert {name: report[name] for name in ("source", "waiting", "kept", "known", "missing")} == {
        "source": "Letterboxd",
        "waiting": 0,
        "kept": 1,
        "known": 0,
        "missing": 1,
    }
    assert report["not_found"] == [
        {"place": "diary.csv, line 3", "title": "No Such Film At All", "year": 1911}
    ]
    assert as_ada.delete(IMPORT).status_code == 204
    assert as_ada.get(IMPORT).status_code == 404
    assert as_ada.post(f"{IMPORT}/retry").status_code == 404


def test_a_file_sent_twice_under_one_key_is_imported_once(as_ada: FlaskClient, ada: User) -> None:
    def send(*what: str) -> TestResponse:
        return as_ada.post(IMPORT, data=file(*what), headers={"Idempotency-Key": "my-diary"})

    first, second = send(), send()
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.get_json() == second.get_json()
    carry_on(ada)
    assert send().get_json()["finished_at"]
    other = send(DIARY.replace("Inception", "Heat"))
    assert (other.status_code, list(other.get_json()["errors"])) == (422, ["headers"])
    as_ada.delete(IMPORT)
    assert send().status_code == 409


NOIR = (
    "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
    "2020-08-30,Noir,,https://boxd.it/1,\n\nPosition,Name,Year,URL,Description\n"
    "1,The Matrix,1999,,Green\n2,Inception,2010,,\n3,No Such Film At All,1911,,\n"
)
LISTED = "Position,Const,Created,Description,Title,Title Type,Year\n1,,,,The Matrix,Movie,1999\n"
NUMBER = "0b7d1c2e-1234-4abc-9def-0123456789ab.csv"


def test_a_program_imports_a_list(as_ada: FlaskClient, ada: User) -> None:
    begun = as_ada.post(IMPORT, data=file(NOIR, "noir.csv")).get_json()
    [told] = begun["lists"]
    assert (told["name"], told["movie_count"]) == ("Noir", 0)
    carry_on(ada)
    report = as_ada.get(IMPORT).get_json()
    assert report["lists"] == [{**told, "movie_count": 2}]
    assert [line["place"] for line in report["not_found"]] == ["noir.csv, line 8"]
    made = as_ada.get(f"/api/v1/lists/{told['id']}").get_json()
    assert (made["name"], made["visibility"]) == ("Noir", "private")
    items = as_ada.get(f"/api/v1/lists/{told['id']}/movies").get_json()["results"]
    assert [(one["movie"]["id"], one["note"]) for one in items] == [
        *((MATRIX, "Green"), (INCEPTION, ""))
    ]


def test_a_program_says_what_a_list_is_called(as_ada: FlaskClient, ada: User) -> None:
    refused = as_ada.post(IMPORT, data=file(LISTED, NUMBER))
    assert refused.status_code == 422
    assert "please say what it is called at IMDb" in refused.get_json()["detail"]
    begun = as_ada.post(IMPORT, data={**file(LISTED, NUMBER), "name": "Green rain"})
    assert [one["name"] for one in begun.get_json()["lists"]] == ["Green rain"]
    carry_on(ada)
    as_ada.post(IMPORT, data={**file(LISTED, NUMBER), "name": "watchlist"})
    carry_on(ada)
    assert as_ada.get(IMPORT).get_json()["lists"] == []
    assert [wish.movie_id for wish in db.session.query(WatchlistItem)] == [MATRIX]


def test_somebody_imports_a_list_on_the_page(ada_browsing: FlaskClient, ada: User) -> None:
    token = form_token(ada_browsing)
    asked = ada_browsing.post("/account/import", data={**file(LISTED, NUMBER), "csrf_token": token})
    assert "please say what it is called at IMDb" in asked.get_data(as_text=True)
    sent = {**file(LISTED, NUMBER), "name": "Green rain", "csrf_token": token}
    assert ada_browsing.post("/account/import", data=sent).status_code == 303
    carry_on(ada)
    page = ada_browsing.get("/account/import").get_data(as_text=True)
    assert "Lists: 1" in page
    report = queries.report(ada.id)
    assert report is not None
    assert f'href="/list/{report.lists[0].uuid}" dir="auto">Green rain</a>' in page
    assert "One film<" in page


def test_what_is_hidden_is_counted(
    as_ada: FlaskClient, ada_browsing: FlaskClient, ada: User
) -> None:
    hidden = "Hidden,ID,Name,Date\ngenre,27,Horror,2020-08-30\nperson,525,,\nperson,525,,\n"
    assert as_ada.post(IMPORT, data=file(hidden, "hidden.csv")).get_json()["hidden"] == 2
    carry_on(ada)
    assert "<dt>Hidden</dt><dd>2</dd>" in ada_browsing.get("/account/import").text


def test_a_name_that_was_given_stays_in_the_form_when_the_file_is_refused(
    ada_browsing: FlaskClient,
) -> None:
    token = form_token(ada_browsing)
    sent = {**file("Foo,Bar\n1,2\n"), "name": '"Green" rain', "csrf_token": token}
    page = ada_browsing.post("/account/import", data=sent).get_data(as_text=True)
    assert 'value="&#34;Green&#34; rain"' in page


@pytest.mark.parametrize(
    "sent", [None, ("Foo,Bar\n1,2\n", "a.csv"), (b"PK\x03\x04 broken", "x.zip"), ("", "empty.csv")]
)
def test_what_is_no_export_is_refused_with_a_sentence(
    as_ada: FlaskClient, sent: tuple[str | bytes, str] | None
) -> None:
    data = file(*sent) if sent else {}
    answer = as_ada.post(IMPORT, data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert answer.get_json()["errors"]["files"]["file"]
    assert as_ada.get(IMPORT).status_code == 404


def test_a_file_that_is_too_large_is_refused(as_ada: FlaskClient) -> None:
    assert as_ada.post(IMPORT, **LARGE).status_code == 413


def test_somebody_imports_on_the_page(ada_browsing: FlaskClient, ada: User) -> None:
    token = form_token(ada_browsing)
    sent = ada_browsing.post("/account/import", data={**file(), "csrf_token": token})
    assert (sent.status_code, sent.location) == (303, "/account/import")
    page = ada_browsing.get("/account/import").get_data(as_text=True)
    assert "0 of 2 lines done" in page
    assert 'hx-trigger="every 2s"' in page
    carry_on(ada)
    part = ada_browsing.get("/account/import", headers={"HX-Request": "true"})
    text = part.get_data(as_text=True)
    assert "<html" not in text
    assert "hx-trigger" not in text
    assert "Imported from Letterboxd" in text
    assert "/search?query=No+Such+Film+At+All" in text


def test_a_page_says_why_a_file_was_refused(ada_browsing: FlaskClient) -> None:
    token = form_token(ada_browsing)
    for sent, status, words in (
        (file("Foo,Bar\n1,2\n"), 422, "it has the columns Foo, Bar."),
        ({}, 422, "Choose a file first."),
    ):
        answer = ada_browsing.post("/account/import", data={**sent, "csrf_token": token})
        assert answer.status_code == status
        assert words in answer.get_data(as_text=True)
    answer = ada_browsing.post("/account/import", headers={"X-CSRFToken": token}, **LARGE)
    assert answer.status_code == 413
    assert "The file can be at most 3 MB." in answer.get_data(as_text=True)


def test_an_import_is_asked_to_go_on_and_stopped_on_the_page(
    ada_browsing: FlaskClient, ada: User
) -> None:
    token = form_token(ada_browsing)
    ada_browsing.post("/account/import", data={**file(), "csrf_token": token})
    for name in ("retry", "forget"):
        answer = ada_browsing.post(f"/account/import/{name}", data={"csrf_token": token})
        assert (answer.status_code, answer.location) == (303, "/account/import")
    assert queries.report(ada.id) is None


def kept(user: User) -> list[set[tuple[Any, ...]]]:
    """Everything of somebody's that goes into an export."""
    tables = {
        Viewing: (
            *(Viewing.movie_id, Viewing.watched_at, Viewing.finished, Viewing.progress_seconds),
        ),
        Review: (
            *(Review.movie_id, Review.rating, Review.text, Review.spoiler, Review.created_at),
        ),
        WatchlistItem: (
            *(WatchlistItem.movie_id, WatchlistItem.note),
            *(WatchlistItem.priority, WatchlistItem.added_at),
        ),
        Like: (Like.movie_id, Like.added_at),
        Favorite: (Favorite.movie_id, Favorite.added_at),
        Vote: (Vote.movie_id, Vote.value, Vote.added_at),
        Hidden: (Hidden.kind, Hidden.target_id, Hidden.added_at),
        Feedback: (Feedback.movie_id, Feedback.value, Feedback.added_at),
    }
    return [
        {tuple(row) for row in db.session.query(*columns).filter_by(user_id=user.id)}
        for columns in tables.values()
    ]


def test_what_is_exported_can_be_imported(
    as_ada: FlaskClient, as_ben: FlaskClient, ada: User, ben: User
) -> None:
    library.add_favorite(ada, INCEPTION)
    library.like(ada, MATRIX)
    library.keep_on_watchlist(ada, MATRIX, note="=HYPERLINK(a)", priority=5)
    for movie_id, value in ((INCEPTION, "up"), (MATRIX, "down")):
        library.vote(ada, movie_id, value)
    library.give_feedback(ada, MATRIX, "less")
    for kind, target_id in (("genre", 27), ("person", 525), ("movie", MATRIX)):
        library.hide(ada, kind, target_id)
    library.record_viewing(ada, INCEPTION)
    library.record_viewing(ada, INCEPTION, watched_at=LAST_YEAR, progress_seconds=8870)
    library.record_viewing(ada, MATRIX, progress_seconds=600)
    words = ReviewInput(4.5, "-- a <b>top</b>,\nspinning &amp; all", spoiler=True)
    reviews.write_review(ada, INCEPTION, words)
    answer = as_ada.get(EXPORT)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=moviesite-ada-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert as_ben.post(IMPORT, data=file(answer.data, "ada.zip")).status_code == 202
    carry_on(ben)
    assert kept(ben) == kept(ada)
    assert all(kept(ada))


def test_a_day_is_the_one_of_the_diary_there_and_back(
    as_ada: FlaskClient, as_ben: FlaskClient, ada: User, ben: User
) -> None:
    ada.time_zone, ben.time_zone = "America/Los_Angeles", "Pacific/Auckland"
    evening = dt.datetime(2020, 2, 7, 20, tzinfo=ada.zone)
    library.record_viewing(ada, INCEPTION, watched_at=evening - dt.timedelta(days=1))
    library.record_viewing(ada, INCEPTION, watched_at=evening)
    answer = as_ada.get(EXPORT)
    days = [(row["WatchedDate"], row["Rewatch"]) for row in table(answer.data, "diary.csv")]
    assert days == [("2020-02-06", ""), ("2020-02-07", "true")]
    as_ada.post(IMPORT, data=file(answer.data, "ada.zip"))
    carry_on(ada)
    assert as_ada.get(IMPORT).get_json()["kept"] == 0, "it is all here"
    as_ben.post(IMPORT, data=file())
    carry_on(ben)
    [play] = db.session.query(Viewing).filter_by(user_id=ben.id)
    assert play.watched_at.astimezone(ben.zone).isoformat() == "2020-02-07T12:00:00+13:00"


def test_an_export_names_films_by_all_their_numbers_and_runs_in_no_spreadsheet(
    as_ada: FlaskClient, ada: User
) -> None:
    library.keep_on_watchlist(ada, MATRIX, note="=HYPERLINK(a)")
    archive = as_ada.get(EXPORT).data
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.namelist() == [
            *("diary.csv", "begun.csv", "ratings.csv", "watchlist.csv", "likes.csv"),
            *("favorites.csv", "votes.csv", "suggestions.csv", "hidden.csv"),
        ]
    [row] = table(archive, "watchlist.csv")
    assert (row["tmdbID"], row["Title"], row["Year"]) == ("603", "The Matrix", "1999")
    assert row["Note"] == "'=HYPERLINK(a)"


def test_an_export_takes_a_statement_for_each_file(ada: User, ada_browsing: FlaskClient) -> None:
    library.add_favorite(ada, INCEPTION)
    with counted() as few:
        ada_browsing.get("/account/export")
    for movie_id in (MATRIX, 155, 13, 680):
        library.add_favorite(ada, movie_id)
        lists.create(ada, f"List {movie_id}", movie_ids=[movie_id])
    with counted() as many:
        ada_browsing.get("/account/export")
    assert len(many) == len(few) == 12, "who asks, the nine files, and two for all lists"


def test_nobody_sees_what_another_imports(
    as_ada: FlaskClient, as_ben: FlaskClient, ada: User
) -> None:
    as_ada.post(IMPORT, data=file())
    assert as_ben.get(IMPORT).status_code == 404
    assert as_ben.delete(IMPORT).status_code == 204
    assert queries.report(ada.id) is not None
