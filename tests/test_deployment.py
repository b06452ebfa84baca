"""The files to deploy with agree with each other, with the settings and with the programs."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from moviesite.config import Config

ROOT = Path(__file__).parent.parent
PROGRAMS = {
    "release": "flask --app wsgi db upgrade",
    "web": "gunicorn --config python:moviesite.processes.server",
    "worker": "python rq_worker.py",
    "cron": "python rq_worker.py cron",
}
SETTINGS = set(Config.__struct_encode_fields__)
# The container decides where things lie and listens; statements are logged in development alone.
DECIDED = {"INSTANCE_DIR", "MODEL_DIR", "PORT", "LOG_SQL"}


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


@pytest.fixture
def compose() -> Any:
    return read("compose.yaml")


def test_every_file_runs_the_same_programs(compose: Any) -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert dict(line.split(": ", 1) for line in lines) == PROGRAMS
    services = compose["services"]
    assert shlex.join(services["migrate"]["command"]) == PROGRAMS["release"]
    for name in ("worker", "cron"):
        assert shlex.join(services[name]["command"]) == PROGRAMS[name]
    web, worker, cron, _ = read("render.yaml")["services"]
    assert (web["preDeployCommand"], web["startCommand"]) == (PROGRAMS["release"], PROGRAMS["web"])
    assert (worker["startCommand"], cron["startCommand"]) == (PROGRAMS["worker"], PROGRAMS["cron"])
    last = (ROOT / "Dockerfile").read_text().rstrip().splitlines()[-1]
    assert shlex.join(yaml.safe_load(last.removeprefix("CMD "))) == PROGRAMS["web"]


def test_only_the_web_server_is_reachable(compose: Any) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["web"]
    assert compose["networks"]["inside"]["internal"]
    assert {name for name, one in services.items() if "outside" in one["networks"]} == {
        "web",
        "worker",
    }


def test_no_program_has_rights_that_it_does_not_need_or_a_log_without_end(compose: Any) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"]["max-size"], name
        assert service["image"] == "moviesite" or service["user"] not in ("root", "0"), name


def test_tables_are_brought_up_to_date_once_before_anything_serves(compose: Any) -> None:
    for name in ("web", "worker", "cron"):
        waits = compose["services"][name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"


def test_the_queue_is_written_down_and_full_memory_costs_no_job(compose: Any) -> None:
    said = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in said
    assert "--maxmemory-policy volatile-lru" in said
    queue = read("render.yaml")["services"][-1]
    assert (queue["type"], queue["maxmemoryPolicy"]) == ("keyvalue", "volatile-lru")


def test_settings_are_known_and_no_secret_is_written_down(compose: Any) -> None:
    given = compose["services"]["web"]["environment"]
    assert set(given) == SETTINGS - DECIDED
    for name, value in given.items():
        if re.search(r"KEY|SECRET|TOKEN|PASSWORD", name):
            assert re.fullmatch(r"\$\{.*\}", value), name
    [group] = read("render.yaml")["envVarGroups"]
    assert {one["key"] for one in group["envVars"]} <= SETTINGS | {"PYTHON_VERSION"}
    assert not any("value" in one for one in group["envVars"] if "SECRET" in one["key"])


def test_the_image_runs_as_nobody_and_holds_only_what_runs() -> None:
    text = (ROOT / "Dockerfile").read_text()
    _, *stages = text.split("\nFROM ")
    assert len(stages) == 2
    assert "--require-hashes" in stages[0]
    assert "USER 10001" in stages[1]
    assert "HEALTHCHECK" in stages[1]
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE))
    named = {word for line in copied for word in line.split()}
    listed = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{word}" for word in named} == {line for line in listed if line.startswith("!")}
    assert "*" in listed
