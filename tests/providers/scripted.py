"""A small real HTTP server on 127.0.0.1 that misbehaves as it is told, one act a request."""

import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

Act = Callable[[socket.socket], None]


def answer(
    body: bytes | Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "application/json",
) -> Act:
    """A whole answer; what is not bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": content_type, "Content-Length": str(len(raw)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return send(f"HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n".encode() + raw)


def send(raw: bytes) -> Act:
    """These bytes, then the end."""
    return lambda peer: peer.sendall(raw)


def silent(peer: socket.socket) -> None:
    """Nothing, for longer than anybody waits."""
    peer.settimeout(20)
    peer.recv(1)


def drip(raw: bytes, every: float = 0.1) -> Act:
    """The bytes one by one."""

    def act(peer: socket.socket) -> None:
        for byte in raw:
            peer.sendall(bytes([byte]))
            time.sleep(every)

    return act


def slowly(seconds: float, act: Act) -> Act:
    """The act after a while."""

    def wait(peer: socket.socket) -> None:
        time.sleep(seconds)
        act(peer)

    return wait


class ScriptedServer:
    """Plays its acts in turn; the last one is played for ever."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.acts: list[Act] = [answer({})]
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/3"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def plays(self, *acts: Act) -> None:
        """From now on these."""
        with self._lock:
            self.acts = list(acts)

    def close(self) -> None:
        """Refuse from now on."""
        if self._socket.fileno() >= 0:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        self._thread.join(2)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            peer.settimeout(10)
            head = b""
            try:
                while b"\r\n\r\n" not in head:
                    chunk = peer.recv(65536)
                    if not chunk:
                        return
                    head += chunk
                with self._lock:
                    self.requests.append(head.decode("latin-1"))
                    act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                act(peer)
            except OSError:
                return
