"""The time, always aware and in UTC. Imports nothing of ours."""

import datetime as dt


def now() -> dt.datetime:
    """This moment in UTC."""
    return dt.datetime.now(dt.UTC)


def rfc3339(moment: dt.datetime) -> str:
    """`2026-01-31T12:00:00Z`: seconds are enough for people and for JSON."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
