"""JSON shapes of discovering: TMDb's own filters, and the services of a region."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.bounds import YEARS
from moviesite.catalogue.schemas import ACCOUNT_NOTE, NamedCodeSchema, ProviderSchema
from moviesite.providers.base import SORTS
from moviesite.web.schemas import LANGUAGE, REGION, AccountId, Form, PageArgs, Text, ViewingArgs

_YEARS = validate.Range(YEARS.start, YEARS.stop - 1)
_VOTES = validate.Range(0, 10)
_MINUTES = validate.Range(0, 1000)
_COUNT = validate.Range(0, 10_000_000)
_ID_LIST = Form(
    r"^[0-9]{1,9}([,|][0-9]{1,9})*$", error="Ids, with commas for all of them or pipes for any."
)
# All the services of a large country are a choice, too.
_SERVICES_LONG = 1000


def _ids(limit: int = 200) -> fields.String:
    return fields.String(
        validate=[validate.Length(max=limit), _ID_LIST],
        metadata={"description": "TMDb ids: comma for all, pipe for any."},
    )


def _country() -> fields.String:
    words = "By default, `region` or the profile's."
    return fields.String(validate=REGION, metadata={"description": words})


# A certificate and a service mean something only in a country: the reader's by default.
COUNTRIES = {"certification": "certification_country", "with_watch_providers": "watch_region"}


class DiscoverArgs(PageArgs):
    """TMDb's filters under TMDb's names; bounds are inclusive."""

    sort_by = fields.String(load_default="popularity.desc", validate=validate.OneOf(SORTS))
    include_adult = fields.Boolean(
        metadata={
            "description": "By default, follows the caller's profile; `true` adds nothing that "
            "the profile leaves out, and nothing for visitors."
        }
    )
    include_video = fields.Boolean(load_default=False)
    with_genres = _ids()
    without_genres = _ids()
    year = fields.Integer(validate=_YEARS)
    release_date_gte = fields.Date(data_key="release_date.gte")
    release_date_lte = fields.Date(data_key="release_date.lte")
    vote_average_gte = fields.Float(data_key="vote_average.gte", validate=_VOTES)
    vote_count_gte = fields.Integer(data_key="vote_count.gte", validate=_COUNT)
    with_runtime_gte = fields.Integer(data_key="with_runtime.gte", validate=_MINUTES)
    with_runtime_lte = fields.Integer(data_key="with_runtime.lte", validate=_MINUTES)
    with_original_language = fields.String(validate=LANGUAGE)
    with_origin_country = fields.String(validate=REGION)
    certification = Text(limit=20)
    certification_country = _country()
    with_people = _ids()
    with_keywords = _ids()
    watch_region = _country()
    with_watch_providers = _ids(_SERVICES_LONG)
    account_id = AccountId(metadata=ACCOUNT_NOTE)


class DiscoverFormArgs(DiscoverArgs):
    """What the page's form takes beside: one name of each kind as somebody types it."""

    person = Text(limit=100)
    keyword = Text(limit=100)


class ServicesArgs(ViewingArgs):
    """The region whose services are asked for."""


class ServicesSchema(ma.Schema):
    """The services of a region, and the regions in which services are known."""

    region = fields.String(required=True)
    results = fields.List(fields.Nested(ProviderSchema), required=True)
    regions = fields.List(fields.Nested(NamedCodeSchema), required=True)
    source = fields.Constant("JustWatch")
