"""HTTP connections on which every read ends at the moment their call ends. No policy here."""

import http.client
import io
import socket
import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Deadline(threading.local):
    """Until when, on the monotonic clock, this thread's call may read."""

    until = float("inf")


deadline = Deadline()


class _TimedReader(io.RawIOBase):
    """A socket's time-out starts anew with each byte; this one does not."""

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw, self._socket = raw, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = deadline.until - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the call's time is over")
        self._socket.settimeout(min(remaining, 60))
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _TimedResponse


class _SecureConnection(HTTPSConnection):
    response_class = _TimedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class TimedAdapter(HTTPAdapter):
    """The ordinary transport over such connections, head and body alike."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by requests, also after a copy."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
