"""Background door of what trends. May run twice, or twice at once, without harm."""

from moviesite import clock
from moviesite.trending import service


def generate_daily_trending() -> None:
    """Count what people turned to and rank it; the charts are swapped whole."""
    service.generate(clock.now())
