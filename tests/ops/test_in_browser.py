"""The pages of looking after the site in a real browser: a phone and a desk, and no script."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, expect
from rq import Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from moviesite import clock, log_store
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import BreakerOpening
from moviesite.queue import RULES, Job, job_id
from moviesite.transactions import transactional
from tests import people
from tests.browsing import DESK, PHONE, OpenPage, check_usable, serving, session_cookie, windows
from tests.ops.test_jobs import failed
from tests.processes.running import wait_for
from tests.sites import let_go

pytestmark = [pytest.mark.browser, pytest.mark.redis]

PAGES = (
    *("/admin/jobs", "/admin/providers", "/admin/log", "/admin/log?kind=problem"),
    *("/admin/analytics", "/admin/analytics?days=365", "/admin/recommender/runs"),
)
WATCH = """
  window.reports = [];
  addEventListener('securitypolicyviolation', e => window.reports.push(e.violatedDirective));
"""


@pytest.fixture(scope="module")
def house(
    redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str, str]]:
    """A running site with something on every page, its address, and the cookie of who runs it."""
    instance = str(tmp_path_factory.mktemp("ops") / "instance")
    settings = {"INSTANCE_DIR": instance, "REDIS_URL": redis_url, "THROTTLE_PROFILE": "off"}
    site = create_app(load_config({**settings, "LOG_LEVEL": "WARNING"}))
    with site.app_context():
        upgrade()
        _stock()
        cookie = session_cookie(site, people.join("cleo"))
        db.session.remove()
    with serving(site) as address:
        yield site, address, cookie
    let_go(site)
    store = log_store.current()
    if store is not None:
        store.close()


@transactional
def _stock() -> None:
    now = clock.now()
    db.session.add(BreakerOpening(provider="A source with a long name", opened_at=now))


@pytest.fixture
def opened(house: tuple[Flask, str, str], redis_url: str, chromium: Browser) -> Iterator[OpenPage]:
    """Opens Cleo's browser beside a job that failed and a line in the log."""
    site, address, cookie = house
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        with site.app_context():
            failed(client, Job.WARM_CATALOGUE)
            site.logger.warning("careful")
            store = log_store.current()
            assert store is not None
            wait_for(lambda: store.idle, 30, "the line is stored")

    def open_browser(**options: Any) -> Page:
        return open_window(cookie, **options).new_page()

    with windows(chromium, address, watch=WATCH) as open_window:
        yield open_browser


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_and_breaks_no_rule(opened: OpenPage, size: dict[str, int]) -> None:
    page = opened(viewport=size)
    for wanted in PAGES:
        page.goto(wanted)
        expect(page.locator("h1")).to_have_count(1)
        check_usable(page)
        assert page.evaluate("window.reports") == [], wanted


def test_a_job_is_tried_again_without_script(opened: OpenPage, redis_url: str) -> None:
    page = opened(java_script_enabled=False, viewport=PHONE)
    page.goto("/admin/jobs")
    expect(page.locator("#failed")).to_contain_text("TMDb is not answering.")
    page.get_by_role("button", name="Retry").press("Enter")
    expect(page.locator(".said")).to_contain_text("waiting for a worker")
    with redis.Redis.from_url(redis_url) as client:
        name = RULES[Job.WARM_CATALOGUE].queue
        queue = Queue(name, connection=client, serializer=JSONSerializer)
        job = queue.fetch_job(job_id(Job.WARM_CATALOGUE))
        assert job is not None
        assert job.get_status() == JobStatus.QUEUED


def test_the_log_is_searched_without_script(opened: OpenPage) -> None:
    page = opened(java_script_enabled=False)
    page.goto("/admin/log")
    page.get_by_label("Text").fill("careful")
    page.get_by_label("Text").press("Enter")
    expect(page.locator(".log tbody tr")).to_have_count(1)
    expect(page.locator(".log")).to_contain_text("careful")


def test_numbers_of_a_chart_are_a_table_that_opens(opened: OpenPage) -> None:
    page = opened()
    page.goto("/admin/analytics")
    chart = page.locator("section.course").first
    expect(chart.get_by_role("table")).to_be_hidden()
    chart.locator("summary").press("Enter")
    expect(chart.get_by_role("table")).to_be_visible()
    assert chart.locator("tbody tr").count() == 30
    with page.expect_download() as download:
        chart.get_by_role("link", name="CSV").click()
    assert Path(download.value.path()).read_text().startswith("day,daily,weekly,monthly")
