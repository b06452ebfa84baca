"""What a chart says of itself in sentences. Pure: plain values in, plain words out."""

from moviesite.text import capital

_SPAN = {"day": "today", "week": "this week"}
_BEFORE = {"day": "the two weeks before", "week": "the month before"}
_TIMES = (
    *("", "", "twice", "three times", "four times", "five times", "six times", "seven times"),
    *("eight times", "nine times", "ten times"),
)


def why(people: int, made_up: int, usual: float | None, time_range: str) -> str:
    """Why a film trends by our own count, such as "12 people showed interest this week"."""
    sentence = f"{_who(people, made_up)} showed interest {_SPAN[time_range]}"
    compared = _compared(people + made_up, usual, time_range)
    return f"{sentence}, {compared}" if compared else sentence


def _who(people: int, made_up: int) -> str:
    parts = []
    if people or not made_up:
        parts.append(_number(people, "person", "people"))
    if made_up:
        parts.append(_number(made_up, "demo viewer", "demo viewers"))
    return " and ".join(parts)


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _compared(count: int, usual: float | None, time_range: str) -> str:
    if usual is None:
        return ""
    if not usual:
        return f"up from none in {_BEFORE[time_range]}"
    times = count / usual
    if times > len(_TIMES) - 0.5:
        return "more than ten times the usual"
    return f"{_TIMES[round(times)]} the usual" if times >= 1.75 else ""


def elsewhere(source: str, time_range: str) -> str:
    """Why a film is in the source's own chart."""
    return f"Trending on {source} {_SPAN[time_range]}"


def nothing_counted(time_range: str) -> str:
    """That there is no chart of our own."""
    return f"Too few people have shown interest in any film here {_SPAN[time_range]}."


def filled(count: int, source: str) -> str:
    """How much of a chart is our own."""
    films = "The first film is" if count == 1 else f"The first {count} films are"
    return f"{films} counted here; the rest is what trends on {source}."


def source_away(source: str) -> str:
    """That a chart is shorter than it would be."""
    return f"{capital(source)} is not answering; these are counted here."
