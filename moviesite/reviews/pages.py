"""HTML doors of ratings and reviews, beside that of all one's own in the library."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.catalogue import live
from moviesite.catalogue.queries import Community
from moviesite.errors import Conflict, InvalidInput, NotFound, Outdated
from moviesite.library import shelves
from moviesite.models import Movie, User
from moviesite.reviews import forms, queries, service
from moviesite.reviews.forms import Sent
from moviesite.reviews.queries import PAGE_SIZE, ReviewPage, ShownReview
from moviesite.reviews.service import ReviewInput
from moviesite.text import halves
from moviesite.web import identity
from moviesite.web.arguments import page_number
from moviesite.web.conditional import keep_private
from moviesite.web.filters import movie_url
from moviesite.web.htmx import fragment, render, shown_path, wants_fragment
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.personal import Notice, back, go_back
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language

pages = Blueprint("review_pages", __name__)


@pages.after_request
def keep_own(response: Response) -> Response:
    """What is drawn for somebody signed in is kept by no cache."""
    return keep_private(response) if identity.carried_secret() else response


class Draft(NamedTuple):
    """A review in its form, with what is wrong; `other` is what was saved meanwhile elsewhere."""

    words: ReviewInput
    id: UUID | None = None
    version: int | None = None
    fault: str = ""
    other: ShownReview | None = None


@pages.get("/movie/<id:movie_id>/reviews")
@browse_limit
def of_film(movie_id: int) -> Response:
    """What people say of a film; spoilers are held back until they are asked for."""
    return _reviews(movie_id)


@pages.get("/reviews/<uuid:review_id>")
@browse_limit
def one(review_id: UUID) -> Response:
    """One review; with `reveal` even where it tells how a film ends."""
    reveal = "reveal" in request.args
    review = queries.review(review_id, user=user_or_none(), reveal=reveal)
    movie = shelves.film(review.movie_id)
    return render("reviews/review.html", "reviews/_review.html", review=review, movie=movie)


@pages.post("/movie/<id:movie_id>/review")
@browse_limit
def write(movie_id: int) -> AnyResponse:
    """Write a review, or change it; who changed it elsewhere meanwhile sees both."""
    user = current_user()
    sent = forms.sent_review()
    try:
        undo = _save(user, movie_id, sent)
    except InvalidInput as error:
        draft = Draft(sent.words, sent.id, sent.version, fault=error.detail)
        return _again(movie_id, draft, error.status)
    except (Outdated, Conflict):
        return _again(movie_id, _both(user, movie_id, sent.words), Outdated.status)
    notice = Notice("Your review is saved.", undo)
    if wants_fragment():
        return _reviews(movie_id, notice=notice)
    return go_back(f"/movie/{movie_id}/reviews", notice)


@pages.post("/reviews/<uuid:review_id>/delete")
@browse_limit
def delete(review_id: UUID) -> AnyResponse:
    """Take a review away."""
    user = current_user()
    change = service.delete_review(user, review_id)
    return go_back(url_for("shelf_pages.ratings"), Notice("Your review is deleted.", change.undo))


@pages.post("/reviews/<uuid:review_id>/report")
@browse_limit
def report(review_id: UUID) -> AnyResponse:
    """Ask those who run the site to look at a review."""
    user = current_user()
    made = service.report_review(user, review_id, forms.reason())
    words = (
        "Thank you. Someone will take a look." if made.is_new else "You have already reported this."
    )
    if wants_fragment():
        return fragment("library/_changed.html", notice=Notice(words))
    return go_back(url_for(".one", review_id=review_id), Notice(words))


@pages.get("/movie/<id:movie_id>/rating")
@browse_limit
def rating(movie_id: int) -> Response:
    """The cells of a rating: a page, or the slip over another one."""
    user = current_user()
    mine = queries.own_review(user, movie_id)
    return render(
        "reviews/rating.html",
        "reviews/_rating.html",
        movie=_film(movie_id),
        rating=mine.rating if mine else None,
        next=back(f"/movie/{movie_id}"),
        at=request.args.get("at"),
    )


@pages.post("/movie/<id:movie_id>/rating")
@browse_limit
def rate(movie_id: int) -> AnyResponse:
    """Rate a film, or take the rating away."""
    user, stars = current_user(), forms.rating()
    if stars is None and "remove" not in request.form:
        raise InvalidInput.of("rating", "Choose a rating from ½ to 5.", "form")
    change = service.rate(user, movie_id, stars)
    words = "Your rating is removed." if stars is None else f"Rated {halves(stars)} of 5."
    notice = Notice(words, change.undo)
    if not wants_fragment():
        return go_back(f"/movie/{movie_id}", notice)
    return fragment("library/_changed.html", **_touched(user, movie_id), notice=notice)


def _save(user: User, movie_id: int, sent: Sent) -> UUID | None:
    if sent.id is None:
        return service.undo_of(user, service.write_review(user, movie_id, sent.words))
    changes = sent.words._asdict()
    versions = None if sent.version is None else {sent.version}
    return service.edit_review(user, sent.id, changes, if_match=versions).undo


def _both(user: User, movie_id: int, words: ReviewInput) -> Draft:
    other = queries.own_review(user, movie_id)
    if other is None:
        return Draft(
            words, fault="This review was deleted in the meantime. Saving will create it again."
        )
    return Draft(words, other.id, other.version, other=other)


def _again(movie_id: int, draft: Draft, status: int) -> Response:
    response = _reviews(movie_id, draft=draft)
    response.status_code = status
    return response


def _reviews(movie_id: int, **context: Any) -> Response:
    user, page = user_or_none(), page_number()
    movie = _film(movie_id)
    mine = queries.own_review(user, movie_id) if user else None
    found = queries.reviews_of(movie_id, page, user=user, with_text=True)
    return render(
        "reviews/reviews.html",
        "reviews/_reviews.html",
        movie=movie,
        film_url=movie_url(movie),
        found=_revealed(found, user),
        number=page,
        size=PAGE_SIZE,
        mine_here=mine,
        community=movie if isinstance(movie, Movie) else Community(),
        touched=_touched(user, movie_id) if user and "notice" in context else {},
        **context,
    )


def _film(movie_id: int) -> Any:
    """The film as it is stored, which needs no answer of the source; else as the source has it."""
    try:
        return shelves.film(movie_id)
    except NotFound:
        return live.movie(movie_id, current_language()).value


def _touched(user: User, movie_id: int) -> dict[str, Any]:
    """What shows the rating, too: the film's actions, and on its page all that is one's own."""
    whole = shown_path().partition("-")[0] == f"/movie/{movie_id}"
    return shelves.touched(user, movie_id, whole=whole)


def _revealed(found: ReviewPage, user: User | None) -> ReviewPage:
    """The page with the one review that the address asks for."""
    wanted = request.args.get("reveal", type=UUID)
    rows = [
        queries.review(row.id, user=user, reveal=True) if row.withheld and row.id == wanted else row
        for row in found.rows
    ]
    return found._replace(rows=rows)
