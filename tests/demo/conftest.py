"""What the tests of the demo share: its client, and real TMDb documents where they are at hand."""

import gzip
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from moviesite.demo.server import create_server

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = REPOSITORY.parent / "shared" / "data" / "tmdb"
BUNDLE = REPOSITORY / "moviesite" / "demo"
KEY = {"Authorization": "Bearer a-token-of-somebody"}


class Visitor:
    """Asks the demo and reads its JSON."""

    def __init__(self, application):
        self._client = Client(application)

    def get(self, path, expect=200, headers=KEY, **params):
        response = self._client.get(f"/3{path}?{urlencode(params)}", headers=headers)
        assert response.status_code == expect, response.text
        assert response.content_type.startswith("application/json")
        return response.json

    def status(self, path, **params):
        return self._client.get(f"/3{path}?{urlencode(params)}", headers=KEY).status_code

    def send(self, method, path, body=None, expect=201, headers=KEY, **params):
        response = self._client.open(
            f"/3{path}?{urlencode(params)}", method=method, json=body, headers=headers
        )
        assert response.status_code == expect, response.text
        return response.json

    def all_pages(self, path, **params):
        first = self.get(path, **params)
        rows = list(first["results"])
        for page in range(2, first["total_pages"] + 1):
            rows += self.get(path, page=page, **params)["results"]
        assert len(rows) == first["total_results"]
        return rows


def document(name):
    """A file of TMDb's own; the test is skipped where it is absent."""
    path = DOCUMENTS / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand")
    return path


def read_lines(path):
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


@pytest.fixture(scope="session")
def demo():
    return Visitor(create_server())


@pytest.fixture(scope="session")
def films():
    return read_lines(BUNDLE / "catalogue.jsonl.gz")


@pytest.fixture(scope="session")
def viewers():
    return read_lines(BUNDLE / "viewers.jsonl.gz")
