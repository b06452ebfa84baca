"""Who asks, and the address of /ask, typed. No query."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import request

from moviesite.assistant.service import Asker
from moviesite.text import is_clean
from moviesite.web.arguments import invalid
from moviesite.web.identity import user_or_none
from moviesite.web.viewing import (
    adult_included,
    current_language,
    current_region,
    own_services,
)

LONGEST, MOST_OFF = 2000, 30
MODEL = "model"


class AskWish(NamedTuple):
    """A wish as typed, which parts of its interpretation were taken away, and by whom to answer."""

    prompt: str
    off: tuple[str, ...] = ()
    by_model: bool = False


def ask_wish() -> AskWish:
    """The wish in the present address; raises InvalidInput."""
    prompt = _prompt(request.args)
    off = dict.fromkeys(part for part in request.args.getlist("off") if is_clean(part))
    return AskWish(prompt, tuple(off)[:MOST_OFF], request.args.get("by") == MODEL)


def sent_wish() -> str:
    """The wish that a form sends; raises InvalidInput."""
    return _prompt(request.form)


def _prompt(given: Mapping[str, str]) -> str:
    prompt = given.get("q", "").strip()
    if len(prompt) > LONGEST or not is_clean(prompt):
        raise invalid({"q": [f"Use at most {LONGEST} ordinary characters."]}, _LABELS)
    return prompt


_LABELS = {"q": "Your words"}


def asker() -> Asker:
    """Who the present request comes from."""
    return Asker(
        user_or_none(), current_language(), current_region(), adult_included(), own_services()
    )
