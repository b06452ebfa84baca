"""Background entry points of the library: one call each."""

from moviesite.library import changes_service


def forget_old_changes() -> None:
    """Delete what can no longer be taken back."""
    changes_service.forget_old()
