"""Bundle and key: read back whole, refused when changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import BundleError, open_bundle
from cxr_studio.studies.key import KeyFault, open_key
from tests.studies.tiny_study import tiny_study


@pytest.mark.parametrize("paradigm", ["2afc", "real-or-fake"])
def test_both_read_back(tmp_path: Path, paradigm: str):
    bundle, key = tiny_study(tmp_path, paradigm)
    assert open_bundle(tmp_path / "bundle") == bundle
    assert open_key(tmp_path / "key.json", study_id=bundle.study_id) == key
    assert key.bundle_sha256 == bundle.sha256
    assert (tmp_path / "key.json").stat().st_mode & 0o077 == 0


def test_a_changed_bundle_is_refused(tmp_path: Path):
    bundle, _ = tiny_study(tmp_path)
    path = tmp_path / "bundle" / "study.json"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace('"undo":true', '"undo":false'), encoding="utf-8")
    with pytest.raises(BundleError, match="changed"):
        open_bundle(tmp_path / "bundle")
    path.write_text(whole[:200], encoding="utf-8")
    with pytest.raises(BundleError, match="cannot be read"):
        open_bundle(tmp_path / "bundle")
    with pytest.raises(BundleError, match="no study"):
        open_bundle(tmp_path)
    name = next(iter(bundle.images))
    bundle.image(name).write_bytes(b"other")
    with pytest.raises(BundleError, match="changed"):
        bundle.check_image(name)
    bundle.image(name).unlink()
    with pytest.raises(BundleError, match="cannot be read"):
        bundle.check_image(name)


def test_a_changed_or_foreign_key_is_refused(tmp_path: Path):
    bundle, _ = tiny_study(tmp_path)
    path = tmp_path / "key.json"
    with pytest.raises(KeyFault, match="another study"):
        open_key(path, study_id="f" * 32)
    values = json.loads(path.read_text(encoding="utf-8"))
    values["trials"][0]["target"] = "left" if values["trials"][0]["target"] == "right" else "right"
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(KeyFault, match="changed"):
        open_key(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(KeyFault, match="no key"):
        open_key(path)
    assert bundle.study_id


def test_a_folder_with_a_study_is_left_alone(tmp_path: Path):
    tiny_study(tmp_path)
    before = (tmp_path / "key.json").read_bytes()
    with pytest.raises(StudioError, match="already"):
        tiny_study(tmp_path)
    assert (tmp_path / "key.json").read_bytes() == before


def test_marks_are_scored_against_the_mask(tmp_path: Path):
    _, key = tiny_study(tmp_path)
    case = next(iter(key.cases.values()))
    assert case.marked(25.5, 15.5)
    assert not case.marked(15.5, 25.5)


def test_the_right_answer_is_where_the_right_image_is(tmp_path: Path):
    """By hand from the key: in "which one is the original?" the original lies on the target's side."""
    bundle, key = tiny_study(tmp_path)
    for place, trials in enumerate(bundle.schedules):
        for trial in trials:
            truth = key.trials[trial.uid]
            assert truth.reader == place
            right = trial.images[0 if key.right_answer(truth) == "left" else 1]
            assert right == key.cases[truth.case].original
    changed, other = tiny_study(tmp_path / "changed", study={"question": "changed"})
    trial = changed.schedules[0][0]
    right = trial.images[0 if other.right_answer(other.trials[trial.uid]) == "left" else 1]
    assert right == other.cases[other.trials[trial.uid].case].altered
