"""The addresses of favorites, watchlist and own ratings, typed. Changes nothing."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import msgspec
from flask import request

from moviesite import clock
from moviesite.bounds import MAX_ID
from moviesite.errors import InvalidInput
from moviesite.library.kept_queries import ANY, KeptOrder, Wish
from moviesite.models import User
from moviesite.text import whole_number
from moviesite.web.arguments import page_number
from moviesite.web.personal import SEEN
from moviesite.web.viewing import current_region

# Orders by the word in the address, each with its name on the page; the first is the usual one.
_ORDERS = {
    "-added_at": "Recently added",
    "added_at": "First added",
    "title": "Title",
    "-release_date": "Newest",
    "release_date": "Oldest",
    "-vote_average": "Top rated",
    "runtime": "Shortest",
}
FAVORITE_ORDERS = _ORDERS
WATCHLIST_ORDERS = {**_ORDERS, "-priority": "Priority"}
RATING_ORDERS = {
    "-added_at": "Recently rated",
    "added_at": "First rated",
    "-rating": "Your highest ratings",
    "rating": "Your lowest ratings",
    **{name: words for name, words in _ORDERS.items() if not name.endswith("added_at")},
}
# Runtimes in minutes: least and most.
RUNTIMES = {
    "short": ("Up to 90 minutes", None, 90),
    "usual": ("90 to 120 minutes", 90, 120),
    "long": ("Over two hours", 121, None),
}
MY_SERVICES = "mine"
FIRST_DECADE = 1920


class ShelfWish(NamedTuple):
    """How a list is to be narrowed and put in order; `sort`, `genre` and so on as given."""

    filters: Any
    ordering: KeptOrder
    page: int
    sort: str
    genre: int | None
    decade: int | None
    runtime: str
    service: str
    seen: str
    orders: Mapping[str, str]
    with_text: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        given = (self.genre, self.decade, self.runtime, self.service, self.seen, self.with_text)
        return any(given)

    @property
    def params(self) -> dict[str, Any]:
        """The wish as an address has it, without what is usual, for a page about the same films."""
        usual = next(iter(self.orders))
        names = ("genre", "decade", "runtime", "service", "seen")
        given = {name: getattr(self, name) for name in names}
        given["sort"] = self.sort if self.sort != usual else None
        return {name: value for name, value in given.items() if value}


def shelf_wish(orders: Mapping[str, str]) -> ShelfWish:
    """The wish in the present address; raises InvalidInput."""
    sort = _word("sort", orders) or next(iter(orders))
    genre, decade, runtime = _id("genre"), _decade(), _word("runtime", RUNTIMES)
    _, least, most = RUNTIMES.get(runtime, ("", None, None))
    filters = msgspec.structs.replace(
        ANY,
        genres=((str(genre),),) if genre else (),
        year_from=decade,
        year_to=decade + 9 if decade else None,
        runtime_min=least,
        runtime_max=most,
    )
    order = KeptOrder(sort.removeprefix("-"), descending=sort.startswith("-"))
    service = request.args.get("service", "")
    if service != MY_SERVICES:
        service = str(_id("service") or "")
    given = (sort, genre, decade, runtime, service, _word("seen", SEEN))
    return ShelfWish(filters, order, page_number(), *given, orders)


def ratings_wish() -> ShelfWish:
    """The same for own ratings, which may be narrowed to those with words, seen or not."""
    with_text = _word("words", {"1": True}) == "1"
    return shelf_wish(RATING_ORDERS)._replace(with_text=with_text, seen="")


def kept_wish(wish: ShelfWish, user: User) -> Wish:
    """What of favorites or of the watchlist is wanted, on the services of the person's region."""
    region = user.region or current_region()
    seen = SEEN.get(wish.seen)
    return Wish(wish.filters, services=_services_of(wish, user), region=region, seen=seen)


def decades() -> range:
    """The first years of the decades that can be chosen, newest first; the oldest says 1920."""
    this = clock.now().year // 10 * 10
    return range(this, FIRST_DECADE - 10, -10)


def film(name: str) -> int:
    """The film that the address names: the one that is picked, or the one `besides` which another
    is to be; 0 without one.
    """
    return _id(name) or 0


def _services_of(wish: ShelfWish, user: User) -> Collection[int]:
    """Ids of the services that one of must stream a film; none where it does not matter."""
    if wish.service == MY_SERVICES:
        # Nobody has a service without a number: whoever named none sees no film.
        return user.providers or (0,)
    return (int(wish.service),) if wish.service else ()


def _decade() -> int | None:
    given = request.args.get("decade", "")
    if not given:
        return None
    if given not in map(str, decades()):
        raise InvalidInput.of("decade", "The first year of a decade, such as 1990.", "form")
    return int(given)


def _word(name: str, allowed: Mapping[str, Any]) -> str:
    given = request.args.get(name, "")
    if given and given not in allowed:
        raise InvalidInput.of(name, f"Use one of: {', '.join(allowed)}.", "form")
    return given


def _id(name: str) -> int | None:
    given = request.args.get(name, "")
    if not given:
        return None
    number = whole_number(given, 1, MAX_ID)
    if number is None:
        raise InvalidInput.of(name, "This is not an id.", "form")
    return number
