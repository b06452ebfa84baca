"""Starts a site, follows every kind of link from its home page, says what was answered.

`python -m tests.processes.walk FOLDER` prints JSON: addresses and their status. For tests only.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.processes.running import running_site

STARTS = ("/", "/about", "/api/docs", "/api/redoc", "/api/openapi.json", "/health/ready")
# Of addresses that differ in numbers, names and questions alone, so many are followed.
OF_A_KIND = 3
AT_MOST = 150


class Links(HTMLParser):
    """Every address that a page names in a link, an image, a script or a style sheet."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        named = [value for name, value in attrs if name in ("href", "src", "hx-get") and value]
        self.found += named


def kind_of(address: str) -> str:
    parts = urlsplit(address)
    names = sorted(re.findall(r"(?:^|&)([^=&]+)", parts.query))
    return re.sub(r"\d+[^/]*", "#", parts.path) + "?" + ",".join(names)


def answer(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:  # noqa: S310
            is_page = response.headers.get_content_type() == "text/html"
            return response.status, response.read().decode() if is_page else ""
    except urllib.error.HTTPError as error:
        return error.code, ""


def walk(base: str) -> dict[str, int]:
    seen: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    waiting = [base + path for path in STARTS]
    while waiting and len(seen) < AT_MOST:
        address = waiting.pop(0).partition("#")[0]
        kind = kind_of(address)
        if address in seen or kinds[kind] >= OF_A_KIND or not address.startswith(base + "/"):
            continue
        kinds[kind] += 1
        seen[address], page = answer(address)
        waiting += [urljoin(address, link) for link in Links(page).found]
    return seen


if __name__ == "__main__":
    with running_site(Path(sys.argv[1]) / "instance", demo=True) as site:
        answers = walk(f"http://127.0.0.1:{site.port}")
    sys.stdout.write(json.dumps(answers))
