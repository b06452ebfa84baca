"""Commands of `flask --app wsgi`. Thin doors onto the same functions as pages and jobs."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from moviesite.catalogue import service
from moviesite.config import load_config
from moviesite.demo.serve import serve


@click.command("demo-tmdb")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option("--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def demo_tmdb(port: int, catalogue: Path | None) -> None:
    """Serve the demo's TMDb v3 over HTTP; point TMDB_BASE_URL at http://127.0.0.1:PORT/3."""
    state = load_config().instance_path / "demo-account.json"
    click.echo(f"TMDb v3 over a demo catalogue: http://127.0.0.1:{port}/3 (Ctrl-C stops it)")
    serve(port, catalogue, state)


@click.command("purge-tmdb")
@click.confirmation_option(prompt="Delete everything that came from TMDb?")
@with_appcontext
def purge_tmdb() -> None:
    """Delete everything that came from TMDb; people's own data stays."""
    click.echo(f"{service.purge_tmdb()} rows deleted.")


COMMANDS = (demo_tmdb, purge_tmdb)
