"""What many watch is drawn once, and never outlives the link."""

import pytest
from flask import Flask

from moviesite.accounts import profile_service
from moviesite.accounts.client import Client
from moviesite.cache_kinds import SHARED_PART
from moviesite.caching import peek
from moviesite.catalogue import service as catalogue
from moviesite.library import service as library
from moviesite.lists import item_service, service, share_service
from moviesite.models import User
from tests import factories
from tests.people import signed_in_browser, signed_in_program
from tests.statements import counted

pytestmark = pytest.mark.redis

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_the_films_of_a_shared_page_are_read_once_for_all_who_watch(
    site_with: "object", app: Flask, ada: User, redis_url: str
) -> None:
    catalogue.store_movies([factories.movie(n, f"Film {n}") for n in (1, 2, 3)])
    made = service.create(ada, "Evenings", movie_ids=[1, 2])
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    site = site_with(REDIS_URL=redis_url)  # type: ignore[operator]
    page, link_id = f"/l/{link.token}", link.uuid.hex
    with site.app_context():
        client = site.test_client()
        first = client.get(page, headers=HTMX)
        with counted() as statements:
            assert client.get(page, headers=HTMX).data == first.data
        assert len(statements) == 1, statements
        item_service.put_movie(ada, made.uuid, 3)
        assert "Film 3" in client.get(page, headers=HTMX).text
        share_service.revoke(ada, link.uuid)
        assert client.get(page, headers=HTMX).status_code == 410
        named = {"owner": ada.uuid, "link": link_id, "page": 1, "version": 2}
        assert peek(SHARED_PART.key({**named, "language": "en-US", "region": "US"}))


def test_links_keep_the_language_of_whoever_chose_it_for_this_page(
    site_with: "object", app: Flask, ada: User, redis_url: str
) -> None:
    catalogue.store_movies([factories.movie(1, "Film 1")])
    made = service.create(ada, "Evenings", movie_ids=[1])
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    profile_service.edit_profile(ada, {"locale": "de-DE"}, Client())
    site = site_with(REDIS_URL=redis_url)  # type: ignore[operator]
    with site.app_context():
        always = signed_in_browser(site, ada).get(f"/l/{link.token}", headers=HTMX).text
        chosen = site.test_client().get(f"/l/{link.token}?language=de-DE", headers=HTMX).text
    assert 'href="/movie/1-film-1"' in always
    assert 'href="/movie/1-film-1?language=de-DE"' in chosen


def test_how_much_somebody_has_seen_is_never_among_what_all_who_watch_are_given(
    site_with: "object", app: Flask, ada: User, ben: User, redis_url: str
) -> None:
    catalogue.store_movies([factories.movie(n, f"Film {n}") for n in (1, 2)])
    made = service.create(ada, "Evenings", visibility="public", movie_ids=[1, 2])
    library.mark_seen(ben, 1)
    link = share_service.share(ada, "list", "For friends", list_id=made.uuid)
    site = site_with(REDIS_URL=redis_url)  # type: ignore[operator]
    addresses = f"/l/{link.token}", f"/list/{made.uuid}", "/lists"
    films = f"/api/v1/lists/{made.uuid}/movies"
    with site.app_context():
        reader, visitor = signed_in_browser(site, ben), site.test_client()
        for address in addresses:
            own = reader.get(address)
            assert " seen" in own.text, address
            assert own.headers["Cache-Control"] == "private, no-store"
            others = visitor.get(address)
            assert " seen" not in others.text, address
            assert others.headers["Cache-Control"] == "public, no-cache"
        page = addresses[0]
        drawn = reader.get(page, headers=HTMX)
        assert " seen" not in drawn.text
        assert visitor.get(page, headers=HTMX).data == drawn.data
        narrowed = signed_in_program(site, ben).get(f"{films}?seen=true")
        assert narrowed.headers["Cache-Control"] == "private, no-store"
        assert visitor.get(f"{films}?seen=true").status_code == 401
        assert visitor.get(films).get_json()["count"] == 2
