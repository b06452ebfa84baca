"""Commands of `flask --app wsgi`. Thin doors onto the same functions as pages and jobs."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from flask.cli import with_appcontext

from moviesite import audit, clock, migrating, optional
from moviesite.accounts import queries
from moviesite.accounts import service as accounts
from moviesite.accounts.client import Client
from moviesite.admin import user_service
from moviesite.audit import Act, Subject
from moviesite.catalogue import purge_service, seeding
from moviesite.config import current_config, load_config
from moviesite.demo.serve import serve
from moviesite.errors import MovieSiteError
from moviesite.lists import seeding as list_seeding
from moviesite.models import User
from moviesite.recommendations import queries as recommending
from moviesite.recommendations import service as recommender_service
from moviesite.tmdb_account import service as tmdb_accounts
from moviesite.transactions import transactional
from moviesite.trending import service as trending

P = ParamSpec("P")


def at_the_site(command: Callable[P, None]) -> Callable[P, None]:
    """Have a command run inside of the application, on a database that has its tables."""

    @with_appcontext
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        if not migrating.are_tables_there():
            raise click.ClickException(
                "This database has no tables. Either DATABASE_URL or INSTANCE_DIR is not that of "
                "the site, or `flask --app wsgi db upgrade` has yet to make them."
            )
        command(*args, **kwargs)

    return run


@click.command("demo-tmdb")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def demo_tmdb(port: int, catalogue: Path | None) -> None:
    """Serve the demo's TMDb v3 over HTTP; point TMDB_BASE_URL at http://127.0.0.1:PORT/3."""
    state = load_config().instance_path / "demo-account.json"
    click.echo(f"TMDb v3 over a demo catalog: http://127.0.0.1:{port}/3 (Ctrl-C stops it)")
    serve(port, catalogue, state)


@click.command("purge-tmdb")
@click.confirmation_option(prompt="Delete everything that came from TMDb?")
@at_the_site
def purge_tmdb() -> None:
    """Delete everything that came from TMDb; people's own data stays."""
    click.echo(f"{_purge_tmdb()} rows deleted.")


@transactional
def _purge_tmdb() -> int:
    audit.record(None, Act.TMDB_PURGE, Subject("source", "tmdb", "TMDb"))
    return purge_service.purge_tmdb()


@click.command("rotate-encryption")
@at_the_site
def rotate_encryption() -> None:
    """Encrypt stored TMDb connections again with the first key of ENCRYPTION_KEY."""
    renewed, lost = tmdb_accounts.renew_encryption()
    click.echo(f"{renewed} connections renewed, {lost} that no key can decrypt.")


@click.command("seed")
@click.option("--demo", is_flag=True, required=True, help="The demo's sample data.")
@at_the_site
def seed(demo: bool) -> None:  # noqa: ARG001 - says which data; there is no other
    """Store sample data: films, what their viewers watched, lists and a recommender. Repeatable.

    The workers do the same by and by; this does it now, and needs neither a worker nor Redis.
    """
    if not current_config().demo:
        raise click.ClickException(
            "Only the demo has sample data: unset TMDB_API_KEY and TMDB_BASE_URL."
        )
    click.echo(f"{seeding.seed_demo()} films stored.")
    trending.generate(clock.now())
    click.echo("Trending is counted.")
    click.echo(f"{list_seeding.seed_demo()} lists created.")
    # Brought in now: it loads scipy, which the web server does without.
    training: Any = optional.load("moviesite.recommendations.training_service")
    run = training.train_if_due()
    click.echo(f"Recommender: {run.status if run else 'nothing new to learn'}.")


@click.group("recommender")
def recommender() -> None:
    """Manage the recommendation model."""


@recommender.command("runs")
@click.option("--limit", type=click.IntRange(1, 50), default=10, show_default=True)
@at_the_site
def recommender_runs(limit: int) -> None:
    """Show the latest training runs, newest first, and what became of each."""
    for run in recommending.runs(limit):
        recall = run.metrics.get("recall_at_20")
        outcome = f"recall at 20 {recall:.4f}" if recall is not None else run.reason
        size = f"{run.interactions} likes of {run.people} people"
        click.echo(f"{run.started_at:%Y-%m-%d %H:%M} {run.version} {run.status}: {size}; {outcome}")


@recommender.command("roll-back")
@at_the_site
def roll_back_recommender() -> None:
    """Put the model before the present one back into service; again, and the newer one is back."""
    try:
        run = recommender_service.roll_back()
    except MovieSiteError as error:
        raise click.ClickException(error.detail) from error
    click.echo(f"{run.version}, trained {run.started_at:%Y-%m-%d %H:%M}, is now in use.")


@click.group("user")
def user() -> None:
    """Manage accounts; WHO is an address or a username."""


@user.command("create")
@click.argument("email")
@click.option("--username", help="Derived from the address if left out.")
@click.option("--admin", is_flag=True, help="Make this person an admin.")
@click.password_option(help="Asked for if left out, which keeps it out of the shell's history.")
@at_the_site
def create_user(email: str, username: str | None, admin: bool, password: str) -> None:
    """Create an account; its address counts as verified."""
    here = Client(device="command line")
    try:
        made = accounts.register(email, password, here, username=username, verified=True)
    except MovieSiteError as error:
        raise click.ClickException(error.detail) from error
    if admin:
        user_service.set_admin_by_operator(made, True)
    click.echo(f"{made.username} <{made.email}> {made.uuid}")


@user.command("promote")
@click.argument("who")
@at_the_site
def promote_user(who: str) -> None:
    """Make someone an admin."""
    found = _somebody(who)
    user_service.set_admin_by_operator(found, True)
    click.echo(f"{found.username} is now an admin.")


@user.command("demote")
@click.argument("who")
@at_the_site
def demote_user(who: str) -> None:
    """Remove someone as admin, even the last one."""
    found = _somebody(who)
    user_service.set_admin_by_operator(found, False)
    click.echo(f"{found.username} is no longer an admin.")


@user.command("deactivate")
@click.argument("who")
@at_the_site
def deactivate_user(who: str) -> None:
    """Close an account without deleting it, and sign it out everywhere."""
    found = _somebody(who)
    user_service.deactivate_by_operator(found)
    click.echo(f"{found.username} can no longer sign in.")


@user.command("end-sessions")
@click.argument("who")
@at_the_site
def end_sessions(who: str) -> None:
    """Sign someone out everywhere."""
    found = _somebody(who)
    ended = user_service.end_sessions(None, found.uuid)
    click.echo(f"{ended} {'session' if ended == 1 else 'sessions'} of {found.username} ended.")


def _somebody(who: str) -> User:
    found = queries.user_by_identifier(who)
    if found is None:
        raise click.ClickException(f"There is no account {who}.")
    return found


COMMANDS = (demo_tmdb, purge_tmdb, recommender, rotate_encryption, seed, user)
