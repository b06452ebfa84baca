"""What every template knows of the site itself."""

from typing import Any, NamedTuple

from flask import Flask, request, url_for
from markupsafe import Markup

from moviesite.config import Config
from moviesite.web.redirects import safe_next
from moviesite.web.viewing import chosen, current_language, current_region


class NavLink(NamedTuple):
    """An entry of the main navigation."""

    label: str
    href: str
    current: bool


_NAV = (
    ("Home", "catalogue.home"),
    ("Discover", "discover_pages.discover"),
    ("Trending", "trending_pages.trending"),
    ("Lists", "list_pages.lists"),
    ("Search", "search_pages.search"),
)
_ENTRANCES = ("accounts", "settings", "google", "proof")
# The operator adds TMDb's logo; its terms do not let us bring it.
_LOGO = "img/tmdb-logo.svg"


class Site:
    """Name, mode and navigation of this installation."""

    name = "moviesite"

    def __init__(self, config: Config) -> None:
        self.demo = config.demo
        self.google = bool(config.google_client_id)
        self.public_url = config.public_url
        self._logo = config.instance_path / _LOGO

    def init_app(self, app: Flask) -> None:
        """Bind to the application's templates."""
        app.context_processor(self._context)

    @property
    def nav(self) -> list[NavLink]:
        """The main navigation for the present request."""
        return [NavLink(label, url_for(end), request.endpoint == end) for label, end in _NAV]

    @property
    def sign_in_url(self) -> str:
        """Address of the sign-in that comes back to the present page."""
        here = request.full_path.removesuffix("?")
        # Addresses of these pages may hold a secret, and are no place to come back to.
        away = request.blueprint in _ENTRANCES
        return url_for("accounts.sign_in", next=None if away else safe_next(here))

    @property
    def tmdb_logo(self) -> str | None:
        """Address of TMDb's logo, once the operator has added it."""
        return url_for("catalogue.tmdb_logo") if self._logo.is_file() else None

    @property
    def suggest_url(self) -> str:
        """Address of the suggestions while a search is typed."""
        return url_for("browse.suggest", **chosen())  # type: ignore[arg-type]

    def _context(self) -> dict[str, Any]:
        language = current_language()
        return {
            "site": self,
            "language": language,
            "region": current_region(),
            "film_lang": _told_in(language),
        }


def _told_in(language: str) -> Markup:
    """The attribute of what a source says of films: the site's own words are English."""
    return Markup() if language.startswith("en") else Markup(' lang="{}"').format(language)
