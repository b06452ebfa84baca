"""Child processes that never outlive their parent. Knows nothing of what they do."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

SUPERVISOR = "MOVIESITE_SUPERVISOR"
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# A child that ran for this many seconds was healthy: after its next death pauses begin anew.
WELL_AFTER = 30.0
_PR_SET_PDEATHSIG = 1

# Bound before any fork: looking a library up between fork and exec may wait for ever on a lock.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Arrange that the calling process gets signal `number` when process `parent` is gone.

    Linux does it by itself, bound to the thread that forked; elsewhere a thread looks every
    second. A parent that died before the call counts too.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)
    else:
        watch_parent(parent, number)


def watch_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """The portable half of `die_with_parent`: a daemon thread that asks once a second."""
    threading.Thread(target=_watch, args=(parent, number), daemon=True).start()


def _watch(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), number)


def die_with_supervisor() -> None:
    """For the programs that a supervisor starts; started by hand they live on their own."""
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor and supervisor.isdigit() and int(supervisor) == os.getppid():
        die_with_parent(int(supervisor))


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
    pass_fds: Iterable[int] = (),
    on_orphaned: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, out of reach of the terminal's Ctrl-C.

    It dies by `on_orphaned` when the calling process dies, whatever that process died of.
    The caller must be single-threaded: Python runs between fork and exec.
    """
    parent = os.getpid()
    bind = functools.partial(die_with_parent, parent, on_orphaned) if _libc is not None else None
    return subprocess.Popen(  # noqa: S603 - commands are ours, never a visitor's
        list(command),
        env={**env, SUPERVISOR: str(parent)},
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
        preexec_fn=bind,
    )


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal a started program and whatever it forked into its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


class Child:
    """One program that is kept running: started again when it dies, ever more patiently."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        pass_fds: Iterable[int] = (),
        on_orphaned: int = signal.SIGKILL,
        stdin_text: str = "",
        has_own_log: bool = False,
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self._start = functools.partial(
            start,
            command,
            env=env,
            cwd=cwd,
            pass_fds=tuple(pass_fds),
            on_orphaned=on_orphaned,
            stdin=subprocess.PIPE if stdin_text else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if has_own_log else None,
        )
        self._stdin_text = stdin_text
        self._started = 0.0
        self._due = 0.0
        self._pause = FIRST_PAUSE

    @property
    def running(self) -> bool:
        """Whether the program is there now; collects its exit code when it is not."""
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How the program ended; None while it runs or before its first start."""
        return None if self.process is None else self.process.poll()

    def launch(self) -> None:
        """Start the program."""
        self._started = time.monotonic()
        self.process = self._start()
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
                pipe.write(self._stdin_text.encode())

    def revive(self) -> str:
        """Start the program again once its pause is over; says so in a sentence when it died."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and time.monotonic() >= self._due:
                self.launch()
            return ""
        code = self.process.returncode
        if time.monotonic() - self._started > WELL_AFTER:
            self._pause = FIRST_PAUSE
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        self._due = time.monotonic() + pause
        self.process = None
        return f"{self.name} ended ({_ending(code)}); starting it again in {pause:g} s."

    def ask_to_stop(self) -> None:
        """Ask the program to finish what it is doing and end."""
        if self.process is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program and its group at once, and collect it."""
        if self.process is not None:
            signal_group(self.process, signal.SIGKILL)
            self.process.wait()


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
