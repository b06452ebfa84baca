"""JSON shapes of the stored catalogue, of searches and of suggestions. No query is made."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.bounds import YEARS
from moviesite.catalogue.filters import ORDERS, Filters, Groups, Ordering, alternatives
from moviesite.catalogue.schemas import ACCOUNT_NOTE, MovieSummarySchema, SourceSchema
from moviesite.web.schemas import (
    AccountId,
    Form,
    PageArgs,
    PageSize,
    Several,
    Text,
    ViewingArgs,
    page_of,
)

SUGGESTED = ("movie", "person", "keyword")
CLOSE_TO = {"description": "The words searched for, if the results are only close matches."}
GENRES = {
    "description": "Id, slug or name; `,` all, `|` any. No movie is of a genre that is unknown."
}
_ORDERINGS = [sign + name for name in ORDERS for sign in ("", "-")]


def _year() -> fields.Integer:
    return fields.Integer(validate=validate.Range(YEARS.start, YEARS.stop - 1))


def _rating() -> fields.Float:
    return fields.Float(
        validate=validate.Range(0, 10), metadata={"description": "Of `vote_average`."}
    )


class BrowseArgs(PageArgs):
    """How the stored catalogue is narrowed, put in order and cut into pages."""

    search = Text(200, metadata={"description": "Words and operators; typos are forgiven."})
    imdb_id = fields.String(
        validate=Form(r"^tt[0-9]{5,12}$", error="This is not an IMDb id such as tt0113277.")
    )
    title = Text(200, metadata={"description": "Words that each start a word in the title."})
    genre = Several(
        Text(100, least=1),
        20,
        metadata={
            "description": "Id, slug or name; repeat it or use a comma for all, a pipe for "
            "any, a leading `-` for none. No movie is of a genre that is unknown."
        },
    )
    year = _year()
    year_from = _year()
    year_to = _year()
    runtime_max = fields.Integer(validate=validate.Range(1, 10_000))
    rating_min = _rating()
    rating_max = _rating()
    person = Text(200, metadata={"description": "Id or name, in cast or crew; `,` all, `|` any."})
    keyword = Text(200, metadata={"description": "Id or name; `,` all, `|` any."})
    language = fields.String(
        validate=Form(r"^[a-z]{2,3}(-[A-Z]{2})?$", error="This is not a language code such as de."),
        metadata={
            "description": "A bare code such as `de` keeps movies originally in that language; "
            "a tag with a country such as `de-DE` only says what the caller reads."
        },
    )
    country = fields.String(
        validate=Form(r"^[A-Za-z]{2}$", error="This is not a country code such as DE."),
        metadata={"description": "Where the movie was made."},
    )
    ordering = fields.String(
        validate=validate.OneOf(_ORDERINGS),
        metadata={
            "description": "`-` reverses. By default: closest to the words of `search`, else "
            "most popular. Items without a value come last either way."
        },
    )
    page_size = PageSize()


class StoredPageSchema(page_of(MovieSummarySchema)):  # type: ignore[misc]
    """A page of the stored catalogue; `count` is exact up to 10,000 and stops there."""

    count_exact = fields.Boolean(required=True)
    not_understood = fields.List(fields.String(), required=True)
    close_to = fields.String(required=True, allow_none=True, metadata=CLOSE_TO)


class SearchArgs(PageArgs):
    """Words and operators as people type them; `genre` and `year` narrow further."""

    query = Text(200, least=1, required=True)
    genre = Text(100, metadata=GENRES)
    year = _year()
    account_id = AccountId(metadata=ACCOUNT_NOTE)


class FoundPageSchema(page_of(MovieSummarySchema)):  # type: ignore[misc]
    """A page of a search: stored hits first, the source's after them.

    `opens` is the id of the one film that a pasted address meant; `problem` says that the source
    did not answer.
    """

    source = fields.Nested(SourceSchema, required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)
    opens = fields.Integer(required=True, allow_none=True)
    not_understood = fields.List(fields.String(), required=True)
    close_to = fields.String(required=True, allow_none=True, metadata=CLOSE_TO)


class SuggestArgs(ViewingArgs):
    """The beginning of a title or a name; `kind` asks for one kind alone."""

    q = Text(200, least=1, required=True)
    kind = fields.String(
        validate=validate.OneOf(SUGGESTED),
        metadata={"description": "By default: movies and people."},
    )


class SuggestionSchema(ma.Schema):
    """A movie, with `title`, `year` and `poster_url`, or a person, with `name` and `photo_url`.

    A keyword has a `name` alone; its `url` leads to the movies that have it.
    """

    kind = fields.String(required=True, validate=validate.OneOf(SUGGESTED))
    id = fields.Integer(required=True)
    title = fields.String()
    name = fields.String()
    year = fields.Integer(allow_none=True)
    poster_url = fields.String(allow_none=True)
    photo_url = fields.String(allow_none=True)
    url = fields.String(required=True)


class SuggestionsSchema(ma.Schema):
    """At most ten suggestions, closest first."""

    results = fields.List(fields.Nested(SuggestionSchema), required=True)


def filters_of(args: dict[str, Any]) -> Filters:
    """The filters that the arguments ask for."""
    genres = args.get("genre", [])
    wanted = [group for value in genres if value[0] != "-" for group in alternatives(value)]
    unwanted = [group for v in genres if v[0] == "-" for group in alternatives(v[1:])]
    language, country = args.get("language", ""), args.get("country")
    return Filters(
        title=args.get("title", ""),
        imdb_id=args.get("imdb_id", ""),
        genres=tuple(wanted),
        without_genres=tuple(value for group in unwanted for value in group),
        year_from=_tightest(max, args.get("year"), args.get("year_from")),
        year_to=_tightest(min, args.get("year"), args.get("year_to")),
        runtime_max=args.get("runtime_max"),
        rating_min=args.get("rating_min"),
        rating_max=args.get("rating_max"),
        people=_groups(args, "person"),
        keywords=_groups(args, "keyword"),
        languages=(language,) if language and "-" not in language else (),
        countries=(country,) if country else (),
    )


def ordering_of(args: dict[str, Any]) -> Ordering | None:
    """The order that the arguments ask for, None without one."""
    given: str | None = args.get("ordering")
    if not given:
        return None
    return Ordering(next(name for name in ORDERS if name == given.lstrip("-")), given[0] == "-")


def _groups(args: dict[str, Any], name: str) -> Groups:
    return alternatives(args.get(name, ""))


def _tightest(choose: Any, *bounds: int | None) -> int | None:
    given = [bound for bound in bounds if bound is not None]
    return choose(given) if given else None
