"""What a tab, a bookmark and a list of results say: every page's title names it once."""

import html
import re
from collections import Counter

from flask import Flask
from flask.testing import FlaskClient

from moviesite.models import User
from tests.test_api_contract import EXAMPLES, PUBLIC
from tests.test_route_policy import ADMIN_PAGES, SIGNED_IN_PAGES


def titles(app: Flask, browser: FlaskClient, endpoints: set[str]) -> dict[str, str]:
    """The titles of those of these routes that answer with a page, by address."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in endpoints and "GET" in (rule.methods or ()):
            built = rule.build({name: EXAMPLES[name] for name in rule.arguments})
            assert built is not None
            answer = browser.get(built[1])
            if answer.status_code == 200 and answer.mimetype == "text/html":
                head, is_page, _ = answer.text.partition("</head>")
                if not is_page:  # a part of one
                    continue
                said = re.findall(r"<title>(.*?)</title>", head, re.DOTALL)
                assert len(said) == 1, built[1]
                found[built[1]] = html.unescape(said[0])
    return found


def assert_said_once(titles: dict[str, str]) -> None:
    for address, title in titles.items():
        parts = Counter(part.strip().casefold() for part in re.split(r" [-–:] |: ", title))
        assert "" not in parts, (address, title)
        assert max(parts.values()) == 1, (address, title)


def test_public_pages_say_nothing_twice(app: Flask, client: FlaskClient) -> None:
    found = titles(app, client, PUBLIC - {"docs.swagger", "docs.redoc"})
    assert len(found) >= 15
    assert_said_once(found)


def test_peoples_own_pages_say_nothing_twice(app: Flask, ada_browsing: FlaskClient) -> None:
    found = titles(app, ada_browsing, SIGNED_IN_PAGES)
    assert len(found) >= 8
    assert_said_once(found)


def test_pages_of_the_administration_say_nothing_twice(
    app: Flask, cleo: User, cleo_browsing: FlaskClient
) -> None:
    found = titles(app, cleo_browsing, ADMIN_PAGES)
    assert len(found) >= 10
    assert_said_once(found)
    assert found["/admin"].startswith("Administration - ")
    assert found["/admin/users"].count("Administration") == 1
