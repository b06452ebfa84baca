"""Every request has one budget of waiting and one memory, whatever it asks. Waits for nothing."""

from flask import Flask

from moviesite import budget, request_cache


def init_app(app: Flask) -> None:
    """Bind to the application."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    budget.begin()
    request_cache.begin()


def _end(_error: BaseException | None) -> None:
    budget.end()
    request_cache.end()
