"""Stores the demo's eight lists once, so that the directory begins with something to read."""

from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from moviesite.accounts.names import folded
from moviesite.accounts.queries import user_by_email
from moviesite.catalogue import keeping
from moviesite.config import current_config
from moviesite.extensions import db
from moviesite.lists import queries, service
from moviesite.lists.queries import Wanted
from moviesite.models import User
from moviesite.models.lists import PUBLIC
from moviesite.providers.http import JOB, patience
from moviesite.transactions import transactional

# Nobody: the account has no password, and mail to it goes nowhere. The address tells who it is;
# in demos that were begun under an older name it keeps that name.
HOUSE, ADDRESS = "the-projectionist", "the-programme@demo.invalid"


class Programme(NamedTuple):
    """A list of the demo: films by their TMDb ids, in this order."""

    name: str
    description: str
    movie_ids: tuple[int, ...]


PROGRAMMES = (
    Programme(
        "One night, one city",
        "Everything here happens between dusk and breakfast, or feels as if it did.",
        (1538, 103, 104, 592, 153, 80, 1018, 8321, 64690, 242582, 925, 187),
    ),
    Programme(
        "The law of the West",
        "Dust, silence, a long look. Half a century of a genre that keeps being declared dead.",
        (335, 429, 391, 11697, 642, 576, 23330, 33, 15067, 68718, 281957, 273248),
    ),
    Programme(
        "Ninety minutes, no more",
        "For an evening that starts late: nothing here outstays its welcome.",
        (80, 104, 808, 862, 1667, 3933, 9662, 10386, 13342, 21334, 425, 8885),
    ),
    Programme(
        "Small rooms",
        "A handful of people, a closed door, and what gets said behind it.",
        (389, 284, 702, 10238, 86837, 264644, 264660, 592, 223, 582),
    ),
    Programme(
        "From far beyond",
        "Voyages that leave the Earth behind, and look back at it.",
        (62, 593, 840, 348, 679, 686, 17431, 10681, 49047, 157336, 286217),
    ),
    Programme(
        "Subtitles, please",
        "Ten languages for a world tour without a passport.",
        (179144, 25376, 598, 60243, 191714, 670, 37903, 2009, 103663, 582, 666, 46738, 123678),
    ),
    Programme(
        "Drawn by hand and by heart",
        "Animation for those who no longer need an excuse to watch it.",
        (129, 128, 4935, 149, 2011, 9662, 8885, 10386, 756, 150540, 862, 14160),
    ),
    Programme(
        "The plan goes wrong",
        "Heists, holdups, and the moment after someone says that nothing can go wrong.",
        (500, 680, 107, 9277, 298, 18079, 1051, 769, 562, 640, 6977),
    ),
)


def seed_demo() -> int:
    """Make those of the demo's lists that are not there; says how many those were.

    Nothing happens over another source. A list that was deleted by who runs the site comes back.
    """
    if not current_config().demo:
        return 0
    house = _house()
    known = {one.movie_list.name for one in queries.directory(house, Wanted(house.username)).rows}
    lacking = [one for one in PROGRAMMES if one.name not in known]
    with patience(JOB):
        # The first becomes the newest, and stands first.
        for one in reversed(lacking):
            _store(house, one)
    return len(lacking)


def _store(house: User, one: Programme) -> None:
    unknown = set(keeping.ensure_each_stored(one.movie_ids))
    _make(house, one, [movie_id for movie_id in one.movie_ids if movie_id not in unknown])


@transactional
def _make(house: User, one: Programme, movie_ids: list[int]) -> None:
    made = service.create(
        house, one.name, description=one.description, visibility=PUBLIC, movie_ids=movie_ids
    )
    made.curated = True


def _house() -> User:
    try:
        return user_by_email(ADDRESS) or _open_house()
    except IntegrityError:
        # Another worker was faster.
        found = user_by_email(ADDRESS)
        if found is None:
            raise
        return found


@transactional
def _open_house() -> User:
    user = User(username=HOUSE, email=ADDRESS, password_hash=None)
    user.username_folded, user.email_folded = folded(HOUSE), folded(ADDRESS)
    db.session.add(user)
    db.session.flush()
    return user
