"""One search over what is stored and what TMDb knows. No web, no statement of its own."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from moviesite.bounds import page_count
from moviesite.caching import Answer
from moviesite.catalogue import (
    browse,
    closeness,
    failed_searches,
    live,
    other_sources,
    people_search,
    search,
)
from moviesite.catalogue.closeness import BARE, SOME_WORDS, Candidate, Match, asked
from moviesite.catalogue.filters import MOST_POPULAR, NO_FILTERS, Filters, Ordering, genre_slug
from moviesite.catalogue.search_syntax import Target, Wording
from moviesite.errors import MovieSiteError, NotFound
from moviesite.providers.base import MovieData, MoviePage
from moviesite.providers.movie_providers import after_tmdb, before_tmdb
from moviesite.text import fold, slug

PAGE_SIZE = 20


class Found(NamedTuple):
    """A page of what was found.

    `opens` is the one film that a pasted address meant. `answer` is the source's part, None
    where it was not asked or did not answer; `problem` then says so in a sentence. `close_to` are
    the words that no title has, where all that was found is merely close to them.
    """

    page: MoviePage
    exact: bool = True
    opens: int | None = None
    not_understood: tuple[str, ...] = ()
    answer: Answer[MoviePage] | None = None
    problem: str | None = None
    close_to: str | None = None


# The stored catalogue


def browse_stored(wish: Wording, *, page: int = 1, page_size: int = PAGE_SIZE) -> browse.Stored:
    """A page of stored movies by words and filters, closest first."""
    return browse_closely(wish, None, page=page, page_size=page_size)[0]


def browse_closely(
    wish: Wording, ordering: Ordering | None, *, page: int = 1, page_size: int = PAGE_SIZE
) -> tuple[browse.Stored, str | None]:
    """The same page, perhaps in an order, and the words that no title has where all is close.

    The words are None where some title has them.
    """
    filters = people_search.with_known_people(wish.filters)
    if wish.target:
        meant = [movie.id for movie in _stored_target(wish.target, filters)]
        return _page(meant, page, page_size), None
    if not wish.words:
        known = ordering or MOST_POPULAR
        return browse.stored(filters, known, page=page, page_size=page_size), None
    matches = search.search(wish.words, filters)
    ids, close_to = [movie_id for _, movie_id in matches], _close_to(wish.words, matches)
    if ordering:
        return browse.among(ids, ordering, page=page, page_size=page_size), close_to
    return _page(ids, page, page_size), close_to


def _close_to(words: str, matches: Sequence[tuple[Match, int]]) -> str | None:
    merely = bool(matches) and all(match.forgiving for match, _ in matches)
    return words if merely else None


def _page(ids: Sequence[int], page: int, page_size: int) -> browse.Stored:
    return browse.page_of(ids[(page - 1) * page_size : page * page_size], len(ids))


def _stored_target(target: Target, filters: Filters = NO_FILTERS) -> Sequence[MovieData]:
    if target.kind == "movie":
        return browse.chosen([int(target.value)])
    if target.kind == "imdb":
        wanted = msgspec.structs.replace(filters, imdb_id=target.value)
        return browse.stored(wanted, page_size=1).movies
    found = search.search(target.value)
    return browse.chosen([movie_id for match, movie_id in found[:1] if match.kind <= BARE])


# Everywhere


def search_everywhere(wish: Wording, page: int, language: str) -> Found:
    """A page of 20: what is stored first, then what the source finds, nothing twice.

    The source is asked for words alone; filters of which its lists tell nothing are answered
    from what is stored. While it is down, the page says so and holds what is stored.
    """
    found = _search_everywhere(wish, page, language)
    if wish.words and page == 1 and not found.page.total_results and not found.problem:
        failed_searches.note(wish.words)
    return found


def _search_everywhere(wish: Wording, page: int, language: str) -> Found:
    if wish.empty:
        return Found(MoviePage(1, 0, 0), not_understood=wish.not_understood)
    if wish.target:
        return _open(wish, language)
    if not wish.words or not _answered_by_lists(wish.filters):
        return _stored_only(wish, page)
    first = other_sources.found(before_tmdb(), wish, language) if page == 1 else ()
    if first:
        return _of_others(first, wish)
    found = _with_source(wish, page, language)
    if found.page.total_results or page > 1:
        return found
    others = other_sources.found(after_tmdb(), wish, language)
    return _of_others(others, wish)._replace(problem=found.problem) if others else found


def _with_source(wish: Wording, page: int, language: str) -> Found:
    try:
        return _merged(wish, page, language)
    except MovieSiteError:
        found = _stored_only(wish, page)
        problem = f"Only films saved here, because {live.source_in_words()} is not answering."
        return found._replace(problem=problem if found.page.results else f"{problem} None match.")


def _of_others(movies: Sequence[MovieData], wish: Wording) -> Found:
    """What other sources found, and of it what the filters leave."""
    kept = tuple(movie for movie in movies if _meets(movie, wish.filters))
    return Found(MoviePage(1, 1, len(kept), kept), not_understood=wish.not_understood)


def _stored_only(wish: Wording, page: int) -> Found:
    stored, close_to = browse_closely(wish, None, page=page)
    shown = MoviePage(page, stored.pages(PAGE_SIZE), stored.total, tuple(stored.movies))
    return Found(shown, stored.exact, not_understood=wish.not_understood, close_to=close_to)


def _answered_by_lists(filters: Filters) -> bool:
    """Whether rows of the source's lists tell if they meet the filters."""
    answered = {
        *("genres", "without_genres", "year_from", "year_to", "rating_min", "rating_max"),
        *("languages", "include_adult"),
    }
    given = msgspec.structs.asdict(filters)
    usual = msgspec.structs.asdict(NO_FILTERS)
    return all(name in answered for name in given if given[name] != usual[name])


def _merged(wish: Wording, page: int, language: str) -> Found:
    """Stored hits take the first places; the source's list is shifted by as many."""
    found = search.search(wish.words, wish.filters)
    matches = [match for match in found if match[0].kind < SOME_WORDS][:PAGE_SIZE]
    ids = [movie_id for _, movie_id in matches]
    start = (page - 1) * PAGE_SIZE - len(ids)
    answer, rows = _upstream(wish, start, language)
    stored = browse.chosen(ids) if page == 1 else []

    def new(movies: Sequence[MovieData]) -> list[MovieData]:
        return [movie for movie in movies if movie.id not in ids and _meets(movie, wish.filters)]

    count, further = answer.value.total_results + len(ids), new(rows)
    if answer.value.total_pages <= 1:
        # The whole list is at hand: what it has in common with the stored hits counts once.
        others = new(answer.value.results)
        count, further = len(ids) + len(others), others[max(start, 0) : max(start + PAGE_SIZE, 0)]
    pages = page_count(count, PAGE_SIZE)
    shown = MoviePage(page, pages, count, (*stored, *further))
    # What the source finds may bear a name that is unknown here, so it counts as called so.
    close_to = None if answer.value.total_results else _close_to(wish.words, matches)
    return Found(shown, not_understood=wish.not_understood, answer=answer, close_to=close_to)


def _upstream(
    wish: Wording, start: int, language: str
) -> tuple[Answer[MoviePage], list[MovieData]]:
    """The twenty rows of the source's list from a place on, which may lie before its first.

    The source takes a year beside a title for a word of it: where it finds nothing so, it is asked
    for the title in that year.
    """
    answer, rows = _rows(wish, start, language)
    dated = None if answer.value.total_results else _dated(wish)
    return _rows(dated, start, language) if dated else (answer, rows)


def _dated(wish: Wording) -> Wording | None:
    """The wish of `dune 2021` as a title and a year; None without both, or with years besides."""
    wanted, filters = asked(wish.words), wish.filters
    if len(wanted.years) != 1 or not wanted.without_years or filters.year_from or filters.year_to:
        return None
    [year] = wanted.years
    named = wish._replace(words=wanted.without_years)
    return named.narrowed(year=year, adult=filters.include_adult)


def _rows(wish: Wording, start: int, language: str) -> tuple[Answer[MoviePage], list[MovieData]]:
    year, adult = wish.filters.year, wish.filters.include_adult
    first, stop = max(start, 0) // PAGE_SIZE + 1, start + PAGE_SIZE
    answer = live.search(wish.words, first, language, year, adult=adult)
    rows = list(answer.value.results)
    if first * PAGE_SIZE < stop and first < answer.value.total_pages:
        answer = live.search(wish.words, first + 1, language, year, adult=adult)
        rows += answer.value.results
    passed = (first - 1) * PAGE_SIZE
    return answer, rows[max(start, 0) - passed : max(stop, 0) - passed]


def _meets(movie: MovieData, filters: Filters) -> bool:
    """What a row of a list can tell; an unknown year meets no bound."""
    year, score = movie.year, movie.vote_average
    names = {slug(genre.name) for genre in movie.genres} | {str(g.id) for g in movie.genres}
    return (
        (filters.year_from is None or (year is not None and year >= filters.year_from))
        and (filters.year_to is None or (year is not None and year <= filters.year_to))
        and (filters.rating_min is None or score >= filters.rating_min)
        and (filters.rating_max is None or score <= filters.rating_max)
        and (not filters.languages or movie.original_language in filters.languages)
        and all(any(genre_slug(value) in names for value in group) for group in filters.genres)
        and not any(genre_slug(value) in names for value in filters.without_genres)
    )


def _open(wish: Wording, language: str) -> Found:
    """The film that an address means: stored, or told by the source."""
    target = wish.target
    movies = list(_stored_target(target)) if target else []
    problem = None
    if target and not movies:
        try:
            movies = [_upstream_target(target, language)]
        except NotFound:
            movies = []
        except MovieSiteError:
            problem = f"{live.source_name()} is not answering, and this film is not saved here."
    opens = movies[0].id if movies else None
    shown = MoviePage(1, len(movies), len(movies), tuple(movies))
    return Found(shown, opens=opens, problem=problem)


def _upstream_target(target: Target, language: str) -> MovieData:
    if target.kind == "movie":
        return live.movie(int(target.value), language).value
    if target.kind == "imdb":
        return live.movie_by_imdb(target.value, language)
    wanted = asked(target.value)
    for movie in live.search(wanted.without_years, 1, language, None).value.results:
        match = closeness.match(wanted, _as_candidate(movie))
        if match and match.kind <= BARE:
            return movie
    raise NotFound("No film has this title.")


def _as_candidate(movie: MovieData) -> Candidate:
    title, original = fold(movie.title), fold(movie.original_title)
    both = title if title == original else f"{title} {original}"
    return Candidate(movie.id, title, both, movie.year, movie.popularity)
