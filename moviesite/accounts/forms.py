"""What a request tells about its sender, in the words of the services."""

from flask import request

from moviesite.accounts.client import MAX_DEVICE, Client, device_name
from moviesite.accounts.names import folded
from moviesite.config import current_config
from moviesite.keys import signature
from moviesite.web.throttle import client_key

_MAX_ADDRESS = 45


def client() -> Client:
    """Who sent the present request, as far as the connection and its headers tell."""
    return Client(
        address=(request.remote_addr or "")[:_MAX_ADDRESS],
        network=client_key()[:60],
        device=device_name(request.headers.get("User-Agent", ""))[:MAX_DEVICE],
    )


def stranger(email: str) -> str:
    """43 characters that only we can make, for who comes with this address from this network."""
    sender = f"{client_key()} {folded(email)}"
    return signature(current_config().secret_key, "stranger", sender)
