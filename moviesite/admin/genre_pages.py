"""HTML doors of genres for those who run the site. No statement of its own."""

from moviesite.admin.term_forms import term_pages
from moviesite.admin.term_queries import GENRES
from moviesite.admin.term_schemas import NewGenreSchema

pages = term_pages(GENRES, NewGenreSchema)
