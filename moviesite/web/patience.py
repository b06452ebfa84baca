"""Every request has one budget of waiting, whatever it asks for. Waits for nothing itself."""

from flask import Flask

from moviesite import budget


def init_app(app: Flask) -> None:
    """Bind to the application."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    budget.begin()


def _end(_error: BaseException | None) -> None:
    budget.end()
