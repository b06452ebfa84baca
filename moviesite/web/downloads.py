"""Answers that a browser saves as a file."""

from flask import Response


def download(body: bytes, name: str, kind: str) -> Response:
    """The bytes as a file of that name; `kind` is a media type."""
    answer = Response(body, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
