"""Pictures from a source's image host, as many as come in time. Looks into none of them."""

import time
from collections.abc import Sequence
from functools import partial

import redis
import requests
import urllib3
from flask import current_app
from requests.adapters import BaseAdapter

from moviesite import budget
from moviesite.errors import Unavailable
from moviesite.providers.gate import Gate
from moviesite.providers.transport import TimedAdapter, deadline

# Seconds that all pictures of one fetch may take together.
PATIENCE = 2.0
MAX_BYTES = 1024 * 1024
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class Pictures:
    """An image host behind its gate. Nobody needs a picture: what is missing is no error."""

    def __init__(
        self,
        name: str,
        *,
        redis_client: redis.Redis | None,
        threads: int,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self.gate = Gate(name, redis_client, threads)
        self._adapter = adapter

    def fetch(self, addresses: Sequence[str], seconds: float = PATIENCE) -> dict[str, bytes]:
        """What lies at those of the addresses that answered within so many seconds in all."""
        found: dict[str, bytes] = {}
        try:
            self.gate.admit()
            with budget.waiting(seconds) as allowed:
                until = time.monotonic() + allowed
                self.gate.run(partial(self._fill, found, addresses, until), allowed)
        except TimeoutError:
            self.gate.failed(counts=True)
        except Unavailable:
            pass
        return dict(found)

    def _fill(self, found: dict[str, bytes], addresses: Sequence[str], until: float) -> None:
        deadline.until = until
        with requests.Session() as session:
            adapter = self._adapter or TimedAdapter()
            for scheme in ("https://", "http://"):
                session.mount(scheme, adapter)
            for address in addresses:
                if not self.gate.take(until):
                    return
                try:
                    content = _content(session, address, until)
                except _FAILURES:
                    self.gate.failed(counts=True)
                    return
                if content:
                    found[address] = content
        self.gate.passed()


def _content(session: requests.Session, address: str, until: float) -> bytes | None:
    left = max(0.01, until - time.monotonic())
    with session.get(address, timeout=left, allow_redirects=False, stream=True) as response:
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or not kind.startswith("image/"):
            return None
        content = bytearray()
        while chunk := response.raw.read1(65536, decode_content=True):
            content += chunk
            if len(content) > MAX_BYTES:
                return None
        return bytes(content)


def current_pictures() -> Pictures:
    """Those of the current application."""
    found: Pictures = current_app.extensions["pictures"]
    return found
