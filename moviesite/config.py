"""Settings from the environment, typed and checked before anything starts. Never a request."""

import os
import re
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

import babel
import click
import msgspec
from flask import current_app

from moviesite.mail_server import MailServer, mail_server

DEFAULT_TMDB_BASE_URL = "https://api.themoviedb.org/3"
DEFAULT_TMDB_IMAGE_URL = "https://image.tmdb.org/t/p/"
DEFAULT_GOOGLE_DISCOVERY_URL = "https://accounts.google.com/.well-known/openid-configuration"
MIN_SECRET_LENGTH = 32
_WEB = ("https", "http")
_WEB_ADDRESSES = (
    *("base_url", "tmdb_base_url", "tmdb_image_url", "omdb_base_url", "imdb_base_url"),
    *("google_discovery_url", "anthropic_base_url", "sentry_dsn"),
)
_DATABASES = ("postgresql", "postgresql+psycopg", "postgres", "sqlite")
_REDIS = ("redis", "rediss", "unix")
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Z]{2})?")
_REGION = re.compile("[A-Z]{2}")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=150 * 86400)]
BriefSeconds = Annotated[int, msgspec.Meta(ge=0, le=60)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1000)]
Tokens = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=1440)]
Days = Annotated[int, msgspec.Meta(ge=1, le=365)]
ProcessCount = Annotated[int, msgspec.Meta(ge=1, le=64)]


class ConfigError(click.ClickException):
    """A setting is wrong or missing; the message says which and what to do.

    Commands show it without a trace.
    """

    exit_code = 2


class Config(msgspec.Struct, frozen=True, kw_only=True, rename=str.upper):
    """Every setting, with a default that works on one machine; upper case in the environment."""

    moviesite_env: Literal["development", "production"] = "development"
    instance_dir: str = "instance"
    model_dir: str = ""
    base_url: str = ""
    port: Port = 8000
    allowed_hosts: str = ""
    trusted_proxies: Count = 0
    secret_key: str = ""
    encryption_key: str = ""
    database_url: str = ""
    redis_url: str = ""

    access_token_minutes: Minutes = 15
    refresh_token_days: Days = 30
    cors_allowed_origins: str = ""
    cors_allow_credentials: bool = False
    csrf_trusted_origins: str = ""

    web_processes: ProcessCount = 2
    web_threads: ProcessCount = 8

    tmdb_api_key: str = ""
    tmdb_base_url: str = ""
    tmdb_image_url: str = ""
    omdb_api_key: str = ""
    omdb_base_url: str = "https://www.omdbapi.com"
    imdb_api_key: str = ""
    imdb_base_url: str = "https://api.collectapi.com/imdb"
    movie_search_providers: str = "tmdb,omdb,imdb"
    default_language: str = "en-US"
    default_region: str = "US"

    google_client_id: str = ""
    google_client_secret: str = ""
    google_discovery_url: str = DEFAULT_GOOGLE_DISCOVERY_URL
    mail_url: str = ""
    mail_from: str = ""

    cache_listing_seconds: Seconds = 600
    cache_detail_seconds: Seconds = 12 * 3600
    cache_search_seconds: Seconds = 60
    cache_reference_seconds: Seconds = 86400
    cache_favorites_seconds: Seconds = 900
    cache_recommendations_seconds: Seconds = 86400
    cache_shared_seconds: Seconds = 30
    cache_answer_seconds: BriefSeconds = 60

    anthropic_api_key: str = ""
    anthropic_base_url: str = "https://api.anthropic.com"
    anthropic_model: str = "claude-haiku-4-5"
    assistant_max_prompt_tokens: Tokens = 1000
    metrics_token: str = ""
    sentry_dsn: str = ""
    migration_lock_seconds: Annotated[int, msgspec.Meta(ge=1, le=600)] = 5

    throttle_profile: Literal["household", "strict", "off"] = "household"
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_sql: bool = False

    @property
    def production(self) -> bool:
        """Whether the strict rules of a public installation apply."""
        return self.moviesite_env == "production"

    @property
    def listen_host(self) -> str:
        """Who may connect: this machine alone, or everyone where a proxy decides."""
        return "0.0.0.0" if self.production else "127.0.0.1"  # noqa: S104

    @property
    def demo(self) -> bool:
        """The demo catalogue stands in exactly when no other source was named."""
        return not self.tmdb_api_key and not self.tmdb_base_url

    @property
    def instance_path(self) -> Path:
        """Folder for what this installation makes itself: database, keys, demo state."""
        return Path(self.instance_dir).resolve()

    @property
    def image_url(self) -> str:
        """Address that image paths are appended to, with a trailing slash."""
        default = "/demo/images/" if self.demo else DEFAULT_TMDB_IMAGE_URL
        return (self.tmdb_image_url or default).rstrip("/") + "/"

    @property
    def media_path(self) -> Path:
        """Folder of what people uploaded."""
        return self.instance_path / "media"

    @property
    def model_path(self) -> Path:
        """Folder of what recommending was learnt; web and workers must see the same."""
        return Path(self.model_dir).resolve() if self.model_dir else self.instance_path / "models"

    @property
    def cors_origins(self) -> list[str]:
        """Origins whose pages may call the API."""
        return _listed(self.cors_allowed_origins)

    @property
    def encryption_keys(self) -> list[str]:
        """Keys of what is kept encrypted, the one in use first."""
        return [key.strip() for key in self.encryption_key.split(",") if key.strip()]

    @property
    def csrf_origins(self) -> list[str]:
        """Origins beside our own whose forms may be sent here."""
        return _listed(self.csrf_trusted_origins)

    @property
    def tmdb_url(self) -> str:
        """Address of TMDb's API with its version, without a trailing slash."""
        return (self.tmdb_base_url or DEFAULT_TMDB_BASE_URL).rstrip("/")

    @property
    def search_order(self) -> list[str]:
        """Names of the sources of movies in the order in which they are asked."""
        return [name.strip().lower() for name in self.movie_search_providers.split(",")]

    @property
    def public_url(self) -> str:
        """Address people use, without a trailing slash."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def mail_server(self) -> MailServer | None:
        """Who takes our mail; None where it is printed instead."""
        return mail_server(self.mail_url) if self.mail_url else None

    @property
    def database(self) -> str:
        """SQLAlchemy address; SQLite in the instance folder unless one is set."""
        if not self.database_url:
            return f"sqlite:///{self.instance_path / 'moviesite.db'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url


def _listed(origins: str) -> list[str]:
    return [origin.strip().rstrip("/") for origin in origins.split(",") if origin.strip()]


def current_config() -> Config:
    """The settings of the current application."""
    config: Config = current_app.config["MOVIESITE"]
    return config


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read and check the settings; raises ConfigError with a sentence for the first one at fault.

    An empty value counts as unset, so that `REDIS_URL=` in an env file means the default.
    """
    environ = os.environ if environ is None else environ
    known = set(Config.__struct_encode_fields__)
    given = {name: value for name, value in environ.items() if name in known and value.strip()}
    try:
        config = msgspec.convert(given, Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(_sentence(error)) from error
    _check_addresses(config)
    _check_origins(config)
    _check_together(config)
    if config.production:
        _check_production(config)
    return _with_local_secrets(config)


def _sentence(error: msgspec.ValidationError) -> str:
    problem, _, path = str(error).partition(" - at `$.")
    name = path.rstrip("`") or "A setting"
    problem = problem[:1].lower() + problem[1:]
    *choices, last = get_args(get_type_hints(Config).get(name.lower())) or ("",)
    if choices:
        problem = f"it takes {', '.join(choices)} or {last}"
    return f"{name} is not valid: {problem}. See the settings table in README.md."


def _check_addresses(config: Config) -> None:
    """Says which one is wrong and not what it is, since it may hold a password."""
    for name in _WEB_ADDRESSES:
        if not _is_address(getattr(config, name), _WEB):
            raise ConfigError(f"{name.upper()} must be an address such as https://films.example.")
    if urlsplit(config.public_url).path:
        raise ConfigError("BASE_URL must have no path: the site is at the root of its host.")
    if not _is_address(config.database_url, _DATABASES):
        raise ConfigError("DATABASE_URL must begin with postgresql:// or sqlite:///.")
    if not _is_address(config.redis_url, _REDIS):
        raise ConfigError("REDIS_URL must be an address such as redis://host:6379/0.")


def _is_address(address: str, schemes: Collection[str]) -> bool:
    """Whether it is one with such a beginning, or was not given."""
    if not address:
        return True
    try:
        parts = urlsplit(address)
        where = parts.hostname or (parts.path if schemes != _WEB else "")
        parts.port  # noqa: B018 - looking reads it
    except ValueError:
        return False
    return parts.scheme in schemes and bool(where)


def _check_together(config: Config) -> None:
    try:
        server = config.mail_server
    except ValueError as error:
        raise ConfigError(f"MAIL_URL {error}.") from None
    if server and "@" not in config.mail_from:
        raise ConfigError("MAIL_FROM must be the sender's address where MAIL_URL is set.")
    if not set(config.search_order) <= {"tmdb", "omdb", "imdb"}:
        raise ConfigError("MOVIE_SEARCH_PROVIDERS lists tmdb, omdb and imdb, separated by commas.")
    if not _is_language(config.default_language):
        raise ConfigError("DEFAULT_LANGUAGE must be a language such as en-US or de.")
    if not _REGION.fullmatch(config.default_region):
        raise ConfigError("DEFAULT_REGION must be a country in two capitals, such as US.")
    if bool(config.google_client_id) != bool(config.google_client_secret):
        raise ConfigError("GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET must be set together.")


def _is_language(name: str) -> bool:
    try:
        return bool(_LANGUAGE.fullmatch(name) and babel.Locale.parse(name, sep="-"))
    except babel.UnknownLocaleError:
        return False


def _check_origins(config: Config) -> None:
    named = {
        "CORS_ALLOWED_ORIGINS": config.cors_origins,
        "CSRF_TRUSTED_ORIGINS": config.csrf_origins,
    }
    for name, origins in named.items():
        if not all(_ORIGIN.fullmatch(origin) for origin in origins):
            raise ConfigError(
                f"{name} must list origins such as https://app.example, separated by commas."
            )


def _check_production(config: Config) -> None:
    if len(config.secret_key) < MIN_SECRET_LENGTH:
        raise ConfigError(
            f"SECRET_KEY must be at least {MIN_SECRET_LENGTH} random characters in production, "
            "for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'."
        )
    if any(len(key) < MIN_SECRET_LENGTH for key in config.encryption_keys):
        raise ConfigError(
            f"ENCRYPTION_KEY must be at least {MIN_SECRET_LENGTH} random characters in production."
        )
    if not config.database_url:
        raise ConfigError(
            "DATABASE_URL must name a database in production; SQLite is for development only."
        )
    if not config.redis_url:
        raise ConfigError("REDIS_URL must name a Redis or Valkey server in production.")
    if config.throttle_profile == "off":
        raise ConfigError(
            "THROTTLE_PROFILE=off is for tests; production needs household or strict."
        )
    if config.log_sql:
        raise ConfigError("LOG_SQL is for development; production would fill its log with it.")
    if config.metrics_token and len(config.metrics_token) < MIN_SECRET_LENGTH:
        raise ConfigError(
            f"METRICS_TOKEN must be at least {MIN_SECRET_LENGTH} random characters in production."
        )
    if not config.google_discovery_url.startswith("https://"):
        raise ConfigError("GOOGLE_DISCOVERY_URL must begin with https:// in production.")
    if not config.base_url:
        raise ConfigError("BASE_URL must be the public address of the site in production.")


def _with_local_secrets(config: Config) -> Config:
    """Secrets that were not given are made once; in production they are the operator's to give."""
    names = [name for name in ("secret_key", "encryption_key") if not getattr(config, name)]
    if config.production:
        return config
    try:
        made = {name: local_secret(config.instance_path, name) for name in names}
    except OSError as error:
        raise unwritable(error) from error
    return msgspec.structs.replace(config, **made)


def unwritable(error: OSError) -> ConfigError:
    """What is wrong where the instance folder takes no file."""
    return ConfigError(f"INSTANCE_DIR cannot be written to: {error.strerror}.")


def local_secret(folder: Path, name: str) -> str:
    """A random secret made once per installation and kept in `folder`, readable by its owner alone.

    Several processes may ask at the same moment: the first to link its file in place wins.
    """
    path = folder / name
    if not path.exists():
        # The database comes to lie here, too, with addresses and hashes of passwords.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}-{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
