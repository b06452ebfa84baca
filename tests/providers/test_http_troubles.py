"""Whatever a source does, a caller has an answer or one error of ours, in time, and no key leaks.

The server is real: a stand-in for the transport would not show what sockets do.
"""

import datetime as dt
import gzip
import json
import logging
import threading
import time
from collections.abc import Callable
from email.utils import format_datetime

import pytest

from moviesite.errors import Forbidden, NotFound, Unavailable
from moviesite.providers.base import Grant
from moviesite.providers.http import JOB, MAX_BODY, Patience, patience, retry_after_seconds
from moviesite.providers.tmdb import TMDb
from tests.providers.conftest import KEY
from tests.providers.scripted import (
    Act,
    ScriptedServer,
    answer,
    drip,
    send,
    silent,
    slowly,
)

GENRES = {"genres": [{"id": 18, "name": "Drama"}]}
GOOD = answer(GENRES)
HURRIED = Patience(seconds=0.6, retries=1, longest_wait=0.5)


def refused(tmdb: TMDb) -> Unavailable:
    """The error that a question ends with."""
    with pytest.raises(Unavailable) as caught:
        tmdb.genres("en")
    return caught.value


def ask(tmdb: TMDb) -> list[str]:
    return [genre.name for genre in tmdb.genres("en")]


def test_a_good_answer_is_read(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(GOOD)
    assert ask(tmdb) == ["Drama"]
    assert tmdb.answering
    assert source.requests[0].startswith("GET /3/genre/movie/list?language=en&api_key=")


def test_a_refused_connection_is_unavailable(tmdb: TMDb, source: ScriptedServer) -> None:
    source.close()
    assert refused(tmdb).retry_after == 1
    assert not tmdb.answering


def test_the_deadline_of_a_request_is_three_seconds(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(silent)
    started = time.monotonic()
    refused(tmdb)
    assert 2.5 < time.monotonic() - started < 6


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(silent, id="silent"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20), id="dripping head"),
        pytest.param(
            drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b" " * 500, every=0.01),
            id="dripping body",
        ),
        pytest.param(
            send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"), id="stalled"
        ),
    ],
)
def test_the_deadline_holds_and_nothing_goes_on_behind_it(
    tmdb: TMDb, source: ScriptedServer, act: Act
) -> None:
    source.plays(act)
    started = time.monotonic()
    with patience(HURRIED):
        refused(tmdb)
    assert time.monotonic() - started < 2.5
    wait_until(lambda: not calls_under_way())


def calls_under_way() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "TMDb-call"]


def test_an_answer_that_comes_just_in_time_counts(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(slowly(0.4, GOOD))
    with patience(HURRIED):
        assert ask(tmdb) == ["Drama"]


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(answer(b"<h1>Hi</h1>", content_type="text/html"), id="HTML with 200"),
        pytest.param(answer(b"<h1>Hi</h1>"), id="HTML that says it is JSON"),
        pytest.param(answer(b"null"), id="null"),
        pytest.param(answer(b"[]"), id="a list"),
        pytest.param(answer(b""), id="empty"),
        pytest.param(answer(b'{"genres": [{"id": 1'), id="cut short, length told right"),
        pytest.param(
            send(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + json.dumps(GENRES).encode()),
            id="truncated",
        ),
        pytest.param(answer(gzip.compress(json.dumps(GENRES).encode())), id="gzip untold"),
        pytest.param(
            answer(json.dumps(GENRES).encode(), headers={"Content-Encoding": "gzip"}),
            id="gzip that is none",
        ),
        pytest.param(
            answer(
                gzip.compress(json.dumps(GENRES).encode())[:-12],
                headers={"Content-Encoding": "gzip"},
            ),
            id="gzip cut short",
        ),
        pytest.param(answer({"genres": {}}), id="another type under the key"),
        pytest.param(answer({"results": []}), id="another answer"),
        pytest.param(answer(b"[" * 100_000), id="nested too deep"),
        pytest.param(send(b"garbage\r\n\r\n"), id="no HTTP"),
        pytest.param(send(b""), id="hung up"),
        pytest.param(answer(b"", status=500), id="500"),
        pytest.param(answer({"status_code": 9}, status=503), id="503"),
    ],
)
def test_an_unsound_answer_is_tried_once_more(tmdb: TMDb, source: ScriptedServer, act: Act) -> None:
    source.plays(act, GOOD)
    assert ask(tmdb) == ["Drama"]
    assert len(source.requests) == 2


def test_and_once_is_all(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(answer(b"", status=500))
    refused(tmdb)
    assert len(source.requests) == 2


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(answer(b" " * 5_000_000), id="5 MB"),
        pytest.param(
            answer(gzip.compress(b" " * (MAX_BODY + 1)), headers={"Content-Encoding": "gzip"}),
            id="a bomb",
        ),
        pytest.param(
            answer(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}), id="redirect"
        ),
    ],
)
def test_what_will_not_get_better_is_not_tried_again(
    tmdb: TMDb, source: ScriptedServer, act: Act
) -> None:
    source.plays(act)
    refused(tmdb)
    assert len(source.requests) == 1


def test_the_largest_body_that_is_allowed_is_read(tmdb: TMDb, source: ScriptedServer) -> None:
    raw = json.dumps(GENRES).encode()
    source.plays(answer(raw + b" " * (MAX_BODY - len(raw))))
    assert ask(tmdb) == ["Drama"]


def test_compressed_answers_are_read(tmdb: TMDb, source: ScriptedServer) -> None:
    packed = gzip.compress(json.dumps(GENRES).encode())
    source.plays(answer(packed, headers={"Content-Encoding": "gzip"}))
    assert ask(tmdb) == ["Drama"]


def test_the_first_page_again_is_not_taken_for_the_second(
    tmdb: TMDb, source: ScriptedServer
) -> None:
    row = {"id": 1, "title": "One"}
    source.plays(answer({"page": 1, "results": [row, row], "total_pages": 9_000}))
    first = tmdb.popular(1, "en")
    assert [movie.title for movie in first.results] == ["One"]
    assert first.total_pages == 500
    with pytest.raises(Unavailable):
        tmdb.popular(2, "en")


def test_a_movie_that_is_not_there_is_not_found(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(answer({"success": False, "status_code": 34}, status=404))
    with pytest.raises(NotFound):
        tmdb.movie(5, "en")
    assert tmdb.answering


def test_a_wrong_address_says_nothing_about_a_movie(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(answer(b"<h1>nginx</h1>", status=404, content_type="text/html"))
    with pytest.raises(Unavailable):
        tmdb.movie(5, "en")


def test_a_refused_key_is_told_once_and_never_written_down(
    tmdb: TMDb, source: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    source.plays(answer({"status_code": 7}, status=401))
    for _ in range(3):
        refused(tmdb)
    told = capsys.readouterr()
    assert (told.out + told.err).count("refused our key") == 1
    assert len(source.requests) == 3


def test_a_visitors_own_token_that_is_refused_is_forbidden(
    tmdb: TMDb, source: ScriptedServer
) -> None:
    source.plays(answer({"status_code": 7}, status=401))
    with pytest.raises(Forbidden):
        tmdb.account(Grant("a-token"))
    assert tmdb.answering
    assert "Authorization: Bearer a-token" in source.requests[0]
    assert "api_key" not in source.requests[0]


@pytest.mark.parametrize("status", [400, 405, 422])
def test_a_question_that_was_wrong_says_nothing_about_the_source(
    tmdb: TMDb, source: ScriptedServer, status: int
) -> None:
    source.plays(answer({"status_code": 22}, status=status))
    for _ in range(6):
        refused(tmdb)
    assert tmdb.answering
    assert len(source.requests) == 6


# 429 and its header


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("0", 0, 0),
        ("7", 7, 7),
        (" 2 ", 2, 2),
        ("1.5", 1.5, 1.5),
        ("999999999999", 30, 30),
        ("9" * 400, 30, 30),
    ],
)
def test_retry_after_is_read_and_capped(header: str, least: float, most: float) -> None:
    seconds = retry_after_seconds(header)
    assert seconds is not None
    assert least <= seconds <= most


@pytest.mark.parametrize(
    ("ahead", "least", "most"),
    [(dt.timedelta(seconds=20), 15, 20), (dt.timedelta(days=900), 30, 30)],
)
@pytest.mark.parametrize("gmt", [True, False])
def test_retry_after_may_be_a_date(
    ahead: dt.timedelta, least: float, most: float, gmt: bool
) -> None:
    seconds = retry_after_seconds(format_datetime(dt.datetime.now(dt.UTC) + ahead, usegmt=gmt))
    assert seconds is not None
    assert least <= seconds <= most


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "soon", "-5", "nan", "inf", "1e9", "٣", "9" * 5000, "0x10", "7 seconds"),
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 99 Foo 2026 00:00:00 GMT",
        "Mon, 01 Jan 0000 00:00:00 GMT",
    ],
)
def test_retry_after_that_says_nothing_is_ignored(header: str | None) -> None:
    assert retry_after_seconds(header) is None


def busy(retry_after: str | None) -> Act:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return answer({"status_code": 25}, status=429, headers=headers)


@pytest.mark.parametrize("header", [None, "0", "soon", "-5"])
def test_too_many_requests_are_tried_once_more_after_a_moment(
    tmdb: TMDb, source: ScriptedServer, header: str | None
) -> None:
    source.plays(busy(header), GOOD)
    started = time.monotonic()
    assert ask(tmdb) == ["Drama"]
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("header", ["1", "30", "99999999"])
def test_a_request_does_not_sleep_as_long_as_it_is_told_to(
    tmdb: TMDb, source: ScriptedServer, header: str
) -> None:
    source.plays(busy(header), GOOD)
    started = time.monotonic()
    assert refused(tmdb).retry_after == min(int(header), 30)
    assert time.monotonic() - started < 0.9
    refused(tmdb)
    assert len(source.requests) == 1, "everybody leaves the source alone for as long as it asked"


def test_after_the_time_it_asked_for_the_source_is_asked_again(
    tmdb: TMDb, source: ScriptedServer
) -> None:
    source.plays(busy("1"), GOOD)
    refused(tmdb)
    time.sleep(1.1)
    assert ask(tmdb) == ["Drama"]


def test_a_job_waits_as_it_is_told_and_tries_four_times_more(
    tmdb: TMDb, source: ScriptedServer
) -> None:
    source.plays(busy("1"), busy("0"), answer(b"", status=502), busy("0"), GOOD)
    started = time.monotonic()
    with patience(JOB):
        assert ask(tmdb) == ["Drama"]
    assert time.monotonic() - started > 1
    assert len(source.requests) == 5


# Bulkhead, breaker, rate


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_half_of_the_threads_may_wait_and_the_others_hear_at_once(
    tmdb: TMDb, source: ScriptedServer
) -> None:
    source.plays(slowly(2, GOOD))
    callers = [threading.Thread(target=ask, args=(tmdb,)) for _ in range(4)]
    for caller in callers:
        caller.start()
    wait_until(lambda: len(source.requests) == 4)
    started = time.monotonic()
    assert refused(tmdb).retry_after == 1
    assert time.monotonic() - started < 1
    for caller in callers:
        caller.join()
    assert tmdb.answering, "being busy is not the source's failure"


def test_the_key_is_in_no_log_at_any_level(
    source: ScriptedServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")
    tmdb = TMDb(source.url, KEY, redis=None, threads=8)
    acts = (GOOD, answer(b"", status=500), answer({}, status=401), send(b"garbage"), silent)
    errors: list[BaseException | None] = []
    with patience(HURRIED):
        for act in acts:
            source.plays(act)
            errors.extend(trouble(tmdb))
    source.close()
    refused(tmdb)
    told = capsys.readouterr()
    assert "api_key=***" in caplog.text, "the HTTP library did write addresses"
    assert KEY not in caplog.text + told.out + told.err
    assert KEY not in repr(errors)
    assert all(KEY in request for request in source.requests)


def trouble(tmdb: TMDb) -> list[BaseException | None]:
    """The error that a question ends with, and what a crash report would show beside it."""
    try:
        tmdb.genres("en")
    except Unavailable as error:
        return [error, error.__cause__, error.__context__]
    return []


@pytest.mark.parametrize("token", ["v4.token_of-TMDb", "Bearer v4.token_of-TMDb"])
def test_a_v4_token_travels_in_the_header_alone(source: ScriptedServer, token: str) -> None:
    source.plays(GOOD)
    ask(TMDb(source.url, token, redis=None, threads=8))
    assert "Authorization: Bearer v4.token_of-TMDb\r\n" in source.requests[0]
    assert "token" not in source.requests[0].splitlines()[0]


@pytest.mark.parametrize("token", ["", "a\nX-Evil: 1", "ключ", "\ud800", "a b"])
def test_no_token_can_break_the_request(source: ScriptedServer, token: str) -> None:
    source.plays(GOOD)
    assert ask(TMDb(source.url, token, redis=None, threads=8)) == ["Drama"]
    assert "X-Evil: 1" not in source.requests[0].splitlines()


def test_a_visitors_broken_words_do_not_look_like_failures(
    tmdb: TMDb, source: ScriptedServer
) -> None:
    source.plays(answer({"results": []}))
    for _ in range(6):
        assert tmdb.search_movies("\ud800\x00", 1, "en").results == ()


def test_a_write_is_never_tried_twice(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(answer(b"", status=500), answer({"status_code": 1}, status=201))
    with pytest.raises(Unavailable):
        tmdb.set_favorite(Grant("token"), "42", 550, True)
    assert len(source.requests) == 1
    tmdb.set_favorite(Grant("token"), "42", 550, True)
    assert source.requests[1].startswith("POST /3/account/42/favorite HTTP/1.1")


def test_cookies_stay_out(tmdb: TMDb, source: ScriptedServer) -> None:
    source.plays(answer(GENRES, headers={"Set-Cookie": "a=b; Path=/"}))
    ask(tmdb)
    ask(tmdb)
    assert "Cookie:" not in source.requests[1]
