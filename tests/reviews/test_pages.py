"""Ratings and reviews on pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.catalogue import service as catalogue
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import Review, ReviewReport, User
from moviesite.providers.base import GenreData
from moviesite.reviews import queries, service
from moviesite.reviews.service import ReviewInput
from tests import factories, people
from tests.library.sending import said_in, send, undo_in
from tests.statements import counted

FILM = 27205
HERE = f"/movie/{FILM}/reviews"


@pytest.fixture(autouse=True)
def known(client: FlaskClient) -> None:
    """The film's page has been shown."""
    client.get(f"/movie/{FILM}")


def own(user: User) -> queries.ShownReview | None:
    db.session.rollback()
    return queries.own_review(user, FILM)


def hidden_fields(page: str) -> dict[str, str]:
    form = page.split('class="mine__form"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(id|version)" value="([^"]+)"', form))
    return {name: str(value) for name, value in fields.items()}


def test_a_film_is_rated_in_a_slip_or_on_a_page(ada: User, ada_browsing: FlaskClient) -> None:
    address = f"/movie/{FILM}/rating"
    page = ada_browsing.get(address, headers={"Referer": "http://localhost/popular"}).text
    assert page.count('type="radio"') == 10
    main = page[page.index("<main") : page.index("</main>")]
    assert "data-shut" not in main, "a page by itself has nothing to close"
    assert '<input type="hidden" name="next" value="/popular">' in page
    slip = ada_browsing.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in slip
    assert "data-shut" in slip
    done = send(ada_browsing, f"{address}?at=film-1", rating="4.5", next="/popular")
    assert done.headers["Location"] == "/popular#film-1"
    assert said_in(ada_browsing.get("/about").text) == "Rated 4½ of 5."
    shown = send(ada_browsing, address, shown="/popular", rating="3")
    assert 'aria-hidden="true">3</span>' in shown.text
    send(ada_browsing, undo_in(shown.text), shown="/popular")
    found = own(ada)
    assert found
    assert found.rating == 4.5
    assert 'value="4.5" checked' in ada_browsing.get(address).text
    send(ada_browsing, address, remove="1")
    assert own(ada) is None


def test_a_review_is_written_changed_and_deleted_in_place(
    ada: User, ada_browsing: FlaskClient
) -> None:
    address = f"/movie/{FILM}/review"
    saved = send(ada_browsing, address, shown=HERE, rating="4", text="A dream.\r\nOr not.")
    assert saved.status_code == 200
    assert "<html" not in saved.text
    assert said_in(saved.text) == "Your review is saved."
    assert "A dream.\nOr not." in saved.text
    fields = hidden_fields(saved.text)
    plain = send(ada_browsing, f"{address}?at=review-mine", text="Two dreams.", **fields)
    assert plain.status_code == 303
    found = own(ada)
    assert found
    assert (found.text, found.rating, found.version) == ("Two dreams.", None, 2)
    ada_browsing.get(HERE)
    gone = send(ada_browsing, f"/reviews/{found.id}/delete", next="/reviews")
    assert gone.headers["Location"] == "/reviews"
    page = ada_browsing.get("/reviews").text
    assert "Nothing rated yet" in page
    send(ada_browsing, undo_in(page))
    back = own(ada)
    assert back
    assert back.text == "Two dreams."


def test_a_first_review_can_be_taken_back(ada: User, ada_browsing: FlaskClient) -> None:
    saved = send(ada_browsing, f"/movie/{FILM}/review", shown=HERE, rating="4", text="A dream.")
    send(ada_browsing, undo_in(saved.text), shown=HERE)
    assert own(ada) is None


def test_what_was_rated_says_of_how_many(ada: User, ada_browsing: FlaskClient) -> None:
    service.write_review(ada, FILM, ReviewInput(4.5, ""))
    assert (
        '<strong class="wish__rating">4½</strong> of 5 · <time' in ada_browsing.get("/reviews").text
    )


def test_of_two_tabs_the_second_sees_both_texts(ada: User, ada_browsing: FlaskClient) -> None:
    service.write_review(ada, FILM, ReviewInput(3, "first"))
    fields = hidden_fields(ada_browsing.get(HERE).text)
    address = f"/movie/{FILM}/review"
    send(ada_browsing, address, shown=HERE, text="from one tab", rating="4", **fields)
    for shown in (HERE, None):
        second = send(ada_browsing, address, shown=shown, text="from the other", **fields)
        assert second.status_code == 412
        assert "from one tab" in second.text
        assert "from the other</textarea>" in second.text
        assert "You saved another version in the meantime" in second.text
    again = hidden_fields(second.text)
    assert again["version"] == "2"
    send(ada_browsing, address, text="from the other", **again)
    found = own(ada)
    assert found
    assert found.text == "from the other"


def test_two_tabs_that_both_write_the_first_review_meet_as_well(
    ada: User, ada_browsing: FlaskClient
) -> None:
    address = f"/movie/{FILM}/review"
    send(ada_browsing, address, text="one")
    second = send(ada_browsing, address, text="two")
    assert second.status_code == 412
    assert "one" in second.text
    assert "two</textarea>" in second.text


def test_what_says_nothing_is_refused_beside_the_words(ada_browsing: FlaskClient) -> None:
    refused = send(ada_browsing, f"/movie/{FILM}/review", shown=HERE, text="  ")
    assert refused.status_code == 422
    assert "Write something or give a rating." in refused.text


def test_spoilers_are_held_back_until_they_are_asked_for(
    ada: User, client: FlaskClient, cleo: User, cleo_browsing: FlaskClient
) -> None:
    written = service.write_review(ada, FILM, ReviewInput(5, "It was the butler.", True))
    for browser in (client, cleo_browsing):
        assert "butler" not in browser.get(HERE).text
        asked = browser.get(f"{HERE}?reveal={written.uuid}")
        assert "It was the butler." in asked.text
        one = browser.get(f"/reviews/{written.uuid}", headers={"HX-Request": "true"})
        assert "butler" not in one.text
        one = browser.get(f"/reviews/{written.uuid}?reveal=1", headers={"HX-Request": "true"})
        assert "It was the butler." in one.text
    library.mark_seen(cleo, FILM)
    assert "It was the butler." in cleo_browsing.get(HERE).text


def test_a_review_is_reported_once_and_by_others(
    ada: User, ada_browsing: FlaskClient, cleo_browsing: FlaskClient
) -> None:
    written = service.write_review(ada, FILM, ReviewInput(1, "Rude."))
    address = f"/reviews/{written.uuid}/report"
    assert address in cleo_browsing.get(HERE).text
    assert address not in ada_browsing.get(HERE).text
    said = send(cleo_browsing, address, shown=HERE, reason="It is rude.")
    assert "Someone will take a look" in said_in(said.text)
    assert send(cleo_browsing, address, reason="Still.").status_code == 303
    assert "You have already reported this." in cleo_browsing.get("/about").text
    assert send(ada_browsing, address).status_code == 409
    assert [r.reason for r in db.session.query(ReviewReport)] == ["It is rude."]


def test_nobody_changes_or_deletes_what_another_wrote(app: Flask, ada: User, ben: User) -> None:
    written = service.write_review(ada, FILM, ReviewInput(1, "Mine."))
    bens = people.signed_in_browser(app, ben)
    assert send(bens, f"/reviews/{written.uuid}/delete").status_code == 403
    sent = {"id": str(written.uuid), "version": "1", "text": "His."}
    assert send(bens, f"/movie/{FILM}/review", **sent).status_code == 403
    db.session.rollback()
    assert db.session.query(Review).one().text == "Mine."


def test_visitors_read_and_are_shown_the_way_in(ada: User, client: FlaskClient) -> None:
    service.write_review(ada, FILM, ReviewInput(4, "A dream."))
    page = client.get(HERE).text
    assert "A dream." in page
    assert 'method="post"' not in page
    assert "/sign-in?next=" in page
    part = client.get(HERE, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "A dream." in part


def test_ones_own_ratings_and_reviews_are_on_one_page(ada: User, ada_browsing: FlaskClient) -> None:
    service.write_review(ada, FILM, ReviewInput(4.5, "A dream."))
    page = ada_browsing.get("/reviews").text
    assert "One film" in page
    assert ">4½</strong>" in page
    assert "A dream." in page
    assert "There is no page 3" in ada_browsing.get("/reviews?page=3").text


def test_ones_own_ratings_are_put_in_order_and_narrowed(
    ada: User, ada_browsing: FlaskClient
) -> None:
    crime, war = GenreData(id=80, name="Crime"), GenreData(id=10752, name="War")
    for number, rating, genre in ((1, 3.5, crime), (2, 5, war), (3, 1, crime)):
        catalogue.store_movies([factories.movie(number, f"Film {number}", genres=(genre,))])
        service.rate(ada, number, rating)

    def shown(address: str, **headers: str) -> list[str]:
        page = ada_browsing.get(address, headers=headers).text
        assert ("<html" in page) is not bool(headers)
        return re.findall(r'id="of-[^>]*><a [^>]*>([^<]*)<', page)

    assert shown("/reviews") == ["Film 3", "Film 2", "Film 1"]
    assert shown("/reviews?sort=-rating") == ["Film 2", "Film 1", "Film 3"]
    htmx = {"HX-Request": "true"}
    assert shown("/reviews?sort=rating&genre=80", **htmx) == ["Film 3", "Film 1"]
    page = ada_browsing.get("/reviews?genre=80").text
    assert "2 films match" in page
    assert "3 films" in page
    assert "None of your films match" in ada_browsing.get("/reviews?genre=18").text
    assert ada_browsing.get("/reviews?sort=-priority").status_code == 422


def test_ones_own_are_narrowed_to_those_with_words(ada: User, ada_browsing: FlaskClient) -> None:
    for film, stars, words in ((603, 3, ""), (155, 5, "A coin."), (550, None, "Soap.")):
        service.write_review(ada, film, ReviewInput(stars, words))

    def shown(address: str) -> list[str]:
        page = ada_browsing.get(address).text
        return re.findall(r'id="of-[^"]+" dir="auto"><a href="/movie/(\d+)', page)

    assert shown("/reviews?sort=rating") == ["603", "155", "550"]
    assert shown("/reviews?words=1&sort=-rating") == ["155", "550"]
    assert "2 films match" in ada_browsing.get("/reviews?words=1").text
    assert ada_browsing.get("/reviews?words=all").status_code == 422


def test_who_wrote_a_spoiler_sees_that_it_is_marked(ada: User, ada_browsing: FlaskClient) -> None:
    service.write_review(ada, FILM, ReviewInput(4.5, "It was the butler.", True))
    assert "has spoilers" in ada_browsing.get("/reviews").text
    assert "until they choose to read it" in ada_browsing.get(HERE).text


def test_reviews_cost_a_few_statements(
    ada: User, client: FlaskClient, ada_browsing: FlaskClient
) -> None:
    service.write_review(ada, FILM, ReviewInput(4.5, "A dream."))
    for browser, most in ((client, 3), (ada_browsing, 6)):
        browser.get(HERE)
        with counted() as said:
            browser.get(HERE)
        assert len(said) <= most
