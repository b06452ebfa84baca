"""HTML doors of keywords for those who run the site. No statement of its own."""

from moviesite.admin.term_forms import term_pages
from moviesite.admin.term_queries import KEYWORDS
from moviesite.admin.term_schemas import NewKeywordSchema

pages = term_pages(KEYWORDS, NewKeywordSchema)
