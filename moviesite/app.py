"""Puts the application together, step by step. Only entry points and tests import it."""

import datetime as dt
from functools import partial
from typing import Any

import babel
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import configure_mappers

import moviesite.models  # noqa: F401 - makes the tables known
from moviesite import caching, cli, database, logs, migrating, optional
from moviesite.accounts import queries as people
from moviesite.accounts import session_service
from moviesite.accounts.auth_api import api as auth_api
from moviesite.accounts.google_api import api as google_api
from moviesite.accounts.google_pages import pages as google_pages
from moviesite.accounts.me_api import api as me_api
from moviesite.accounts.media_pages import pages as media_pages
from moviesite.accounts.pages import pages as account_pages
from moviesite.accounts.proof_pages import pages as proof_pages
from moviesite.accounts.settings_pages import pages as settings_pages
from moviesite.admin.audit_api import api as audit_api
from moviesite.admin.audit_pages import pages as audit_pages
from moviesite.admin.cache_pages import pages as admin_cache_pages
from moviesite.admin.genre_pages import pages as admin_genre_pages
from moviesite.admin.genres_api import api as admin_genres_api
from moviesite.admin.keyword_pages import pages as admin_keyword_pages
from moviesite.admin.keywords_api import api as admin_keywords_api
from moviesite.admin.list_pages import pages as admin_list_pages
from moviesite.admin.movie_pages import pages as admin_movie_pages
from moviesite.admin.movies_api import api as admin_movies_api
from moviesite.admin.pages import pages as admin_pages
from moviesite.admin.report_pages import pages as admin_review_pages
from moviesite.admin.reviews_api import api as admin_reviews_api
from moviesite.admin.tier_pages import pages as admin_tier_pages
from moviesite.admin.user_pages import pages as admin_user_pages
from moviesite.admin.users_api import api as admin_users_api
from moviesite.assistant.api import api as assistant_api
from moviesite.assistant.pages import pages as assistant_pages
from moviesite.cache_backends import cache_settings
from moviesite.catalogue import live
from moviesite.catalogue.api import api as movies_api
from moviesite.catalogue.browse_api import api as browse_api
from moviesite.catalogue.discover_api import api as discover_api
from moviesite.catalogue.discover_pages import pages as discover_pages
from moviesite.catalogue.listing_pages import pages as listing_pages
from moviesite.catalogue.pages import pages as catalogue_pages
from moviesite.catalogue.people_api import api as people_api
from moviesite.catalogue.people_pages import pages as people_pages
from moviesite.catalogue.search_api import api as search_api
from moviesite.catalogue.search_pages import pages as search_pages
from moviesite.catalogue.sitemap_pages import pages as sitemap_pages
from moviesite.config import Config, ConfigError, load_config
from moviesite.demo.pages import pages as demo_pages
from moviesite.demo.server import create_server
from moviesite.extensions import api, cache, csrf, db, redis_connection
from moviesite.library.api import api as library_api
from moviesite.library.calendar_api import api as calendar_api
from moviesite.library.calendar_pages import pages as calendar_pages
from moviesite.library.feed_pages import pages as feed_pages
from moviesite.library.hidden_pages import pages as hidden_pages
from moviesite.library.history_api import api as history_api
from moviesite.library.history_pages import pages as history_pages
from moviesite.library.muting_api import api as muting_api
from moviesite.library.pages import pages as library_pages
from moviesite.library.shelf_pages import pages as shelf_pages
from moviesite.library.statistics_api import api as statistics_api
from moviesite.library.statistics_pages import pages as statistics_pages
from moviesite.lists.adding_pages import pages as adding_pages
from moviesite.lists.api import api as lists_api
from moviesite.lists.item_pages import pages as list_item_pages
from moviesite.lists.items_api import api as list_items_api
from moviesite.lists.pages import pages as list_pages
from moviesite.lists.preview_pages import pages as preview_pages
from moviesite.lists.share_pages import pages as share_pages
from moviesite.lists.shared_pages import pages as shared_pages
from moviesite.lists.shares_api import api as shares_api
from moviesite.ops.analytics_api import api as analytics_api
from moviesite.ops.analytics_pages import pages as analytics_pages
from moviesite.ops.job_api import api as job_api
from moviesite.ops.job_pages import pages as job_pages
from moviesite.ops.log_api import api as log_api
from moviesite.ops.log_pages import pages as log_pages
from moviesite.ops.metrics_pages import pages as metrics_pages
from moviesite.ops.pages import pages as ops_pages
from moviesite.ops.provider_api import api as provider_api
from moviesite.ops.provider_pages import pages as provider_pages
from moviesite.ops.recommender_api import api as recommender_api
from moviesite.ops.recommender_pages import pages as recommender_pages
from moviesite.providers import anthropic_model, movie_providers
from moviesite.providers.gate import RATE, Gate
from moviesite.providers.google import Google
from moviesite.providers.inprocess import InProcessAdapter
from moviesite.providers.mail import Mailer
from moviesite.providers.pictures import Pictures
from moviesite.providers.tmdb import TMDb
from moviesite.recommendations.api import api as recommendations_api
from moviesite.recommendations.pages import pages as recommendations_pages
from moviesite.reviews.api import api as reviews_api
from moviesite.reviews.pages import pages as review_pages
from moviesite.tmdb_account.api import api as tmdb_api
from moviesite.tmdb_account.pages import pages as tmdb_pages
from moviesite.transfer.api import api as transfer_api
from moviesite.transfer.pages import pages as transfer_pages
from moviesite.trending.api import api as trending_api
from moviesite.trending.pages import pages as trending_pages
from moviesite.web import (
    access_tokens,
    admins,
    assets,
    bodies,
    conditional,
    docs,
    errors,
    filters,
    identity,
    images,
    openapi,
    origins,
    personal,
    request_metrics,
    request_scope,
    response_cache,
    security,
    throttle,
)
from moviesite.web.json import OrjsonProvider
from moviesite.web.schemas import ProblemSchema
from moviesite.web.site import Site

MAX_BODY_BYTES = 3 * 2**20
DEMO_URL = "http://demo.invalid/3"
# Calls a second: a source in this very process needs no mercy.
DEMO_RATE = 1000

PAGES = (
    *(catalogue_pages, discover_pages, listing_pages, people_pages, search_pages),
    *(sitemap_pages, trending_pages, ops_pages, metrics_pages, media_pages, google_pages),
    *(account_pages, settings_pages, proof_pages, tmdb_pages, transfer_pages),
    *(library_pages, shelf_pages, history_pages, statistics_pages, hidden_pages, review_pages),
    *(calendar_pages, feed_pages),
    *(list_pages, list_item_pages, adding_pages, share_pages, shared_pages, preview_pages),
    *(recommendations_pages, assistant_pages),
    *(job_pages, provider_pages, log_pages, analytics_pages, recommender_pages),
    *(admin_pages, audit_pages, admin_movie_pages, admin_genre_pages, admin_keyword_pages),
    *(admin_cache_pages, admin_user_pages, admin_tier_pages, admin_review_pages, admin_list_pages),
)
APIS = (
    *(movies_api, search_api, browse_api, discover_api, people_api, trending_api),
    *(auth_api, google_api, me_api, tmdb_api),
    *(library_api, history_api, calendar_api, muting_api, statistics_api),
    *(reviews_api, transfer_api),
    *(recommendations_api, assistant_api),
    *(lists_api, list_items_api, shares_api),
    *(job_api, provider_api, log_api, analytics_api, recommender_api),
    *(audit_api, admin_movies_api, admin_genres_api, admin_keywords_api),
    *(admin_users_api, admin_reviews_api),
)


def create_app(config: Config | None = None) -> Flask:
    """The whole application for these settings, by default those of the environment."""
    config = config or load_config()
    logs.configure(config)
    app = Flask("moviesite", instance_path=str(config.instance_path), static_folder=None)
    app.json = OrjsonProvider(app)
    app.jinja_options = {"bytecode_cache": _translated_templates(config)}
    app.url_map.strict_slashes = False
    app.config.from_mapping(_flask_settings(config))
    # What a server makes once, before its processes part.
    app.extensions["before_fork"] = [configure_mappers, partial(_load_templates, app)]
    request_scope.init_app(app)
    # Before anybody asks who is calling.
    app.before_request(access_tokens.spell_scheme)
    request_metrics.init_app(app, config)
    _bind_database(app)
    _bind_redis(app, config)
    _connect_tmdb(app, config)
    _connect_movie_providers(app, config)
    _connect_adviser(app, config)
    _connect_google(app, config)
    _connect_mail(app, config)
    app.extensions["gates"] = _gates(app)
    response_cache.init_app(app, config)
    origins.init_app(app, config)
    _recognise_people(app)
    _register_api(app)
    _register_pages(app, config)
    security.init_app(app, config)
    conditional.init_app(app)
    bodies.init_app(app)
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    errors.init_app(app)
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "MOVIESITE": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(config.database),
        "DEFAULT_LANGUAGE": config.default_language,
        "DEFAULT_REGION": config.default_region,
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.public_url.startswith("https://"),
        "API_TITLE": "moviesite",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {"info": {"description": openapi.ABOUT}},
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(days=config.refresh_token_days),
        # Origins are compared by ourselves; a form may be open for as long as its session lasts.
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        **access_tokens.settings(config),
        **throttle.settings(config),
        **cache_settings(config.redis_url),
    }


def _bind_database(app: Flask) -> None:
    db.init_app(app)
    migrating.init_app(app)
    with app.app_context():
        database.prepare_engine(db.engine)
        app.extensions["before_fork"].append(partial(database.limit_statements, db.engine))


def _bind_redis(app: Flask, config: Config) -> None:
    redis_connection.init_app(app, config.redis_url)
    cache.init_app(app)
    throttle.init_app(app)


def _connect_tmdb(app: Flask, config: Config) -> None:
    adapter = None
    if config.demo:
        state = config.instance_path / "demo-account.json"
        demo = create_server(state_path=state)
        adapter = InProcessAdapter(demo)
        app.extensions["before_fork"].append(demo.prepare)
    app.extensions["tmdb"] = TMDb(
        DEMO_URL if config.demo else config.tmdb_url,
        config.tmdb_api_key or "demo",
        redis=app.extensions["redis_client"],
        threads=config.web_threads,
        name="Demo catalog" if config.demo else "TMDb",
        adapter=adapter,
        rate=DEMO_RATE if config.demo else RATE,
    )
    app.extensions["pictures"] = Pictures(
        "TMDb images", redis_client=app.extensions["redis_client"], threads=config.web_threads
    )


def _connect_movie_providers(app: Flask, config: Config) -> None:
    order = config.search_order
    app.extensions["movie_providers"] = found = movie_providers.build(
        order,
        omdb=(config.omdb_base_url, config.omdb_api_key),
        imdb=(config.imdb_base_url, config.imdb_api_key),
        redis_client=app.extensions["redis_client"],
        threads=config.web_threads,
    )
    first = order[: order.index("tmdb")] if "tmdb" in order else []
    app.extensions["movie_providers_before_tmdb"] = len([name for name in first if name in found])


def _translated_templates(config: Config) -> FileSystemBytecodeCache | None:
    """Where templates lie translated, so that the next start need not do it again."""
    folder = config.instance_path / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None  # everything of ours is elsewhere, and each start translates anew
    return FileSystemBytecodeCache(str(folder))


def _load_templates(app: Flask) -> None:
    """Read and translate all templates, and the words for dates, countries and languages."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    locale = babel.Locale.parse(app.config["DEFAULT_LANGUAGE"], sep="-")
    locale.territories, locale.languages  # noqa: B018 - looking loads them


def _connect_adviser(app: Flask, config: Config) -> None:
    """A model that names films, where the operator has a key. Its package is imported on use."""
    app.extensions["adviser"] = None
    if not config.anthropic_api_key:
        return
    if not optional.present(anthropic_model.PACKAGE):
        raise ConfigError("ANTHROPIC_API_KEY is set, but anthropic is not installed.")
    app.extensions["adviser"] = anthropic_model.AnthropicModel(
        config.anthropic_base_url,
        config.anthropic_api_key,
        config.anthropic_model,
        redis_client=app.extensions["redis_client"],
        threads=config.web_threads,
    )


def _connect_google(app: Flask, config: Config) -> None:
    app.extensions["google"] = None
    if config.google_client_id:
        app.extensions["google"] = Google(
            config.google_client_id,
            config.google_client_secret,
            config.google_discovery_url,
            redis_client=app.extensions["redis_client"],
            threads=config.web_threads,
        )


def _gates(app: Flask) -> list[Gate]:
    """Of every source, for those who watch over the site."""
    found = [app.extensions["tmdb"], *app.extensions["movie_providers"].values()]
    others = (app.extensions["google"], app.extensions["adviser"])
    return [source.gate for source in (*found, *others) if source]


def _connect_mail(app: Flask, config: Config) -> None:
    server, sender = config.mail_server, config.mail_from
    app.extensions["mailer"] = Mailer(server, sender, prints=not config.production)


def _register_api(app: Flask) -> None:
    api.ERROR_SCHEMA = ProblemSchema
    openapi.init_app(app)
    api.init_app(app, spec_kwargs={"extra_plugins": [openapi.Conventions()]})
    for blueprint in APIS:
        api.register_blueprint(blueprint)
        # A page elsewhere cannot make a browser send an Authorization header, and calls that
        # come with cookies prove themselves by X-CSRF-Token.
        csrf.exempt(blueprint)
    access_tokens.init_app(app, api)
    docs.init_app(app)


def _recognise_people(app: Flask) -> None:
    lookups = identity.Lookups(
        by_cookie=people.viewer_by_cookie,
        by_token=people.viewer_by_token,
        is_use_due=session_service.is_use_due,
        note_use=session_service.note_use,
        loading_shared=caching.loading,
    )
    identity.init_app(app, lookups)


def _register_pages(app: Flask, config: Config) -> None:
    csrf.init_app(app)
    assets.init_app(app)
    filters.init_app(app)
    personal.init_app(app)
    admins.init_app(app)
    images.init_app(app, config.image_url, live.image_sizes)
    Site(config).init_app(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    if config.demo:
        app.register_blueprint(demo_pages)
