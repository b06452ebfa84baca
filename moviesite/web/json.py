"""JSON by orjson: fast, strict UTF-8, RFC 3339 times."""

from typing import Any

import orjson
from flask.json.provider import JSONProvider

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_NON_STR_KEYS


class OrjsonProvider(JSONProvider):
    """Flask's JSON, spoken by orjson."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """JSON text; `sort_keys` and `indent` are understood, as flask-smorest passes them."""
        options = _OPTIONS
        if kwargs.get("sort_keys"):
            options |= orjson.OPT_SORT_KEYS
        if kwargs.get("indent"):
            options |= orjson.OPT_INDENT_2
        return orjson.dumps(obj, default=str, option=options).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Values from JSON text; raises ValueError where it is none."""
        return orjson.loads(s)
