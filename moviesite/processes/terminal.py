"""Signals to wait for and sentences for the person at the terminal. Starts and stops nothing."""

import contextlib
import os
import select
import signal
import sys
from types import FrameType


class Signals:
    """Signals as something to wait for: counts wishes to stop, wakes when a child dies."""

    def __init__(self) -> None:
        self.stops = 0
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def install(self) -> None:
        """Listen from now on; a hang-up stays ignored where it was (nohup)."""
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def wait(self, seconds: float) -> None:
        """Wait for the next signal, at most so long."""
        with contextlib.suppress(BlockingIOError):
            select.select([self._reader], [], [], max(seconds, 0))
            os.read(self._reader, 512)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stops += 1


def say(text: str) -> None:
    """Tell the person at the terminal, who may have gone."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def complain(code: int, sentence: str) -> int:
    """Say on standard error why the program ends; gives the exit code back."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"moviesite: {sentence}\n")
        sys.stderr.flush()
    return code
