"""JSON shapes that every feature shares: problems, pages, language and region."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite import clock
from moviesite.bounds import MAX_PAGE, MAX_PAGE_SIZE
from moviesite.text import is_clean


class Form(validate.Regexp):
    """A form that the whole text must have; `$` alone would let a line feed follow."""

    def __call__(self, value: Any) -> Any:
        """The value; raises ValidationError."""
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


LANGUAGE = Form(r"^[a-z]{2,3}(-[A-Z]{2})?$", error="This is not a language tag such as de-DE.")
ACCOUNT_ID = Form(r"^[A-Za-z0-9]{1,64}$", error="This is not the id of a TMDb account.")
REGION = Form(r"^[A-Z]{2}$", error="This is not a country code such as DE.")
# In the notation of JSON Schema, which has no word for lone surrogates.
_CLEAN = r"[^\u0000]*"
_ANY, _SOME = f"^{_CLEAN}$", rf"^{_CLEAN}[^\s\u0000]{_CLEAN}$"


class Text(fields.String):
    """Text that any database can hold, at most `limit` characters, trimmed."""

    default_error_messages = {"unclean": "Contains characters that cannot be stored."}  # noqa: RUF012 - marshmallow's own attribute

    def __init__(self, limit: int, *, least: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("validate", validate.Length(min=least, max=limit))
        kwargs.setdefault("metadata", {}).setdefault("pattern", _SOME if least else _ANY)
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not is_clean(text):
            raise self.make_error("unclean")
        return text.strip()


class JsonNumber(fields.Number[Any]):
    """A JSON number: no text, no true or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, (bool, str)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Whole(JsonNumber, fields.Integer):
    """A JSON number without a fraction."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most), **kwargs)


class Several(fields.List[Any]):
    """A JSON list of at most `most` values; of a longer one nobody looks at the values."""

    def __init__(self, values: fields.Field[Any], most: int, **kwargs: Any) -> None:
        super().__init__(values, validate=validate.Length(max=most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(fields.Boolean):
    """True or false, and no word or number that might be meant so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002 - the signature is marshmallow's
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Moment(fields.DateTime):
    """A time in UTC, RFC 3339."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002 - the signature is marshmallow's
        return clock.rfc3339(value) if value else None


class ProblemSchema(ma.Schema):
    """A problem as RFC 9457 describes it; some answers say more, which they describe."""

    class Meta:
        unknown = ma.INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.Dict(
        fields.String(),
        fields.Dict(fields.String(), fields.List(fields.String())),
        metadata={
            "description": "By location (`json`, `query`, `headers`, `files`) and field: "
            "`{query: {page: [message]}}`. For a list, messages start with the position, `0: …`; "
            "`_schema` is the input as a whole."
        },
    )


class NothingSchema(ma.Schema):
    """`{}`: all that there is to say is in the status."""


class GivenOnce(ma.Schema):
    """Refuses a parameter that is given twice where only one can be meant."""

    @ma.pre_load
    def refuse_repeats(self, data: Any, **_: Any) -> Any:
        """Raises ValidationError naming each such parameter."""
        given = getattr(data, "data", data)
        lists = given.lists() if hasattr(given, "lists") else ()
        repeated = {
            name: ["Give this only once."]
            for name, values in lists
            if len(values) > 1 and not isinstance(self.fields.get(name), fields.List)
        }
        if repeated:
            raise ma.ValidationError(repeated)
        return data


class ViewingArgs(GivenOnce):
    """Language and region, taken by every GET that shows movies or people."""

    language = fields.String(validate=LANGUAGE, metadata={"example": "de-DE"})
    region = fields.String(validate=REGION, metadata={"example": "DE"})


class AccountId(fields.String):
    """The id of a TMDb account; a number is taken as well as its digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=ACCOUNT_ID, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return str(super()._deserialize(digits, attr, data, **kwargs))


class PageSize(fields.Integer):
    """How many rows a page has at most."""

    def __init__(self, default: int = 20) -> None:
        super().__init__(load_default=default, validate=validate.Range(1, MAX_PAGE_SIZE))


class PagedArgs(GivenOnce):
    """A numbered page of what shows neither movies nor people."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, MAX_PAGE))
    page_size = PageSize()


class PageArgs(ViewingArgs):
    """A numbered page of an upstream list: always 20 rows, at most 500 pages."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, MAX_PAGE))


class CursorPageSchema(ma.Schema):
    """What a page that is read by keyset says besides its `results`."""

    page_size = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)
    next_cursor = fields.String(required=True, allow_none=True)


def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of such items."""
    name = item.__name__.removesuffix("Schema").removesuffix("Summary")
    return ma.Schema.from_dict(
        {
            "count": fields.Integer(required=True),
            "page": fields.Integer(required=True),
            "page_size": fields.Integer(required=True),
            "total_pages": fields.Integer(required=True),
            "next": fields.String(required=True, allow_none=True),
            "previous": fields.String(required=True, allow_none=True),
            "results": fields.List(fields.Nested(item), required=True),
        },
        name=f"{name}PageSchema",
    )
