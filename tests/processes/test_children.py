"""A child program is kept running, and no child outlives its parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from moviesite.processes import children
from moviesite.processes.children import Child
from tests.processes.running import PATIENCE, ROOT, alive, environment, wait_for

pytestmark = pytest.mark.processes

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
FAIL = (sys.executable, "-c", "raise SystemExit(7)")


@pytest.fixture
def child(tmp_path):
    """Make children of a command; none outlives the test."""
    made = []

    def make(*command, **settings):
        made.append(Child("program", command, env=environment(), cwd=tmp_path, **settings))
        return made[-1]

    yield make
    for one in made:
        one.kill()


def parent_of_a_sleeper(tmp_path, follow):
    """A process whose own child calls `follow(parent)` and sleeps; both process ids."""
    note = tmp_path / "child"
    program = f"""
        import os, pathlib, time
        from moviesite.processes import children
        parent = os.getpid()
        if not os.fork():
            children.{follow}
            pathlib.Path({str(note)!r}).write_text(f"{{os.getpid()}}.")
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    parent = subprocess.Popen(command, cwd=ROOT, env=environment())
    wait_for(lambda: note.exists() and note.read_text().endswith("."), PATIENCE, "the child sleeps")
    return parent, int(note.read_text()[:-1])


@pytest.mark.parametrize("follow", ["die_with_parent(parent)", "watch_parent(parent)"])
def test_a_child_dies_with_its_parent(tmp_path, follow):
    parent, sleeper = parent_of_a_sleeper(tmp_path, follow)
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive([sleeper]), 3, "the child is gone")


def test_a_child_whose_parent_died_before_it_could_follow_is_gone_as_well():
    code = "from moviesite.processes import children; children.die_with_parent(1)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment())
    assert result.returncode == -signal.SIGKILL


def test_a_program_started_by_hand_follows_nobody(monkeypatch):
    monkeypatch.delenv(children.SUPERVISOR, raising=False)
    children.die_with_supervisor()
    monkeypatch.setenv(children.SUPERVISOR, "1")
    children.die_with_supervisor()
    assert alive([os.getpid()])


def test_a_child_that_runs_is_left_alone(child):
    program = child(*SLEEP)
    program.launch()
    assert program.running
    assert program.exit_code is None
    assert program.revive() == ""


def test_a_dead_child_starts_again_after_a_pause_that_doubles(child):
    program = child(*FAIL)
    pauses = []
    for _ in range(2):
        program.launch()
        wait_for(lambda: not program.running, PATIENCE, "it ended")
        assert program.exit_code == 7
        sentence = program.revive()
        assert "exit code 7" in sentence
        pauses.append(float(sentence.rpartition(" in ")[2].removesuffix(" s.")))
    assert pauses == [0.5, 1.0]
    assert program.revive() == ""
    assert not program.running
    time.sleep(1.1)
    assert program.revive() == ""
    assert program.process is not None


def test_a_killed_child_says_by_which_signal(child):
    program = child(*SLEEP)
    program.launch()
    os.kill(program.process.pid, signal.SIGKILL)
    wait_for(lambda: not program.running, PATIENCE, "it ended")
    assert "SIGKILL" in program.revive()


def test_a_child_reads_what_it_is_told(child, tmp_path):
    code = "import pathlib, sys; pathlib.Path('told').write_text(sys.stdin.read())"
    program = child(sys.executable, "-c", code, stdin_text="secret words")
    program.launch()
    wait_for(lambda: not program.running, PATIENCE, "it ended")
    assert (tmp_path / "told").read_text() == "secret words"


def test_a_child_is_asked_to_stop_and_ends(child):
    program = child(*SLEEP)
    program.ask_to_stop()
    program.launch()
    program.ask_to_stop()
    wait_for(lambda: not program.running, PATIENCE, "it ended")
    program.ask_to_stop()
    assert program.exit_code == -signal.SIGTERM
