"""gunicorn's settings (`--config python:moviesite.processes.server`). Starts nothing."""

import gc
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

from moviesite.config import load_config
from moviesite.processes.children import die_with_parent, die_with_supervisor

# Nothing that a start makes is garbage; looking for it would take a third of the time.
gc.disable()

_config = load_config()

wsgi_app = "wsgi:app"
bind = f"{_config.listen_host}:{_config.port}"
workers = _config.web_processes
worker_class = "moviesite.processes.threads.Worker"
threads = _config.web_threads
# Loaded once and forked: a worker of its own would hold 92 MB instead of 35.
preload_app = True
# The most that can be set. Without an end a line would be read for ever, each part of it from the
# beginning on.
limit_request_line = 8190
# Whom to believe about the visitor's address is the application's decision (TRUSTED_PROXIES).
forwarded_allow_ips = ""
# An upstream call is given up after 3 s, so that a request in progress ends within this.
graceful_timeout = 5
timeout = 30
keepalive = 5
# Beats are files: on a slow disk a healthy worker would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# What all processes of this server count together; set before the application is loaded.
_counts = tempfile.mkdtemp(prefix="moviesite-metrics-", dir=worker_tmp_dir)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


def on_starting(_server: Any) -> None:
    """The first process follows its supervisor, where there is one."""
    die_with_supervisor()


def when_ready(server: Any) -> None:
    """What the application wants made once and shared by all workers is made now.

    Freezing keeps the collector from touching those pages, which would copy them.
    """
    for make in server.app.wsgi().extensions.get("before_fork", ()):
        make()
    gc.freeze()
    gc.enable()


def post_fork(server: Any, _worker: Any) -> None:
    """A worker follows the first process at once, not after its next look around."""
    die_with_parent(server.pid, signal.SIGKILL)


def on_exit(_server: Any) -> None:
    """The first process takes the counts with it."""
    shutil.rmtree(_counts, ignore_errors=True)
