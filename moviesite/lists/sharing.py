"""What a link shows: always the present content of a list, of favorites or of a watchlist."""

from collections.abc import Sequence

from moviesite.bounds import Page
from moviesite.catalogue import override_queries
from moviesite.catalogue.presenting import Listed
from moviesite.library.kept_queries import KeptPage, favorites_of, watchlist_of
from moviesite.lists import item_queries, presenting
from moviesite.lists.presenting import ItemRow
from moviesite.lists.preview import MOST_COVERS, Cover, Preview
from moviesite.lists.share_queries import Opened
from moviesite.models import MovieList, User
from moviesite.models.lists import FAVORITES


def content(opened: Opened, viewer: User | None, *, page: int, page_size: int) -> Page[ItemRow]:
    """A page of what the link shows, without anybody's own part: one statement.

    Of a watchlist only the movies are shown: its notes and priorities are its owner's.
    """
    if opened.movie_list is None:
        return _kept(opened, viewer, page, page_size)
    found = item_queries.items(opened.movie_list, viewer=viewer, page=page, page_size=page_size)
    return Page(presenting.rows(found.rows), found.total, page_size)


def _kept(opened: Opened, viewer: User | None, page: int, page_size: int) -> Page[ItemRow]:
    of = favorites_of if opened.link.source == FAVORITES else watchlist_of
    found: KeptPage = of(opened.owner, page=page, page_size=page_size)
    adult = viewer is not None and (viewer.show_adult or viewer.id == opened.owner.id)
    rows = [
        ItemRow(Listed(kept.movie, kept.community), None, "", kept.added_at)
        for kept in found.rows
        if adult or not kept.movie.adult
    ]
    return Page(rows, found.total, page_size)


def edition() -> object:
    """Another one after each change to what is said of films here; no statement."""
    return override_queries.edition()


def preview_of_list(movie_list: MovieList, site: str) -> Preview:
    """What a list's picture says; its owner must be loaded. One statement."""
    found = item_queries.items(movie_list, page_size=MOST_COVERS)
    owner = movie_list.owner.username
    kind = f"Featured list by {owner}" if movie_list.curated else f"A list by {owner}"
    return _preview(kind, movie_list.name, presenting.rows(found.rows), found.total, site)


def preview_of_link(opened: Opened, site: str) -> Preview:
    """What the picture of a link says: one statement."""
    found = content(opened, None, page=1, page_size=MOST_COVERS)
    kind = f"Shared by {opened.owner.username}"
    return _preview(kind, opened.link.name, found.rows, found.total, site)


def _preview(kind: str, name: str, rows: Sequence[ItemRow], total: int, site: str) -> Preview:
    movies = [row.movie.movie for row in rows]
    covers = [Cover(movie.id, movie.title, movie.year, movie.poster_path) for movie in movies]
    facts = f"{total:,} {'film' if total == 1 else 'films'}"
    return Preview(kind, name, facts, site, covers)
