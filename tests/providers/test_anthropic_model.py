"""Asking a model over HTTP: what it is told, and what becomes of every kind of silence."""

import logging
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from moviesite.providers.adviser import MOST_FILMS, SECONDS, NamedFilm, NoAdvice
from moviesite.providers.anthropic_model import AnthropicModel
from moviesite.providers.gate import TRIP_AFTER
from tests import model_server
from tests.model_server import KEY, Act, ModelServer, answer, error, films, message
from tests.servers import free_port

WORDS = "something quiet about the sea"
KINDS = ("drama", "black comedy")
HEAT = ("Heat", 1995, 90)
# Of a slow machine, beyond the time that is being tested.
SLACK = 20


@pytest.fixture
def source() -> Iterator[ModelServer]:
    with model_server.model_server() as server:
        server.plays(films(HEAT))
        yield server


def model_at(url: str, key: str = KEY) -> AnthropicModel:
    return AnthropicModel(url, key, "stub-1", redis_client=None, threads=8)


def why(model: AnthropicModel) -> str:
    with pytest.raises(NoAdvice) as none:
        model.films(WORDS, KINDS)
    return none.value.why


def test_the_model_is_told_the_wish_and_words_for_kinds_and_nothing_else(
    source: ModelServer,
) -> None:
    assert model_at(source.url).films(WORDS, KINDS) == (NamedFilm(*HEAT),)
    [told] = source.told
    assert told.path == "/v1/messages"
    assert told.headers["authorization"] == f"Bearer {KEY}"
    assert told.body["model"] == "stub-1"
    assert told.body["messages"] == [{"role": "user", "content": WORDS}]
    assert "drama, black comedy" in told.body["system"]
    assert WORDS not in told.body["system"]
    schema = told.body["output_config"]["format"]
    assert schema["type"] == "json_schema"
    film = schema["schema"]["properties"]["films"]["items"]
    assert film["required"] == ["title", "year", "match"]
    expected = {"model", "max_tokens", "system", "messages", "output_config"}
    assert set(told.body) == expected, "nothing that tells who asks"


def test_the_best_films_come_first_and_none_twice(source: ModelServer) -> None:
    many = [(f"Film {place}", 2000, place) for place in range(30)]
    source.plays(films(*many, ("Heat!", 1995, 40), (" heat ", 1995, 99)))
    found = model_at(source.url).films(WORDS, KINDS)
    assert found[0] == NamedFilm("heat", 1995, 99)
    assert [film.match for film in found[1:]] == list(range(29, 18, -1))
    assert len(found) == MOST_FILMS


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (error(429, "rate_limit_error"), "busy"),
        (error(529, "overloaded_error"), "busy"),
        (error(400, "invalid_request_error"), "away"),
        (error(401, "authentication_error"), "away"),
        (error(403, "permission_error"), "away"),
        (error(404, "not_found_error"), "away"),
        (error(413, "request_too_large"), "away"),
        (error(500, "api_error"), "away"),
        (error(504, "timeout_error"), "away"),
        (answer(b"<h1>Bad gateway</h1>", 502, content_type="text/html"), "away"),
        (answer(b"", 204), "nonsense"),
        (answer(b"\x00" * 400_000), "nonsense"),
        (model_server.hang_up, "away"),
        (answer(message(text="{}", stop_reason="refusal")), "refused"),
        (answer(message(text='{"fil', stop_reason="max_tokens")), "cut_off"),
        (answer(message(text="I would rather talk.")), "nonsense"),
    ],
)
def test_every_kind_of_failure_has_a_word_and_is_tried_once(
    source: ModelServer, act: Act, expected: str
) -> None:
    source.plays(act)
    assert why(model_at(source.url)) == expected
    assert len(source.told) == 1


def test_a_model_that_nobody_serves_is_away() -> None:
    assert why(model_at(f"http://127.0.0.1:{free_port()}")) == "away"


@pytest.mark.parametrize("act", [model_server.silent, model_server.drip], ids=["silent", "drip"])
def test_nobody_waits_longer_than_eight_seconds(source: ModelServer, act: Act) -> None:
    source.plays(act)
    began = time.monotonic()
    assert why(model_at(source.url)) == "too_slow"
    assert SECONDS - 1 < time.monotonic() - began < SECONDS + SLACK


def test_a_redirect_carries_the_key_nowhere(source: ModelServer) -> None:
    with model_server.model_server() as elsewhere:
        moved = {"Location": f"{elsewhere.url}/v1/messages"}
        source.plays(answer(b"", 307, moved))
        assert why(model_at(source.url)) == "away"
        assert elsewhere.told == []


def test_a_model_that_asks_for_a_pause_gets_it(source: ModelServer) -> None:
    model = model_at(source.url)
    source.plays(error(429, "rate_limit_error", {"Retry-After": "20"}))
    assert why(model) == "busy"
    assert why(model) == "away"
    assert len(source.told) == 1


def test_a_model_that_fails_again_and_again_is_left_alone(source: ModelServer) -> None:
    model = model_at(source.url)
    source.plays(error(500, "api_error"))
    for _ in range(TRIP_AFTER + 3):
        assert why(model) == "away"
    assert len(source.told) == TRIP_AFTER
    assert model.gate.shut


def test_refusals_do_not_count_as_failures(source: ModelServer) -> None:
    model = model_at(source.url)
    source.plays(answer(message(stop_reason="refusal")))
    for _ in range(TRIP_AFTER + 1):
        assert why(model) == "refused"
    assert not model.gate.shut


def test_neither_the_key_nor_the_words_reach_a_log(
    source: ModelServer,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    model = model_at(source.url)
    model.films(WORDS, KINDS)
    for act in (error(401, "authentication_error"), error(500, "api_error"), answer(b"{")):
        source.plays(act)
        why(model)
    out = capsys.readouterr()
    written = (caplog.text, out.out, out.err)
    assert "sk-ant" not in "".join(written)
    assert WORDS not in "".join(written)
    assert max(text.count("upstream refused our key") for text in written) == 1


def test_the_package_is_loaded_when_it_is_first_needed() -> None:
    script = (
        "import sys; from moviesite.app import create_app; from moviesite.config import Config;"
        "create_app(Config(secret_key='x' * 40, encryption_key='y' * 40, anthropic_api_key='k'));"
        "assert not {'anthropic', 'httpx2'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_key_without_the_package_stops_the_start_with_a_sentence() -> None:
    script = (
        "import sys; sys.modules['anthropic'] = None\n"
        "from moviesite.app import create_app; from moviesite.config import Config, ConfigError\n"
        "try: create_app(Config(secret_key='x' * 40, encryption_key='y' * 40, "
        "anthropic_api_key='k'))\n"
        "except ConfigError as error: assert 'not installed' in str(error)\n"
        "else: raise AssertionError\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
