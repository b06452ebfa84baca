"""Trainings are told, and the model before is put back by those who run the site."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from moviesite.extensions import db
from moviesite.models import AuditEntry, RecommenderRun
from moviesite.models.recommendations import IN_SERVICE, REPLACED
from moviesite.recommendations import training_service
from tests.people import form_token
from tests.recommendations import town

RUNS = "/api/v1/admin/recommender/runs"
ROLL_BACK = "/api/v1/admin/recommender/roll-back"


def states() -> dict[str, str]:
    """What became of each training, by its version, oldest first."""
    db.session.rollback()
    rows = db.session.scalars(
        select(RecommenderRun).order_by(RecommenderRun.id).execution_options(populate_existing=True)
    )
    return {run.version: run.status for run in rows}


def test_without_an_earlier_model_nothing_is_put_back(
    app: Flask, as_cleo: FlaskClient, cleo_browsing: FlaskClient
) -> None:
    assert as_cleo.get(RUNS).get_json() == {"results": []}
    assert as_cleo.post(ROLL_BACK).status_code == 404
    assert db.session.scalars(select(AuditEntry)).all() == []
    page = cleo_browsing.get("/admin/recommender/runs")
    assert "No model has been trained yet" in page.text
    assert "what is trending, mixed with well-known films of many kinds" in page.text
    assert "Go back" not in page.text


@pytest.fixture
def two(app: Flask) -> tuple[str, str]:
    """Versions of two trainings of what people of a town like, the second in service."""
    town.films()
    town.people(180)
    first, second = training_service.train(), training_service.train()
    assert first is not None
    assert second is not None
    return first.version, second.version


def test_the_model_before_is_put_back_and_the_log_says_who_did_it(
    two: tuple[str, str], as_cleo: FlaskClient, cleo_browsing: FlaskClient
) -> None:
    first, second = two
    newest, oldest = as_cleo.get(RUNS).get_json()["results"]
    assert (newest["version"], newest["status"]) == (second, IN_SERVICE)
    assert (oldest["version"], oldest["status"]) == (first, REPLACED)
    assert newest["metrics"]["recall_at_20"] > 0
    answer = as_cleo.post(ROLL_BACK)
    assert (answer.status_code, answer.get_json()["version"]) == (200, first)
    assert states() == {first: IN_SERVICE, second: REPLACED}
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.act, entry.subject_id) == ("model.roll-back", first)
    page = cleo_browsing.get("/admin/recommender/runs")
    assert "Roll back to the previous model" in page.text
    form = {"csrf_token": form_token(cleo_browsing)}
    assert cleo_browsing.post("/admin/recommender/roll-back", data=form).status_code == 303
    assert states() == {first: REPLACED, second: IN_SERVICE}
    assert f"{second} is now in use" in cleo_browsing.get("/admin/recommender/runs").text
