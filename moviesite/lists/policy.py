"""Who may see and who may change a list. Pure: no request, no statement."""

from moviesite.errors import Forbidden, NotFound
from moviesite.models import MovieList, User
from moviesite.models.lists import PRIVATE


def is_owner(user: User | None, movie_list: MovieList) -> bool:
    """Whether the list is this person's."""
    return user is not None and movie_list.owner_id == user.id


def runs_site(user: User | None) -> bool:
    """Whether somebody is signed in who runs the site."""
    return user is not None and user.is_admin


def may_see(user: User | None, movie_list: MovieList) -> bool:
    """Whether the list exists for this person; None is a visitor."""
    if is_owner(user, movie_list) or runs_site(user):
        return True
    return movie_list.visibility != PRIVATE and movie_list.owner.is_active


def shows_adult(viewer: User | None, movie_list: MovieList) -> bool:
    """Whether movies for adults are shown: by the person's setting, and in a list of their own."""
    return viewer is not None and (viewer.show_adult or is_owner(viewer, movie_list))


def check_visible(user: User | None, movie_list: MovieList | None) -> MovieList:
    """The list; raises NotFound, in the same words for absent and private ones."""
    if movie_list is None or not may_see(user, movie_list):
        raise NotFound("There is no such list, or it is private.")
    return movie_list


def check_owner(user: User, movie_list: MovieList | None) -> MovieList:
    """The list; raises NotFound where it does not exist for this person, else Forbidden."""
    found = check_visible(user, movie_list)
    if not is_owner(user, found):
        raise Forbidden("Only its owner can change a list.")
    return found


def check_deletable(user: User, movie_list: MovieList | None) -> MovieList:
    """The list, for its owner and for who runs the site; raises NotFound or Forbidden."""
    found = check_visible(user, movie_list)
    if not runs_site(user):
        return check_owner(user, found)
    return found


def check_curator(user: User) -> None:
    """Raises Forbidden unless this person runs the site."""
    if not user.is_admin:
        raise Forbidden("Only admins can feature a list.")
