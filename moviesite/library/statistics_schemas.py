"""JSON shapes of statistics. Every field is said; no query is made."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.web.schemas import ViewingArgs


class Month(fields.String):
    """`2026-01`: no date, as far as JSON Schema goes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": r"^\d{4}-\d{2}$"}, **kwargs)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return f"{value:%Y-%m}" if value else None


class RatingBucketsSchema(ma.Schema):
    """Films by `vote_average`, half-open: 8.0 is in `ratings_8_to_9`, 9.0 is not."""

    ratings_9_plus = fields.Integer(required=True)
    ratings_8_to_9 = fields.Integer(required=True)
    ratings_7_to_8 = fields.Integer(required=True)
    ratings_6_to_7 = fields.Integer(required=True)
    ratings_5_to_6 = fields.Integer(required=True)
    ratings_below_5 = fields.Integer(required=True)


class GenreCountSchema(ma.Schema):
    """Films of a genre."""

    genre = fields.String(required=True, attribute="name")
    count = fields.Integer(required=True)


class ProviderCountSchema(ma.Schema):
    """Films that a service streams."""

    provider = fields.String(required=True, attribute="name")
    count = fields.Integer(required=True)


class CountryCountSchema(ma.Schema):
    """Films made in a country, by ISO 3166-1 code."""

    country = fields.String(required=True, attribute="name")
    count = fields.Integer(required=True)


class PersonCountSchema(ma.Schema):
    """Films by or with somebody."""

    person = fields.String(required=True, attribute="name")
    count = fields.Integer(required=True)


class DecadeCountSchema(ma.Schema):
    """Films of a decade, by its first year."""

    decade = fields.Integer(required=True)
    count = fields.Integer(required=True)


class WatchlistStatisticsSchema(ma.Schema):
    """The watchlist in numbers; `runtime_total` is in minutes."""

    ratings = fields.Nested(RatingBucketsSchema, required=True)
    genres = fields.List(fields.Nested(GenreCountSchema), required=True)
    decades = fields.List(fields.Nested(DecadeCountSchema), required=True)
    runtime_total = fields.Integer(required=True)
    watchable_on = fields.List(fields.Nested(ProviderCountSchema), required=True)


class StarsSchema(ma.Schema):
    """How often the caller gave a rating out of five."""

    rating = fields.Float(required=True)
    count = fields.Integer(required=True)


class LengthCountSchema(ma.Schema):
    """Films of `from` minutes and fewer than `to`, which is null where there is no end."""

    from_ = fields.Integer(required=True, data_key="from", attribute="least")
    to = fields.Integer(required=True, allow_none=True)
    count = fields.Integer(required=True)


class MonthCountSchema(ma.Schema):
    """Plays in a month such as `2026-01`."""

    month = Month(required=True)
    count = fields.Integer(required=True)


class FilmSchema(ma.Schema):
    """A film that stands out, and the number that it stands out by."""

    movie_id = fields.Integer(required=True)
    title = fields.String(required=True)
    number = fields.Float(required=True)


class SummarySchema(ma.Schema):
    """Plays in numbers; `minutes` counts each play of a film whose length is known."""

    films = fields.Integer(required=True)
    plays = fields.Integer(required=True)
    rewatches = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    first = fields.Nested(FilmSchema, required=True, allow_none=True)
    last = fields.Nested(FilmSchema, required=True, allow_none=True)
    most_played = fields.List(fields.Nested(FilmSchema), required=True)
    busiest = fields.Nested(MonthCountSchema, required=True, allow_none=True)


class StatisticsSchema(ma.Schema):
    """What the caller has seen and rated; `year` is null where it is ever."""

    year = fields.Integer(required=True, allow_none=True)
    years = fields.List(fields.Integer(), required=True)
    summary = fields.Nested(SummarySchema, required=True)
    rating_average = fields.Float(required=True, allow_none=True)
    ratings = fields.List(fields.Nested(StarsSchema), required=True)
    best_rated = fields.List(fields.Nested(FilmSchema), required=True)
    genres = fields.List(fields.Nested(GenreCountSchema), required=True)
    decades = fields.List(fields.Nested(DecadeCountSchema), required=True)
    lengths = fields.List(fields.Nested(LengthCountSchema), required=True)
    countries = fields.List(fields.Nested(CountryCountSchema), required=True)
    directors = fields.List(fields.Nested(PersonCountSchema), required=True)
    actors = fields.List(fields.Nested(PersonCountSchema), required=True)
    months = fields.List(fields.Nested(MonthCountSchema), required=True)


class StatisticsArgs(ViewingArgs):
    """The year in review; without it all years together."""

    year = fields.Integer(validate=validate.Range(1888, 2200))


class WatchlistStatisticsArgs(ViewingArgs):
    """The region whose services count, by default the caller's."""
