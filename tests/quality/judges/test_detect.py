"""The gate of detectors: real nodules of patients that were not trained on, better than the shipped one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cxr_studio.detection.detections import Detection
from cxr_studio.errors import ReadError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.judges import detect as judge
from cxr_studio.quality.judging import Material, Run
from cxr_studio.quality.shipping import contest

CARD = Card("own-detector", "Own", Role.DETECT, "compact-detector", {"widths": [8, 8], "head": 8}, 64)


@pytest.fixture
def snapshot(tmp_path):
    recipe = f'[scenes]\ntrain = "{tmp_path}/healthy"\n'
    card = Card(**{**CARD.__dict__, "recipe": recipe})
    save_checkpoint(tmp_path / "own.safetensors", build(card), card)
    return read_checkpoint(tmp_path / "own.safetensors")


@pytest.fixture
def images(tmp_path):
    """Six patients: four with a nodule, of whom one was trained on, one with a mass, one with neither."""
    for folder, names in (("healthy", ["00000001_002.png"]), ("real", [f"0000000{k}_000.png" for k in range(1, 7)])):
        (tmp_path / folder).mkdir()
        for name in names:
            Image.fromarray(np.full((80, 80), 90, np.uint8)).save(tmp_path / folder / name)
    rows = [f"0000000{k}_000.png,{'Mass' if k == 5 else 'Nodule'},10,10,20,20" for k in range(1, 6)]
    (tmp_path / "real" / "boxes.csv").write_text("\n".join(["image,finding,x,y,width,height", *rows]) + "\n")
    return tmp_path / "real"


@pytest.fixture
def finds(monkeypatch):
    """What every detector finds: the nodules' boxes, until another one is put in their place."""
    found = [(10.0, 10.0, 30.0, 30.0)]

    def detect(_radiograph, _checkpoint, *, device, file):
        return (Detection(file, found[-1], 0.9),)

    monkeypatch.setattr(judge, "detect", detect)
    monkeypatch.setattr(judge, "detector_findings", lambda *_a, **_k: [])
    return found


def test_it_is_measured_on_nodules_of_unknown_patients(snapshot, images, finds, monkeypatch):
    monkeypatch.setattr(judge, "find_checkpoints", dict)
    verdict = contest(snapshot, Material(images=images), Run("cpu"))
    assert verdict.reasons == ()
    assert verdict.scores["real_nodules"] == 3
    assert verdict.scores["real_sensitivity_at_1"] == 1
    assert verdict.report.parts[1] == "Left out, as their patients were trained on: 1."


def test_one_that_finds_nothing_is_not_shipped(snapshot, images, finds, monkeypatch):
    monkeypatch.setattr(judge, "find_checkpoints", dict)
    finds.append((50.0, 50.0, 70.0, 70.0))
    verdict = contest(snapshot, Material(images=images), Run("cpu"))
    assert verdict.reasons == ("the interval of its FROC area to 1 reaches 0",)


def test_it_has_to_beat_the_shipped_one(snapshot, images, finds, monkeypatch):
    monkeypatch.setattr(judge, "find_checkpoints", lambda: {"own-detector": snapshot})
    verdict = contest(snapshot, Material(images=images), Run("cpu"))
    assert verdict.reasons == ("the shipped one's FROC area to 1 is 1.000, not smaller",)
    assert verdict.report.parts[0].columns == ("Figure", "Snapshot", "Shipped", "Difference")


def test_without_radiographs_it_says_which(snapshot, images, finds):
    with pytest.raises(ReadError, match="real nodules"):
        contest(snapshot, Material(), Run("cpu"))
    (images / "boxes.csv").write_text("image,finding,x,y,width,height\n00000001_000.png,Nodule,10,10,20,20\n")
    with pytest.raises(ReadError, match="unknown patient"):
        contest(snapshot, Material(images=images), Run("cpu"))
