"""Stored text is shown as text: markup in every field of a real browser runs nothing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from moviesite.extensions import db
from moviesite.library import service
from moviesite.models import Movie, Review, User
from moviesite.reviews import service as reviews
from moviesite.reviews.service import ReviewInput
from moviesite.transactions import transactional
from tests import people
from tests.browsing import OpenPage

pytestmark = pytest.mark.browser

PAYLOADS: list[str] = json.loads(
    (Path(__file__).parents[2] / "payloads" / "markup.json").read_text()
)
PAGES = -(-len(PAYLOADS) // 20)
FILM = 155
# Sends each text through the field and has htmx put the answer into the page.
THROUGH = """async ([address, field, texts, fixed]) => {
  const source = document.getElementById('quick'), seen = [];
  for (const text of texts) {
    const place = fixed.target ?? '#slip';
    await htmx.ajax('POST', address, { source, target: place, swap: 'innerHTML',
      values: { ...fixed.values, [field]: text } });
    seen.push(document.querySelector(fixed.shown)?.textContent ?? null);
  }
  return seen;
}"""


def quiet(page: Page) -> None:
    """Whatever was to run has had time to, and did not; nothing was even refused."""
    page.wait_for_timeout(50)
    assert page.evaluate("window.hits") == 0, page.url
    assert page.evaluate("window.reports") == [], page.url
    assert page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0


@transactional
def films(count: int) -> list[int]:
    return list(db.session.scalars(select(Movie.id).order_by(Movie.id).limit(count)))


@transactional
def name(user: User, username: str) -> None:
    user.username = username
    db.session.add(user)


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 300


def test_notes_are_shown_as_they_were_written(opened: OpenPage, ada_here: User) -> None:
    for movie_id, text in zip(films(len(PAYLOADS)), PAYLOADS, strict=True):
        service.keep_on_watchlist(ada_here, movie_id, note=text)
    page, shown = opened(), []
    for number in range(1, PAGES + 1):
        page.goto(f"/watchlist?page={number}&sort=added_at")
        quiet(page)
        shown += page.locator(".jot__note").all_text_contents()[:20]
    assert {plain(text) for text in PAYLOADS} <= {plain(text) for text in shown}


def plain(text: str) -> str:
    """What a page may change of a text: blanks and characters that are none."""
    return re.sub(r"[\s\x00-\x1f]+", "", text)


def test_a_note_that_htmx_brings_is_text(opened: OpenPage, ada_here: User) -> None:
    service.keep_on_watchlist(ada_here, FILM)
    page = opened()
    page.goto("/watchlist")
    asked: Any = {"shown": ".jot__note", "values": {}}
    seen = page.evaluate(THROUGH, [f"/watchlist/{FILM}", "note", PAYLOADS, asked])
    quiet(page)
    assert [plain(text) for text in seen] == [plain(text) for text in PAYLOADS]


def test_reviews_and_names_are_shown_as_they_were_written(
    opened: OpenPage, site: Flask, ada_here: User
) -> None:
    for number, text in enumerate(PAYLOADS):
        somebody = people.join("ben", username=f"u{number}", email=f"u{number}@example.org")
        reviews.write_review(somebody, FILM, ReviewInput(3, text, spoiler=number % 2 == 0))
        name(somebody, text[:150])
    for movie_id, text in zip(films(len(PAYLOADS)), PAYLOADS, strict=True):
        if movie_id != FILM:
            reviews.write_review(ada_here, movie_id, ReviewInput(2, text))
    service.mark_seen(ada_here, FILM)
    page = opened()
    for number in range(1, PAGES + 1):
        page.goto(f"/movie/{FILM}/reviews?page={number}")
        quiet(page)
        page.goto(f"/reviews?page={number}")
        quiet(page)
    expect(page.locator(".voice__text").first).to_be_visible()


def test_a_review_that_htmx_brings_is_text_even_beside_another(
    opened: OpenPage, ada_here: User
) -> None:
    review = reviews.write_review(ada_here, FILM, ReviewInput(3, "first"))
    page = opened()
    page.goto(f"/movie/{FILM}/reviews")
    for version, shown in (("", ".voice--mine .voice__text"), ("999", "#review-text")):
        fixed: Any = {
            "shown": shown,
            "target": "#reviews-place",
            "values": {"id": str(review.uuid), "version": version},
        }
        address = f"/movie/{FILM}/review"
        seen = page.evaluate(THROUGH, [address, "text", PAYLOADS, fixed])
        quiet(page)
        assert [plain(text) for text in seen] == [plain(text) for text in PAYLOADS]


def test_reasons_and_ones_own_name_are_text(opened: OpenPage, site: Flask, ada_here: User) -> None:
    ben = people.join("ben")
    review = reviews.write_review(ben, FILM, ReviewInput(3, "Rude."))
    page = opened()
    page.goto(f"/movie/{FILM}/reviews")
    address = f"/reviews/{review.uuid}/report"
    page.evaluate(THROUGH, [address, "reason", PAYLOADS, {"shown": ".voice", "values": {}}])
    quiet(page)
    for text in PAYLOADS[::12]:
        name(ada_here, text[:150])
        page.goto("/account")
        quiet(page)
        page.get_by_label("Username").fill(text[:150])
        page.get_by_role("button", name="Save profile").click()
        page.wait_for_load_state()
        quiet(page)
    assert db.session.query(Review).count() == 1
