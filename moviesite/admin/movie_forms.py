"""What was typed of a film, compared with what the form had shown. Changes nothing.

Only what somebody changed is said of a film: a sync may have changed the rest meanwhile.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import request

from moviesite.admin import term_queries
from moviesite.admin.movie_queries import MovieSheet
from moviesite.errors import InvalidInput
from moviesite.text import is_clean

_TEXTS = (
    *("title", "original_title", "original_language", "overview", "tagline", "status"),
    "homepage",
)
_NUMBERS = ("runtime", "budget", "revenue")
_OR_NOTHING = ("release_date", "imdb_id", "poster_path", "backdrop_path")
_MOST_TYPED = 12_000


def shown_values(sheet: MovieSheet) -> dict[str, Any]:
    """What the form shows of a film; keywords by name."""
    names = ", ".join(name for _, name in sheet.keywords)
    return {**sheet.values, "keywords": names, "was": _digests(sheet.values)}


def typed() -> dict[str, Any]:
    """Everything that the present form holds, as it was typed; `genres` as a list of ids."""
    values: dict[str, Any] = {
        name: request.form.get(name, "")[:_MOST_TYPED].replace("\r\n", "\n").strip()
        for name in (*_TEXTS, *_NUMBERS, *_OR_NOTHING, "keywords", "was")
    }
    values["adult"] = "adult" in request.form
    values["genres"] = [int(one) for one in request.form.getlist("genres")[:200] if _is_id(one)]
    return values


def changed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the typed values that differ from what was shown, as the API takes them.

    Raises InvalidInput for keywords that are not known.
    """
    given = {name: values[name] for name in _TEXTS}
    given |= {name: values[name] or None for name in _OR_NOTHING}
    given |= {name: _number(values[name]) for name in _NUMBERS}
    given |= {"adult": values["adult"], "genres": sorted(set(values["genres"]))}
    given["keywords"] = _keywords(values["keywords"])
    was = _read(values["was"])
    return {name: value for name, value in given.items() if _digest(value) != was.get(name)}


def _keywords(text: str) -> list[int]:
    if not is_clean(text):
        raise InvalidInput.of("keywords", "Contains characters that cannot be stored.", "form")
    names = list(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
    ids, unknown = term_queries.keywords_called(names) if names else ([], [])
    if unknown:
        message = f"Not known here: {', '.join(unknown)}. Add them under Keywords first."
        raise InvalidInput.of("keywords", message, "form")
    return ids


def _number(text: str) -> int | str | None:
    """A number where it is one; the schema says what is wrong with the rest."""
    bare = text.replace(",", "").replace(" ", "")
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 16 else text or None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10


def _digests(values: Mapping[str, Any]) -> str:
    return json.dumps({name: _digest(value) for name, value in values.items()})


def _digest(value: Any) -> str:
    plain = value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:12]


def _read(text: str) -> dict[str, str]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
