"""Sends unexpected errors to Sentry where SENTRY_DSN is set; says nothing of requests or people.

Errors come here through the log: whatever is written there as an error with a trace is reported,
from requests, jobs and threads alike.
"""

import logging
import sys
from types import ModuleType
from typing import Any

from moviesite import optional
from moviesite.config import Config, ConfigError

# What may hold addresses, names, forms or cookies. The trace and its ids stay.
_PERSONAL = ("request", "user", "breadcrumbs", "server_name", "extra", "modules", "logentry")
_FLUSH_SECONDS = 2.0
_IDS = ("request_id", "job_id", "job")


class Reporter(logging.Handler):
    """Hands errors with a trace to Sentry."""

    def __init__(self, sentry: ModuleType) -> None:
        super().__init__(logging.ERROR)
        self._sentry = sentry

    def emit(self, record: logging.LogRecord) -> None:
        """Report one error, if there is one in the record."""
        try:
            event = record.msg if isinstance(record.msg, dict) else {}
            # RQ writes a job's trace as text, while the error is being handled.
            found = event.get("exc_info") or record.exc_info or sys.exc_info()
            error = _error_in(found)
            if error is None:
                return
            with self._sentry.new_scope() as scope:
                for name in _IDS:
                    if name in event:
                        scope.set_tag(name, str(event[name]))
                scope.capture_exception(error)
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        """Wait until what was reported is on its way, as a process must that is about to end."""
        self._sentry.flush(timeout=_FLUSH_SECONDS)


def reporter(config: Config, **options: Any) -> Reporter | None:
    """Where errors go; None without SENTRY_DSN. `options` are the client's own, for tests."""
    if not config.sentry_dsn:
        return None
    sentry = optional.load("sentry_sdk")
    if sentry is None:
        raise ConfigError("SENTRY_DSN is set, but sentry-sdk is not installed: pip install it.")
    sentry.init(
        dsn=config.sentry_dsn,
        environment=config.moviesite_env,
        max_request_body_size="never",
        include_local_variables=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        max_breadcrumbs=0,
        before_send=impersonal,
        **options,
    )
    return Reporter(sentry)


def impersonal(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """An event without what may name a person; of messages only the kind of error is left."""
    kept = {name: value for name, value in event.items() if name not in _PERSONAL}
    for error in kept.get("exception", {}).get("values", []):
        error["value"] = ""
    return kept


def _error_in(found: Any) -> BaseException | None:
    if isinstance(found, tuple):
        found = found[1]
    return found if isinstance(found, BaseException) else None
