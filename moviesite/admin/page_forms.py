"""How the pages of the administration answer with a form."""

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, InvalidInput, NotFound, QuotaExceeded, Unavailable
from moviesite.web.page_forms import Form

# What a form shows beside what was typed; the rest has pages of its own.
REFUSALS = (InvalidInput, Conflict, NotFound, QuotaExceeded, Unavailable)


def answered(template: str, form: Form, **context: Any) -> AnyResponse:
    """The page with this form; its status tells whether the form was refused."""
    return make_response(render_template(template, form=form, **context), form.status)
