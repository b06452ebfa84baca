"""The demo needs no network: cut off from it, every page works and nobody outside is asked."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.processes.running import ROOT, environment

pytestmark = [pytest.mark.processes, pytest.mark.redis]

ALONE = ("unshare", "--net", "--map-root-user")
# Anything but this machine, in the words of strace.
ELSEWHERE = re.compile(
    r'inet_addr\("(?!127\.)[^"]+"\)|inet_pton\(AF_INET6, "(?!::1"|::ffff:127\.)[^"]+"'
)


def cut_off(command: str) -> list[str]:
    """A command line that runs `command` where nothing but the loopback interface exists."""
    return [*ALONE, "sh", "-c", f"ip link set lo up && exec {command}"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[dict[str, int], str]:
    """What each address answered, and every connection that any process attempted."""
    for tool in ("unshare", "ip", "strace"):
        if shutil.which(tool) is None:
            absent("namespaces", f"apt install util-linux iproute2 strace (no {tool})")
    if subprocess.run(cut_off("true"), capture_output=True).returncode:
        absent("namespaces", "this system allows no network namespaces")
    folder: Path = tmp_path_factory.mktemp("alone")
    trace = folder / "trace"
    calls = "-f -qq --seccomp-bpf -e trace=connect,sendto,sendmsg,sendmmsg"
    script = f"strace {calls} -o {trace} {sys.executable} -m tests.processes.walk {folder}"
    result = subprocess.run(
        cut_off(script), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout), trace.read_text()


def test_every_page_answers(walked):
    answers, _ = walked
    assert {address: status for address, status in answers.items() if status != 200} == {}
    assert len(answers) > 20


def test_no_process_tries_to_reach_another_machine(walked):
    _, trace = walked
    assert "127.0.0.1" in trace
    assert [line for line in trace.splitlines() if ELSEWHERE.search(line)] == []
