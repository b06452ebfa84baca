"""The model that this process recommends with: mapped once, changed when another takes over."""

import threading
import time
from collections.abc import Collection
from functools import cached_property

import numpy as np
import structlog
from numpy.typing import NDArray

from moviesite.recommendations import model_files, queries
from moviesite.recommendations.serving import Model, UnusableModel

# How long another version may go unnoticed, in seconds.
POLL_SECONDS = 5.0
# Files may be seen on other machines later than the row that names them.
RETRY_SECONDS = 60.0

log = structlog.get_logger(__name__)


class Serving:
    """A model with the ids of its movies."""

    def __init__(self, version: str, model: Model) -> None:
        self.version, self.model = version, model
        self.movie_ids: NDArray[np.int64] = model.arrays["movie_ids"]

    @cached_property
    def ids(self) -> list[int]:
        """Ids of the movies by column."""
        found: list[int] = self.movie_ids.tolist()
        return found

    @cached_property
    def columns(self) -> dict[int, int]:
        """Movie id -> column."""
        return {movie_id: column for column, movie_id in enumerate(self.ids)}

    def columns_of(self, movie_ids: Collection[int]) -> NDArray[np.int64]:
        """Columns of those of the movies that the model knows."""
        known = [self.columns[movie_id] for movie_id in movie_ids if movie_id in self.columns]
        return np.array(sorted(known), dtype=np.int64)

    @cached_property
    def years(self) -> NDArray[np.int16]:
        """Years of release by column, 0 where unknown."""
        return self.model.arrays["years"]


class _Kept:
    """What this process has mapped, and when it last looked whether that is still right."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.serving: Serving | None = None
        self.unusable: str | None = None
        self.looked_at = self.tried_at = float("-inf")


_kept = _Kept()


def current() -> Serving | None:
    """The model in service; None before the first was learnt. Asks the database every 5 s.

    Reading another may take seconds: whoever comes meanwhile goes on with the one before.
    """
    if _kept.lock.acquire(blocking=_kept.serving is None):
        try:
            if time.monotonic() - _kept.looked_at >= POLL_SECONDS:
                _look(queries.version_in_service())
                _kept.looked_at = time.monotonic()
        finally:
            _kept.lock.release()
    return _kept.serving


def look_again() -> None:
    """Have the next question ask the database, as after a training in this very process."""
    _kept.looked_at = _kept.tried_at = float("-inf")


def _look(version: str | None) -> None:
    if version is None:
        _kept.serving = None
        return
    known = _kept.serving
    if known is not None and known.version == version:
        return
    if version == _kept.unusable and time.monotonic() - _kept.tried_at < RETRY_SECONDS:
        return
    try:
        _kept.serving = Serving(version, Model.load(model_files.folder_of(version)))
    except UnusableModel as error:
        # The one before stays: an older answer is better than none.
        log.error("model not usable", version=version, problem=str(error))
        _kept.unusable, _kept.tried_at = version, time.monotonic()
