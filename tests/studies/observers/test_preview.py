"""What trained observers say of a new study's pairs."""

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.metrics.forced_choice import Rate
from cxr_studio.networks.observers import pairs
from cxr_studio.networks.observers.network import network_of
from cxr_studio.networks.observers.observer import Observer, disguised
from cxr_studio.studies.observers import preview
from cxr_studio.studies.observers.preview import Preview, previews, study_pairs
from tests.studies.tiny_study import tiny_study


@pytest.fixture(autouse=True)
def _small_changes_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny study's changes have 20 pixels a side."""
    monkeypatch.setattr(pairs, "KNOWN_SIDES", (16, 128))


def test_pairs_of_a_study_show_the_change_in_their_middle(tmp_path: Path) -> None:
    bundle, key = tiny_study(tmp_path)
    found = study_pairs(bundle, key)
    assert found is not None
    assert len(found) == sum(not case.practice for case in key.cases.values()) == 16
    assert found.real.shape == (16, 48, 48)
    changed = found.real != found.fake
    assert changed.any(axis=(1, 2)).all()
    assert not (changed & ~found.known_holes).any()
    assert found.known_holes[0, 14:34, 14:34].all()
    assert np.count_nonzero(found.known_holes[0]) == 400


def test_nothing_is_said_of_nodules_and_of_images_alone(tmp_path: Path) -> None:
    nodules = [{"generator": "ct-superposition", "diameter": "uniform:10,20px"}]
    assert study_pairs(*tiny_study(tmp_path / "a", conditions=nodules)) is None
    assert previews(*tiny_study(tmp_path / "b", "real-or-fake")) == []


def test_both_observers_are_asked_and_known_patients_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, key = tiny_study(tmp_path)
    card: dict[str, object] = {
        "patients_sha256": [disguised("000"), disguised("nobody")],
        "fills": ["telea, grain of every scale"],
    }
    monkeypatch.setattr(preview, "shipped_observer", lambda kind: Observer(kind, (network_of(kind).eval(),), card=card))
    found = previews(bundle, key)
    assert [one.kind for one in found] == ["location-known", "human-like"]
    assert [one.trained_on for one in found] == [1, 1]
    assert all(one.rate.pairs == 16 for one in found)
    assert found[0].unknown == ("biharmonic",)
    assert found[0].words.endswith("not trained on fills by biharmonic and may perform below its best.")


def test_sentences() -> None:
    bad = Preview("human-like", Rate(0.95, 0.88, 1.0, 40, 40), 0)
    assert bad.words == (
        "The human-like observer, which knows the place, picks the original in 95.0 % (88–100) of 40 pairs; "
        "readers will probably see the change at once."
    )
    good = Preview("location-known", Rate(0.55, 0.42, 0.66, 40, 40), 3)
    assert "no better than guessing" in good.words
    assert good.words.endswith("It was trained on 3 of these patients' pairs.")
