"""The pages of what trends, with and without htmx."""

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite import clock
from moviesite.library import service as library
from moviesite.models import User
from moviesite.trending import service
from tests.trending import crowd
from tests.trending.crowd import FILMS


@pytest.fixture
def few_counted(app: Flask) -> None:
    """Eight films that people turned to here."""
    crowd.films()
    now = clock.now()
    people = crowd.accounts(9, now - dt.timedelta(days=30))
    crowd.looks(
        (film, crowd.hour(now, 1), one)
        for place, film in enumerate(FILMS[:8])
        for one in people[place:]
        if one
    )
    service.refresh(now)


def test_every_row_says_why_it_is_there(client: FlaskClient, few_counted: None) -> None:
    page = client.get("/trending").text
    reasons = re.findall(r'class="chart__why">([^<]+)', page)
    assert len(reasons) == 20
    assert reasons[0].strip() == "9 people showed interest this week"
    assert reasons[8].strip() == "Trending on the demo catalog this week"
    assert 'id="elsewhere">Elsewhere</h2>' in page
    assert "The first 8 films are counted here" in page
    assert 'start="9"' in page
    assert [int(n) for n in re.findall(r'id="rank-(\d+)"', page)] == list(range(1, 21))


def test_a_chart_that_is_tmdbs_alone_says_so(client: FlaskClient) -> None:
    page = client.get("/trending?time_range=day").text
    assert "As ranked by the demo catalog" in page
    assert "Elsewhere" not in page
    assert page.count("Trending on the demo catalog today") == 20


def test_htmx_gets_the_chart_alone_with_its_title(client: FlaskClient) -> None:
    response = client.get("/trending?time_range=day", headers={"HX-Request": "true"})
    assert response.text.startswith("<title>Trending today - moviesite</title>")
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]
    whole = client.get("/trending?time_range=day").text
    assert whole.count("<title>") == 1
    assert 'href="/trending?time_range=day"' in whole, "links work without htmx"


def test_the_formula_is_explained_with_the_numbers_that_are_used(client: FlaskClient) -> None:
    assert 'href="/trending/how"' in client.get("/trending").text
    page = client.get("/trending/how").text
    for said in (
        *("after 7 days away", "counts 1, someone without one 0.3"),
        *("half after 2 days, a quarter after 4", "halves every 12 hours"),
        *("once 2 or more people came to it", "2 or more standard deviations"),
        *("50 average ones are added", "in the 4 weeks before", "the 14 days before"),
    ):
        assert said in page
    assert "/trending/how" in client.get("/sitemap-pages.xml").text


def test_homes_row_begins_with_what_people_turn_to_here(
    client: FlaskClient, few_counted: None
) -> None:
    page = client.get("/").text
    row = page.partition('id="row-trending"')[2].partition("</section>")[0]
    assert "Popular with demo viewers and people here, then on the demo catalog" in row
    titles = re.findall(r'href="/movie/\d+[^"]*">([^<]+)', row)
    assert titles[:8] == [f"Film {film}" for film in FILMS[:8]]
    assert len(titles) == 20


def test_homes_row_is_tmdbs_while_little_is_counted(client: FlaskClient) -> None:
    row = client.get("/").text.partition('id="row-trending"')[2].partition("</section>")[0]
    assert "Popular with visitors of the demo catalog" in row


def test_who_muted_what_leads_is_shown_as_many_and_offered_more(
    ada_browsing: FlaskClient, ada: User, few_counted: None
) -> None:
    for film in FILMS[:4]:
        library.hide(ada, "movie", film)
    page = ada_browsing.get("/trending?limit=10").text
    assert page.count('class="chart__why"') == 10
    assert "The first 4 films are counted here" in page
    assert "limit=30#rank-11" in page


def test_homes_row_is_as_long_for_who_muted_what_leads_it(
    client: FlaskClient, ada_browsing: FlaskClient, ada: User
) -> None:
    crowd.films()
    now = clock.now()
    crowd.an_ordinary_week(now)
    service.refresh(now)
    leading = _in_homes_row(client)
    assert len(leading) == 20
    for film in leading[:15]:
        library.hide(ada, "movie", film)
    left = _in_homes_row(ada_browsing)
    assert len(left) == 20
    assert left[:5] == leading[15:]


def _in_homes_row(browser: FlaskClient) -> list[int]:
    row = browser.get("/").text.partition('id="row-trending"')[2].partition("</section>")[0]
    return [int(film) for film in re.findall(r'<a href="/movie/(\d+)', row)]
