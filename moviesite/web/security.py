"""Trusted hosts and proxies, and the headers that keep browsers safe."""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from moviesite.config import Config

# Where trailers play, once a reader asks for one; neither sets a cookie before that.
_PLAYERS = "https://www.youtube-nocookie.com https://player.vimeo.com"
# Which answers of the API name: front ends elsewhere show them, too.
_PICTURES = ("/media/", "/demo/images/")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def init_app(app: Flask, config: Config) -> None:
    """Bind to the application."""
    app.config["TRUSTED_HOSTS"] = trusted_hosts(config)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    headers = [(name.lower(), name, value) for name, value in _headers(config).items()]

    def protect(response: Response) -> Response:
        if request.path.startswith(_PICTURES):
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        # Asking for each whether it is there would read all of them each time.
        present = {name.lower() for name, _ in response.headers}
        for key, name, value in headers:
            if key not in present:
                response.headers.add(name, value)
        response.headers["X-Request-ID"] = g.get("request_id", "")
        return response

    app.after_request(protect)


def trusted_hosts(config: Config) -> list[str]:
    """Names that the site may be asked under; any other Host header is a 400."""
    named = [host.strip() for host in config.allowed_hosts.split(",") if host.strip()]
    own = urlsplit(config.public_url).hostname or "127.0.0.1"
    return [*(named or [own]), *_LOOPBACK]


def content_security_policy(image_url: str) -> str:
    """The policy of every page: nothing inline, nothing from elsewhere but posters."""
    parts = urlsplit(image_url)
    images = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{images}",
            "font-src 'self'",
            "connect-src 'self'",
            f"frame-src {_PLAYERS}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _headers(config: Config) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy(config.image_url),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if config.public_url.startswith("https://"):
        # Of this host alone: others below it may be somebody else's, and without TLS.
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
