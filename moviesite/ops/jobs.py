"""Background doors of looking after the site. Each may run twice without harm."""

from moviesite.ops import analytics_service, breaker_service


def snapshot_analytics() -> None:
    """Write down how the site was used, a row a day."""
    analytics_service.snapshot()


def watch_sources() -> None:
    """Note which sources fell silent, and tell those who run the site of what lasts."""
    breaker_service.watch()


def warn_of_source(opening_id: int, user_id: str | int) -> None:
    """Mail one of those who run the site that a source is silent."""
    breaker_service.warn(opening_id, user_id)
