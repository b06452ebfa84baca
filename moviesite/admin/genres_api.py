"""JSON doors of genres for those who run the site."""

from moviesite.admin.term_api import Terms, term_api
from moviesite.admin.term_queries import GENRES
from moviesite.admin.term_schemas import AdminGenrePageSchema, AdminGenreSchema, NewGenreSchema

api = term_api(Terms(GENRES, NewGenreSchema, AdminGenreSchema, AdminGenrePageSchema))
