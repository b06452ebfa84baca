"""One command that runs the whole site and takes all of it down again. Serves nothing itself."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from moviesite.config import Config, ConfigError, load_config
from moviesite.processes import ports, valkey
from moviesite.processes.children import Child, die_with_parent
from moviesite.processes.terminal import Signals, complain, say

ROOT = Path(__file__).resolve().parents[2]
PREPARE = ("-m", "flask", "--app", "wsgi", "db", "upgrade")
WEB = ("-m", "gunicorn", "--config", "python:moviesite.processes.server")
START_SECONDS = 60.0
# Everything must be gone within 10 s of the wish to stop.
FINISH_SECONDS = 8.0
VALKEY_SECONDS = 1.5


class StartError(Exception):
    """The site cannot start; the message says why and what to do."""


class Stopped(Exception):
    """Someone asked to stop while the site was still starting."""


class Site(NamedTuple):
    """The programs of one installation."""

    web: Child
    worker: Child
    cron: Child
    valkey: Child | None
    embedded: valkey.Embedded | None

    @property
    def programs(self) -> list[Child]:
        """Every program, first the one that others need."""
        working = [self.web, self.worker, self.cron]
        return [self.valkey, *working] if self.valkey else working


def main(arguments: Sequence[str] = ()) -> int:
    """Run the site until a signal; exit code 2 for wrong settings, 1 for a start that failed."""
    if _parser().parse_args(arguments).stop_with_parent:
        die_with_parent(os.getppid(), signal.SIGTERM)
    signals = Signals()
    signals.install()
    try:
        run(load_config(), signals)
    except ConfigError as error:
        return complain(2, str(error))
    except (StartError, ports.Taken) as error:
        return complain(1, str(error))
    except Stopped:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m moviesite",
        description="Run web, worker and scheduler until Ctrl-C. README.md lists the settings.",
    )
    parent_help = "also stop when the program that started it ends"
    parser.add_argument("--stop-with-parent", action="store_true", help=parent_help)
    return parser


def run(config: Config, signals: Signals) -> None:
    """Start, watch and stop the site; raises StartError or Taken where it cannot start."""
    started = time.monotonic()
    with ports.sole_owner(config.instance_path), ports.listen(config) as listener:
        site = build(config, listener.fileno())
        try:
            _start(site, config, signals)
            say(greeting(config, time.monotonic() - started))
            _watch(site, signals)
        finally:
            stop(site, signals)


def build(config: Config, listener: int) -> Site:
    """The programs with their commands and environment; none is started yet."""
    embedded = None if config.redis_url else valkey.prepare(config.instance_path)
    env = environment(config, embedded)
    web = (*WEB, "--bind", f"fd://{listener}", "wsgi:app")
    return Site(
        web=_python("web server", web, env, pass_fds=(listener,)),
        worker=_python("worker", ("rq_worker.py",), env),
        cron=_python("cron", ("rq_worker.py", "cron"), env),
        valkey=_valkey(embedded, env) if embedded else None,
        embedded=embedded,
    )


def environment(config: Config, embedded: valkey.Embedded | None) -> dict[str, str]:
    """What the programs are told: our own environment and what was decided here."""
    own = {"INSTANCE_DIR": str(config.instance_path), "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **own, **({"REDIS_URL": embedded.url} if embedded else {})}


def _python(
    name: str, arguments: Sequence[str], env: Mapping[str, str], pass_fds: Sequence[int] = ()
) -> Child:
    return Child(name, (sys.executable, *arguments), env=env, cwd=ROOT, pass_fds=pass_fds)


def _valkey(embedded: valkey.Embedded, env: Mapping[str, str]) -> Child:
    server = valkey.find_server()
    if server is None:
        raise StartError("no Valkey or Redis server was found. Install one or set REDIS_URL.")
    return Child(
        "Valkey",
        (server, "-"),
        env=env,
        cwd=embedded.folder,
        stdin_text=embedded.settings,
        has_own_log=True,
        # A kind signal, so that it also ends the process that rewrites its file.
        on_orphaned=signal.SIGTERM,
    )


def _start(site: Site, config: Config, signals: Signals) -> None:
    if site.valkey and site.embedded:
        _start_valkey(site.valkey, site.embedded, signals)
    _prepare(environment(config, site.embedded), signals)
    site.web.launch()
    _wait_until_ready(site.web, config, signals)
    # Only now, so that they do not compete with the web server for the processor.
    site.worker.launch()
    site.cron.launch()


def _wait_until_ready(web: Child, config: Config, signals: Signals) -> None:
    end = time.monotonic() + START_SECONDS
    while not ports.ready(config):
        if not web.running:
            raise StartError("the web server did not start; the lines above say why.")
        if time.monotonic() > end:
            raise StartError(f"the site was not ready after {START_SECONDS:g} s.")
        _pause(signals)


def _start_valkey(child: Child, embedded: valkey.Embedded, signals: Signals) -> None:
    child.launch()
    if _comes_up(child, embedded, signals):
        return
    kept = valkey.set_aside(embedded)
    say(f"Valkey could not use its files; they are kept in {kept} and it starts with new ones.")
    child.launch()
    if not _comes_up(child, embedded, signals):
        raise StartError(f"Valkey did not start; {embedded.folder / 'server.log'} says why.")


def _comes_up(child: Child, embedded: valkey.Embedded, signals: Signals) -> bool:
    while child.running:
        if embedded.answers():
            return True
        _pause(signals, 0.05)
    return False


def _prepare(env: Mapping[str, str], signals: Signals) -> None:
    child = _python("preparation", PREPARE, env)
    child.launch()
    try:
        while child.running:
            _pause(signals)
    finally:
        child.kill()
    if child.exit_code != 0:
        raise StartError("the database could not be prepared; the lines above say why.")


def _pause(signals: Signals, seconds: float = 0.1) -> None:
    """A moment's wait while starting; raises Stopped when it is over."""
    if signals.stops:
        raise Stopped
    signals.wait(seconds)


def greeting(config: Config, seconds: float) -> str:
    """What to tell the person who started the site, `seconds` ago."""
    lines = [f"moviesite is ready after {seconds:.1f} s: {config.public_url}"]
    if config.demo:
        lines += [
            "This is the demo catalog: real films, drawn posters, made-up viewers, no network.",
            "To go live, set TMDB_API_KEY and start again; README.md says how to get one.",
        ]
    return "\n".join([*lines, "Ctrl-C stops it."])


def _watch(site: Site, signals: Signals) -> None:
    while not signals.stops:
        for child in site.programs:
            if sentence := child.revive():
                say(sentence)
        # The death of a child is a signal too; the short wait serves pauses before a new start.
        signals.wait(5 if all(child.process for child in site.programs) else 0.1)


def stop(site: Site, signals: Signals) -> None:
    """Take the site down: web, cron and worker may finish for 8 s, then Valkey ends.

    A further wish to stop ends all that is left at once.
    """
    say(f"Stopping; work in progress gets {FINISH_SECONDS:g} s. Ctrl-C again stops at once.")
    wishes = max(signals.stops, 1)
    working = (site.web, site.cron, site.worker)
    for child in working:
        child.ask_to_stop()
    _wait(working, FINISH_SECONDS, signals, wishes)
    for child in working:
        child.kill()
    if site.valkey:
        site.valkey.ask_to_stop()
        _wait([site.valkey], VALKEY_SECONDS, signals, wishes)
        site.valkey.kill()


def _wait(children: Sequence[Child], seconds: float, signals: Signals, wishes: int) -> None:
    """Until the children have ended, the time is over or there is one more wish to stop."""
    end = time.monotonic() + seconds
    while any(child.running for child in children) and signals.stops <= wishes:
        left = end - time.monotonic()
        if left <= 0:
            return
        signals.wait(min(left, 0.5))
