"""What many watch is drawn once, and never outlives the link."""

import pytest
from flask import Flask

from moviesite.caching import SHARED_PART, peek
from moviesite.catalogue import service as catalogue
from moviesite.lists import item_service, service, share_service
from moviesite.models import User
from tests import factories
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
        named = {"link": link_id, "page": 1, "version": 2}
        assert peek(SHARED_PART.key({**named, "language": "en-US", "region": "US"}))
