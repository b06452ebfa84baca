"""JSON doors of keywords for those who run the site."""

from moviesite.admin.term_api import Terms, term_api
from moviesite.admin.term_queries import KEYWORDS
from moviesite.admin.term_schemas import (
    AdminKeywordPageSchema,
    AdminKeywordSchema,
    NewKeywordSchema,
)

api = term_api(Terms(KEYWORDS, NewKeywordSchema, AdminKeywordSchema, AdminKeywordPageSchema))
