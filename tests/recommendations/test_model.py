"""The folder in which a model rests, and models of other origins."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from moviesite.recommendations import engine, serving
from moviesite.recommendations.folder import MANIFEST, UnusableModel
from moviesite.recommendations.folding import person_factors
from moviesite.recommendations.model import Model, factor_arrays
from tests.recommendations.conftest import FIRST, SECOND


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    model.save(tmp_path / "model")
    return tmp_path / "model"


def test_a_model_comes_back_as_it_was(model: Model, saved: Path) -> None:
    back = engine.Model.load(saved)
    assert back.settings == model.settings
    for likes in ([], [3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]):
        np.testing.assert_array_equal(back.score(likes), model.score(likes))
    assert serving.recommend(back, [1, 2]) == serving.recommend(model, [1, 2])


def test_arrays_are_mapped_and_cannot_be_written(saved: Path) -> None:
    long = Model.load(saved).arrays["long"]
    assert isinstance(long.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        long[0, 0] = 1


def test_the_manifest_says_what_is_there(model: Model, saved: Path) -> None:
    model.metrics["recall_at_20"] = 0.5
    model.save(saved)
    said = json.loads((saved / MANIFEST).read_text())
    assert said["counts"] == {"movies": 60, "interactions": 2800, "new": 4}
    assert set(said["files"]) == set(model.arrays)
    assert all(len(file["sha256"]) == 64 for file in said["files"].values())
    assert Model.load(saved).metrics == {"recall_at_20": 0.5}
    model.metrics.clear()


def test_a_changed_file_is_noticed(saved: Path) -> None:
    with (saved / "short.npy").open("r+b") as file:
        file.seek(500)
        file.write(b"\x01\x02")
    with pytest.raises(UnusableModel, match="not the file that was written"):
        Model.load(saved)


def test_a_missing_or_truncated_file_is_noticed(saved: Path) -> None:
    content = (saved / "long.npy").read_bytes()
    (saved / "long.npy").write_bytes(content[:1000])
    with pytest.raises(UnusableModel):
        Model.load(saved)
    (saved / "long.npy").unlink()
    with pytest.raises(UnusableModel, match="cannot be read"):
        Model.load(saved)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not JSON"),
        ("[]", "something else"),
        ('{"format": "other"}', "something else"),
        ('{"format": "moviesite-recommendations", "version": 99}', "version 99"),
        ('{"format": "moviesite-recommendations", "version": 1}', "which files"),
        (
            '{"format": "moviesite-recommendations", "version": 1, "files": {"../x": {}}}',
            "which files",
        ),
        ('{"format": "moviesite-recommendations", "version": 1, "files": {}}', "lacks parts"),
    ],
)
def test_foreign_manifests_are_refused(saved: Path, content: str, said: str) -> None:
    (saved / MANIFEST).write_text(content)
    with pytest.raises(UnusableModel, match=said):
        Model.load(saved)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match="holds no"):
        Model.load(tmp_path)
    with pytest.raises(UnusableModel, match="holds no"):
        Model.load(tmp_path / "nowhere")


def test_a_pickled_array_is_never_loaded(model: Model, saved: Path) -> None:
    np.save(saved / "counts.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UnusableModel):
        Model.load(saved)


def test_a_folder_of_something_else_is_not_overwritten(model: Model, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(UnusableModel):
        model.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_mapped_model_outlives_a_newer_one_in_its_folder(model: Model, saved: Path) -> None:
    mapped = Model.load(saved)
    before = mapped.score([1]).copy()
    changed = dict(model.arrays, long=model.arrays["long"] * 2, short=model.arrays["short"] * 0)
    Model(changed, model.settings).save(saved)
    np.testing.assert_array_equal(mapped.score([1]), before)


def test_factors_of_another_engine_fold_in(model: Model, tmp_path: Path) -> None:
    arrays = factor_arrays(model.arrays["item_factors"], 1.0)
    made = Model({**arrays, "counts": model.arrays["counts"]}, {"confidence": 4.0})
    made.save(tmp_path / "factors")
    back = Model.load(tmp_path / "factors")
    shown = serving.recommend(back, [1, 2, 3])
    assert shown[0].reasons
    scores = back.score([1, 2, 3])
    assert scores[list(FIRST)].mean() > scores[list(SECOND)].mean() + 0.5


@pytest.mark.parametrize("likes", [1, 4, 40])
def test_a_persons_factors_solve_their_equations(likes: int) -> None:
    chance = np.random.default_rng(3)
    items = chance.normal(size=(60, 6)).astype(np.float32)
    gram = items.T @ items + 2.0 * np.eye(6)
    liked = np.arange(likes)
    found = person_factors(items[liked], np.linalg.inv(gram).astype(np.float32), 3.0).sum(axis=0)
    rows = items[liked]
    wanted = np.linalg.solve(gram + 2.0 * rows.T @ rows, 3.0 * rows.sum(axis=0))
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4)


def test_parts_that_do_not_belong_together_are_refused() -> None:
    counts = np.ones(3, dtype=np.int32)
    square = np.zeros((3, 3), dtype=np.float32)
    with pytest.raises(ValueError, match="belong together"):
        Model({"counts": counts, "long": square})
    with pytest.raises(ValueError, match="not about 3 movies"):
        Model({"counts": counts, "likeness": square[:2]})


def test_serving_does_without_scipy() -> None:
    code = (
        "import sys, moviesite.recommendations.serving, moviesite.recommendations.neighbours;"
        "sys.exit(any(name.split('.')[0] in ('scipy', 'implicit', 'flask', 'sqlalchemy')"
        " for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
