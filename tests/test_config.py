"""A wrong setting stops the start with a sentence; every setting has a default that works."""

import threading
from pathlib import Path

import pytest

from moviesite.config import Config, ConfigError, load_config, local_secret

PRODUCTION = {
    "MOVIESITE_ENV": "production",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "DATABASE_URL": "postgresql://moviesite@db/moviesite",
    "REDIS_URL": "redis://cache:6379/0",
    "BASE_URL": "https://films.example",
}


def test_nothing_need_be_set(tmp_path: Path) -> None:
    config = load_config({"INSTANCE_DIR": str(tmp_path)})
    assert config.demo
    assert config.database == f"sqlite:///{tmp_path / 'moviesite.db'}"
    assert config.public_url == "http://127.0.0.1:8000"
    assert len(config.secret_key) >= 32


def test_an_empty_value_counts_as_unset(tmp_path: Path) -> None:
    config = load_config({"INSTANCE_DIR": str(tmp_path), "PORT": "", "TMDB_API_KEY": " "})
    assert config.port == 8000
    assert config.demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("MOVIESITE_ENV", "prod"),
        ("THROTTLE_PROFILE", "none"),
        ("CACHE_DETAIL_SECONDS", "0"),
        ("CACHE_DETAIL_SECONDS", "99999999"),
        ("WEB_PROCESSES", "-1"),
        ("DEFAULT_LANGUAGE", "English"),
        ("DEFAULT_LANGUAGE", "xx-US"),
        ("DEFAULT_REGION", "Germany"),
        ("INSTANCE_DIR", "/dev/null/moviesite"),
        ("BASE_URL", "films.example"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://films.example/below"),
        ("TMDB_BASE_URL", "//tmdb.example/3"),
        ("TMDB_IMAGE_URL", "ftp://images.example"),
        ("OMDB_BASE_URL", "omdb"),
        ("IMDB_BASE_URL", "https://[::1"),
        ("ANTHROPIC_BASE_URL", "model.example"),
        ("SENTRY_DSN", "key"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://:secret-canary@host:port/0"),
        ("DATABASE_URL", "moviesite.db"),
        ("DATABASE_URL", "mysql://user:secret-canary@host/films"),
        ("DATABASE_URL", "postgresql://user:secret-canary@host:99999/films"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} ") as caught:
        load_config({name: value})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEFAULT_LANGUAGE", "pt-BR"),
        ("DEFAULT_LANGUAGE", "de"),
        ("BASE_URL", "http://[::1]:8000"),
        ("SENTRY_DSN", "https://key@errors.example/1"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("REDIS_URL", "rediss://user:password@host:6380/2"),
        ("DATABASE_URL", "sqlite:////var/lib/films.db"),
        ("DATABASE_URL", "sqlite:///films.db"),
        ("DATABASE_URL", "postgres:///films?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql+psycopg://films@host/films"),
    ],
)
def test_what_is_right_is_taken(name: str, value: str, tmp_path: Path) -> None:
    config = load_config({"INSTANCE_DIR": str(tmp_path), name: value})
    assert getattr(config, name.lower()) == value


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MAIL_URL": "mail.example:secret-canary@"}, "MAIL_URL"),
        ({"MAIL_URL": "smtp://a:secret-canary@h?tls=perhaps", "MAIL_FROM": "a@b"}, "MAIL_URL"),
        ({"MAIL_URL": "smtp://mail.example"}, "MAIL_FROM"),
        ({"GOOGLE_CLIENT_ID": "x"}, "GOOGLE_CLIENT_SECRET"),
        ({"GOOGLE_CLIENT_SECRET": "secret-canary"}, "GOOGLE_CLIENT_ID"),
        ({"GOOGLE_DISCOVERY_URL": "accounts.google.com"}, "GOOGLE_DISCOVERY_URL"),
        ({**PRODUCTION, "GOOGLE_DISCOVERY_URL": "http://id.example/x"}, "GOOGLE_DISCOVERY_URL"),
    ],
)
def test_settings_that_do_not_go_together_are_named_and_no_secret_is_told(
    given: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigError, match=named) as caught:
        load_config(given)
    assert "canary" not in str(caught.value)


def test_production_takes_what_is_complete() -> None:
    config = load_config(PRODUCTION)
    assert config.production
    assert config.database.startswith("postgresql+psycopg://")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_URL"])
def test_production_refuses_to_start_without(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({**PRODUCTION, name: ""})


@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", "short"), ("THROTTLE_PROFILE", "off")])
def test_production_refuses_what_is_weak(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({**PRODUCTION, name: value})


def test_the_demo_runs_exactly_without_another_source(tmp_path: Path) -> None:
    own = {"INSTANCE_DIR": str(tmp_path)}
    assert not load_config({**own, "TMDB_API_KEY": "x"}).demo
    assert not load_config({**own, "TMDB_BASE_URL": "http://127.0.0.1:1/3"}).demo


def test_images_come_from_where_the_setting_says(tmp_path: Path) -> None:
    own = {"INSTANCE_DIR": str(tmp_path)}
    assert load_config(own).image_url == "/demo/images/"
    assert load_config({**own, "TMDB_API_KEY": "x"}).image_url.startswith("https://image.tmdb.org")
    assert load_config({**own, "TMDB_IMAGE_URL": "https://i.example/t"}).image_url == (
        "https://i.example/t/"
    )


def test_what_an_installation_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    config = load_config({"INSTANCE_DIR": str(tmp_path / "instance")})
    assert config.instance_path.stat().st_mode & 0o077 == 0


def test_a_secret_is_made_once_however_many_ask_at_once(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(local_secret(tmp_path, "secret_key")))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_readme_documents_every_setting() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    missing = [name for name in Config.__struct_encode_fields__ if f"`{name}`" not in readme]
    assert missing == []
