"""What many watch is drawn once, and never outlives the link."""

import pytest
from flask import Flask

from moviesite.accounts import profile_service
from moviesite.accounts.client import Client
from moviesite.cache_kinds import SHARED_PART
from moviesite.caching import peek
from moviesite.catalogue import service as catalogue
from moviesite.lists import item_service, service, share_service
from moviesite.models import User
from tests import factories
from tests.people import signed_in_browser
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
