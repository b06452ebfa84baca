"""JSON shapes of people and what they took part in."""

import marshmallow as ma
from marshmallow import fields

from moviesite.catalogue.schemas import ImageUrl, MovieSummarySchema, SourceSchema


class CreditSchema(ma.Schema):
    """A movie, and what the person did in it."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    character = fields.String(required=True)
    job = fields.String(required=True)
    department = fields.String(required=True)


class PersonSchema(ma.Schema):
    """A person with a filmography, newest first."""

    id = fields.Integer(required=True, attribute="person.id")
    name = fields.String(required=True, attribute="person.name")
    biography = fields.String(required=True, attribute="person.biography")
    birthday = fields.Date(required=True, allow_none=True, attribute="person.birthday")
    deathday = fields.Date(required=True, allow_none=True, attribute="person.deathday")
    place_of_birth = fields.String(required=True, attribute="person.place_of_birth")
    known_for = fields.String(required=True, attribute="person.known_for")
    imdb_id = fields.String(required=True, allow_none=True, attribute="person.imdb_id")
    photo_url = ImageUrl("profile", 632, required=True, attribute="person.profile_path")
    filmography = fields.List(fields.Nested(CreditSchema), required=True)
    source = fields.Nested(SourceSchema, required=True)
