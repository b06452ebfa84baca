"""Learning in the demo: what goes into service, what is refused, and who is told what at once."""

import shutil
import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from moviesite.catalogue import seeding
from moviesite.database import WRITING
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.library import service as library
from moviesite.models import RecommenderRun, User
from moviesite.models.recommendations import FAILED, IN_SERVICE, REFUSED, REPLACED, RUNNING
from moviesite.recommendations import (
    in_service,
    jobs,
    model_files,
    queries,
    service,
    training_service,
)
from moviesite.recommendations.recommending import Wish, neighbours_of, picks_for
from moviesite.transactions import transactional
from tests.recommendations import town

FIRST, FOURTH = town.HEISTS[0], town.HEISTS[3]


@pytest.fixture
def trained(app: Flask) -> RecommenderRun:
    """A model in service of what people of a town like."""
    town.films()
    town.people(180)
    run = training_service.train()
    assert run is not None
    in_service.look_again()
    return run


def test_the_first_training_goes_into_service_with_its_figures(app: Flask) -> None:
    """Of the demo, whose viewers do not exist."""
    seeding.seed_demo()
    run = training_service.train()
    assert run is not None
    assert run.status == IN_SERVICE
    assert run.people == run.made_up == 300
    assert run.movies > 1000
    assert run.interactions > 5000
    assert run.metrics["recall_at_20"] > run.metrics["popularity"]["recall_at_20"]
    assert run.metrics["in_time"]["recall_at_20"] > 0
    assert model_files.folder_of(run.version).is_dir()
    assert queries.version_in_service() == run.version


def test_one_favorite_brings_reasons_and_the_next_answer_knows_it(
    trained: RecommenderRun, ada: User, as_ada: FlaskClient
) -> None:
    before = as_ada.get("/api/v1/me/recommendations?limit=50").get_json()["results"]
    assert before
    assert all(one["reasons"][-1]["kind"] == "rest" for one in before)
    assert as_ada.put(f"/api/v1/me/favorites/{FIRST}").status_code == 201
    after = as_ada.get("/api/v1/me/recommendations?limit=50").get_json()["results"]
    assert FIRST not in [one["movie"]["id"] for one in after]
    named = [one["reasons"][0] for one in after if one["reasons"][0]["kind"] == "movie"]
    assert named
    assert {reason["movie"]["title"] for reason in named} == {f"Film {FIRST}"}
    for one in after:
        assert sum(reason["weight"] for reason in one["reasons"]) == pytest.approx(
            one["score"], abs=1e-5
        )
        assert len(one["reasons"]) <= 4
    as_ada.delete(f"/api/v1/me/favorites/{FIRST}")
    gone = as_ada.get("/api/v1/me/recommendations").get_json()["results"]
    assert not [r for one in gone for r in one["reasons"] if r["kind"] == "movie"]


def test_what_is_disliked_seen_or_muted_is_not_recommended(
    trained: RecommenderRun, ada: User
) -> None:
    library.add_favorite(ada, FIRST)
    rows = picks_for(db.session.get_one(User, ada.id), Wish(limit=5)).rows
    first, second, third = (row.movie_id for row in rows[:3])
    library.vote(ada, first, "down")
    library.record_viewing(ada, second)
    library.hide(ada, "movie", third)
    db.session.expire_all()
    left = {row.movie_id for row in picks_for(ada, Wish(limit=100)).rows}
    assert not {first, second, third} & left


def test_decades_and_genres_narrow(trained: RecommenderRun, as_ada: FlaskClient) -> None:
    address = "/api/v1/me/recommendations?limit=30&decade=1994&genre=crime"
    found = as_ada.get(address).get_json()["results"]
    assert found
    for one in found:
        assert one["movie"]["release_date"][:3] == "199"
        assert "Crime" in [genre["name"] for genre in one["movie"]["genres"]]


def test_of_several_genres_all_are_met_or_any(trained: RecommenderRun, as_ada: FlaskClient) -> None:
    def kinds(genre: str) -> list[set[str]]:
        address = f"/api/v1/me/recommendations?limit=100&genre={genre}"
        found = as_ada.get(address).get_json()["results"]
        assert found
        return [{genre["name"] for genre in one["movie"]["genres"]} for one in found]

    assert all({"Crime", "Drama"} <= kind for kind in kinds("80,drama"))
    either = kinds("80|Thriller")
    assert all(kind & {"Crime", "Thriller"} for kind in either)
    assert not all("Crime" in kind for kind in either)


@pytest.mark.parametrize(
    "wrong",
    ["limit=0", "limit=101", "strategy=x", "decade=19", "genre="],
)
def test_what_makes_no_sense_is_refused_by_name(as_ada: FlaskClient, wrong: str) -> None:
    answer = as_ada.get(f"/api/v1/me/recommendations?{wrong}")
    assert answer.status_code == 422
    assert wrong.partition("=")[0] in answer.get_json()["errors"]["query"]


@pytest.mark.parametrize("genre", ["nonsense", "80,nonsense", "999999", "9" * 18, "80,999999"])
def test_of_a_genre_that_there_is_none_of_there_is_nothing(
    trained: RecommenderRun, as_ada: FlaskClient, ada_browsing: FlaskClient, genre: str
) -> None:
    for path in ("me/recommendations", "movies", "me/favorites"):
        found = as_ada.get(f"/api/v1/{path}?genre={genre}")
        assert (found.status_code, found.get_json()["results"]) == (200, []), path
    assert "Nothing left that matches" in ada_browsing.get(f"/for-you?genre={genre}").text


def test_of_genres_that_are_alternatives_those_that_are_known_count(
    trained: RecommenderRun, as_ada: FlaskClient
) -> None:
    either, known = (
        as_ada.get(f"/api/v1/me/recommendations?genre={genre}").get_json()["results"]
        for genre in ("80|nonsense", "80")
    )
    assert [one["movie"]["id"] for one in either] == [one["movie"]["id"] for one in known]


def test_two_at_once_are_one(app: Flask) -> None:
    with model_files.only_one() as alone:
        assert alone
        assert training_service.train() is None


def test_what_a_killed_training_left_is_closed_by_the_next(
    trained: RecommenderRun, ada: User
) -> None:
    @transactional
    def leave_one() -> None:
        db.session.add(RecommenderRun(version="abandoned", status=RUNNING))

    leave_one()
    again = training_service.train()
    assert again is not None
    left = queries.run_of("abandoned")
    assert left is not None
    assert left.status == FAILED
    assert queries.version_in_service() == again.version


def test_a_model_that_recalls_less_is_refused_and_the_old_one_stays(
    trained: RecommenderRun,
) -> None:
    @transactional
    def pretend_better() -> None:
        run = queries.run_of(trained.version)
        assert run is not None
        run.metrics = {**run.metrics, "recall_at_20": run.metrics["recall_at_20"] * 1.05}

    pretend_better()
    run = training_service.train()
    assert run is not None
    assert run.status == REFUSED
    assert "Recall" in run.reason
    assert queries.version_in_service() == trained.version


def test_a_training_that_fails_leaves_the_old_model(trained: RecommenderRun) -> None:
    root = model_files.folder_of(trained.version).parent
    aside = root.with_name("models-aside")
    root.rename(aside)
    root.mkdir()
    (root / ".lock").mkdir()
    try:
        with pytest.raises(OSError, match=r"\.lock"):
            training_service.train()
    finally:
        (root / ".lock").rmdir()
        root.rmdir()
        aside.rename(root)
    assert queries.version_in_service() == trained.version


def test_the_one_before_can_be_put_back(trained: RecommenderRun) -> None:
    second = training_service.train()
    assert second is not None
    assert second.status == IN_SERVICE
    assert service.roll_back().version == trained.version
    assert queries.version_in_service() == trained.version
    serving = in_service.current()
    assert serving is not None
    assert serving.version == trained.version, "this process knows at once"
    run = queries.run_of(second.version)
    assert run is not None
    assert run.status == REPLACED
    assert service.roll_back().version == second.version, "and back again"


def test_without_an_earlier_model_nothing_is_put_back(trained: RecommenderRun) -> None:
    assert service.previous() is None
    with pytest.raises(NotFound):
        service.roll_back()


def test_a_model_whose_files_are_gone_is_not_put_back(trained: RecommenderRun) -> None:
    second = training_service.train()
    assert second is not None
    shutil.rmtree(model_files.folder_of(trained.version))
    with pytest.raises(NotFound):
        service.roll_back()
    assert queries.version_in_service() == second.version


def test_commands_show_the_trainings_and_roll_back(app: Flask, trained: RecommenderRun) -> None:
    run = app.test_cli_runner().invoke
    refused = run(args=["recommender", "roll-back"])
    assert refused.exit_code == 1
    assert "There is no earlier model." in refused.output
    second = training_service.train()
    assert second is not None
    shown = run(args=["recommender", "runs"]).output.splitlines()
    assert f"{second.version} in_service" in shown[0]
    assert f"{trained.version} replaced" in shown[1]
    answer = run(args=["recommender", "roll-back"])
    assert answer.exit_code == 0
    assert trained.version in answer.output
    assert queries.version_in_service() == trained.version


def test_a_damaged_model_never_replaces_a_sound_one(trained: RecommenderRun) -> None:
    assert in_service.current() is not None
    second = training_service.train()
    assert second is not None
    weights = model_files.folder_of(second.version) / "long.npy"
    weights.unlink()
    weights.write_bytes(b"no weights at all")
    in_service.look_again()
    serving = in_service.current()
    assert serving is not None
    assert serving.version == trained.version


def test_a_model_that_could_not_be_read_is_tried_again(trained: RecommenderRun) -> None:
    assert in_service.current() is not None
    second = training_service.train()
    assert second is not None
    folder = model_files.folder_of(second.version)
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    in_service.look_again()
    serving = in_service.current()
    assert serving is not None
    assert serving.version == trained.version
    elsewhere.rename(folder)
    in_service.look_again()
    serving = in_service.current()
    assert serving is not None
    assert serving.version == second.version


def test_nobody_waits_while_another_looks_for_a_new_model(
    app: Flask, trained: RecommenderRun
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("nothing keeps its readers away")
    before = in_service.current()

    def look() -> None:
        with app.app_context():
            in_service.current()

    with db.engine.connect().execution_options(**WRITING["postgresql"]) as other, other.begin():
        other.execute(text("LOCK TABLE recommender_runs"))
        in_service.look_again()
        first, second = (threading.Thread(target=look, daemon=True) for _ in range(2))
        first.start()
        time.sleep(0.3)
        second.start()
        second.join(5)
        assert first.is_alive()
        assert not second.is_alive()
    first.join(30)
    assert in_service.current() is before


def test_it_is_due_after_fifty_opinions_or_a_day(trained: RecommenderRun, ada: User) -> None:
    assert not training_service.is_due()
    for movie_id in town.FILMS:
        library.like(ada, movie_id)
    assert not training_service.is_due()
    for movie_id in town.FILMS[:10]:
        library.add_favorite(ada, movie_id)
    assert training_service.is_due()


def test_the_job_keeps_lists_ready_for_the_active(
    trained: RecommenderRun, as_ada: FlaskClient
) -> None:
    as_ada.get("/api/v1/me")
    jobs.generate_recommendations()
    assert queries.version_in_service() == trained.version


def test_neighbours_of_a_film_are_other_films(trained: RecommenderRun) -> None:
    found = neighbours_of(FOURTH, 12)
    assert len(set(found)) == 12
    assert FOURTH not in found
