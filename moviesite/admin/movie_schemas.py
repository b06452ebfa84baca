"""JSON shapes of films as those who run the site look after them. Never a query."""

import datetime as dt
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.admin.movie_queries import SHOWN
from moviesite.admin.movie_service import FIELDS
from moviesite.bounds import MAX_ID
from moviesite.web.schemas import (
    Flag,
    Form,
    GivenOnce,
    Moment,
    PagedArgs,
    Several,
    Text,
    Whole,
    page_of,
)

_EARLIEST, _LATEST = dt.date(1870, 1, 1), dt.date(2200, 12, 31)
_MOST_MONEY = 10**12
_MOST_LINKS = 100


def _formed(pattern: str, words: str, example: str, **kwargs: Any) -> fields.String:
    form = Form(pattern, error=words)
    return fields.String(validate=form, metadata={"example": example}, **kwargs)


def _ids(words: str) -> Several:
    return Several(Whole(1, MAX_ID), _MOST_LINKS, metadata={"description": words})


_PATH = r"^/[A-Za-z0-9._-]{1,190}$"


class MovieFieldsSchema(ma.Schema):
    """What can be said of a film here; what is absent stays as it is.

    `title`, `overview` and `tagline` are in the site's own language and shown to its readers.
    """

    title = Text(500, least=1)
    original_title = Text(500)
    original_language = _formed(r"^([a-z]{2,3})?$", "This is not a language code such as de.", "de")
    overview = Text(10_000)
    tagline = Text(1000)
    release_date = fields.Date(allow_none=True, validate=validate.Range(_EARLIEST, _LATEST))
    runtime = Whole(1, 10_000, allow_none=True, metadata={"description": "Minutes."})
    status = Text(50)
    imdb_id = _formed(
        r"^tt[0-9]{5,12}$",
        "This is not an IMDb id such as tt0113277.",
        "tt0113277",
        allow_none=True,
    )
    homepage = _formed(
        r"^(https?://[^\s\"<>\u0000]{1,1980})?$",
        "An address that begins with http:// or https://.",
        "https://example.org/",
    )
    budget = Whole(0, _MOST_MONEY, allow_none=True, metadata={"description": "US dollars."})
    revenue = Whole(0, _MOST_MONEY, allow_none=True, metadata={"description": "US dollars."})
    poster_path = _formed(_PATH, "A path at the source.", "/abc.jpg", allow_none=True)
    backdrop_path = _formed(_PATH, "A path at the source.", "/abc.jpg", allow_none=True)
    adult = Flag()
    genres = _ids("Ids of stored genres; an empty list means none.")
    keywords = _ids("Ids of stored keywords.")


class AddedMovieSchema(MovieFieldsSchema):
    """A film that its source has, and what is said of it here."""

    id = Whole(1, MAX_ID, required=True, metadata={"description": "Its TMDb id."})


class MovieEditSchema(MovieFieldsSchema):
    """What is said of a film, and what is not said any more."""

    reset = Several(
        fields.String(validate=validate.OneOf(FIELDS)),
        len(FIELDS),
        metadata={"description": "Fields to reset to the source's values."},
    )


class AdminMoviesArgs(PagedArgs):
    """Films by words or id; `show` narrows to those with changes, or to the removed."""

    search = Text(200)
    show = fields.String(load_default="all", validate=validate.OneOf(SHOWN))


class MovieLineSchema(ma.Schema):
    """A film in a list; `overridden` names the fields that are said here."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    release_date = fields.Date(required=True, allow_none=True)
    overridden = fields.List(fields.String(), required=True)
    fetched_at = Moment(required=True, allow_none=True)
    detailed_at = Moment(required=True, allow_none=True)
    removed = fields.Boolean(required=True)


AdminMoviePageSchema = page_of(MovieLineSchema)


class SayingSchema(ma.Schema):
    """What is said here of a field, and what its source said last."""

    value = fields.Raw(required=True, allow_none=True)
    source = fields.Raw(required=True, allow_none=True)
    set_at = Moment(required=True)
    set_by = fields.String(required=True, allow_none=True)


class NamedSchema(ma.Schema):
    """A genre or keyword."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class AdminMovieSchema(ma.Schema):
    """Everything about one film: as it is shown, what is said here, and who holds it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    original_title = fields.String(required=True)
    original_language = fields.String(required=True)
    overview = fields.String(required=True)
    tagline = fields.String(required=True)
    release_date = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    runtime = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True)
    imdb_id = fields.String(required=True, allow_none=True)
    homepage = fields.String(required=True)
    budget = fields.Integer(required=True, allow_none=True)
    revenue = fields.Integer(required=True, allow_none=True)
    poster_path = fields.String(required=True, allow_none=True)
    backdrop_path = fields.String(required=True, allow_none=True)
    adult = fields.Boolean(required=True)
    genres = fields.List(fields.Nested(NamedSchema), required=True)
    keywords = fields.List(fields.Nested(NamedSchema), required=True)
    overrides = fields.Dict(keys=fields.String(), values=fields.Nested(SayingSchema), required=True)
    held_by = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={
            "description": "How much of people's own data would be deleted with it, by kind."
        },
    )
    created_at = Moment(required=True)
    fetched_at = Moment(required=True)
    detailed_at = Moment(required=True, allow_none=True)


class RemovalArgs(GivenOnce):
    """How much of people's own is known to go with the film."""

    held = fields.Integer(
        validate=validate.Range(0, 10**9),
        metadata={"description": "Refused with 409 if there is more by now."},
    )


class CacheSchema(ma.Schema):
    """A kind of what is cached."""

    kind = fields.String(required=True)


class ForgottenSchema(ma.Schema):
    """How many entries were forgotten."""

    kind = fields.String(required=True)
    forgotten = fields.Integer(required=True)
