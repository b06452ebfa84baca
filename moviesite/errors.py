"""What can go wrong, in the domain's words. No Flask: `web.errors` turns these into answers."""

from typing import Any


class MovieSiteError(Exception):
    """A failure a caller can be told about: an HTTP status, a short title and a sentence."""

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str = "", *, retry_after: int | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.retry_after = retry_after
        self.extra = extra


class InvalidInput(MovieSiteError):
    """Values that are well formed but not allowed; `errors` is `{location: {field: [message]}}`."""

    status = 422
    title = "Some of the input is not valid"

    def __init__(self, errors: dict[str, dict[str, list[str]]], detail: str = "") -> None:
        super().__init__(detail, errors=errors)

    @classmethod
    def of(cls, field: str, message: str, location: str = "json") -> "InvalidInput":
        """One field of the body, or of another part of the request, is wrong for this reason."""
        return cls({location: {field: [message]}}, message)


class NotSignedIn(MovieSiteError):
    """Nobody is known to be calling, or what they showed does not prove it."""

    status = 401
    title = "Not signed in"


class NotFound(MovieSiteError):
    """Absent, or not to be known about by this person."""

    status = 404
    title = "Not found"


class Forbidden(MovieSiteError):
    """Signed in, but not allowed."""

    status = 403
    title = "Not allowed"


class NotAdmin(Forbidden):
    """Only those who run the site may do it."""

    def __init__(self) -> None:
        super().__init__("Only admins can do that.")


class Unconfirmed(Forbidden):
    """Allowed, but only to who has shown a short while ago that it is still they."""

    title = "Confirm that it is you"


class Conflict(MovieSiteError):
    """Clashes with what is already there."""

    status = 409
    title = "Conflict"


class Gone(MovieSiteError):
    """Was here, and is not to be had any more."""

    status = 410
    title = "No longer available"


class Outdated(MovieSiteError):
    """Somebody edited a thing meanwhile; `present` is how it stands now, for a door to show."""

    status = 412
    title = "Changed in the meantime"

    def __init__(self, detail: str = "", *, present: Any = None) -> None:
        super().__init__(detail)
        self.present = present


class QuotaExceeded(MovieSiteError):
    """More than this caller may use for now."""

    status = 429
    title = "Too many requests"

    def __init__(
        self, detail: str = "", *, retry_after: int | None = None, limit: int | None = None
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.limit = limit


class Unavailable(MovieSiteError):
    """A system we depend on did not answer and nothing saved can stand in for it."""

    status = 503
    title = "Not available right now"

    def __init__(self, detail: str = "", *, retry_after: int = 1) -> None:
        super().__init__(detail, retry_after=retry_after)
