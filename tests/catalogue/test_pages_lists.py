"""Lists, genres, people, series, sitemaps: what there is beside a film's own page."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert

from moviesite.catalogue import service
from moviesite.extensions import cache, db
from moviesite.models import MovieList, User
from moviesite.transactions import transactional
from tests import factories
from tests.fuller import DARK_KNIGHT, SERIES, fuller_app
from tests.sites import let_go
from tests.statements import counted

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def words(html: str) -> str:
    """The text of a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def made_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = fuller_app(tmp_path_factory.mktemp("fuller"))
    app.testing = True
    with app.app_context():
        upgrade()
    yield app
    let_go(app)


@pytest.fixture
def fuller(made_app: Flask) -> Iterator[FlaskClient]:
    """A visitor of a site whose source tells more than the demo does."""
    with made_app.app_context():
        yield made_app.test_client()
        cache.clear()


@pytest.mark.parametrize("key", ["popular", "top-rated", "upcoming", "now-playing"])
def test_each_list_has_pages_that_lead_on(client: FlaskClient, key: str) -> None:
    page = client.get(f"/{key}").text
    assert page.count('class="card"') == 20
    assert client.get(f"/{key}?page=0").status_code == 422


def test_home_leads_to_all_of_each_row_and_says_how_old_it_is(client: FlaskClient) -> None:
    page = client.get("/").text
    for address in ("/trending", "/popular", "/top-rated", "/upcoming", "/now-playing"):
        assert f'class="section__all" href="{address}"' in page
    assert len(re.findall(r'class="section__all" href="/genre/', page)) == 3
    assert page.count('class="section__all"') == page.count("just now</time>")


def test_a_genre_is_found_by_its_name_in_any_language(client: FlaskClient) -> None:
    assert "<h1>Science Fiction</h1>" in client.get("/genre/science-fiction").text
    assert client.get("/genre/science-fiction?language=de-DE").status_code == 200
    assert client.get("/genre/no-such").status_code == 404
    assert client.get("/genre/comedy?sort_by=best").status_code == 422
    newest = client.get("/genre/comedy?sort_by=primary_release_date.desc").text
    assert newest != client.get("/genre/comedy").text


def test_trending_has_ranks_over_a_day_or_a_week(client: FlaskClient) -> None:
    page = client.get("/trending").text
    assert len(re.findall(r'id="rank-\d+"', page)) == 20
    assert "Trending today" in client.get("/trending?time_range=day").text
    assert len(re.findall(r'id="rank-\d+"', client.get("/trending?limit=40").text)) == 40
    for wrong in ("time_range=year", "limit=0", "limit=101"):
        response = client.get(f"/trending?{wrong}")
        assert response.status_code == 422
        assert f"<code>{wrong.partition('=')[0]}</code>" in response.text


def test_a_person_has_a_filmography_by_role_newest_first(client: FlaskClient) -> None:
    page = client.get("/person/525-christopher-nolan").text
    roles = re.findall(r'class="section__title" id="role-\d+">([^<]+)', page)
    assert roles == ["Directing", "Writing"]
    years = re.findall(r'credits__year">(\d{4})', page.partition("Writing</h2>")[0])
    assert years == sorted(years, reverse=True)
    assert "There is no biography" in page
    assert client.get("/person/525-someone-else").headers["Location"].endswith("christopher-nolan")
    assert client.get("/person/2147483646").status_code == 404
    assert client.get("/person/2147483648").status_code == 404


def test_a_film_leads_to_its_people_genres_and_keywords(client: FlaskClient) -> None:
    page = client.get("/movie/27205").text
    assert 'href="/person/525-christopher-nolan"' in page
    assert 'href="/genre/science-fiction"' in page
    assert 'href="/discover?with_keywords=1930"' in page


def test_language_and_region_stay_where_they_were_chosen(client: FlaskClient) -> None:
    page = client.get("/movie/27205?language=de-DE&region=AT").text
    links = re.findall(r'href="(/(?:person|genre|discover|movie|search|trending)[^"]*)"', page)
    assert links
    assert all("language=de-DE" in link and "region=AT" in link for link in links)
    assert '<input type="hidden" name="language" value="de-DE">' in page
    plain = client.get("/movie/27205?language=en-US").text
    assert "language=" not in "".join(re.findall(r'href="(/[^"]*)"', plain))


def test_the_region_of_where_to_see_it_is_chosen_by_a_plain_form(client: FlaskClient) -> None:
    page = client.get("/movie/27205?language=de-DE&region=DE").text
    form = re.search(r'<form class="venues__region".*?</form>', page, re.S)
    assert form is not None
    assert '<option value="DE" selected>' in form[0]
    assert 'name="language" value="de-DE"' in form[0]
    assert 'type="hidden" name="region"' not in form[0]


def test_a_film_tells_programs_what_it_is(client: FlaskClient) -> None:
    page = client.get("/movie/27205").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert block is not None
    told = json.loads(block[1])
    assert told["@type"] == "Movie"
    assert told["name"] == "Inception"
    assert told["duration"] == "PT148M"
    assert told["director"] == [{"@type": "Person", "name": "Christopher Nolan"}]
    assert told["url"].endswith("/movie/27205-inception")
    assert f'<link rel="canonical" href="{told["url"]}">' in page
    assert '<meta property="og:type" content="video.movie">' in page
    assert '<meta property="og:image" content="http' in page


def test_trailers_are_links_that_a_script_may_play(fuller: FlaskClient) -> None:
    response = fuller.get(f"/movie/{DARK_KNIGHT}")
    assert 'href="https://www.youtube.com/watch?v=EXeTwQWrcwY"' in response.text
    assert 'data-player="YouTube" data-key="EXeTwQWrcwY"' in response.text
    assert "<iframe" not in response.text
    policy = response.headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com;" in policy


def test_certificates_of_the_region_come_first(fuller: FlaskClient) -> None:
    page = words(fuller.get(f"/movie/{DARK_KNIGHT}").text)
    assert "PG-13 in United States" in page
    assert "Germany: 16" in page
    assert "16 in Germany" in words(fuller.get(f"/movie/{DARK_KNIGHT}?region=DE").text)


def test_crew_stands_under_its_departments(fuller: FlaskClient) -> None:
    page = words(fuller.get(f"/movie/{DARK_KNIGHT}").text)
    assert "Camera Wally Pfister Director of Photography" in page


def test_a_series_is_a_page_and_a_row_without_the_film_itself(fuller: FlaskClient) -> None:
    page = fuller.get(f"/movie/{DARK_KNIGHT}").text
    assert f'hx-get="/collection/{SERIES}?without={DARK_KNIGHT}"' in page
    assert f'<a href="/collection/{SERIES}">The Dark Knight Collection</a>' in page
    row = fuller.get(f"/collection/{SERIES}?without={DARK_KNIGHT}", headers=FRAGMENT).text
    assert "<html" not in row
    titles = re.findall(r'class="card__title".*?>([^<]+)</a>', row)
    assert titles == ["Batman Begins", "The Dark Knight Rises"]
    whole = fuller.get(f"/collection/{SERIES}").text
    assert whole.count('class="card"') == 3
    assert fuller.get("/collection/1").status_code == 404
    assert fuller.get(f"/collection/{SERIES}?without=x").status_code == 422


def test_robots_and_sitemaps_name_what_is_public(client: FlaskClient, app: Flask) -> None:
    robots = client.get("/robots.txt")
    assert robots.content_type.startswith("text/plain")
    assert "Disallow: /api/" in robots.text
    service.store_movies([factories.movie(), factories.movie(7, "A & B", adult=True)])
    base = app.config["MOVIESITE"].public_url
    assert f"Sitemap: {base}/sitemap.xml" in robots.text
    assert f"<loc>{base}/sitemap-pages.xml</loc>" in client.get("/sitemap.xml").text
    files = named_in(client, "/sitemap.xml")
    assert files == ["/sitemap-pages.xml", "/sitemap-films-949.xml"]
    places = [place for file in files for place in named_in(client, file)]
    assert "/movie/949-heat" in places
    assert "/genre/comedy" in places
    assert not any("/movie/7-" in place for place in places)
    assert client.get("/sitemap-films-950.xml").status_code == 404
    assert client.get("/sitemap-lists-1.xml").status_code == 404


def test_every_film_stands_in_one_file_of_the_sitemap(client: FlaskClient, app: Flask) -> None:
    ids = [1, 949, 49_999, 50_000, 200_000, 249_999, 2_147_483_000]
    adult = [120_000, 200_001, 2_147_483_647]
    service.store_movies(
        [factories.movie(n, "Heat", genres=(), adult=n in adult) for n in (*ids, *adult)]
    )
    with counted() as statements:
        files = named_in(client, "/sitemap.xml")[1:]
    assert [file.rpartition("-")[2] for file in files] == [
        *("1.xml", "50000.xml", "200000.xml", "2147483000.xml")
    ]
    assert len(statements) <= 2
    films = [film for file in files for film in named_in(client, file)]
    assert films == [f"/movie/{n}-heat" for n in ids]
    assert client.get("/sitemap-films-120000.xml").status_code == 404


def test_every_public_list_stands_in_one_file(client: FlaskClient, ada: User) -> None:
    public, private = [1, 49_999, 50_000, 120_001, 2_147_483_647], [2, 60_001, 100_000]
    ids = _lists_numbered(ada, public, visibility="public", movie_count=1)
    _lists_numbered(ada, private, visibility="private", movie_count=1)
    _lists_numbered(ada, [70_000], visibility="public", movie_count=0)
    with counted() as statements:
        files = named_in(client, "/sitemap.xml")[1:]
    assert files == [f"/sitemap-lists-{n}.xml" for n in (1, 2, 3, 42950)]
    assert len(statements) <= 2
    assert [place for file in files for place in named_in(client, file)] == [
        f"/list/{uuid}" for uuid in ids
    ]
    for number in (0, 4, 42949, 42951, 99999):
        assert client.get(f"/sitemap-lists-{number}.xml").status_code == 404


@transactional
def _lists_numbered(user: User, numbers: list[int], **facts: Any) -> list[UUID]:
    """Public ids of lists that have these numbers inside."""
    rows = [{"id": n, "uuid": uuid4(), "owner_id": user.id, "name": "A", **facts} for n in numbers]
    db.session.execute(insert(MovieList), rows)
    return [row["uuid"] for row in rows]


def named_in(client: FlaskClient, address: str) -> list[str]:
    """The addresses that a file of the sitemap names, without the host."""
    base = client.application.config["MOVIESITE"].public_url
    found = ElementTree.fromstring(client.get(address).data)  # noqa: S314 - our own
    return [(place.text or "").removeprefix(base) for place in found.iter(f"{SITEMAP}loc")]


def test_search_finds_people_beside_films(client: FlaskClient) -> None:
    service.store_detail(factories.detail())
    page = client.get("/search?query=pacino").text
    assert 'href="/person/1158-al-pacino"' in page


def test_search_says_which_operator_it_does_not_know(client: FlaskClient) -> None:
    page = client.get("/search?query=heat colour:red").text
    assert "Not understood" in page
    assert '<code dir="auto">colour:red</code>' in page


def test_a_pasted_address_opens_the_film(client: FlaskClient) -> None:
    address = "https://www.themoviedb.org/movie/27205-inception"
    response = client.get("/search", query_string={"query": address})
    assert response.status_code == 302
    assert response.headers["Location"] == "/movie/27205"
    fragment = client.get("/search", query_string={"query": address}, headers=FRAGMENT)
    assert fragment.headers["HX-Redirect"] == "/movie/27205"


def test_a_title_that_is_not_found_brings_close_ones(client: FlaskClient) -> None:
    service.store_movies([factories.movie(7, "The Silence of the Lambs")])
    page = words(client.get("/search?query=the lambs are quiet today").text)
    assert "No films found" in page
    assert "The Silence of the Lambs" in page


def test_a_film_that_is_stored_and_found_elsewhere_counts_once(client: FlaskClient) -> None:
    service.store_movies([factories.movie(27205, "Inception", poster_path=None)])
    page = words(client.get("/search?query=inception").text)
    assert "One film for “inception”" in page
