"""The refusals of TMDb v3, with its own codes, words and HTTP statuses. Nothing about requests."""

from http import HTTPStatus
from typing import Any, Final

_MESSAGES: Final[dict[int, tuple[int, str]]] = {
    1: (HTTPStatus.OK, "Success."),
    3: (
        HTTPStatus.UNAUTHORIZED,
        "Authentication failed: You do not have permissions to access the service.",
    ),
    5: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Invalid parameters: Your request parameters are incorrect.",
    ),
    7: (HTTPStatus.UNAUTHORIZED, "Invalid API key: You must be granted a valid key."),
    12: (HTTPStatus.CREATED, "The item/record was updated successfully."),
    13: (HTTPStatus.OK, "The item/record was deleted successfully."),
    17: (HTTPStatus.UNAUTHORIZED, "Session denied."),
    20: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Invalid date range: Should be a range no longer than 14 days.",
    ),
    22: (
        HTTPStatus.BAD_REQUEST,
        "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.",
    ),
    23: (HTTPStatus.BAD_REQUEST, "Invalid date: Format needs to be YYYY-MM-DD."),
    27: (
        HTTPStatus.BAD_REQUEST,
        "Too many append to response objects: The maximum number of remote calls is 20.",
    ),
    34: (HTTPStatus.NOT_FOUND, "The resource you requested could not be found."),
    37: (HTTPStatus.NOT_FOUND, "The requested session could not be found."),
    42: (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "This request method is not supported for this resource.",
    ),
}

SUCCESS, UPDATED, DELETED = 1, 12, 13
NO_PERMISSION, BAD_PARAMETERS, BAD_KEY, SESSION_DENIED = 3, 5, 7, 17
BAD_RANGE, BAD_PAGE, BAD_DATE, TOO_MANY_PARTS = 20, 22, 23, 27
NOT_FOUND, NO_SESSION, BAD_METHOD = 34, 37, 42


class DemoError(Exception):
    """A refusal by TMDb's code."""

    def __init__(self, code: int) -> None:
        super().__init__(_MESSAGES[code][1])
        self.code = code

    @property
    def http_status(self) -> int:
        """The HTTP status that goes with the code."""
        return int(_MESSAGES[self.code][0])


def status_body(code: int) -> dict[str, Any]:
    """`{success, status_code, status_message}`, as every refusal and every write answers."""
    http_status, message = _MESSAGES[code]
    return {"success": http_status < 400, "status_code": code, "status_message": message}
