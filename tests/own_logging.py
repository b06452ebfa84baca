"""Logging that a test sets up for itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from moviesite import log_store


@contextmanager
def logging_as_before() -> Iterator[None]:
    """Have logging be afterwards what it was, for the tests that follow."""
    root = logging.getLogger()
    handlers, level, configured = root.handlers, root.level, structlog.get_config()
    try:
        yield
    finally:
        for handler in root.handlers:
            if isinstance(handler, log_store.Store) and handler not in handlers:
                handler.close()
        root.handlers, root.level = handlers, level
        structlog.configure(**configured)
