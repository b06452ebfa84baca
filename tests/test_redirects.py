"""`next` leads to this site's own pages and nowhere else."""

import pytest

from moviesite.web.redirects import safe_next


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/movie/27205-inception", "/search?query=am%C3%A9lie&page=2", "/list/7#top"),
        *("/a//b", "/search?query=https://example.org", "/é"),
    ],
)
def test_our_own_paths_are_followed(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *(None, "", "movie", "https://evil.example/", "http:evil.example", "//evil.example"),
        *("///evil.example", "/\\evil.example", "\\\\evil.example", "/\\/evil.example"),
        *("\t//evil.example", " //evil.example", "/\t/evil.example", "/\n/evil.example"),
        *("javascript:alert(1)", "data:text/html,x", "/%0d%0aSet-Cookie:x\r\n", "/\x00"),
        *("/a b", "/\u00a0/evil.example", "/" + "x" * 2001, "/\x85/evil.example"),
        *("http://127.0.0.1:8000/", "@evil.example", "?next=/", "#x", "/\x7f"),
    ],
)
def test_nothing_else_is(address: str | None) -> None:
    assert safe_next(address) == "/"
    assert safe_next(address, "/account") == "/account"
