"""Which bodies the API takes, and that an answer without one names none."""

from typing import Any

import marshmallow as ma
from flask import Flask, Request, Response, request
from flask_smorest import Blueprint
from webargs.flaskparser import abort

from moviesite.web import errors, uploads

_parser = Blueprint.ARGUMENTS_PARSER
_JSON = "Send the body as JSON, with the header Content-Type: application/json."


def init_app(app: Flask) -> None:
    """Bind to the application."""
    app.before_request(_refuse_other_kinds)
    app.after_request(_name_no_kind_of_nothing)


@_parser.location_loader("json")
def _read_json(asked: Request, schema: ma.Schema) -> Any:
    """Brackets a thousand deep and numbers of as many digits are no JSON that Python reads."""
    try:
        return _parser.load_json(asked, schema)
    except (RecursionError, ValueError) as error:
        abort(400, exc=error, messages={"json": ["Invalid JSON body."]})


def _refuse_other_kinds() -> Response | None:
    """A body of another kind would count as none, and its fields would be called missing."""
    is_known = request.is_json or (request.mimetype == uploads.FORM and uploads.is_wanted())
    is_sent = request.content_length or "Transfer-Encoding" in request.headers
    if is_known or not is_sent or request.endpoint is None:
        return None
    return errors.answer(415, "Unsupported media type", _JSON) if _is_call() else None


def _is_call() -> bool:
    return request.method not in ("GET", "HEAD") and errors.is_api_request()


def _name_no_kind_of_nothing(response: Response) -> Response:
    if response.status_code == 204:
        response.headers.pop("Content-Type", None)
    return response
