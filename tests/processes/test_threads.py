"""Two threads work, and others begin only while those are stuck."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn

from moviesite.processes.threads import PLENTY, YIELD_SECONDS, FewThreads, Worker
from tests.processes.running import wait_for


@pytest.fixture
def threads() -> Iterator[FewThreads]:
    pool = FewThreads(4)
    yield pool
    pool.shutdown()


def test_what_a_task_returns_or_raises_is_told(threads: FewThreads) -> None:
    assert threads.submit(divmod, 17, 5).result(30) == (3, 2)
    failing = threads.submit(divmod, 17, 0)
    with pytest.raises(ZeroDivisionError):
        failing.result(30)
    assert threads.submit(int, "7", base=8).result(30) == 7, "the thread lives on"


def test_quick_tasks_keep_two_threads_busy_and_no_more(threads: FewThreads) -> None:
    done = [threads.submit(sum, range(2000)) for _ in range(2000)]
    assert {future.result(60) for future in done} == {1_999_000}
    wait_for(lambda: threads.at_work == 2, 40, "any other has left")


def test_stuck_tasks_hold_nobody_up_and_the_others_leave_again(threads: FewThreads) -> None:
    over = threading.Event()
    stuck = [threads.submit(over.wait, 60) for _ in range(3)]
    assert threads.submit(pow, 2, 5).result(30) == 32
    assert not any(future.done() for future in stuck)
    over.set()
    assert all(future.result(30) for future in stuck)
    wait_for(lambda: threads.at_work == 2, 40, "two are left")
    assert threads.submit(pow, 2, 6).result(30) == 64


def test_there_are_never_more_than_allowed(threads: FewThreads) -> None:
    over = threading.Event()
    begun = threading.Semaphore(0)

    def stay() -> None:
        begun.release()
        over.wait(60)

    futures = [threads.submit(stay) for _ in range(6)]
    for _ in range(4):
        assert begun.acquire(timeout=30)
    time.sleep(0.3)
    assert threads.at_work == 4
    assert not begun.acquire(blocking=False), "the fifth waits"
    over.set()
    for future in futures:
        future.result(30)


def test_after_the_end_what_was_given_is_finished_and_nothing_more_is_taken() -> None:
    pool = FewThreads(2)
    over = threading.Event()
    held = [pool.submit(over.wait, 60) for _ in range(2)]
    queued = pool.submit(pow, 2, 5)
    pool.shutdown(wait=False)
    over.set()
    assert all(future.result(30) for future in held)
    assert queued.result(30) == 32
    pool.shutdown()
    assert pool.at_work == 0
    with pytest.raises(RuntimeError):
        pool.submit(pow, 2, 5)


def test_what_waits_can_be_cancelled_at_the_end() -> None:
    pool = FewThreads(1)
    begun, over = threading.Event(), threading.Event()

    def stay() -> bool:
        begun.set()
        return over.wait(60)

    held = pool.submit(stay)
    assert begun.wait(30)
    queued = pool.submit(pow, 2, 5)
    pool.shutdown(wait=False, cancel_futures=True)
    over.set()
    assert held.result(30)
    assert queued.cancelled()


def test_of_many_connections_at_once_a_process_leaves_time_to_others() -> None:
    """Each beyond the first few is taken after a pause, unless so much time has passed anyway."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        worker = Worker(1, os.getpid(), [listener], None, 30, Config(), logging.getLogger())
        worker.tpool = FewThreads(1)
        worker.method_queue.init()
        for _ in range(PLENTY + 20):
            stack.enter_context(socket.create_connection(listener.getsockname(), 30))
        for _ in range(PLENTY):
            worker.accept(listener)
        began = time.monotonic()
        for _ in range(20):
            worker.accept(listener)
        assert time.monotonic() - began >= 20 * YIELD_SECONDS
        assert worker.nr_conns == PLENTY + 20


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(1, os.getpid(), [], None, 30, Config(), logging.getLogger())
    yield made
    made.tmp.close()


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nHost: ", b"GET /"])
def test_who_never_ends_a_request_is_cut_off(worker: Worker, sent: bytes) -> None:
    worker.longest_seconds = 0.0
    near, far = socket.socketpair()
    with near, far, ThreadPoolExecutor(1) as pool:
        far.sendall(sent)
        held = pool.submit(worker.handle, TConn(worker.cfg, near, ("192.0.2.1", 1), ("", 80)))
        wait_for(lambda: worker.murder_pending() or held.done(), 30, "the thread is free again")
        assert held.result() is False, "the connection is closed"
        assert far.recv(20) == b""


def test_a_request_under_way_is_left_alone(worker: Worker) -> None:
    near, far = socket.socketpair()
    with near, far, ThreadPoolExecutor(1) as pool:
        far.sendall(b"GET /")
        held = pool.submit(worker.handle, TConn(worker.cfg, near, ("192.0.2.1", 1), ("", 80)))
        far.settimeout(0.5)
        worker.murder_pending()
        with pytest.raises(TimeoutError):
            far.recv(20)
        far.shutdown(socket.SHUT_WR)
        assert held.result(30) is False
