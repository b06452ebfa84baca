"""Has what is cached asked for anew, kind by kind. No web."""

from typing import Any

from moviesite import audit, cache_kinds, caching
from moviesite.audit import Act, Subject
from moviesite.catalogue import override_queries
from moviesite.errors import InvalidInput
from moviesite.models import User
from moviesite.queue import Job, offer
from moviesite.transactions import after_commit, transactional

EVERYTHING = "everything"
ANSWERS = "answers"

KINDS: dict[str, tuple[cache_kinds.Kind[Any], ...]] = {
    "lists": (cache_kinds.LISTING, cache_kinds.MOVIE_ROW),
    "discover": (cache_kinds.DISCOVER,),
    "movies": (cache_kinds.MOVIE_DETAIL, cache_kinds.FIND),
    "people": (cache_kinds.PERSON,),
    "collections": (cache_kinds.COLLECTION,),
    "searches": (cache_kinds.SEARCH, cache_kinds.SUGGEST, cache_kinds.TITLES),
    "reference": (
        *(cache_kinds.GENRES, cache_kinds.IMAGE_SIZES),
        *(cache_kinds.WATCH_PROVIDERS, cache_kinds.WATCH_REGIONS),
    ),
    "favorites": (cache_kinds.FAVORITES,),
    "shared": (cache_kinds.SHARED_PART,),
    "recommendations": (cache_kinds.RECOMMENDED,),
}
# In words; `answers` are whole pages as they were drawn for visitors.
CHOICES: dict[str, str] = {
    EVERYTHING: "Everything",
    "lists": "Popular, trending and similar lists",
    "discover": "Discover",
    "movies": "Films",
    "people": "People",
    "collections": "Series",
    "searches": "Searches",
    "reference": "Genres, services, picture sizes",
    "favorites": "Favorites pages",
    "shared": "Shared list pages",
    "recommendations": "Recommendations",
    ANSWERS: "Whole pages for visitors",
}


def refresh(actor: User, kind: str) -> int:
    """Forget what is cached of a kind, so that it is asked for anew; says how many entries.

    What the database keeps for when a source is down stays. Raises InvalidInput for an unknown
    kind, Forbidden.
    """
    if kind not in CHOICES:
        raise InvalidInput.of("kind", f"Use one of: {', '.join(CHOICES)}.")
    _note(actor, kind)
    gone = _forget(kind)
    if kind in (EVERYTHING, "lists"):
        offer(Job.WARM_CATALOGUE)
    return gone


@transactional
def _note(actor: User, kind: str) -> None:
    subject = Subject("cache", kind, CHOICES[kind])
    audit.record(actor, Act.CACHE_REFRESH, subject)


def _forget(kind: str) -> int:
    chosen = KINDS.values() if kind == EVERYTHING else [KINDS.get(kind, ())]
    gone = sum(caching.purge(one) for kinds in chosen for one in kinds)
    # Whatever it is, whole pages may be made of it.
    return gone + caching.purge_answers()


def show_changes() -> None:
    """Have the next request show what was just said of films, once that is committed."""
    after_commit(_drop_drawn)


def _drop_drawn() -> None:
    override_queries.changed()
    for kind in (cache_kinds.FAVORITES, cache_kinds.SHARED_PART):
        caching.purge(kind)
    caching.purge_answers()
