"""What people export elsewhere is understood line by line, and no file breaks the reading."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviesite import spreadsheets
from moviesite.errors import InvalidInput
from moviesite.library.service import VOTES
from moviesite.models.library import (
    FEEDBACK,
    HIDDEN_KINDS,
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    MAX_NOTE,
)
from moviesite.models.lists import MAX_DESCRIPTION, MAX_ITEM_NOTE, MAX_NAME
from moviesite.models.reviews import MAX_REVIEW
from moviesite.transfer import columns, entries, files, trakt, values
from moviesite.transfer.reading import Entry, HiddenData, ListData, Reading, read

EXPORTS = Path(__file__).parents[2].parent / "shared/data/exports"
NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)

FILMS = "Date,Name,Year,Letterboxd URI"
RATINGS = f"{FILMS},Rating"
DIARY = f"{RATINGS},Rewatch,Tags,Watched Date"
REVIEWS = f"{RATINGS},Rewatch,Review,Tags,Watched Date"
CHRISTINE = "2017-12-31,Christine,1983,https://boxd.it/1ZRQ"
ARRIVAL = "2020-02-08,Arrival,2016,https://boxd.it/a5fb"
IMDB_RATINGS = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,"
    "Runtime (mins),Year,Genres,Num Votes,Release Date,Directors"
)
IMDB_WATCHLIST = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,"
    "Runtime (mins),Year,Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated"
)
TMDB = (
    "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,"
    "Date Rated"
)
YAMTRACK = (
    "media_id,source,media_type,title,image,season_number,episode_number,score,progress,status,"
    "repeats,start_date,end_date,notes,watch_date"
)
TRON = {
    "title": "TRON: Legacy",
    "year": 2010,
    "ids": {"trakt": 1, "slug": "tron-legacy-2010", "imdb": "tt1104001", "tmdb": 20526},
}
SHOW = {"title": "Breaking Bad", "year": 2008, "ids": {"trakt": 1, "tmdb": 1396}}


NOIR = "2020-08-30,Noir,,https://boxd.it/8AJZS,"
LIST_BLOCK = ("Letterboxd list export v7", "Date,Name,Tags,URL,Description")
LIST_FILMS = "Position,Name,Year,URL,Description"
OWN_BLOCK = ("Film list export v1", "ID,Name,Description,Visibility,Date")
OWN_FILMS = "Position,tmdbID,imdbID,Title,Year,Note,Date"


def table(name: str, *lines: str, encoding: str = "utf-8", called: str = "") -> Reading:
    return read(name, "\r\n".join((*lines, "")).encode(encoding), called=called, now=NOW)


def listing(name: str, *items: Any, called: str = "") -> Reading:
    return read(name, json.dumps(items).encode(), called=called, now=NOW)


def packed(contents: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return made.getvalue()


def only(reading: Reading) -> Entry:
    assert (len(reading.entries), reading.unread) == (1, ())
    return reading.entries[0]


def refusal(name: str, content: bytes | str) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(name, content.encode() if isinstance(content, str) else content)
    assert caught.value.extra["errors"] == {"files": {"file": [caught.value.detail]}}
    return caught.value.detail


def noon(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


NOTED = noon(2017, 12, 31)


# Letterboxd


def test_ratings_of_letterboxd() -> None:
    reading = table("ratings.csv", RATINGS, f"{CHRISTINE},3.5")
    rated = Entry("ratings.csv, line 2", "Christine", 1983, rating=3.5, noted_at=NOTED)
    assert reading == Reading("Letterboxd", (rated,), 0, ())


def test_a_diary_tells_days() -> None:
    entry = only(table("diary.csv", DIARY, f"{CHRISTINE},5,Yes,horror,2017-09-30"))
    assert (entry.rating, entry.watched_at, entry.seen) == (5, noon(2017, 9, 30), False)


@pytest.mark.parametrize("day", ["0000-00-00", "2017-02-30", "2999-01-01", "9999-12-31", "", "x"])
def test_a_day_that_is_none_leaves_a_film_seen(day: str) -> None:
    entry = only(table("diary.csv", DIARY, f"{CHRISTINE},,,,{day}"))
    assert (entry.watched_at, entry.seen) == (None, True)


def test_a_day_to_come_is_none_but_it_may_be_tomorrow_somewhere() -> None:
    lines = (f"{CHRISTINE},,,,2026-12-01", f"{ARRIVAL},,,,2026-12-24")
    first, second = table("diary.csv", DIARY, *lines).entries
    assert (first.watched_at, second.watched_at) == (noon(2026, 12, 1), None)
    assert second.seen


def test_reviews_become_plain_text() -> None:
    html = '"<b>Arrival</b> &amp; tears<br/>\r\nTwice.\r\n\r\n<i>Really</i> <3"'
    entry = only(table("reviews.csv", REVIEWS, f"{ARRIVAL},4,,{html},,2020-02-07"))
    assert entry.review == "Arrival & tears\n\nTwice.\n\nReally <3"
    assert (entry.rating, entry.watched_at) == (4, noon(2020, 2, 7))


def test_a_review_without_a_day_is_no_play() -> None:
    entry = only(table("reviews.csv", REVIEWS, f"{ARRIVAL},,,Good.,,"))
    assert (entry.review, entry.watched_at, entry.seen) == ("Good.", None, False)


def test_a_review_that_is_too_long_leaves_the_rest_of_its_line() -> None:
    reading = table("reviews.csv", REVIEWS, f"{ARRIVAL},4,,{'a' * 10_001},,2020-02-07")
    entry = reading.entries[0]
    assert (entry.review, entry.rating, entry.watched_at) == ("", 4, noon(2020, 2, 7))
    assert reading.unread == ("reviews.csv, line 2: the review is longer than 10,000 characters.",)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("watched.csv", "seen"),
        ("watched__somebody.csv", "seen"),
        ("letterboxd-watched (1).csv", "seen"),
        ("watchlist.csv", "watchlist"),
        ("watchlist-2024.csv", "watchlist"),
        ("watchlist__somebody.csv", "watchlist"),
        ("C:\\Downloads\\Watchlist.CSV", "watchlist"),
        ("likes-films.csv", "liked"),
        ("likes/films.csv", "liked"),
        ("films.csv", "liked"),
        ("films (2).csv", "liked"),
    ],
)
def test_a_name_tells_what_columns_cannot(name: str, told: str) -> None:
    entry = only(table(name, FILMS, CHRISTINE))
    said = {what for what in ("seen", "watchlist", "liked") if getattr(entry, what)}
    assert said == {told}
    assert (entry.rating, entry.watched_at) == (None, None)


@pytest.mark.parametrize("name", ["export.csv", "", "unwatched.csv", "liked-and-watched.csv"])
def test_a_name_that_tells_nothing_is_asked_for(name: str) -> None:
    detail = refusal(name, f"{FILMS}\n{CHRISTINE}\n")
    assert "keep the name that Letterboxd gave it" in detail


def test_a_name_does_not_outweigh_columns() -> None:
    assert only(table("watchlist.csv", RATINGS, f"{CHRISTINE},3.5")).rating == 3.5


def test_a_list_of_letterboxd() -> None:
    reading = table(
        "noir.csv",
        *LIST_BLOCK,
        '2020-08-30,"Noir, mostly","rain, hats",https://boxd.it/8AJZS,"<b>Dark</b> &amp;\n\nwet."',
        "",
        LIST_FILMS,
        "1,Laura,1944,https://boxd.it/2aHi,",
        '2,Gilda,1946,https://boxd.it/1Wd0,"<i>That</i> glove"',
    )
    told = ListData("Letterboxd: https://boxd.it/8AJZS", "Noir, mostly", "Dark &\n\nwet.")
    laura = Entry("noir.csv, line 8", "Laura", 1944, listed_in=told.origin, position=1)
    gilda = Entry("noir.csv, line 9", "Gilda", 1946, note="That glove")
    gilda = gilda._replace(listed_in=told.origin, position=2)
    assert reading == Reading("Letterboxd", (laura, gilda), 0, (), (told,))


def noir(*films: str, block: str = NOIR, name: str = "noir.csv") -> Reading:
    return table(name, *LIST_BLOCK, block, "", LIST_FILMS, *films)


def test_films_of_a_list_stand_in_its_order_whatever_that_of_the_lines() -> None:
    films = (f"{place},{title},1944,," for place, title in (("10", "B"), ("", "C"), ("9", "A")))
    assert [entry.title for entry in noir(*films).entries] == ["A", "B", "C"]


def test_a_list_may_be_empty_or_lack_its_name_and_address() -> None:
    assert noir().lists == (ListData("Letterboxd: https://boxd.it/8AJZS", "Noir"),)
    nameless = noir(block="2020-08-30,,,,", name="Dark rooms (2).csv")
    assert nameless.lists == (ListData("Letterboxd: Dark rooms", "Dark rooms"),)
    nothing = "\n".join((*LIST_BLOCK, NOIR))
    assert refusal("noir.csv", nothing) == "There is nothing in this list."
    assert "it has the columns Foo, Bar." in refusal("noir.csv", f"{nothing}\n\nFoo,Bar\n1,2\n")


def test_a_list_that_a_spreadsheet_wrote_again() -> None:
    films = (
        "Letterboxd list export v7;;;;",
        LIST_BLOCK[1].replace(",", ";"),
        "30.8.;Noir;;;",
        ";;;;",
    )
    reading = table("noir.csv", *films, LIST_FILMS.replace(",", ";"), "1;Laura;1944;;")
    assert (only(reading).title, reading.lists[0].name) == ("Laura", "Noir")


def test_what_is_too_long_of_a_list_is_cut() -> None:
    reading = noir(block=f"2020-08-30,{'n' * 256},,,{'d' * 1001}")
    [told] = reading.lists
    assert (told.name, told.description) == ("n" * 255, "d" * 1000)
    assert reading.unread == (
        "noir.csv: the list’s name was cut to 255 characters.",
        "noir.csv: the list’s description was cut to 1,000 characters.",
    )


def test_lists_of_one_name_are_told_apart_by_their_addresses() -> None:
    lists = {
        f"lists/noir-{n}.csv": "\n".join(
            (
                *LIST_BLOCK,
                f"2020-08-30,Noir,,https://boxd.it/{n},",
                "",
                LIST_FILMS,
                f"1,Film {n},,,",
            )
        )
        for n in range(3)
    }
    reading = read("letterboxd.zip", packed({**lists}))
    assert [(told.name, told.origin[-1]) for told in reading.lists] == [
        *(("Noir", "0"), ("Noir", "1"), ("Noir", "2"))
    ]
    assert [(entry.title, entry.listed_in[-1]) for entry in reading.entries] == [
        *(("Film 0", "0"), ("Film 1", "1"), ("Film 2", "2"))
    ]


def test_too_many_lists() -> None:
    block = "\n".join((*LIST_BLOCK, "2020-08-30,,,,", "", LIST_FILMS, "1,Laura,1944,,"))
    reading = read("letterboxd.zip", packed({f"lists/l{n}.csv": block for n in range(501)}))
    assert (len(reading.lists), len(reading.entries)) == (500, 500)
    assert reading.unread == ("lists/l500.csv: At most 500 lists can be imported at once.",)


def letterboxd_archive(folder: str = "") -> bytes:
    inner: dict[str, str | bytes] = {
        "profile.csv": "Date Joined,Username\n2017-12-15,ada\n",
        "comments.csv": "Date,Content\n2018-01-01,Yes\n",
        "watched.csv": f"{FILMS}\n{CHRISTINE}\n{ARRIVAL}\n",
        "watchlist.csv": f"{FILMS}\n2018-01-29,Tank,1984,https://boxd.it/2lwg\n",
        "reviews.csv": f"{REVIEWS}\n{ARRIVAL},4.5,,Good.,,2020-02-07\n",
        "ratings.csv": f"{RATINGS}\n{CHRISTINE},5\n",
        "diary.csv": f"{DIARY}\n{ARRIVAL},4,,,2020-02-07\n{ARRIVAL},4,Yes,,2020-02-07\n",
        "likes/films.csv": f"{FILMS}\n{CHRISTINE}\n",
        "likes/lists.csv": "Date,Letterboxd URI\n2018-01-01,https://boxd.it/2\n",
        "likes/reviews.csv": "Date,Letterboxd URI\n2018-01-01,https://boxd.it/1\n",
        "deleted/diary.csv": f"{DIARY}\n{CHRISTINE},1,,,2020-02-07\n",
        "orphaned/ratings.csv": f"{RATINGS}\n{CHRISTINE},1\n",
        "lists/noir.csv": "\n".join((*LIST_BLOCK, NOIR, "", LIST_FILMS, "1,Laura,1944,,")),
        "deleted/lists/old.csv": "\n".join((*LIST_BLOCK, NOIR, "", LIST_FILMS, "1,Gilda,1946,,")),
        "__MACOSX/._ratings.csv": b"\x00\x05\x16\x07",
    }
    return packed({folder + name: content for name, content in inner.items()})


@pytest.mark.parametrize("folder", ["", "letterboxd-ada-2024-02-09-10-11-utc/"])
def test_a_whole_archive_of_letterboxd(folder: str) -> None:
    reading = read("letterboxd-ada.zip", letterboxd_archive(folder), now=NOW)
    assert (reading.source, reading.others, reading.unread) == ("Letterboxd", 0, ())
    assert tuple(entry._replace(noted_at=None) for entry in reading.entries) == (
        Entry("watched.csv, line 2", "Christine", 1983, seen=True),
        Entry("watched.csv, line 3", "Arrival", 2016, seen=True),
        Entry("watchlist.csv, line 2", "Tank", 1984, watchlist=True),
        Entry("ratings.csv, line 2", "Christine", 1983, rating=5),
        # The play that reviews.csv tells as well, with the review in it.
        Entry(
            *("diary.csv, line 2", "Arrival", 2016),
            rating=4.5,
            watched_at=noon(2020, 2, 7),
            review="Good.",
        ),
        Entry("diary.csv, line 3", "Arrival", 2016, rating=4, watched_at=noon(2020, 2, 7)),
        Entry("likes/films.csv, line 2", "Christine", 1983, liked=True),
        Entry(
            *("lists/noir.csv, line 6", "Laura", 1944),
            listed_in="Letterboxd: https://boxd.it/8AJZS",
            position=1,
        ),
    )
    assert [told.name for told in reading.lists] == ["Noir"]


def test_a_review_of_another_day_stays_by_itself() -> None:
    diary = f"{DIARY}\n{ARRIVAL},4,,,2020-02-07\n"
    reviews = f"{REVIEWS}\n{ARRIVAL},4,,Good.,,2020-02-08\n{ARRIVAL},4,,Again.,,\n"
    reading = read("a.zip", packed({"diary.csv": diary, "reviews.csv": reviews}))
    days = [entry.watched_at for entry in reading.entries]
    assert days == [noon(2020, 2, 7), noon(2020, 2, 8), None]


def test_days_are_those_of_where_the_person_lives() -> None:
    zone = ZoneInfo("Pacific/Auckland")
    diary = f"{DIARY}\n{CHRISTINE},5,,,2017-12-31\n".encode()
    entry = only(read("diary.csv", diary, zone=zone, now=NOW))
    there = dt.datetime(2017, 12, 31, 12, tzinfo=zone)
    assert (entry.watched_at, entry.noted_at) == (there, there)


def test_a_film_is_rated_as_it_is_now_and_not_as_it_was_once() -> None:
    files = {
        "diary.csv": f"{DIARY}\n{ARRIVAL},2,,,2017-02-07\n{CHRISTINE},3,,,2017-02-08\n",
        "reviews.csv": f"{REVIEWS}\n{ARRIVAL},2,,Meh.,,2017-02-07\n",
        "ratings.csv": f"{RATINGS}\n{ARRIVAL},4.5\n",
    }
    for names in (files, reversed(files)):
        reading = read("letterboxd.zip", packed({name: files[name] for name in names}))
        ratings = {(entry.title, entry.rating) for entry in reading.entries}
        assert ratings == {("Arrival", 4.5), ("Christine", 3)}


# How tables are written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_in_any_dress(encoding: str, delimiter: str, end: str) -> None:
    values = ("2020-02-08", "Amélie", "2001", "https://boxd.it/29Pq", "4.5")
    rows = (RATINGS.replace(",", delimiter), delimiter.join(values), "")
    entry = only(read("ratings.csv", end.join(rows).encode(encoding)))
    assert (entry.title, entry.year, entry.rating) == ("Amélie", 2001, 4.5)


def test_utf_16_of_the_other_byte_order() -> None:
    content = b"\xfe\xff" + f"{RATINGS}\n{CHRISTINE},4".encode("utf-16-be")
    assert only(read("ratings.csv", content)).rating == 4


def test_a_comma_in_a_rating() -> None:
    rows = f"{RATINGS}\n{CHRISTINE},".replace(",", ";") + "3,5\n"
    assert only(read("ratings.csv", rows.encode())).rating == 3.5


def test_columns_in_another_order_and_lines_that_are_empty() -> None:
    lines = ("", "rating,LETTERBOXD URI,name", "", ",,", "4,https://boxd.it/1ZRQ,Christine", "")
    entry = only(table("ratings.csv", *lines))
    assert entry == Entry("ratings.csv, line 5", "Christine", None, rating=4)


def test_a_place_is_the_line_where_an_entry_begins() -> None:
    first = f'{ARRIVAL},4,,"One\r\ntwo\r\nthree",,2020-02-07'
    reading = table("reviews.csv", REVIEWS, first, f"{CHRISTINE},4,,Good.,,")
    assert [entry.place for entry in reading.entries] == [
        "reviews.csv, line 2",
        "reviews.csv, line 5",
    ]


@pytest.mark.parametrize("rating", ["7.3", "5.5", "3.3", "-1", "NaN", "1e1", "five", "٣"])
def test_a_rating_beyond_the_scale_is_told(rating: str) -> None:
    reading = table("ratings.csv", RATINGS, f"{CHRISTINE},{rating}", f"{ARRIVAL},4")
    assert reading.unread == (f"ratings.csv, line 2: {rating} of 5 is not a valid rating.",)
    assert [entry.title for entry in reading.entries] == ["Arrival"]


@pytest.mark.parametrize("rating", ["", "0", "0.0"])
def test_no_rating_says_nothing(rating: str) -> None:
    reading = table("ratings.csv", RATINGS, f"{CHRISTINE},{rating}")
    assert (reading.entries, reading.others, reading.unread) == ((), 1, ())


def test_titles_are_cleaned_and_cut() -> None:
    long = "Night of the " + "Living " * 100 + "Dead"
    lines = ("2020-02-08,\x00Ali\x07en  ,1979,,4", f"2020-02-08,{long},196,,4")
    first, second = table("ratings.csv", RATINGS, *lines).entries
    assert (first.title, first.year) == ("Alien", 1979)
    assert (len(second.title), second.year) == (500, None)


def test_a_line_without_a_film_is_told() -> None:
    reading = table("ratings.csv", RATINGS, "2020-02-08,,1979,https://boxd.it/1,4")
    assert reading.unread == ("ratings.csv, line 2: no film is named.",)


def test_values_under_the_wrong_columns_are_told() -> None:
    line = "2020-02-08,One of the Roughs, a Kosmos,2014,https://boxd.it/4,4"
    reading = table("ratings.csv", RATINGS, line)
    assert reading.unread == ("ratings.csv, line 2: its values are in the wrong columns.",)


def test_an_open_quotation_mark_is_told() -> None:
    reading = table("ratings.csv", RATINGS, '2020-02-08,"Alien,1979,,4', f"{CHRISTINE},4")
    assert reading.unread == ("ratings.csv, line 2: a quotation mark was not closed.",)
    many = [f"{CHRISTINE},4"] * 3000
    reading = table("ratings.csv", RATINGS, '2020-02-08,"Alien,1979,,4', *many)
    assert "a value is too long" in reading.unread[0]
    assert reading.entries


def test_sentences_have_an_end() -> None:
    reading = table("ratings.csv", RATINGS, *[f"{CHRISTINE},9"] * 32)
    assert len(reading.unread) == 21
    assert reading.unread[-1] == "… and 12 more."


# IMDb


def imdb(rating: str, title: str, kind: str, const: str = "tt0095765") -> str:
    return f'{const},{rating},2025-02-16,"{title}",,https://www.imdb.com/,{kind},8.5,174,1988,,,,'


def test_ratings_of_imdb() -> None:
    entry = only(table("ratings.csv", IMDB_RATINGS, imdb("7", "Cinema Paradiso", "Movie")))
    assert entry == Entry(
        *("ratings.csv, line 2", "Cinema Paradiso", 1988),
        imdb_id="tt0095765",
        rating=3.5,
        seen=True,
        noted_at=noon(2025, 2, 16),
    )


@pytest.mark.parametrize(
    "kind",
    [
        *("Movie", "TV Movie", "Short", "Video", "TV Special", "TV Short"),
        *("movie", "tvMovie", "short", "video", "tvSpecial", "tvShort"),
        *("Feature Film", "Film", "Película"),
    ],
)
def test_kinds_of_films_at_imdb(kind: str) -> None:
    assert only(table("ratings.csv", IMDB_RATINGS, imdb("7", "Cinema Paradiso", kind))).seen


@pytest.mark.parametrize(
    "kind", ["TV Series", "TV Episode", "TV Mini Series", "Video Game", "Music Video", "tvSeries"]
)
def test_other_kinds_at_imdb_are_left_out(kind: str) -> None:
    reading = table("ratings.csv", IMDB_RATINGS, imdb("8", "Fleabag", kind))
    assert (reading.entries, reading.others, reading.unread) == ((), 1, ())


def test_an_id_that_is_none_is_not_taken() -> None:
    entry = only(table("ratings.csv", IMDB_RATINGS, imdb("8", "Alien", "Movie", "tt1")))
    assert (entry.imdb_id, entry.title) == (None, "Alien")


@pytest.mark.parametrize("rating", ["11", "7.5", "-3"])
def test_a_rating_of_imdb_is_a_whole_number_to_ten(rating: str) -> None:
    reading = table("ratings.csv", IMDB_RATINGS, imdb(rating, "Alien", "Movie"))
    assert reading.unread == (f"ratings.csv, line 2: {rating} of 10 is not a valid rating.",)


def test_watchlist_of_imdb() -> None:
    begin = "1,tt0405094,2016-03-03,2016-03-03"
    end = '"Das Leben der Anderen",,,Movie,8.4,137,2006,"Drama, Mystery",445871,2007-07-19,'
    lines = (f'{begin},"See it\r\nin Berlin",{end},,', f"{begin},,{end},9,2020-01-01")
    first, second = table("WATCHLIST.csv", IMDB_WATCHLIST, *lines).entries
    assert (first.watchlist, first.note, first.rating) == (True, "See it\nin Berlin", None)
    assert (second.watchlist, second.rating, second.seen) == (True, 4.5, False)


def test_people_in_lists_of_imdb_are_left_out() -> None:
    header = "Position,Const,Created,Modified,Description,Name,Known For,Birth Date"
    reading = table("Makers.csv", header, "1,nm0000229,2016-03-03,2016-03-03,,A Director,Jaws,")
    assert reading == Reading("IMDb", (), 1, ())


@pytest.mark.parametrize("name", ["ratings.csv", "WATCHLIST.csv"])
def test_the_columns_of_imdb_until_2017(name: str) -> None:
    header = '"position","const","created","modified","description","Title","Title type",'
    line = '"1","tt0078748","Wed Jul 15 00:00:00 2015","","","Alien","Feature Film",'
    entry = only(table(name, header + '"You rated","Year"', line + '"9","1979"'))
    rated = name == "ratings.csv"
    assert (entry.rating, entry.seen, entry.watchlist) == (4.5, rated, not rated)


def test_a_long_note_is_cut() -> None:
    line = f'1,tt0405094,,,"{"a" * 1001}",Das Leben der Anderen,,,Movie'
    reading = table("watchlist.csv", IMDB_WATCHLIST, line)
    assert reading.entries[0].note == "a" * 1000
    assert reading.unread == ("watchlist.csv, line 2: the note was cut to 1,000 characters.",)


ANDERE = '1,tt0405094,2016-03-03,,"See it",Das Leben der Anderen,,,Movie,,,2006'
SERIES = "2,tt0903747,2016-03-03,,,Breaking Bad,,,TV Series,,,2008"


@pytest.mark.parametrize(
    ("name", "called", "title"),
    [
        ("Berlin nights.csv", "", "Berlin nights"),
        ("Berlin nights (1).csv", "", "Berlin nights"),
        ("Berlin nights", "", "Berlin nights"),
        ("1984.csv", "", "1984"),
        ("0b7d1c2e-1234-4abc-9def-0123456789ab.csv", " Berlin  nights ", "Berlin nights"),
        ("WATCHLIST.csv", "Berlin nights", "Berlin nights"),
    ],
)
def test_a_list_of_imdb_is_called_as_its_file(name: str, called: str, title: str) -> None:
    reading = table(name, IMDB_WATCHLIST, ANDERE, SERIES, called=called)
    told = ListData(f"IMDb: {title}", title)
    entry = Entry(f"{name}, line 2", "Das Leben der Anderen", 2006, imdb_id="tt0405094")
    entry = entry._replace(note="See it", noted_at=noon(2016, 3, 3), position=1)
    assert reading == Reading("IMDb", (entry._replace(listed_in=told.origin),), 1, (), (told,))


@pytest.mark.parametrize(
    "name", ["0b7d1c2e-1234-4abc-9def-0123456789ab.csv", "list.csv", "ls012345678.csv", ".csv", ""]
)
def test_a_name_that_is_no_more_than_a_number_is_asked_for(name: str) -> None:
    detail = refusal(name, f"{IMDB_WATCHLIST}\n{ANDERE}\n")
    assert "please say what it is called at IMDb" in detail
    assert only(table(name, IMDB_WATCHLIST, ANDERE, called="My Watchlist")).watchlist


def test_what_a_file_is_called_stands_for_its_name_everywhere() -> None:
    assert only(table("export.csv", FILMS, CHRISTINE, called="Watched")).seen
    wish = {"listed_at": "2014-09-01T09:10:11.000Z", "type": "movie", "movie": TRON}
    assert only(listing("export.json", wish, called="watchlist")).watchlist
    [told] = listing("export.json", wish, called="Neon").lists
    assert told == ListData("Trakt: Neon", "Neon")


# TMDb and Yamtrack


@pytest.mark.parametrize(
    ("name", "rating", "told"),
    [
        ("ratings.csv", "7", (3.5, False, False)),
        ("ratings.csv", "8.5", (4.5, False, False)),
        ("ratings.csv", "0.5", (0.5, False, False)),
        ("watchlist.csv", "", (None, True, False)),
        ("favorites.csv", "", (None, False, True)),
        ("my_favourite_movies.csv", "10", (5, False, True)),
    ],
)
def test_tables_of_tmdb(name: str, rating: str, told: tuple[float | None, bool, bool]) -> None:
    line = f"680,tt0110912,movie,Pulp Fiction,1994-09-10T00:00:00Z,,,8.49,{rating},"
    tv = "1396,tt0903747,tv,Breaking Bad,2008-01-20T00:00:00Z,,,8.886,8,"
    reading = table(name, TMDB, line, tv)
    entry = only(reading)
    assert (entry.tmdb_id, entry.imdb_id) == (680, "tt0110912")
    assert (entry.title, entry.year) == ("Pulp Fiction", 1994)
    assert (entry.rating, entry.watchlist, entry.liked) == told
    assert reading.others == 1


def yamtrack(score: str, status: str, end: str = "", notes: str = "") -> str:
    return f'10494,tmdb,movie,Perfect Blue,,,,{score},1,{status},0,,{end},"{notes}",'


def test_yamtrack_tells_plays_wishes_and_scores() -> None:
    lines = (
        yamtrack("9.0", "Completed", "2024-02-09"),
        yamtrack("7.7", "Completed"),
        yamtrack("", "Planning", notes="With Kon's others"),
        yamtrack("0.3", "Dropped"),
        yamtrack("", "In progress"),
        yamtrack("", "completed", "2024-02-09 23:30:00+02:00"),
    )
    reading = table("yamtrack.csv", YAMTRACK, *lines)
    assert (reading.source, reading.others, reading.unread) == ("Yamtrack", 1, ())
    played, seen, planned, dropped, completed = reading.entries
    assert (played.tmdb_id, played.rating, played.watched_at) == (10494, 4.5, noon(2024, 2, 9))
    assert (seen.rating, seen.seen, seen.watched_at) == (4, True, None)
    assert (planned.watchlist, planned.note, planned.seen) == (True, "With Kon's others", False)
    assert (dropped.rating, dropped.seen, dropped.watchlist) == (0.5, False, False)
    assert completed.watched_at == dt.datetime(2024, 2, 9, 21, 30, tzinfo=dt.UTC)


def test_other_media_of_yamtrack_are_left_out() -> None:
    lines = (
        "1668,tmdb,tv,Friends,,,,,24,Completed,0,,,,",
        "227,mal,anime,FLCL,,,,,2,Completed,0,,,,",
        "1,manual,movie,Our Wedding,,,,,1,Completed,0,,,,",
        "tt0156887,imdb,movie,Perfect Blue,,,,,1,Completed,0,,,,",
    )
    reading = table("yamtrack.csv", YAMTRACK, *lines)
    assert reading.others == 3
    assert only(reading).imdb_id == "tt0156887"


def test_yamtrack_without_sources() -> None:
    line = "10494,movie,Perfect Blue,8.4,Completed"
    entry = only(table("a.csv", "media_id,media_type,title,score,status", line))
    assert (entry.tmdb_id, entry.rating, entry.seen) == (10494, 4, True)


# Trakt


def test_history_of_trakt() -> None:
    play = {"id": 3, "watched_at": "2013-06-15T05:54:27.000Z", "action": "watch", "type": "movie"}
    episode = {**play, "type": "episode", "episode": {"season": 2}, "show": SHOW}
    unknown = {**play, "watched_at": "1970-01-01T00:00:00.000Z", "movie": TRON}
    reading = listing("history.json", {**play, "movie": TRON}, episode, unknown)
    assert (reading.source, reading.others, reading.unread) == ("Trakt", 1, ())
    played, seen = reading.entries
    assert played == Entry(
        *("history.json, entry 1", "TRON: Legacy", 2010, 20526, "tt1104001"),
        watched_at=dt.datetime(2013, 6, 15, 5, 54, 27, tzinfo=dt.UTC),
    )
    assert (seen.place, seen.watched_at, seen.seen) == ("history.json, entry 3", None, True)


def test_ratings_of_trakt() -> None:
    rated = {"rated_at": "2015-01-28T02:26:37.000Z", "rating": 9}
    reading = listing(
        "ratings.json",
        {**rated, "type": "movie", "movie": TRON},
        {**rated, "type": "show", "show": SHOW},
        {**rated, "type": "movie", "movie": TRON, "rating": 11},
        {**rated, "type": "movie", "movie": TRON, "rating": True},
        7,
    )
    assert [entry.rating for entry in reading.entries] == [4.5]
    assert reading.others == 2
    assert reading.unread == (
        "ratings.json, entry 3: 11 of 10 is not a valid rating.",
        "ratings.json, entry 5: this is not an entry.",
    )


def test_watched_of_trakt() -> None:
    last = {"plays": 2, "last_watched_at": "2014-04-27T13:43:59.000Z", "movie": TRON}
    reading = listing("watched.json", last, {"plays": 1, "movie": TRON}, {"plays": 3, "show": SHOW})
    first, second = reading.entries
    assert (first.watched_at, first.seen) == (
        dt.datetime(2014, 4, 27, 13, 43, 59, tzinfo=dt.UTC),
        False,
    )
    assert (second.watched_at, second.seen, reading.others) == (None, True, 1)


@pytest.mark.parametrize("name", ["sync-watchlist-movies.json", "lists-watchlist.json"])
def test_watchlist_of_trakt(name: str) -> None:
    wish = {"listed_at": "2014-09-01T09:10:11.000Z", "type": "movie", "notes": "In 3D"}
    reading = listing(name, {**wish, "movie": TRON}, {**wish, "type": "season", "show": SHOW})
    entry = only(reading)
    assert (entry.watchlist, entry.note, reading.others) == (True, "In 3D", 1)


def test_other_lists_of_trakt() -> None:
    item = {"listed_at": "2014-09-01T09:10:11.000Z", "type": "movie", "movie": TRON}
    assert only(listing("lists-favorites.json", item)).liked
    assert "keep the name that Trakt gave it" in refusal("export.json", json.dumps([item]))


def test_a_list_of_trakt() -> None:
    listed = {"listed_at": "2014-09-01T09:10:11.000Z", "type": "movie"}
    blade = {"title": "Blade Runner", "year": 1982, "ids": {"tmdb": 78}}
    name = "lists-list-9-my-favorite-watchlist.json"
    reading = listing(
        name,
        {**listed, "rank": 2, "movie": TRON, "notes": "In 3D"},
        {**listed, "rank": 3, "type": "show", "show": SHOW},
        {**listed, "rank": 1, "movie": blade},
    )
    assert reading.lists == (ListData("Trakt: 9", "my favorite watchlist"),)
    first, second = reading.entries
    at = dt.datetime(2014, 9, 1, 9, 10, 11, tzinfo=dt.UTC)
    assert first == Entry(
        *(f"{name}, entry 3", "Blade Runner", 1982, 78),
        noted_at=at,
        listed_in="Trakt: 9",
        position=1,
    )
    assert (second.title, second.note, second.position) == ("TRON: Legacy", "In 3D", 2)
    assert (second.watchlist, second.liked, reading.others) == (False, False, 1)


def test_a_list_of_trakt_without_films_is_none_here() -> None:
    show = {"listed_at": "2014-09-01T09:10:11.000Z", "type": "show", "show": SHOW}
    assert listing("lists-list-9-series.json", show) == Reading("Trakt", (), 1, ())


def test_what_lists_of_trakt_are_called_makes_none() -> None:
    described = {"name": "Noir", "description": "Dark.", "ids": {"trakt": 9}}
    odd = ({"name": None, "ids": {"trakt": 9}}, {"name": "A", "ids": {"trakt": True}}, {"ids": 7})
    assert listing("lists-lists.json", described, *odd, 7) == Reading("Trakt", (), 0, ())


def test_a_collection_is_left_out() -> None:
    reading = listing("collection.json", {"collected_at": "2014-01-20", "movie": TRON})
    assert (reading.source, reading.entries, reading.others) == ("Trakt", (), 1)


def test_a_whole_archive_of_trakt() -> None:
    last = "2014-04-27T13:43:59.000Z"
    inner = {
        "user-profile.json": {"username": "ada"},
        "user-friends.json": [{"friends_at": "2014-04-27", "user": {}}],
        "lists-lists.json": [{"name": "Noir!", "description": "Dark.", "ids": {"trakt": 9}}],
        "lists-list-9-noir.json": [{"listed_at": last, "type": "movie", "movie": TRON}],
        "ratings-shows.json": [],
        "watched-movies.json": [{"plays": 2, "last_watched_at": last, "movie": TRON}],
        "watched-history-1.json": [{"watched_at": last, "type": "movie", "movie": TRON}],
    }
    written: dict[str, str | bytes] = {name: json.dumps(told) for name, told in inner.items()}
    reading = read("trakt.zip", packed({**written, "ratings-movies.json": "[{"}), now=NOW)
    # The last play that the summary tells is in the history.
    assert [(one.place, bool(one.watched_at), one.seen) for one in reading.entries] == [
        ("watched-movies.json, entry 1", False, True),
        ("watched-history-1.json, entry 1", True, False),
        ("lists-list-9-noir.json, entry 1", False, False),
    ]
    assert reading.lists == (ListData("Trakt: 9", "Noir!", "Dark."),)
    assert (reading.source, reading.others) == ("Trakt", 1)
    assert reading.unread == ("ratings-movies.json: This JSON cannot be read.",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[", "JSON cannot be read"),
        ('{"title": "TRON"}', "not a list of entries"),
        ("[]", "no entries"),
        ('[{"movie": {}, "watchers": 3}]', "entries have the keys movie, watchers"),
        ("[1, 2]", "does not look like an export from"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('[{"rating":' + "[" * 50_000 + "]" * 50_000 + "}]", "nested too deeply"),
        ("[" + "{}," * 1_000_000 + "{}]", "more than can be read"),
        ("[" + "9" * 5000 + "]", "JSON cannot be read"),
    ],
)
def test_json_that_is_no_export(content: str, told: str) -> None:
    assert told in refusal("a.json", content)


def test_odd_values_in_json_are_not_known() -> None:
    movie = {"title": ["?"], "year": 10**400, "ids": {"imdb": True, "tmdb": 155.5}}
    named = {"title": "\ud800Thor", "year": None, "ids": None}
    line = {"watched_at": {"day": 1}, "movie": movie}
    content = json.dumps([line, {**line, "movie": named}]).replace(str(10**400), "1" * 400)
    reading = read("history.json", content.encode())
    assert reading.unread == ("history.json, entry 1: no film is named.",)
    assert reading.entries == (Entry("history.json, entry 2", "Thor", None, seen=True),)


# What is refused


def test_columns_of_a_file_that_is_none_are_named_up_to_a_length() -> None:
    detail = refusal("a.csv", "Foo,Bar\n1,2\n")
    assert detail == (
        "This does not look like an export from Letterboxd, IMDb, Trakt, TMDb or Yamtrack: "
        "it has the columns Foo, Bar."
    )
    assert len(refusal("a.csv", ",".join(f"Column {number}" for number in range(999)))) < 300
    assert len(refusal("a.csv", "a" * 200_000)) < 300


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_nothing_is_empty(content: bytes) -> None:
    assert refusal("ratings.csv", content) == "This file is empty."


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00\x01\x02", b"\xff\xfea", b"caf\x81", b"\x7fELF\x02"],
)
def test_what_is_no_text(content: bytes) -> None:
    assert refusal("ratings.csv", content) in (
        "This is not a text file.",
        "This does not look like an export from Letterboxd, IMDb, Trakt, TMDb or Yamtrack: "
        "it has the columns ‰PNG.",
    )


def test_too_much_at_once() -> None:
    line = f"{CHRISTINE},4\n"
    assert len(read("ratings.csv", f"{RATINGS}\n{line * 40_000}".encode()).entries) == 40_000
    told = "At most 40,000 entries and 200,000 other lines can be imported at once."
    assert refusal("ratings.csv", f"{RATINGS}\n{line * 40_001}") == told
    halves: dict[str, str | bytes] = {
        f"ratings-{n}.csv": f"{RATINGS}\n{line * 25_000}" for n in "ab"
    }
    assert refusal("ratings.zip", packed(halves)) == told
    assert (
        refusal("ratings.csv", b"a" * (files.MOST_BYTES + 1)) == "This file is larger than 20 MB."
    )


def test_lines_about_other_things_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_LINES", 10)
    assert "At most" in refusal("r.csv", f"{RATINGS}\n" + f"{CHRISTINE},\n" * 11)
    monkeypatch.setattr(columns, "_MOST_LINE_ENDS", 10)
    assert refusal("r.csv", f"{RATINGS}\n" + "\n" * 10) == "This file has too many lines."
    monkeypatch.setattr(columns, "_LONGEST_LINE", 100)
    assert "line that is too long" in refusal("r.csv", f"{RATINGS}\n" + "," * 101)
    monkeypatch.setattr(trakt, "_MOST_PARTS", 3)
    assert "more than can be read" in refusal("a.json", "[1, 2, 3, 4]")


# Archives


@pytest.mark.parametrize("size", [10, 100, 400])
def test_a_damaged_archive(size: int) -> None:
    assert "damaged" in refusal("letterboxd.zip", letterboxd_archive()[:size])


def test_an_archive_whose_content_is_damaged() -> None:
    content = bytearray(packed({"ratings.csv": f"{RATINGS}\n{CHRISTINE},4\n" * 50}))
    content[60] ^= 0xFF
    assert "damaged" in refusal("letterboxd", bytes(content))


def test_an_encrypted_archive() -> None:
    content = bytearray(packed({"ratings.csv": f"{RATINGS}\n{CHRISTINE},4\n"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal("letterboxd.zip", bytes(content))


def test_an_archive_that_is_packed_unusually() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("ratings.csv", f"{RATINGS}\n{CHRISTINE},4\n")
    assert "unusual" in refusal("letterboxd.zip", made.getvalue())


def test_an_archive_that_unfolds_to_too_much() -> None:
    half = b"a," * (files.MOST_BYTES // 4 + 10)
    detail = refusal("letterboxd.zip", packed({"a.csv": half, "b.csv": half}))
    assert detail == "The files in this archive are larger than 20 MB."


def test_an_archive_that_lies_about_its_size() -> None:
    content = bytearray(packed({"a.csv": b"a," * files.MOST_BYTES}))
    for start, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(start) + offset
        content[at : at + 4] = (100).to_bytes(4, "little")
    assert "damaged" in refusal("letterboxd.zip", bytes(content))


def test_an_archive_of_too_many_files() -> None:
    tables: dict[str, str | bytes] = {
        f"ratings-{n}.csv": f"{RATINGS}\n{CHRISTINE},4\n" for n in range(610)
    }
    reading = read("letterboxd.zip", packed(tables))
    assert len(reading.entries) == 600
    assert reading.unread == ("Only 600 of 610 files in the archive were read.",)
    assert "too many" in refusal("a.zip", packed({f"{n}.csv": "" for n in range(2001)}))


@pytest.mark.parametrize(
    "inner", [{}, {"readme.txt": "a"}, {"deleted/a.csv": "a"}, {"inner.zip": letterboxd_archive()}]
)
def test_an_archive_of_nothing_that_is_known(inner: dict[str, str | bytes]) -> None:
    assert refusal("a.zip", packed(inner)) == (
        "No file in this archive looks like an export from Letterboxd, IMDb, Trakt, TMDb or "
        "Yamtrack."
    )


def test_an_archive_of_other_tables_says_what_is_wrong_with_the_first() -> None:
    detail = refusal("a.zip", packed({"a.csv": "Foo,Bar\n1,2\n"}))
    assert detail.endswith("it has the columns Foo, Bar.")
    mixed = {"a.csv": "Foo,Bar\n1,2\n", "ratings.csv": f"{RATINGS}\n{CHRISTINE},4\n"}
    reading = read("a.zip", packed({**mixed, "imdb.csv": f"{IMDB_RATINGS}\n"}))
    assert reading.source == "Letterboxd and IMDb"
    assert (len(reading.entries), len(reading.unread)) == (1, 1)
    assert reading.unread[0].startswith("a.csv: This does not look like an export from")


# Single values


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("a < b & c > d", "a < b & c > d"),
        ("<blockquote>Get away from her</blockquote>Yes", "Get away from her\n\nYes"),
        ("One<br>two<BR />three<br/><br/><br/><br/>four", "One\ntwo\nthree\n\nfour"),
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ('<a href="https://a.org/?b&amp;c" rel="nofollow">here</a>.', "here (https://a.org/?b&c)."),
        ('<a href="https://a.org">https://a.org</a>', "https://a.org"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("&lt;b&gt;bold&lt;/b&gt; &#39;x&#39; &nbsp;", "<b>bold</b> 'x'"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<i think> so</i>", "<i think> so"),
        ("&#0;a\x00&#1;b", "\ufffdab"),
        ("</a><a></a>x", "x"),
    ],
)
def test_simple_html_as_plain_text(html: str, plain: str) -> None:
    assert values.plain(html) == plain


@pytest.mark.parametrize("part", ["<a ", "<a x=", "<a x= ", "</a", "<", "&", "<a href='https://"])
def test_html_is_read_in_time_that_grows_with_it(part: str) -> None:
    begin = dt.datetime.now(dt.UTC)
    values.plain(part * 20_000)
    values.plain(part + " " * 100_000)
    assert dt.datetime.now(dt.UTC) - begin < dt.timedelta(seconds=2)


def test_limits_are_those_of_the_site() -> None:
    assert (entries.LONGEST_REVIEW, entries.LONGEST_NOTE) == (MAX_REVIEW, MAX_NOTE)
    assert entries.LONGEST_NOTE == MAX_ITEM_NOTE
    assert [*entries.PRIORITIES] == [*range(LOWEST_PRIORITY, HIGHEST_PRIORITY + 1)]
    assert (*entries.VOTES, *entries.FEEDBACK) == (*VOTES, *FEEDBACK)
    assert entries.HIDDEN_KINDS == HIDDEN_KINDS
    assert (entries.LONGEST_NAME, entries.LONGEST_DESCRIPTION) == (MAX_NAME, MAX_DESCRIPTION)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2024-02-09", dt.datetime(2024, 2, 9, 12)),  # noqa: DTZ001 - a day of no zone
        ("2024-02-09T10:11:12Z", dt.datetime(2024, 2, 9, 10, 11, 12, tzinfo=dt.UTC)),
        ("2024-02-09 10:11", dt.datetime(2024, 2, 9, 10, 11, tzinfo=dt.UTC)),
        ("2024-02-09T01:00:00+05:30", dt.datetime(2024, 2, 8, 19, 30, tzinfo=dt.UTC)),
        ("2024-02-09T01:00:00-99:99", None),
        ("1887-12-31", None),
        ("20240209", None),
        ("２０２４-02-09", None),
    ],
)
def test_moments(value: str, moment: dt.datetime | None) -> None:
    assert values.moment(value) == moment


# Nothing breaks it


def holds(reading: Reading) -> None:
    assert len(reading.entries) <= entries.MOST_ENTRIES
    assert len(reading.unread) <= 21
    for entry in reading.entries:
        assert entry.names_a_film
        assert entry.says_something
        assert not (entry.watched_at and entry.seen)
        assert entry.rating is None or entry.rating * 2 in range(1, 11)
        assert len(entry.title) <= 500
        assert "\x00" not in entry.title + entry.review + entry.note
    check_lists(reading)


def check_lists(reading: Reading) -> None:
    """Each has a name and an origin of its own; films in one stand together and in its order."""
    origins = [told.origin for told in reading.lists]
    assert len(set(origins)) == len(origins) <= entries.MOST_LISTS
    for told in reading.lists:
        assert 0 < len(told.name) <= entries.LONGEST_NAME
        assert len(told.description) <= entries.LONGEST_DESCRIPTION
        assert len(told.origin) <= 300
        assert "\x00" not in told.origin + told.name + told.description
    places = [(one.listed_in, one.position or 10**6) for one in reading.entries]
    assert places == sorted(places)
    assert {origin for origin, _ in places} <= {"", *origins}


def survives(name: str, content: bytes) -> None:
    try:
        holds(read(name, content))
    except InvalidInput as error:
        assert 0 < len(error.detail) < 500  # noqa: PT017


NAMES = st.sampled_from(
    [
        *("a.csv", "watchlist.csv", "a.json", "watchlist.json", "a.zip", ""),
        *("lists/a.csv", "lists-list-9-noir.json", "lists-lists.json"),
    ]
)
SAMPLES = [
    f"{FILMS}\r\n{CHRISTINE}\r\n".encode(),
    f"{RATINGS}\r\n{CHRISTINE},4\r\n".encode("utf-16"),
    f'{REVIEWS}\r\n{ARRIVAL},4,,"<b>Good</b>\r\nbut",,2020-02-07\r\n'.encode(),
    f"{IMDB_RATINGS}\n{imdb('7', 'Cinema Paradiso', 'Movie')}\n".encode(),
    f"{TMDB}\n680,tt0110912,movie,Pulp Fiction,1994-09-10T00:00:00Z,,,8.49,7,\n".encode(),
    f"{YAMTRACK}\n{yamtrack('9.0', 'Completed', '2024-02-09')}\n".encode(),
    f"{IMDB_WATCHLIST}\n{ANDERE}\n{SERIES}\n".encode(),
    "\n".join((*LIST_BLOCK, NOIR, "", LIST_FILMS, "2,Laura,1944,,<b>", "1,Gilda,1946,,")).encode(),
    "\n".join((*OWN_BLOCK, "7,Noir,,public,", "", OWN_FILMS, "1,1939,,Laura,1944,,")).encode(),
    json.dumps([{"watched_at": "2013-06-15T05:54:27.000Z", "movie": TRON, "rating": 7}]).encode(),
    json.dumps([{"listed_at": "2013-06-15", "type": "movie", "rank": 3, "movie": TRON}]).encode(),
    json.dumps([{"name": "Noir", "description": "Dark.", "ids": {"trakt": 9}}]).encode(),
    letterboxd_archive(),
]
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 4),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(
                [
                    b'"',
                    b"\x00",
                    b"\n",
                    b",",
                    b"null",
                    b"[",
                    b"9999-99-99",
                    b"PK\x01\x02",
                    b"\xff" * 4,
                ]
            ),
        ),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(NAMES, st.binary(max_size=300))
def test_any_bytes(name: str, content: bytes) -> None:
    survives(name, content)


@settings(max_examples=300, deadline=None)
@given(NAMES, st.sampled_from(SAMPLES), EDITS)
def test_files_that_were_tampered_with(
    name: str, content: bytes, edits: list[tuple[float, int, bytes]]
) -> None:
    for place, dropped, added in edits:
        at = int(place * len(content))
        content = content[:at] + added + content[at + dropped :]
    survives(name, content)


HEADERS = st.sampled_from(
    [
        *(FILMS, RATINGS, DIARY, REVIEWS, IMDB_RATINGS, IMDB_WATCHLIST, TMDB, YAMTRACK),
        "\n".join((*LIST_BLOCK, NOIR, "", LIST_FILMS)),
        "\n".join((*OWN_BLOCK, "7,Noir,,public,", "", OWN_FILMS)),
        *("\n".join(LIST_BLOCK), "\n".join(OWN_BLOCK)),
    ]
)
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["movie", "tmdb", "Completed", "2024-02-09", "4", "tt0095765", "680"]),
)


@settings(max_examples=100, deadline=None)
@given(HEADERS, st.lists(st.lists(CELLS, max_size=18), max_size=4))
def test_tables_of_any_values(header: str, rows: list[list[str]]) -> None:
    lines = [header, *(",".join(row) for row in rows)]
    survives("watched.csv", "\n".join(lines).encode("utf-8", "surrogatepass"))


ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["title", "year", "ids", "tmdb", "imdb"]), inner),
    ),
    max_leaves=8,
)
ITEMS = st.dictionaries(
    st.sampled_from(
        [
            *("movie", "watched_at", "rating", "plays", "listed_at", "type", "notes"),
            *("rank", "name", "description", "ids"),
        ]
    ),
    ANY_JSON,
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(ITEMS, max_size=4),
    st.sampled_from(["a.json", "watchlist.json", "lists-list-9-noir.json", "lists-lists.json"]),
)
def test_lists_of_any_values(items: list[Any], name: str) -> None:
    survives(name, json.dumps(items).encode())


# Real files


REFUSED = {
    "imdb-incorrect-header__film-rec.csv",
    "letterboxd-missing-header__film-rec.csv",
    "movies-trending__trakt.py.json",
    "movies-tron-legacy-2010__trakt.py.json",
}


@pytest.mark.skipif(not EXPORTS.exists(), reason="the real exports are not at hand")
def test_real_exports_are_read_whole() -> None:
    for path in EXPORTS.rglob("*.*"):
        content = path.read_bytes()
        if path.name in REFUSED:
            refusal(path.name, content)
            continue
        reading = read(path.name, content)
        holds(reading)
        assert reading.entries or reading.others, path.name
        assert not reading.unread, path.name
        assert bool(reading.lists) == path.name.startswith("list__"), path.name


@pytest.mark.skipif(not EXPORTS.exists(), reason="the real exports are not at hand")
def test_real_exports_that_were_cut_anywhere() -> None:
    for path in EXPORTS.rglob("*.*"):
        content = path.read_bytes()
        for part in range(1, 12):
            survives(path.name, content[: len(content) * part // 12])
            survives(path.name, content[len(content) * part // 12 :])


# Tables with the columns that Letterboxd's importer knows


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("watchlist.csv", {"watchlist": True, "note": "=soon"}),
        ("likes.csv", {"liked": True}),
        ("favorites.csv", {"favorite": True}),
    ],
)
def test_a_plain_table_says_by_its_name_what_was_done(name: str, told: dict[str, Any]) -> None:
    entry = only(
        table(name, "tmdbID,imdbID,Title,Year,Note,Date", "603,,'-30-,1959,'=soon,2020-02-07")
    )
    film = Entry(f"{name}, line 2", "-30-", 1959, 603, noted_at=noon(2020, 2, 7))
    assert entry == film._replace(**told)


@pytest.mark.parametrize("said", ["=1", " -30-", "\uff1d1", "\u3000\uff20me", "Heat", "'tis"])
def test_the_guard_against_formulas_goes_again(said: str) -> None:
    assert values.typed(spreadsheets.defused(said)) == said


def test_a_plain_table_may_hold_days_ratings_and_reviews() -> None:
    columns = "Title,Year,imdbID,WatchedDate,Rating10,Review"
    entry = only(table("films.csv", columns, "Arrival,2016,tt2543164,2020-02-07,9,<b> stays"))
    assert entry == Entry(
        *("films.csv, line 2", "Arrival", 2016),
        imdb_id="tt2543164",
        rating=4.5,
        watched_at=noon(2020, 2, 7),
        review="<b> stays",
    )


def test_what_only_this_site_tells() -> None:
    films = "tmdbID,Title,Year,WatchedDate,WatchedAt,Progress,Spoiler,Priority,Vote,Suggest"
    line = "603,The Matrix,1999,2020-02-06,2020-02-07T04:00:00+00:00,600,true,5,up,less"
    entry = only(table("films.csv", films, line))
    moment = dt.datetime(2020, 2, 7, 4, tzinfo=dt.UTC)
    assert entry == Entry(
        *("films.csv, line 2", "The Matrix", 1999, 603),
        watched_at=moment,
        spoiler=True,
        progress_seconds=600,
        vote="up",
        feedback="less",
    )
    assert only(table("watchlist.csv", films, line)).priority == 5
    begun = only(table("begun.csv", films, line))
    assert (begun.begun, begun.progress_seconds, begun.seen) == (True, 600, False)
    odd = only(table("watchlist.csv", films, "603,The Matrix,1999,,x,x,perhaps,9,sideways,all"))
    assert odd == Entry("watchlist.csv, line 2", "The Matrix", 1999, 603, watchlist=True)


def test_what_is_hidden() -> None:
    lines = ("genre,27,Horror,2020-02-07", "person,0,Nobody,", "taste,1,,", "movie,603,,")
    reading = table("hidden.csv", "Hidden,ID,Name,Date", *lines)
    assert reading.hidden == (
        HiddenData("genre", 27, noon(2020, 2, 7)),
        HiddenData("movie", 603),
    )
    assert (reading.entries, reading.others) == ((), 0)
    assert reading.unread == tuple(
        f"hidden.csv, line {number}: it names nothing that can be hidden." for number in (3, 4)
    )


def test_a_plain_table_of_mere_films_says_nothing_of_them() -> None:
    assert table("films.csv", "Title,Year,tmdbID", "Arrival,2016,329865").others == 1


def test_a_note_may_have_lines() -> None:
    lines = ("tmdbID,Title,Note", '603,The Matrix,"See it\r\nwith Ben"')
    entry = only(table("watchlist.csv", *lines))
    assert entry.note == "See it\nwith Ben"


def test_a_list_that_was_exported_here() -> None:
    reading = table(
        "lists/1-noir.csv",
        *OWN_BLOCK,
        "5f0c,'=Noir,\"'-- dark\r\nand wet\",public,2020-02-07",
        "",
        OWN_FILMS,
        "1,1939,tt0037008,Laura,1944,'=soon,2020-02-07",
    )
    told = ListData("a table of films: 5f0c", "=Noir", "-- dark\nand wet")
    entry = Entry("lists/1-noir.csv, line 7", "Laura", 1944, 1939, "tt0037008", note="=soon")
    entry = entry._replace(noted_at=noon(2020, 2, 7), listed_in=told.origin, position=1)
    assert reading == Reading("a table of films", (entry,), 0, (), (told,))
