"""One line a log record, structured; request ids come from the context, secrets are masked."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from moviesite.config import Config

_SECRET_NAMES = re.compile(r"(api_?key|token|password|secret|authorization)", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(
    r"((?:api_?key|access_token|token|password|secret)=)[^&\s'\"]+|(Bearer\s+)\S+", re.IGNORECASE
)


class StderrHandler(logging.Handler):
    """Writes to whatever standard error is at the moment: a server may replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:
            self.handleError(record)


def configure(config: Config) -> None:
    """Send everything, our own records and those of libraries, through one formatter."""
    as_json = config.log_format == "json" or (config.log_format == "auto" and config.production)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask_secrets,
                *_renderers(as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(config.log_level)
    # These speak at INFO of every request and every job; ours say what matters.
    for noisy in ("urllib3", "werkzeug", "rq.worker", "rq.cron", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def mask_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Blank out values that must never be written down, by their name or by their look."""
    return {name: _masked(name, value) for name, value in event.items()}


def _masked(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if _SECRET_NAMES.search(name):
        return "***"
    return _SECRET_IN_TEXT.sub(lambda match: f"{match[1] or match[2]}***", value)


def _renderers(as_json: bool) -> list[Any]:
    if as_json:
        return [structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
