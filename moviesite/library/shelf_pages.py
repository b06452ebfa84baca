"""HTML doors of the films that somebody keeps, means to see, and has rated."""

from typing import Any, NamedTuple

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from moviesite.catalogue import live
from moviesite.errors import MovieSiteError
from moviesite.library import (
    charts,
    forms,
    kept_queries,
    service,
    shelf_forms,
    shelves,
    statistics_queries,
)
from moviesite.library.changes_service import WATCHLIST
from moviesite.library.kept_queries import PAGE_SIZE, Kept, KeptPage, kept_of
from moviesite.library.pages import STAYS
from moviesite.library.picking_queries import pick_from_watchlist
from moviesite.library.shelf_forms import ShelfWish
from moviesite.models import User
from moviesite.providers.base import ProviderData
from moviesite.reviews import queries as reviews
from moviesite.reviews.queries import ReviewPage
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import fragment, render, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.personal import Notice, go_back
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language

pages = Blueprint("shelf_pages", __name__)
pages.after_request(keep_private)


class Results(NamedTuple):
    """A page in the words of the catalogue's lists; `rows` hold what is said beside each film."""

    page: int
    total_pages: int
    total_results: int
    results: list[Any]
    rows: Any
    exact: bool


@pages.get("/favorites")
@browse_limit
def favorites() -> Response:
    """What somebody keeps."""
    user, wish = current_user(), shelf_forms.shelf_wish(shelf_forms.FAVORITE_ORDERS)
    wanted = shelf_forms.kept_wish(wish, user)
    found = kept_queries.favorites_of(user, wanted, wish.ordering, wish.page)
    return _shelf("favorites", user, wish, found, total=user.favorite_count)


@pages.get("/watchlist")
@browse_limit
def watchlist() -> Response:
    """What somebody means to see, with what it would take."""
    user = current_user()
    wish = shelf_forms.shelf_wish(shelf_forms.WATCHLIST_ORDERS)
    wanted = shelf_forms.kept_wish(wish, user)
    found = kept_queries.watchlist_of(user, wanted, wish.ordering, wish.page)
    whole = not wants_fragment()
    more = {"services": _services(wanted.region), "stays": session.get(STAYS)} if whole else {}
    if whole and user.watchlist_count:
        more |= _summary(user, wanted.region)
    return _shelf("watchlist", user, wish, found, total=user.watchlist_count, **more)


@pages.get("/watchlist/pick")
@browse_limit
def pick() -> AnyResponse:
    """One of the films that somebody means to see, by chance.

    The address then names it, so that it stays where one comes back to it.
    """
    user, wish = current_user(), shelf_forms.shelf_wish(shelf_forms.WATCHLIST_ORDERS)
    film = shelf_forms.film("film")
    kept = kept_of(user, WATCHLIST, film) if film else _drawn(user, wish)
    if kept and not film:
        return redirect(url_for(".pick", film=kept.movie.id, **wish.params))
    mine = shelves.mine(user, [kept.movie] if kept else [])
    page = render_template("library/pick.html", film=film, kept=kept, mine=mine, params=wish.params)
    return make_response(page)


@pages.get("/reviews")
@browse_limit
def ratings() -> Response:
    """All that somebody rated and wrote."""
    user, wish = current_user(), shelf_forms.ratings_wish()
    found = reviews.own_reviews(
        user, wish.filters, wish.ordering, wish.page, with_text=wish.with_text
    )
    total = reviews.own_count(user) if wish.narrowed else found.total
    return _shelf("ratings", user, wish, found, total=total)


@pages.post("/watchlist/<id:movie_id>")
@browse_limit
def edit_wish(movie_id: int) -> AnyResponse:
    """Say when or why to see a film, in place."""
    user, wish = current_user(), forms.wish()
    change = service.keep_on_watchlist(user, movie_id, priority=wish.priority, note=wish.note)
    notice = Notice("Saved." if change.undo else "Nothing was changed.", change.undo)
    if not wants_fragment():
        return go_back(url_for(".watchlist"), notice)
    shown = shelves.touched(user, movie_id, whole=False)
    return fragment("library/_wish_changed.html", **shown, row=change.row, notice=notice)


@pages.post("/watchlist/stays")
@browse_limit
def stays() -> AnyResponse:
    """Choose whether films leave the watchlist once they are seen."""
    current_user()
    leaves = "leaves" in request.form
    session[STAYS] = not leaves
    what = "be removed from your watchlist once" if leaves else "stay on your watchlist after"
    notice = Notice(f"Films will {what} you mark them as seen.")
    if wants_fragment():
        return fragment("library/_changed.html", notice=notice)
    return go_back(url_for(".watchlist"), notice)


def _drawn(user: User, wish: ShelfWish) -> Kept | None:
    wanted = shelf_forms.kept_wish(wish, user)
    return pick_from_watchlist(user, wanted, besides=shelf_forms.film("besides"))


def _shelf(
    key: str, user: User, wish: ShelfWish, found: KeptPage | ReviewPage, *, total: int, **more: Any
) -> Response:
    movies = [row.movie for row in found.rows if row.movie]
    results = Results(
        wish.page, found.pages(PAGE_SIZE), found.total, movies, found.rows, found.exact
    )
    response = render(
        f"library/{key}.html",
        f"library/_{key}_found.html",
        more=f"library/_{key}_batch.html",
        results=results,
        wish=wish,
        total=total,
        mine=shelves.mine(user, movies),
        genre_names=live.genre_names(current_language()),
        decades=shelf_forms.decades(),
        **more,
    )
    return make_response(response)


def _summary(user: User, region: str) -> dict[str, Any]:
    """The watchlist in numbers."""
    summary = statistics_queries.watchlist_statistics(user, region)
    rows = {
        "genres": charts.named(summary.genres, 8),
        "scores": charts.scores(summary.ratings),
        "decades": charts.decades(summary.decades),
        "streams": charts.named(summary.watchable_on, 8),
    }
    return {"minutes": summary.runtime_total, "charts": rows}


def _services(region: str) -> tuple[ProviderData, ...]:
    """Services of the person's country; none while they cannot be had."""
    try:
        return live.watch_providers(region, current_language()).value
    except MovieSiteError:
        return ()
