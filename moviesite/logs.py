"""One line a log record, structured; request ids come from the context, secrets are masked."""

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from moviesite import log_store
from moviesite.config import Config
from moviesite.error_reports import reporter

# Of fields; `token_count` and the like are no secrets, but masking them harms nobody.
_SECRET_NAMES = re.compile(
    r"(api_?key|token|password|passwd|secret|authorization|cookie|credential|dsn)", re.IGNORECASE
)
_SECRET_IN_TEXT = re.compile(
    # name=value, "name": "value"
    r"((?:api_?key|session_id|token|password|passwd|secret)[\"']?\s*[=:]\s*[\"']?)[^&\s'\",}]+"
    # Authorization headers
    r"|(Bearer\s+|Basic\s+(?=[\w+/=]{12}))[\w.~+/=-]+"
    # scheme://user:password@host
    r"|(://[^:/\s@]*:)[^@/\s]+(?=@)"
    # what our own access tokens look like
    r"|()\beyJ[\w-]+\.[\w-]+\.[\w-]+"
    # addresses that open something to whoever has them
    r"|(/(?:l|shared|calendar)/)[\w-]{22,}"
    # the row that PostgreSQL refuses
    r"|(Key \([^)\n]*\)=|Failing row contains )[^\n]+",
    re.IGNORECASE,
)
# What would move a terminal's cursor, or begin a line that looks like another record.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# These are many lines by nature, and written by Python.
_TRACES = ("exception", "stack")


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
    handlers: list[logging.Handler] = [StderrHandler()]
    handlers[0].setFormatter(_formatter(shared, *_renderers(as_json)))
    if config.redis_url:
        handlers.append(log_store.Store(config.redis_url))
        handlers[1].setFormatter(_formatter(shared, log_store.bounded, *_renderers(True)))
    root = logging.getLogger()
    _replace(root, [*handlers, *filter(None, [reporter(config)])])
    root.setLevel(config.log_level)
    # These speak at INFO of every request and every job; ours say what matters.
    for noisy in ("urllib3", "werkzeug", "rq.worker", "rq.cron", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _formatter(shared: list[Any], *last: Any) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_secrets,
            *last,
        ],
    )


def _replace(root: logging.Logger, handlers: list[logging.Handler]) -> None:
    """A store that was in use before lets go of its thread."""
    for handler in root.handlers:
        if isinstance(handler, log_store.Store):
            handler.close()
    root.handlers = handlers


def mask_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Blank out values that must never be written down, by their name or by their look."""
    return {name: _masked(name, value) for name, value in event.items()}


def masked(text: str) -> str:
    """A text without what looks like a secret in it."""
    return _SECRET_IN_TEXT.sub(_blanked, text)


def _masked(name: str, value: Any) -> Any:
    if value and _SECRET_NAMES.search(name):
        return "***"
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked("", inner) for inner in value]
    return value


def _blanked(found: re.Match[str]) -> str:
    return f"{next((part for part in found.groups() if part), '')}***"


def escape_controls(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Write control characters as `\\x1b` and the like, so that a record stays one line."""
    return {
        _escaped(name): _escaped(value, keep="\n" if name in _TRACES else "")
        for name, value in event.items()
    }


def _escaped(value: Any, keep: str = "") -> Any:
    if isinstance(value, str):
        return _CONTROLS.sub(lambda found: _visible(found[0], keep), value)
    if isinstance(value, Mapping):
        return {_escaped(str(key)): _escaped(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(inner) for inner in value]
    return value


def _visible(character: str, keep: str) -> str:
    return character if character in keep else ascii(character)[1:-1]


def _one_line(event: Any, **options: Any) -> str:
    # JSON escapes all that moves a cursor but this one.
    return json.dumps(event, **options).replace("\x7f", "\\u007f")


def _renderers(as_json: bool) -> list[Any]:
    if as_json:
        return [structlog.processors.JSONRenderer(serializer=_one_line)]
    return [escape_controls, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
