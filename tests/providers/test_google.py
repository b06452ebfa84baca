"""Whom the provider vouches for is believed only when everything about its word is right."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc.jwk import RSAKey

from moviesite.errors import Unavailable
from moviesite.providers.google import Google, NotProven, Witnessed, witnessed
from moviesite.providers.oidc_client import spellings
from tests.openid import CLIENT_ID, CLIENT_SECRET, Provider, challenge_of, new_key

CALLBACK = "https://films.example/auth/google/callback"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return new_key()


@pytest.fixture(scope="module")
def foreign_key() -> RSAKey:
    """Somebody else's, under the name of the provider's."""
    return new_key()


@pytest.fixture
def provider(key: RSAKey) -> Iterator[Provider]:
    started = Provider(key)
    yield started
    started.close()


@pytest.fixture
def google(provider: Provider) -> Google:
    return Google(CLIENT_ID, CLIENT_SECRET, provider.discovery_url, redis_client=None, threads=8)


def test_people_are_sent_with_challenge_state_and_nonce(google: Google, provider: Provider) -> None:
    sent = google.departure(CALLBACK)
    address, query = sent.url.split("?")
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    assert address == f"{provider.issuer}/authorize"
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid email profile",
        "state": sent.state,
        "nonce": sent.nonce,
        "code_challenge": challenge_of(sent.verifier),
        "code_challenge_method": "S256",
    }
    assert min(len(sent.state), len(sent.nonce), len(sent.verifier)) >= 20
    assert sent.verifier not in sent.url


def test_no_two_departures_are_alike(google: Google) -> None:
    one, other = google.departure(CALLBACK), google.departure(CALLBACK)
    assert {one.state, one.nonce, one.verifier}.isdisjoint(other)


def test_a_code_is_exchanged_with_its_verifier(google: Google, provider: Provider) -> None:
    sent = google.departure(CALLBACK)
    token = provider.token(nonce=sent.nonce)
    provider.token_answer = 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}
    found = google.arrival("the-code", CALLBACK, nonce=sent.nonce, verifier=sent.verifier)
    assert found == Witnessed(provider.issuer, "1234567890", "ada@example.org", True)
    [request] = provider.token_requests
    assert request["grant_type"] == "authorization_code"
    assert (request["code"], request["redirect_uri"]) == ("the-code", CALLBACK)
    assert request["code_verifier"] == sent.verifier


@pytest.mark.parametrize("nonce", ["another", None, 7])
def test_a_token_for_another_departure_proves_nothing(
    google: Google, provider: Provider, nonce: Any
) -> None:
    answer = {"access_token": "a", "token_type": "Bearer", "id_token": provider.token(nonce=nonce)}
    provider.token_answer = 200, answer
    with pytest.raises(NotProven):
        google.arrival("code", CALLBACK, nonce="mine", verifier="v")


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (400, {"error": "invalid_grant"}, NotProven),
        (400, {"error": "<script>canary"}, NotProven),
        (401, {"error": "invalid_client"}, Unavailable),
        (500, {}, Unavailable),
        (200, [], Unavailable),
        (200, b"<html>", Unavailable),
        (302, b"", Unavailable),
        (200, {"access_token": "a", "token_type": "Bearer"}, NotProven),
        (200, {"id_token": 7}, NotProven),
        (200, b"x" * 600_000, Unavailable),
    ],
)
def test_an_answer_to_a_code_that_is_no_token(
    google: Google,
    provider: Provider,
    status: int,
    answer: Any,
    expected: type[Exception],
    capsys: Capture,
) -> None:
    sent = google.departure(CALLBACK)
    provider.token_answer = status, answer
    with pytest.raises(expected) as caught:
        google.arrival("code-canary", CALLBACK, nonce=sent.nonce, verifier=sent.verifier)
    assert "canary" not in str(caught.value) + "".join(capsys.readouterr())


def test_a_good_token_is_believed(google: Google, provider: Provider) -> None:
    assert google.witness(provider.token()).subject == "1234567890"
    assert google.witness(provider.token(nonce="n"), "n").subject == "1234567890"
    assert google.witness(provider.token(aud=[CLIENT_ID])).subject == "1234567890"


def now() -> int:
    return int(time.time())


BAD_CLAIMS: dict[str, Callable[[], dict[str, Any]]] = {
    "another audience": lambda: {"aud": "somebody-else"},
    "another audience, ours as authorised party": lambda: {
        "aud": "somebody-else",
        "azp": CLIENT_ID,
    },
    "ours among audiences, another authorised party": lambda: {
        "aud": [CLIENT_ID, "other"],
        "azp": "other",
    },
    "no audience": lambda: {"aud": None},
    "an empty audience": lambda: {"aud": []},
    "another issuer": lambda: {"iss": "https://evil.example"},
    "another provider's short name": lambda: {"iss": "accounts.google.com"},
    "no issuer": lambda: {"iss": None},
    "expired": lambda: {"exp": now() - 120},
    "no end": lambda: {"exp": None},
    "an end in words": lambda: {"exp": "tomorrow"},
    "issued tomorrow": lambda: {"iat": now() + 86400},
    "valid from tomorrow": lambda: {"nbf": now() + 86400},
    "no subject": lambda: {"sub": None},
    "an empty subject": lambda: {"sub": ""},
    "a subject that is a number": lambda: {"sub": 7},
    "a subject of 256 characters": lambda: {"sub": "1" * 256},
    "a subject no database holds": lambda: {"sub": "1\x002"},
}


@pytest.mark.parametrize("case", BAD_CLAIMS)
def test_a_token_with_wrong_claims_proves_nothing(
    google: Google, provider: Provider, case: str
) -> None:
    with pytest.raises(NotProven):
        google.witness(provider.token(**BAD_CLAIMS[case]()))


@pytest.mark.parametrize("nonce", ["other", None, "", 7, ["n"]])
def test_a_nonce_that_was_named_must_be_in_the_token(
    google: Google, provider: Provider, nonce: Any
) -> None:
    with pytest.raises(NotProven):
        google.witness(provider.token(nonce=nonce), "n")


def test_a_signature_of_somebody_else_proves_nothing(
    google: Google, provider: Provider, foreign_key: RSAKey
) -> None:
    with pytest.raises(NotProven):
        google.witness(provider.token(key=foreign_key))


def hmac_signed(provider: Provider, secret: bytes, algorithm: str = "HS256") -> str:
    """A token as one who knows no private key would make it."""
    _, body, _ = provider.token().split(".")
    head = json.dumps({"alg": algorithm, "kid": provider.key.kid}).encode()
    signed = f"{urlsafe(head)}.{body}"
    return f"{signed}.{urlsafe(hmac.digest(secret, signed.encode(), 'sha256'))}"


def urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_no_algorithm_but_the_providers_own_is_taken(google: Google, provider: Provider) -> None:
    public = provider.key.as_pem(private=False)
    forged = [
        hmac_signed(provider, public),
        hmac_signed(provider, CLIENT_SECRET.encode()),
        provider.token(header={"alg": "RS512"}),
        ".".join([*hmac_signed(provider, b"x", "none").split(".")[:2], ""]),
    ]
    for token in forged:
        with pytest.raises(NotProven):
            google.witness(token)


def test_a_key_that_a_token_brings_along_is_not_used(
    google: Google, provider: Provider, foreign_key: RSAKey
) -> None:
    jwk = foreign_key.as_dict(private=False)
    token = provider.token(key=foreign_key, header={"jwk": jwk, "jku": "http://127.0.0.1:1/"})
    with pytest.raises(NotProven):
        google.witness(token)


@pytest.mark.parametrize(
    "token",
    [
        *("", ".", "..", "a.b.c", "e30.e30.", "x" * 9000, "\x00", "é.é.é", "a.b.c.d.e"),
        "eyJhbGciOiJSUzI1NiJ9.WzFd.AAAA",
        "bnVsbA.bnVsbA.AAAA",
    ],
)
def test_what_is_no_token_proves_nothing(google: Google, token: str) -> None:
    with pytest.raises(NotProven):
        google.witness(token)


def test_a_token_cut_or_changed_anywhere_proves_nothing(google: Google, provider: Provider) -> None:
    token = provider.token()
    for at in range(0, len(token) - 2, 37):
        swapped = "A" if token[at] != "A" else "B"
        with pytest.raises(NotProven):
            google.witness(token[:at] + swapped + token[at + 1 :])


def test_keys_are_asked_for_once(google: Google, provider: Provider) -> None:
    for _ in range(5):
        google.witness(provider.token())
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_new_key_is_found_and_unknown_ones_do_not_make_us_ask_for_ever(
    google: Google, provider: Provider
) -> None:
    google.witness(provider.token())
    fresh = new_key("two")
    provider.published = [provider.key, fresh]
    assert google.witness(provider.token(key=fresh)).subject == "1234567890"
    for number in range(5):
        with pytest.raises(NotProven):
            google.witness(provider.token(header={"kid": f"unknown-{number}"}))
    assert provider.asked.count("/keys") == 2


def test_a_provider_that_is_down_is_said_to_be(google: Google, provider: Provider) -> None:
    provider.close()
    with pytest.raises(Unavailable):
        google.departure(CALLBACK)
    with pytest.raises(Unavailable):
        google.witness("a.b.c")


def test_what_is_known_of_a_provider_outlives_its_answers(
    google: Google, provider: Provider
) -> None:
    google.witness(provider.token())
    token = provider.token()
    provider.close()
    assert google.witness(token).subject == "1234567890"
    assert google.departure(CALLBACK).url.startswith(provider.issuer)


def test_a_silent_provider_is_given_up_in_five_seconds(google: Google, provider: Provider) -> None:
    provider.silent = True
    began = time.monotonic()
    with pytest.raises(Unavailable):
        google.departure(CALLBACK)
    assert 4 < time.monotonic() - began < 15


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"issuer": 7},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
)
def test_a_wrong_description_is_not_followed(
    google: Google, provider: Provider, description: dict[str, Any]
) -> None:
    provider.description = description
    with pytest.raises(Unavailable):
        google.departure(CALLBACK)


@pytest.mark.parametrize("keys", [{"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": 7}, {"a": 1}])
def test_unusable_keys_are_the_providers_trouble(
    google: Google, provider: Provider, keys: dict[str, Any]
) -> None:
    provider.keys_answer = keys
    with pytest.raises(Unavailable):
        google.witness(provider.token())


def test_many_failures_stop_the_calls(google: Google, provider: Provider) -> None:
    provider.status = 503
    for _ in range(12):
        with pytest.raises(Unavailable):
            google.departure(CALLBACK)
    assert len(provider.asked) == 5


@pytest.mark.parametrize(
    ("said", "believed"),
    [(True, True), (False, False), (None, False), ("true", False), ("false", False), (1, False)],
)
def test_only_true_confirms_an_address(said: Any, believed: bool) -> None:
    claims = {"iss": "https://i.example", "sub": "1", "email": "ada@example.org"}
    if said is not None:
        claims["email_verified"] = said
    assert witnessed(claims).email_verified is believed


@pytest.mark.parametrize(
    "email",
    [
        *(None, 7, "", ["ada@example.org"], {"a": 1}, "x" * 300 + "@example.org"),
        *("v\x00@example.org", "v\ud800@example.org"),
    ],
)
def test_an_address_that_is_none_is_not_confirmed(email: Any) -> None:
    found = witnessed({"iss": "i", "sub": "1", "email": email, "email_verified": True})
    assert (found.email, found.email_verified) == ("", False)


def test_google_spells_its_own_name_in_two_ways() -> None:
    assert set(spellings("https://accounts.google.com")) == {
        "https://accounts.google.com",
        "accounts.google.com",
    }
    assert spellings("https://other.example") == ["https://other.example"]
