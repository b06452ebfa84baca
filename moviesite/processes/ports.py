"""What only one installation may hold: its address and its folder. Answers no request."""

import contextlib
import errno
import fcntl
import http.client
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from moviesite.config import Config, unwritable

LOCK = "supervisor.lock"
BACKLOG = 512
# A predecessor that was killed leaves its address and folder within moments.
TAKE_OVER_SECONDS = 2.0


class Taken(Exception):
    """Another program holds it; the message says what to do."""


@contextlib.contextmanager
def sole_owner(instance: Path) -> Iterator[None]:
    """Hold the instance folder alone; the system lets go of it however the holder ends.

    Raises Taken where somebody holds it, ConfigError where it takes no file.
    """
    try:
        instance.mkdir(parents=True, exist_ok=True)
        held = (instance / LOCK).open("w")
    except OSError as error:
        raise unwritable(error) from error
    with held as file:
        if not _within(TAKE_OVER_SECONDS, lambda: _lock(file.fileno())):
            raise Taken(
                f"another moviesite runs in {instance}. Stop it, or choose another INSTANCE_DIR."
            )
        yield


@contextlib.contextmanager
def listen(config: Config) -> Iterator[socket.socket]:
    """The site's address, held across restarts of the web server so that visitors just wait."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        address = (config.listen_host, config.port)
        try:
            free = _within(TAKE_OVER_SECONDS, lambda: _bind(listener, address))
        except PermissionError as error:
            raise Taken(f"port {config.port} needs more rights. Try PORT=8000.") from error
        if not free:
            raise Taken(
                f"port {config.port} is taken by another program. "
                f"Stop that one, or choose another: PORT={config.port + 1} make run"
            )
        listener.listen(BACKLOG)
        yield listener


def ready(config: Config) -> bool:
    """Whether the site says of itself that it is ready."""
    host = urlsplit(config.public_url).netloc
    connection = http.client.HTTPConnection("127.0.0.1", config.port, timeout=2)
    try:
        connection.request("GET", "/health/ready", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _within(seconds: float, attempt: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not attempt():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _bind(listener: socket.socket, address: tuple[str, int]) -> bool:
    try:
        listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise
    return True
