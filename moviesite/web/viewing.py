"""In which language and for which region this request is answered."""

import re

from flask import current_app, request

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
REGION = re.compile(r"[A-Z]{2}")


def current_language() -> str:
    """BCP 47 tag such as `de-DE`: the request's `language`, else the site's default."""
    return _parameter("language", LANGUAGE) or str(current_app.config["DEFAULT_LANGUAGE"])


def current_region() -> str:
    """ISO 3166-1 code: the request's `region`, else the site's default."""
    return _parameter("region", REGION) or str(current_app.config["DEFAULT_REGION"])


def chosen() -> dict[str, str]:
    """Language and region where the present address sets them and they are not the defaults."""
    if "language" not in request.args and "region" not in request.args:
        return {}
    wanted = {"language": current_language(), "region": current_region()}
    usual = current_app.config
    return {name: v for name, v in wanted.items() if v != usual[f"DEFAULT_{name.upper()}"]}


def _parameter(name: str, form: re.Pattern[str]) -> str | None:
    value = request.args.get(name, "")
    return value if form.fullmatch(value) else None
