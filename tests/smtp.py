"""A small real SMTP server on 127.0.0.1 that behaves as it is told."""

import base64
import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Delivery:
    """One message as it arrived: envelope, content and how the connection was protected."""

    def __init__(self, sender: str, to: list[str], raw: bytes, *, encrypted: bool) -> None:
        self.sender, self.to, self.encrypted = sender, to, encrypted
        self.raw = raw
        self.message: Any = message_from_bytes(raw, EmailMessage, policy=policy.default)

    def part(self, subtype: str) -> str:
        """The text of `text/<subtype>`."""
        return str(self.message.get_body((subtype,)).get_content())


class SmtpServer:
    """Takes mail; `replies` replaces the answer to a verb, `silent_at` is never answered."""

    def __init__(
        self,
        *,
        certificate: Path | None = None,
        from_first_byte: bool = False,
        password: str = "",
    ) -> None:
        self.deliveries: list[Delivery] = []
        self.verbs: list[str] = []
        self.replies: dict[str, str] = {}
        self.silent_at = ""
        self.password = password
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.from_first_byte = from_first_byte
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.house = self  # type: ignore[attr-defined]
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Refuse connections from now on."""
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


class _Session(socketserver.BaseRequestHandler):
    """One conversation."""

    def handle(self) -> None:
        self.house: SmtpServer = self.server.house  # type: ignore[attr-defined]
        self.sock = self.request
        self.sock.settimeout(20)
        self.encrypted = False
        self.sender, self.to = "", list[str]()
        try:
            if self.house.from_first_byte:
                self._encrypt()
            self.file = self.sock.makefile("rb")
            self._converse()
        except OSError:
            pass
        finally:
            if self.encrypted:
                self.sock.close()

    def _encrypt(self) -> None:
        assert self.house.context
        self.sock = self.house.context.wrap_socket(self.sock, server_side=True)
        self.encrypted = True

    def _converse(self) -> None:
        self._say(self.house.replies.get("HELLO", "220 mail.test"))
        while line := self.file.readline():
            words = line.decode().strip()
            verb = words.partition(" ")[0].upper()
            self.house.verbs.append(verb)
            if verb == self.house.silent_at:
                time.sleep(15)
                return
            self._say(self.house.replies.get(verb) or self._answer(verb, words))
            if verb == "STARTTLS":
                self._encrypt()
                self.file = self.sock.makefile("rb")
            elif verb == "DATA" and "DATA" not in self.house.replies:
                self._take()
            elif verb == "QUIT":
                return

    def _answer(self, verb: str, words: str) -> str:
        if verb == "EHLO":
            offers = ["mail.test", "8BITMIME", "SMTPUTF8"]
            offers += ["STARTTLS"] * bool(self.house.context and not self.encrypted)
            offers += ["AUTH PLAIN"] * bool(self.house.password)
            return "\r\n".join([f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"])
        if verb == "AUTH":
            given = base64.b64decode(words.rpartition(" ")[2]).split(b"\0")[-1].decode()
            return "235 ok" if given == self.house.password else "535 no"
        if verb == "MAIL":
            self.sender, self.to = words.partition("<")[2].partition(">")[0], []
        if verb == "RCPT":
            self.to.append(words.partition("<")[2].partition(">")[0])
        return {"DATA": "354 go on", "STARTTLS": "220 go on", "QUIT": "221 bye"}.get(verb, "250 ok")

    def _take(self) -> None:
        raw = b""
        while (line := self.file.readline()) not in (b".\r\n", b""):
            raw += line.removeprefix(b".") if line.startswith(b"..") else line
        delivery = Delivery(self.sender, self.to, raw, encrypted=self.encrypted)
        if "TAKEN" not in self.house.replies:
            self.house.deliveries.append(delivery)
        self._say(self.house.replies.get("TAKEN", "250 kept"))

    def _say(self, words: str) -> None:
        self.sock.sendall(f"{words}\r\n".encode())


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
