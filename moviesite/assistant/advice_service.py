"""Films for a wish with a model's help, as often a day as somebody's tier allows. No web.

Whatever keeps the model from naming films that are known here, rules answer and the call is
given back.
"""

import hashlib

from moviesite import caching, clock
from moviesite.assistant import quota_service, service
from moviesite.assistant.resolving import resolved
from moviesite.assistant.service import Asker, Hit, Reply, wanted
from moviesite.assistant.vocabulary import KINDS
from moviesite.cache_kinds import ADVISED, Advice
from moviesite.catalogue import live
from moviesite.errors import QuotaExceeded
from moviesite.models import User
from moviesite.providers.adviser import Adviser, NoAdvice, current_adviser

USED_UP, NOTHING_KNOWN = "used_up", "nothing_known"
# Why rules answered although a model was asked.
FALLBACKS = (
    *(USED_UP, NOTHING_KNOWN),
    *("refused", "cut_off", "too_slow", "busy", "away", "nonsense"),
)


def has_model() -> bool:
    """Whether this site asks a model at all."""
    return current_adviser() is not None


def search(prompt: str, asker: Asker) -> Reply:
    """Films that a model names for a wish; rules answer whoever may not ask it, or to no avail.

    Costs a call of the day when there are films of the model's; the same words cost nothing
    again while the answer is kept. Raises Unavailable as `service.search` does.
    """
    adviser = current_adviser()
    if adviser is None or asker.user is None or service.is_too_long(prompt):
        return service.search(prompt, asker)
    key = _key(prompt, asker.user, asker)
    advice = _kept(key)
    if advice is None or not advice.rows:
        advice = _taken(prompt, asker.user, asker, adviser)
        caching.keep(key, caching.encode(advice, clock.now()), ADVISED.seconds_kept)
    return _reply(prompt, asker, advice)


def recalled(prompt: str, asker: Asker) -> Reply | None:
    """What came of asking a model before, at no cost; None where that is not kept any more."""
    advice = _kept(_key(prompt, asker.user, asker)) if asker.user else None
    return _reply(prompt, asker, advice) if advice else None


def _key(prompt: str, user: User, asker: Asker) -> str:
    words = "\n".join((prompt.strip(), asker.language, str(asker.adult)))
    digest = hashlib.sha256(words.encode()).hexdigest()
    return ADVISED.key({"user_id": user.uuid, "words": digest})


def _kept(key: str) -> Advice | None:
    body = caching.peek(key)
    entry = caching.decode(ADVISED, body) if body else None
    return entry.value if entry else None


def _taken(prompt: str, user: User, asker: Asker, adviser: Adviser) -> Advice:
    """Nothing of the day is spent where there are no films, whatever the reason."""
    try:
        taken = quota_service.take(user)
    except QuotaExceeded:
        return Advice((), USED_UP)
    try:
        advice = _advised(prompt, asker, adviser)
    except BaseException:
        quota_service.give_back(taken)
        raise
    if not advice.rows:
        quota_service.give_back(taken)
    return advice


def _advised(prompt: str, asker: Asker, adviser: Adviser) -> Advice:
    try:
        named = adviser.films(prompt, KINDS)
    except NoAdvice as trouble:
        return Advice((), trouble.why)
    found = resolved(named, asker.language, adult=asker.adult)
    problem = f"Some films could not be looked up: {live.source_in_words()} is not answering."
    return Advice(
        found.rows, None if found.rows else NOTHING_KNOWN, problem if found.silent else None
    )


def _reply(prompt: str, asker: Asker, advice: Advice) -> Reply:
    if not advice.rows:
        reply = service.search(prompt, asker)
        return reply._replace(fallback=advice.fallback)
    wish = service.interpretation(prompt, asker)
    allowed = {movie.id for movie in wanted([row.movie for row in advice.rows], wish, asker)}
    hits = [Hit(*row) for row in advice.rows if row.movie.id in allowed]
    problem = [advice.problem] if advice.problem else []
    if wish.on_my_services:
        problem.append("Your services were not taken into account.")
    reply = Reply(wish, hits, problem=" ".join(problem) or None, engine="model")
    return service.with_quota(reply, asker)
