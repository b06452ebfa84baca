"""What those who run the site can do, as the audit log names it and in words. Pure."""

from enum import StrEnum


class Act(StrEnum):
    """An act: on what, and which."""

    MOVIE_ADD = "movie.add"
    MOVIE_EDIT = "movie.edit"
    MOVIE_RESET = "movie.reset"
    MOVIE_SYNC = "movie.sync"
    MOVIE_DELETE = "movie.delete"
    MOVIE_RESTORE = "movie.restore"
    GENRE_ADD = "genre.add"
    GENRE_EDIT = "genre.edit"
    GENRE_RESET = "genre.reset"
    GENRE_DELETE = "genre.delete"
    GENRE_RESTORE = "genre.restore"
    KEYWORD_ADD = "keyword.add"
    KEYWORD_EDIT = "keyword.edit"
    KEYWORD_RESET = "keyword.reset"
    KEYWORD_DELETE = "keyword.delete"
    KEYWORD_RESTORE = "keyword.restore"
    CACHE_REFRESH = "cache.refresh"
    USER_EDIT = "user.edit"
    USER_END_SESSIONS = "user.end-sessions"
    TIER_ADD = "tier.add"
    TIER_EDIT = "tier.edit"
    TIER_DELETE = "tier.delete"
    LIST_CURATE = "list.curate"
    REVIEW_DISMISS = "review.dismiss"
    REVIEW_REMOVE = "review.remove"
    JOB_RETRY = "job.retry"
    JOB_CANCEL = "job.cancel"
    JOB_RUN = "job.run"
    TMDB_PURGE = "tmdb.purge"


WORDS: dict[str, str] = {
    Act.MOVIE_ADD: "Film added",
    Act.MOVIE_EDIT: "Film edited",
    Act.MOVIE_RESET: "Film put back",
    Act.MOVIE_SYNC: "Film fetched anew",
    Act.MOVIE_DELETE: "Film removed",
    Act.MOVIE_RESTORE: "Film let in again",
    Act.GENRE_ADD: "Genre added",
    Act.GENRE_EDIT: "Genre edited",
    Act.GENRE_RESET: "Genre put back",
    Act.GENRE_DELETE: "Genre removed",
    Act.GENRE_RESTORE: "Genre let in again",
    Act.KEYWORD_ADD: "Keyword added",
    Act.KEYWORD_EDIT: "Keyword edited",
    Act.KEYWORD_RESET: "Keyword put back",
    Act.KEYWORD_DELETE: "Keyword removed",
    Act.KEYWORD_RESTORE: "Keyword let in again",
    Act.CACHE_REFRESH: "Cache refreshed",
    Act.USER_EDIT: "Account edited",
    Act.USER_END_SESSIONS: "Signed out everywhere",
    Act.TIER_ADD: "Tier added",
    Act.TIER_EDIT: "Tier edited",
    Act.TIER_DELETE: "Tier deleted",
    Act.LIST_CURATE: "List chosen or let go",
    Act.REVIEW_DISMISS: "Reports dismissed",
    Act.REVIEW_REMOVE: "Review removed",
    Act.JOB_RETRY: "Job tried again",
    Act.JOB_CANCEL: "Job cancelled",
    Act.JOB_RUN: "Job started",
    Act.TMDB_PURGE: "TMDb data purged",
}
