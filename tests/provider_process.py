"""`oidc-provider-mock` as a process of its own, for whole journeys; it can be stopped."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.servers import free_port

START_SECONDS = 20


class ProviderProcess:
    """The running provider: people are put there with what it shall say of them."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.discovery_url = f"{self.url}/.well-known/openid-configuration"
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "-n"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def knows(self, subject: str, **claims: Any) -> None:
        """What this person's token will say."""
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def consent(self, url: str, subject: str) -> str:
        """Press the button on the provider's page; the address that the browser is sent to."""
        answer = requests.post(url, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def deny(self, url: str) -> str:
        """Press the other one."""
        answer = requests.post(url, data={"action": "deny"}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def stop(self) -> None:
        """Go away."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


@contextmanager
def provider_process() -> Iterator[ProviderProcess]:
    """A provider that is ready."""
    provider = ProviderProcess(free_port())
    deadline = time.monotonic() + START_SECONDS
    try:
        while True:
            try:
                requests.get(provider.discovery_url, timeout=1).raise_for_status()
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "the provider did not start"
                time.sleep(0.05)
            else:
                break
        yield provider
    finally:
        provider.stop()
