"""Has what is cached asked for anew, kind by kind. No web."""

from typing import Any

from moviesite import audit, caching
from moviesite.audit import Act, Subject
from moviesite.catalogue import override_queries
from moviesite.errors import InvalidInput
from moviesite.models import User
from moviesite.queue import Job, offer
from moviesite.transactions import after_commit, transactional

EVERYTHING = "everything"
ANSWERS = "answers"

KINDS: dict[str, tuple[caching.Kind[Any], ...]] = {
    "lists": (caching.LISTING, caching.MOVIE_ROW),
    "discover": (caching.DISCOVER,),
    "movies": (caching.MOVIE_DETAIL, caching.FIND),
    "people": (caching.PERSON,),
    "collections": (caching.COLLECTION,),
    "searches": (caching.SEARCH, caching.SUGGEST, caching.TITLES),
    "reference": (
        *(caching.GENRES, caching.IMAGE_SIZES),
        *(caching.WATCH_PROVIDERS, caching.WATCH_REGIONS),
    ),
    "favorites": (caching.FAVORITES,),
    "shared": (caching.SHARED_PART,),
    "recommendations": (caching.RECOMMENDED,),
}
# In words; `answers` are whole pages as they were drawn for visitors.
CHOICES: dict[str, str] = {
    EVERYTHING: "Everything",
    "lists": "Popular, trending and their like",
    "discover": "Discover",
    "movies": "Films",
    "people": "People",
    "collections": "Series",
    "searches": "Searches",
    "reference": "Genres, services, picture sizes",
    "favorites": "Pages of favorites",
    "shared": "Pages of shared lists",
    "recommendations": "Recommendations",
    ANSWERS: "Whole pages as visitors see them",
}


def refresh(actor: User, kind: str) -> int:
    """Forget what is cached of a kind, so that it is asked for anew; says how many entries.

    What the database keeps for when a source is down stays. Raises InvalidInput for an unknown
    kind, Forbidden.
    """
    if kind not in CHOICES:
        raise InvalidInput.of("kind", f"One of: {', '.join(CHOICES)}.")
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
    for kind in (caching.FAVORITES, caching.SHARED_PART):
        caching.purge(kind)
    caching.purge_answers()
