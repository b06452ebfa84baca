"""JSON door of searching by words."""

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from moviesite.catalogue import finding, presenting, search_syntax
from moviesite.catalogue.browse_schemas import FoundPageSchema, SearchArgs
from moviesite.catalogue.finding import PAGE_SIZE
from moviesite.library.presenting import listed_for
from moviesite.tmdb_account.presenting import marked
from moviesite.web.identity import user_or_none
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import search_limit
from moviesite.web.tmdb_token import DESCRIBED, needed_grant
from moviesite.web.viewing import adult_included, current_language

api = Blueprint("search", __name__, url_prefix="/api/v1", description="Movies by words.")


@api.get("/movies/search")
@search_limit
@api.doc(**DESCRIBED)
@api.arguments(SearchArgs, location="query")
@api.response(200, FoundPageSchema)
@api.alt_response(401, description="`account_id` without a TMDb token.")
@api.alt_response(403, description="TMDb refused the token, or it belongs to another account.")
def search(args: dict[str, Any]) -> Any:
    """Movies by title, by operators such as `dir:` or `year:1990..1999`, or by a link.

    Stored movies come first, then TMDb's; while TMDb is down, `problem` says that only stored
    movies were searched. Typos are forgiven; if no title has the words and the results are only
    close matches, `close_to` repeats the words.

    A movie that both know is shown once, among the stored ones. It is missing from the later page
    where TMDb has it, which is then shorter, and `count` may be up to 20 too high.
    """
    wish = search_syntax.read(args["query"]).narrowed(
        genre=args.get("genre"), year=args.get("year"), adult=adult_included()
    )
    found = finding.search_everywhere(wish, args["page"], current_language())
    rows: Sequence[Any] = listed_for(found.page.results, user_or_none())
    if args.get("account_id"):
        rows = marked(rows, needed_grant(), args["account_id"], current_language())
    copied = ("problem", "opens", "not_understood", "close_to")
    return numbered_page(
        rows,
        page=args["page"],
        page_size=PAGE_SIZE,
        total_pages=found.page.total_pages,
        count=found.page.total_results,
        source=presenting.source_of(found.answer) if found.answer else None,
        **{name: getattr(found, name) for name in copied},
    )
