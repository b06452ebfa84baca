"""JSON doors of reviews."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import url_for
from flask_smorest import Blueprint

from moviesite.catalogue import live
from moviesite.catalogue import queries as catalogue
from moviesite.catalogue.browse_schemas import filters_of
from moviesite.catalogue.presenting import Listed
from moviesite.errors import Outdated, Unavailable
from moviesite.library.presenting import with_viewer
from moviesite.library.schemas import order_of
from moviesite.models import User
from moviesite.reviews import queries, service
from moviesite.reviews.queries import ShownReview
from moviesite.reviews.schemas import (
    ObjectionSchema,
    OwnReviewPageSchema,
    OwnReviewsArgs,
    ReportSchema,
    ReviewArgs,
    ReviewPageSchema,
    ReviewsArgs,
    ReviewSchema,
    WordsSchema,
)
from moviesite.reviews.service import ReviewInput
from moviesite.web.access_tokens import signed_in
from moviesite.web.idempotency_key import ONCE_HEADER, once
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.openapi import CREATED, UNDOABLE, VERSIONED
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit
from moviesite.web.undo import undo_header
from moviesite.web.versions import IF_MATCH_HEADER, expected_versions, version_tag
from moviesite.web.viewing import current_language

api = Blueprint(
    "reviews", __name__, url_prefix="/api/v1", description="What people say about movies."
)

_CHANGED = "Edited in the meantime; `present` is the current review."
Answer = tuple[Any, int, dict[str, str]]


@api.get("/movies/<id:movie_id>/reviews")
@browse_limit
@api.arguments(ReviewsArgs, location="query")
@api.response(200, ReviewPageSchema)
@api.alt_response(404, description="No such movie.")
def reviews(args: dict[str, Any], movie_id: int) -> Any:
    """Reviews of a movie, newest first.

    The text of a spoiler is withheld unless `reveal=1` is given, the caller has seen the movie or
    wrote the review.
    """
    page, size = args["page"], args["page_size"]
    found = queries.reviews_of(movie_id, page, size, user=user_or_none(), reveal=args["reveal"])
    if not found.total:
        _check_known(movie_id)
    return numbered_page(found.rows, page=page, page_size=size, count=found.total)


@api.post("/movies/<id:movie_id>/reviews")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(WordsSchema)
@api.response(201, ReviewSchema, headers={**CREATED, **VERSIONED})
@api.alt_response(404, description="No such movie.")
@api.alt_response(409, description="The caller already reviewed this movie, as `review_id`.")
def write(given: dict[str, Any], movie_id: int) -> Any:
    """Rate a movie, review it, or both, once per person and movie."""
    user, words = current_user(), _words(given)
    key = once(f"review:{user.uuid}", f"{movie_id}\n{words}")
    row = service.write_review(user, movie_id, words, once=key)
    address = url_for(".one_review", review_id=row.uuid)
    return _answer(queries.as_shown(row, user), 201, Location=address)


@api.get("/reviews/<uuid:review_id>")
@browse_limit
@api.arguments(ReviewArgs, location="query")
@api.response(200, ReviewSchema)
@api.alt_response(404, description="No such review.")
def one_review(args: dict[str, Any], review_id: UUID) -> Any:
    """A review; its `ETag` is what `If-Match` takes."""
    return _answer(queries.review(review_id, user=user_or_none(), reveal=args["reveal"]), 200)


@api.put("/reviews/<uuid:review_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER], **UNDOABLE)
@api.arguments(WordsSchema)
@api.response(200, ReviewSchema)
@api.alt_response(403, description="Someone else wrote it.")
@api.alt_response(404, description="No such review.")
@api.alt_response(412, description=_CHANGED)
def replace(given: dict[str, Any], review_id: UUID) -> Any:
    """Replace a review; fields left out become empty."""
    return _edit(review_id, _words(given)._asdict())


@api.patch("/reviews/<uuid:review_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER], **UNDOABLE)
@api.arguments(WordsSchema)
@api.response(200, ReviewSchema)
@api.alt_response(403, description="Someone else wrote it.")
@api.alt_response(404, description="No such review.")
@api.alt_response(412, description=_CHANGED)
def edit(given: dict[str, Any], review_id: UUID) -> Any:
    """Change the given fields."""
    return _edit(review_id, {name: getattr(_words(given), name) for name in given})


@api.delete("/reviews/<uuid:review_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER], **UNDOABLE)
@api.response(204)
@api.alt_response(403, description="Someone else wrote it, and the caller is not an admin.")
@api.alt_response(404, description="No such review.")
@api.alt_response(412, description=_CHANGED)
def delete(review_id: UUID) -> Any:
    """Delete a review, as its author or as an admin."""
    user = current_user()
    try:
        change = service.delete_review(user, review_id, if_match=expected_versions())
    except Outdated as error:
        error.extra["present"] = _present(error, user)
        raise
    return None, 204, undo_header(change.undo)


@api.post("/reviews/<uuid:review_id>/reports")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(ObjectionSchema)
@api.response(201, ReportSchema)
@api.alt_response(200, schema=ReportSchema, description="The caller had already reported it.")
@api.alt_response(404, description="No such review.")
@api.alt_response(409, description="The review is the caller's own.")
def report(given: dict[str, Any], review_id: UUID) -> Any:
    """Report a review to the admins."""
    user = current_user()
    key = once(f"report:{user.uuid}", f"{review_id}\n{given['reason']}")
    made = service.report_review(user, review_id, given["reason"], once=key)
    return made.row, 201 if made.is_new else 200


@api.get("/me/reviews")
@browse_limit
@signed_in(api)
@api.arguments(OwnReviewsArgs, location="query")
@api.response(200, OwnReviewPageSchema)
def own_reviews(args: dict[str, Any]) -> Any:
    """The caller's ratings and reviews, each with its movie."""
    user, page, size = current_user(), args["page"], args["page_size"]
    chosen = {"words": args.get("search", ""), "with_text": args["with_text"]}
    found = queries.own_reviews(user, filters_of(args), order_of(args), page, size, **chosen)
    movies = [Listed(row.movie, row.community) for row in found.rows if row.movie and row.community]
    shown = with_viewer(movies, user)
    rows = [{**row._asdict(), "movie": item} for row, item in zip(found.rows, shown, strict=True)]
    return numbered_page(
        rows, page=page, page_size=size, count=found.total, count_exact=found.exact
    )


def _check_known(movie_id: int) -> None:
    """Raises NotFound where there is no such movie; while nobody can tell, it may be one."""
    if not catalogue.stored_among([movie_id]):
        with suppress(Unavailable):
            live.movie(movie_id, current_language())


def _words(given: dict[str, Any]) -> ReviewInput:
    return ReviewInput(
        given.get("rating"), given.get("text") or "", bool(given.get("spoiler", False))
    )


def _edit(review_id: UUID, changes: dict[str, Any]) -> Answer:
    user = current_user()
    try:
        change = service.edit_review(user, review_id, changes, if_match=expected_versions())
    except Outdated as error:
        error.extra["present"] = _present(error, user)
        raise
    shown = queries.as_shown(change.row, user)
    return _answer(shown, 200, **undo_header(change.undo))


def _answer(shown: ShownReview, status: int, **headers: str) -> Answer:
    tag = version_tag(shown.version, (shown.withheld, shown.user))
    return shown, status, {"ETag": tag, **headers}


def _present(error: Outdated, user: User) -> Any:
    """The review as it stands now, in JSON."""
    return ReviewSchema().dump(queries.review(error.present.uuid, user=user))
