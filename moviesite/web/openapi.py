"""Tells the API's description what every operation shares: ids, and the one shape of problems."""

from typing import Any

from apispec import BasePlugin
from flask import Flask
from werkzeug.routing import IntegerConverter

from moviesite.web.errors import PROBLEM_JSON
from moviesite.web.schemas import MAX_ID

_JSON = "application/json"
# Under which name a view's description holds parameters beside those of its schemas.
MORE_PARAMETERS = "x-more-parameters"
# What any operation may answer beside what it says itself.
_SHARED = {"429": "TOO_MANY_REQUESTS", "503": "SERVICE_UNAVAILABLE"}


class Id(IntegerConverter):
    """An id in an address: 1 to 2^31-1, written in one way only."""

    # Numbers beyond are no address at all: one that only failed its check afterwards would be
    # answered with 405 wherever another method shares it.
    regex = (
        "(?:[1-9][0-9]{0,8}|1[0-9]{9}|20[0-9]{8}|21[0-3][0-9]{7}|214[0-6][0-9]{6}"
        "|2147[0-3][0-9]{5}|21474[0-7][0-9]{4}|214748[0-2][0-9]{3}|2147483[0-5][0-9]{2}"
        "|21474836[0-3][0-9]|214748364[0-7])"
    )

    def __init__(self, map: Any) -> None:
        super().__init__(map, min=1, max=MAX_ID)


class Problems(BasePlugin):
    """Puts problem+json where the description would say JSON, and where it would say nothing."""

    def response_helper(self, response: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A shared response; all of them are problems."""
        return _as_problem(response)

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Add what every operation may answer, and to its own refusals their shape."""
        own = {"404": "NOT_FOUND"} if path and "{" in path else {}
        for operation in (operations or {}).values():
            # What is said by hand takes the place of what schemas say, unless it is added here.
            operation.setdefault("parameters", []).extend(operation.pop(MORE_PARAMETERS, ()))
            responses = operation.setdefault("responses", {})
            named = {str(status): response for status, response in responses.items()}
            responses.clear()
            responses.update({**_SHARED, **own, **named})
            for status, response in responses.items():
                if status[0] in "45" and isinstance(response, dict):
                    _as_problem(response)


def _as_problem(response: dict[str, Any]) -> dict[str, Any]:
    content = response.setdefault("content", {})
    schema = content.pop(_JSON, {"schema": {"$ref": "#/components/schemas/Problem"}})
    content[PROBLEM_JSON] = schema
    return response


def init_app(app: Flask) -> None:
    """Bind to the application; before any of its addresses is."""
    app.url_map.converters["id"] = Id
