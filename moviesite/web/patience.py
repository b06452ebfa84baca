"""Every request has one budget of waiting and one memory, whatever it asks. Waits for nothing."""

from flask import Flask

from moviesite import asked_once, budget


def init_app(app: Flask) -> None:
    """Bind to the application."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    budget.begin()
    asked_once.begin()


def _end(_error: BaseException | None) -> None:
    budget.end()
    asked_once.end()
