"""The web server's threads: few work at once, and more begin only while those are stuck.

Threads of one process compute in turn, and the more of them want to, the longer each waits for
its turn: eight make the slowest answers twice as slow as two do. Most of the time two are enough.
Knows nothing of requests and of what they wait for.
"""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from gunicorn.workers.gthread import ThreadWorker

AT_ONCE = 2
STUCK_SECONDS = 0.03
# With fewer connections than this a process takes the next one without a pause.
PLENTY = 8
BURST_SECONDS = 0.002
YIELD_SECONDS = 0.0002
# From the first byte of a request to the last of its answer.
LONGEST_SECONDS = 60.0

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_Task = tuple[Future[Any], Callable[[], Any]]


class FewThreads(Executor):
    """Works off tasks in their order with `at_once` threads, and with up to `most` where needed.

    One more begins whenever tasks wait and none was finished for `STUCK_SECONDS`: those at work
    then wait for something themselves, be it a movie source, a lock or a slow reader. Whoever
    finishes while there are too many leaves. Threads end with the process.
    """

    def __init__(self, most: int, at_once: int = AT_ONCE) -> None:
        self._most = most
        self._usual = min(at_once, most)
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._given = threading.Event()
        self._lock = threading.Lock()
        self._finished = 0
        self._closed = False
        self.at_work = 0
        for _ in range(self._usual):
            self._add_one()
        threading.Thread(target=self._watch, name="watches threads", daemon=True).start()

    def submit(
        self, fn: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have it called; raises RuntimeError after `shutdown`."""
        if self._closed:
            raise RuntimeError("no new tasks after the end")
        future: Future[_Result] = Future()
        self._tasks.put((future, partial(fn, *args, **kwargs)))
        self._given.set()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more; what was given is worked off unless cancelled."""
        self._closed = True
        self._given.set()
        if cancel_futures:
            self._cancel_waiting()
        for _ in range(self._most):
            self._tasks.put(None)
        while wait and self.at_work:
            time.sleep(0.01)

    def _cancel_waiting(self) -> None:
        """Threads take from the same queue meanwhile, so that looking first would not do."""
        with suppress(Empty):
            while task := self._tasks.get_nowait():
                task[0].cancel()

    def _add_one(self) -> None:
        with self._lock:
            self.at_work += 1
        threading.Thread(target=self._work, name="answers", daemon=True).start()

    def _work(self) -> None:
        while task := self._tasks.get():
            _run(*task)
            self._finished += 1  # may miss one of two; only that it moved is looked at
            if self.at_work > self._usual and self._leaves():
                return
        with self._lock:
            self.at_work -= 1

    def _leaves(self) -> bool:
        with self._lock:
            too_many = self.at_work > self._usual
            self.at_work -= too_many
            return too_many

    def _watch(self) -> None:
        while not self._closed:
            self._given.wait()
            self._given.clear()
            finished = self._finished
            time.sleep(STUCK_SECONDS)
            if self._tasks.empty():
                continue
            if self._finished == finished and self.at_work < self._most:
                self._add_one()
            self._given.set()


def _run(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker with such threads, which leaves connections to others, too.

    Of many connections that come at once, the process that wakes first would otherwise take all
    and keep them while the other processes idle. Clients that send or read without end, or vanish,
    are cut off, since each holds a thread.
    """

    longest_seconds = LONGEST_SECONDS
    _accepted = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begun: dict[Any, float] = {}

    def get_thread_pool(self) -> Executor:
        """As many threads as are set, at most."""
        return FewThreads(self.cfg.threads)

    def accept(self, listener: Any) -> None:
        """Take a connection; in a burst, after a pause in which another process may be quicker."""
        if self.nr_conns >= PLENTY and time.monotonic() - self._accepted < BURST_SECONDS:
            time.sleep(YIELD_SECONDS)
        super().accept(listener)
        self._accepted = time.monotonic()

    def handle(self, conn: Any) -> Any:
        """Answer the next request of a connection, in a thread."""
        self._begun[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            del self._begun[conn]

    def murder_pending(self) -> None:
        """Called every second: end what has been waited for too long.

        A thread that reads or writes then finds the connection closed.
        """
        super().murder_pending()
        latest = time.monotonic() - self.longest_seconds
        for conn, begun in list(self._begun.items()):
            if begun < latest:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
