"""What is kept of public answers, and that nothing personal ever is."""

from pathlib import Path

import msgspec
import pytest
from flask import Flask, Response, g, jsonify, request
from flask.testing import FlaskClient
from flask_migrate import upgrade

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import cache
from moviesite.web.public import public
from moviesite.web.response_cache import Kept
from tests import servers
from tests.sites import let_go
from tests.statements import counted

TRENDING = "/api/v1/movies/trending"
PUBLIC_ADDRESSES = ["/", "/about", "/movie/27205", "/sitemap.xml", TRENDING, "/api/v1/movies/27205"]


def kept(app: Flask) -> list[str]:
    """The addresses of which an answer is kept."""
    return sorted(key.split(":", 2)[2] for key in app.extensions["cache"][cache].keys("answer:"))


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_kept_answer_is_the_answer(visitor: FlaskClient, address: str) -> None:
    first, second = visitor.get(address), visitor.get(address)
    assert second.status_code == 200
    assert second.data == first.data
    assert "Age" in second.headers
    assert "Age" not in first.headers
    of_one_request = {"X-Request-ID", "Date", "Retry-After"}
    for name, value in first.headers:
        if name not in of_one_request and not name.startswith("RateLimit-"):
            assert second.headers[name] == value, name


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_kept_answer_asks_neither_flask_nor_the_database(
    storing_app: Flask, visitor: FlaskClient, address: str
) -> None:
    visitor.get(address)
    with counted() as statements:
        answer = visitor.get(address)
    assert answer.headers["Age"] == "0"
    assert statements == []


def test_a_fresh_process_takes_over_what_another_one_kept(
    storing_app: Flask, visitor: FlaskClient
) -> None:
    first = visitor.get(TRENDING)
    storing_app.extensions["response_cache"].near.clear()
    second = visitor.get(TRENDING)
    assert second.headers["Age"] == "0"
    assert second.data == first.data


def test_an_answer_kept_by_a_clock_that_was_ahead_is_made_anew(
    storing_app: Flask, visitor: FlaskClient
) -> None:
    visitor.get(TRENDING)
    store = storing_app.extensions["cache"][cache]
    [key] = store.keys("answer:")
    found = msgspec.msgpack.decode(store.get(key), type=Kept)
    ahead = msgspec.structs.replace(found, since=found.since + 3600, until=found.until + 3600)
    store.set(key, msgspec.msgpack.encode(ahead))
    storing_app.extensions["response_cache"].near.clear()
    assert "Age" not in visitor.get(TRENDING).headers


def test_every_answer_has_a_request_id_of_its_own(visitor: FlaskClient) -> None:
    ids = {visitor.get(TRENDING).headers["X-Request-ID"] for _ in range(4)}
    assert len(ids) == 4
    given = visitor.get(TRENDING, headers={"X-Request-ID": "given-by-a-proxy"})
    assert given.headers["X-Request-ID"] == "given-by-a-proxy"


def test_head_has_the_headers_and_no_body(visitor: FlaskClient) -> None:
    whole = visitor.get(TRENDING)
    head = visitor.head(TRENDING)
    assert "Age" in head.headers
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(whole.data))


def test_a_head_alone_leaves_nothing(storing_app: Flask, visitor: FlaskClient) -> None:
    visitor.head(TRENDING)
    assert kept(storing_app) == []


@pytest.mark.parametrize("weak", [False, True])
def test_what_the_reader_has_already_is_not_sent_again(visitor: FlaskClient, weak: bool) -> None:
    etag = visitor.get(TRENDING).headers["ETag"]
    again = visitor.get(TRENDING, headers={"If-None-Match": f"W/{etag}" if weak else etag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"].startswith("public")
    assert "Content-Length" not in again.headers
    assert visitor.get(TRENDING, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_order_of_parameters_does_not_matter(storing_app: Flask, visitor: FlaskClient) -> None:
    visitor.get(f"{TRENDING}?limit=5&time_range=day")
    assert "Age" in visitor.get(f"{TRENDING}?time_range=day&limit=5").headers
    assert kept(storing_app) == [f"{TRENDING}?limit=5&time_range=day"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=anything"},
        {"Cookie": "mood=late"},
        {"Authorization": "Bearer anything"},
        {"X-TMDb-Token": "anything"},
        {"HX-Request": "true"},
        {"Range": "bytes=0-9"},
        {"Origin": "https://elsewhere.example"},
    ],
    ids=lambda headers: next(iter(headers)),
)
@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_who_shows_who_asks_neither_leaves_nor_gets_anything(
    storing_app: Flask, visitor: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    visitor.get(address, headers=headers)
    assert kept(storing_app) == []
    visitor.get(address)
    assert "Age" not in visitor.get(address, headers=headers).headers


def test_what_is_said_to_one_visitor_is_kept_for_nobody(storing_app: Flask) -> None:
    told = storing_app.test_client()
    with told.session_transaction() as cookie:
        cookie["_flashes"] = [("toast", "||0|You are signed out.")]
    said = told.get("/")
    assert "You are signed out." in said.text
    assert said.headers["Cache-Control"] == "private, no-store"
    assert kept(storing_app) == []
    assert "You are signed out." not in told.get("/").text
    assert "You are signed out." not in storing_app.test_client().get("/").text


@pytest.mark.parametrize("name", ["Cookie", "Authorization", "X-TMDb-Token"])
def test_an_answer_to_somebody_known_stays_with_them(visitor: FlaskClient, name: str) -> None:
    answer = visitor.get(TRENDING, headers={name: "anything"})
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "address",
    [
        f"{TRENDING}?limit=0",
        f"{TRENDING}?limit=5&limit=6",
        f"{TRENDING}?utm_source=mail",
        f"{TRENDING}?language={'x' * 400}",
        "/?language=nonsense",
        "/?region=%00",
        "/?page=0&x",
        "/api/v1/movies/99999999",
        "/movie/99999999",
        "/movie/27205-another-name",
        "/search",
        "/search?query=heat",
        "/api/v1/movies/search?query=heat",
        "/api/v1/no-such-thing",
        "/health/live",
        "/api/openapi.json",
    ],
)
def test_nothing_else_is_kept(storing_app: Flask, visitor: FlaskClient, address: str) -> None:
    visitor.get(address)
    visitor.get(address)
    assert kept(storing_app) == []


def test_an_untrusted_host_is_refused_although_the_answer_is_there(visitor: FlaskClient) -> None:
    visitor.get(TRENDING)
    answer = visitor.get(TRENDING, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400


def test_a_new_start_of_the_application_begins_with_nothing(
    storing_app: Flask, visitor: FlaskClient
) -> None:
    visitor.get(TRENDING)
    answers = storing_app.extensions["response_cache"]
    again = type(answers)(storing_app, storing_app.config["MOVIESITE"])
    assert again._find(again._prefix + f"{TRENDING}?") is None


@pytest.fixture(scope="module")
def odd_app(started_app: Flask) -> Flask:
    """Views that claim to be public and are not, or not for long."""

    @public()
    def with_cookie() -> Response:
        response = jsonify(secret="of one visitor")
        response.set_cookie("session", "of one visitor")
        return response

    @public()
    def by_reader_language() -> Response:
        response = jsonify(language=request.headers.get("Accept-Language"))
        response.vary.add("Accept-Language")
        return response

    @public(seconds=0)
    def for_no_time() -> Response:
        return jsonify(now=str(g.request_id))

    @public()
    def too_large() -> Response:
        return jsonify(text="x" * 600_000)

    @public()
    def of_a_moment() -> Response:
        return jsonify(now=str(g.request_id))

    for view in (with_cookie, by_reader_language, for_no_time, too_large, of_a_moment):
        name = f"odd.{view.__name__}"
        started_app.view_functions[name] = view
        rule = started_app.url_rule_class(f"/odd/{view.__name__}", endpoint=name, methods=["GET"])
        started_app.url_map.add(rule)
    return started_app


@pytest.fixture
def odd_views(odd_app: Flask, visitor: FlaskClient) -> FlaskClient:
    return visitor


@pytest.mark.parametrize("name", ["with_cookie", "by_reader_language", "for_no_time", "too_large"])
def test_a_mistaken_mark_keeps_nothing(
    storing_app: Flask, odd_views: FlaskClient, name: str
) -> None:
    assert odd_views.get(f"/odd/{name}").status_code == 200
    assert kept(storing_app) == []


def test_a_rightly_marked_view_is_kept(storing_app: Flask, odd_views: FlaskClient) -> None:
    assert odd_views.get("/odd/of_a_moment").data == odd_views.get("/odd/of_a_moment").data
    assert kept(storing_app) == ["/odd/of_a_moment?"]


def test_an_answer_lives_no_longer_than_what_is_in_it(
    storing_app: Flask, visitor: FlaskClient
) -> None:
    config = storing_app.config["MOVIESITE"]
    assert config.cache_listing_seconds > 60
    assert visitor.get(TRENDING).headers["Cache-Control"] == "public, max-age=60"


def test_redis_going_away_is_a_miss(tmp_path: Path) -> None:
    with servers.redis_server(tmp_path) as address:
        settings = {"INSTANCE_DIR": str(tmp_path), "REDIS_URL": address, "LOG_LEVEL": "ERROR"}
        site = create_app(load_config(settings))
        with site.app_context():
            upgrade()
        reader = site.test_client(use_cookies=False)
        assert reader.get(TRENDING).status_code == 200
    site.extensions["response_cache"].near.clear()
    for wanted in (TRENDING, "/"):
        assert reader.get(wanted).status_code == 200
    let_go(site)


def test_limits_still_count_what_reaches_the_application(visitor: FlaskClient) -> None:
    first = visitor.get(f"{TRENDING}?limit=3")
    second = visitor.get(f"{TRENDING}?limit=4")
    left = [int(answer.headers["RateLimit-Remaining"]) for answer in (first, second)]
    assert left[1] == left[0] - 1
    assert "RateLimit-Remaining" not in visitor.get(f"{TRENDING}?limit=4").headers
