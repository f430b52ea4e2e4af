"""Generators with labels: whether the label is seen, whether the patient stays, and whether it ships."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from cxr_studio.cli.main import main
from cxr_studio.datasets.patients import Patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import ReadError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.judges import translate
from cxr_studio.quality.judging import Material, Run
from cxr_studio.quality.labels import measuring
from cxr_studio.quality.labels.bench import Bench, Direction, bench_of
from cxr_studio.quality.labels.cases import label_sets
from cxr_studio.quality.labels.classifier import Classifier, Sight, area_of
from cxr_studio.quality.labels.gate import reasons_against
from cxr_studio.quality.labels.report import REAL, UNTOUCHED, measured_all, report_of
from cxr_studio.quality.shipping import contest, ship
from cxr_studio.quality.trained_on import trained_on
from cxr_studio.quality.whole_images import Redrawn
from cxr_studio.roles import look_up

CARD = Card(
    "tiny-labels", "Tiny", Role.TRANSLATE, "stargan", {"labels": 1, "width": 4, "blocks": 1}, 64, labels=("Mass",)
)
BALL = 48, 40, 14
"""Row, column and radius of the mass that a labelled radiograph has."""

GIVEN = Direction("Mass", given=True)


def scene(number: int, *, mass: bool) -> np.ndarray:
    """Smooth shades of its own, 96 × 96, and a mass perhaps."""
    rng = np.random.default_rng([number, mass])
    shades = cv2.resize(rng.uniform(60, 140, (6, 6)).astype(np.float32), (96, 96), interpolation=cv2.INTER_CUBIC)
    image = shades + rng.normal(0, 3, shades.shape)
    return np.clip(image + (ball() if mass else 0), 0, 255).astype(np.uint8)


def ball() -> np.ndarray:
    y, x = np.mgrid[:96, :96]
    return 80 * np.clip(1.5 - np.hypot(y - BALL[0], x - BALL[1]) / BALL[2], 0, 1)


def patients(split: str, count: int, start: int) -> list[str]:
    found = (f"{k:08d}" for k in range(start, 9000))
    return [name for name in found if split_of(name) == split][:count]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Healthy radiographs to teach and to measure, and others with a mass of both splits."""
    folder = tmp_path_factory.mktemp("labels")
    kinds = {
        "teach": patients("train", 14, 1000),
        "healthy": patients("val", 11, 2000),
        "mass": [*patients("train", 14, 3000), *patients("val", 11, 4000)],
    }
    for name, people in kinds.items():
        (folder / name).mkdir()
        for who in people:
            cv2.imwrite(str(folder / name / f"{who}_000.png"), scene(int(who), mass=name == "mass"))
    return folder


@pytest.fixture(scope="module")
def tiny(folders: Path) -> Path:
    torch.manual_seed(2)
    path = folders / "tiny.safetensors"
    save_checkpoint(path, build(CARD), CARD)
    return path


@pytest.fixture
def material(folders: Path) -> Material:
    return Material(folders / "healthy", labelled=folders / "mass", teach=folders / "teach")


@pytest.fixture(scope="module")
def bench(folders: Path) -> Bench:
    material = Material(folders / "healthy", labelled=folders / "mass", teach=folders / "teach")
    return bench_of(CARD.labels, label_sets(CARD, material), Run("cpu"))


@pytest.fixture(autouse=True)
def _lungs_are_where_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    half = np.zeros((96, 96), bool)
    half[:48] = True
    monkeypatch.setattr(measuring, "_lungs", lambda *_: half)


def draw_like(monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    """Every generator changes pixels so: ``change(image, labels)``."""

    def drawn(_self: object, _image: object, stored: np.ndarray, _seed: int, labels: tuple[str, ...] = ()) -> Redrawn:
        return Redrawn(np.clip(change(stored.astype(np.float32), labels), 0, 255).astype(np.uint8), 0.1)

    monkeypatch.setattr(translate.WholeDrawer, "translate", drawn)


def there(image: np.ndarray) -> bool:
    """Whether the mass is: brighter in the middle than at its edge."""
    y, x = np.mgrid[:96, :96]
    away = np.hypot(y - BALL[0], x - BALL[1])
    return bool(image[away < 5].mean() > image[(away > 20) & (away < 24)].mean() + 35)


def honest(image: np.ndarray, labels: tuple[str, ...]) -> np.ndarray:
    """Draws the mass where there is none, takes it where there is one, and leaves the rest."""
    if image.shape != ball().shape:
        return image
    return image + (bool(labels) - there(image)) * ball()


def test_no_patient_teaches_and_is_measured(folders, material):
    sets = label_sets(CARD, material)
    assert (len(sets.measured), len(sets.taught)) == (22, 28)
    taught = {case.patient for case in sets.taught}
    assert not taught & {case.patient for case in sets.measured}
    assert {split_of(case.patient) for case in sets.measured if case.labels} == {"val"}
    shared = replace(material, teach=folders / "healthy")
    assert all(case.labels for case in label_sets(CARD, shared).measured)


def test_the_folders_of_its_recipe_are_taken_where_none_are_named(folders, material):
    recipe = f"[healthy]\ntrain = '{folders / 'teach'}'\n[labelled]\nimages = '{folders / 'mass'}'\n"
    card = replace(CARD, recipe=recipe)
    assert len(label_sets(card, Material(folders / "healthy")).measured) == 22
    known = trained_on(card, Patients())
    assert len(known) == 28, "of labelled radiographs those that are held out are not among them"
    assert label_sets(CARD, Material(folders / "healthy")) is None
    with pytest.raises(ReadError, match="nothing says which of Mass, Nodule"):
        label_sets(replace(CARD, labels=("Mass", "Nodule")), material)


def test_a_list_of_boxes_says_which_labels_there_are(folders, material, tmp_path):
    names = sorted(path.name for path in (folders / "mass").iterdir())
    rows = [f"{name},Nodule,1,1,5,5" for name in names[:4]] + [f"{name},Mass,1,1,5,5" for name in names[2:]]
    (tmp_path / "boxes.csv").write_text("\n".join(["image,finding,x,y,width,height", *rows]) + "\n")
    two = replace(CARD, labels=("Mass", "Nodule"))
    sets = label_sets(two, replace(material, labelled_boxes=tmp_path / "boxes.csv"))
    labels = {case.path.name: case.labels for case in (*sets.measured, *sets.taught) if case.labels}
    assert (labels[names[0]], labels[names[2]], labels[names[-1]]) == (("Nodule",), ("Mass", "Nodule"), ("Mass",))
    bench = bench_of(two.labels, sets, Run("cpu"))
    assert (bench.missing, [*bench.classifiers]) == (("Nodule",), ["Mass"])


def test_the_classifier_is_the_same_every_time_and_sees_what_it_is_taught(folders, material, bench):
    again = bench_of(CARD.labels, label_sets(CARD, material), Run("cpu"))
    assert bench.areas["Mass"].value > 0.9
    assert bench.areas["Mass"].low > 0.5
    assert np.array_equal(bench.classifiers["Mass"].weights, again.classifiers["Mass"].weights)
    rng = np.random.default_rng(0)
    noise = [Sight(np.zeros((1, 1), np.float32), rng.normal(size=40)) for _ in range(80)]
    labels = np.arange(80) % 2 == 0
    blind = Classifier.taught(noise[:40], labels[:40])
    area = area_of(blind.scores(noise[40:]), labels[40:], [str(k) for k in range(40)])
    assert area.low < 0.5 < area.high


def test_one_that_draws_what_is_asked_for_is_shipped_with_its_figures(tiny, bench, material, monkeypatch, tmp_path):
    draw_like(monkeypatch, honest)
    monkeypatch.setattr(translate, "bench_for", lambda *_: bench)
    verdict = contest(read_checkpoint(tiny), material, Run("cpu"))
    assert verdict.reasons == ()
    scores = read_checkpoint(ship(read_checkpoint(tiny), verdict.scores, tmp_path)).card.scores
    assert scores["translate_called"] > scores["untouched_called"] + 0.6
    assert scores["translate_kernel"] < scores["untouched_kernel"]
    assert scores["translate_cycle_ssim"] > 0.95
    assert scores["classifier_area"] > 0.9


def test_leaving_it_alone_gains_nothing(tiny, bench, monkeypatch):
    draw_like(monkeypatch, lambda image, _labels: image)
    found = measured_all([look_up(str(tiny))], bench, Run("cpu"))
    reasons = reasons_against(bench, found, "tiny", None)
    assert len(reasons) == 2
    assert all("called so no more often than untouched" in reason for reason in reasons)
    rows = found[GIVEN]
    assert rows["tiny"].gained.value == 0
    assert rows["tiny"].kernel == pytest.approx(rows[UNTOUCHED].kernel)
    assert rows["tiny"].cycle_psnr == float("inf")
    assert abs(rows[REAL].kernel) < rows[UNTOUCHED].kernel
    plain = report_of(bench, found).figures["directions"][0]["rows"]
    assert plain["tiny"]["cycle_psnr"] is None, "JSON knows nothing endless"


def test_another_chest_with_the_label_is_not_the_same_patient(tiny, bench, monkeypatch):
    def stranger(_image: np.ndarray, labels: tuple[str, ...]) -> np.ndarray:
        return scene(7, mass=bool(labels)).astype(np.float32)

    draw_like(monkeypatch, stranger)
    reasons = reasons_against(bench, measured_all([look_up(str(tiny))], bench, Run("cpu")), "tiny", None)
    assert sum("there and back leaves an SSIM" in reason for reason in reasons) == 2
    assert sum("farther from real ones than untouched" in reason for reason in reasons) == 2
    assert not any("called so no more often" in reason for reason in reasons)


def test_one_that_is_no_better_than_the_shipped_one_stays_out(tiny, bench, monkeypatch):
    draw_like(monkeypatch, honest)
    rows = measured_all([look_up(str(tiny))], bench, Run("cpu"))
    both = {direction: {**own, "shipped": own["tiny"]} for direction, own in rows.items()}
    (reason,) = reasons_against(bench, both, "tiny", "shipped")
    assert reason.startswith("the shipped one gains")
    assert reasons_against(bench, both, "tiny", None) == []
    assert [direction.title for direction in rows] == ["Mass given to healthy", "Mass taken"]
    blind = replace(bench, areas={"Mass": replace(bench.areas["Mass"], low=0.45)})
    (reason,) = reasons_against(blind, rows, "tiny", None)
    assert reason.startswith("no classifier tells Mass from healthy")


def test_what_is_too_little_is_not_measured(tiny, folders, material):
    with pytest.raises(ReadError, match="no radiographs with its labels"):
        contest(read_checkpoint(tiny), Material(folders / "healthy"), Run("cpu"))
    bench = bench_of(CARD.labels, label_sets(CARD, replace(material, labelled=folders / "healthy")), Run("cpu"))
    assert (bench.directions, bench.missing) == ((), ("Mass",))
    assert reasons_against(bench, {}, "tiny", None) == ["there are too few radiographs with Mass to measure it"]


def test_both_commands_print_the_same_figures(tiny, folders, tmp_path, capsys):
    words = ["--images", str(folders / "healthy"), "--labelled", str(folders / "mass"), "--device", "cpu"]
    words += ["--teach", str(folders / "teach")]
    out = ["--json", str(tmp_path / "f.json"), "--sheet", str(tmp_path / "s.png")]
    assert main(["evaluate", "--generator", str(tiny), *words, *out]) == 0
    evaluated = capsys.readouterr().out
    assert main(["ship", str(tiny), *words, "--to", str(tmp_path / "shipped")]) == 1
    shipped = capsys.readouterr()
    for title in ("Mass given to healthy: 11 radiographs", "Mass taken: 11 radiographs", "ROC area"):
        assert title in evaluated
        assert title in shipped.out
    assert "Not shipped: Mass given to healthy" in shipped.err
    figures = json.loads((tmp_path / "f.json").read_text())
    assert [one["given"] for one in figures["directions"]] == [True, False]
    assert {*figures["directions"][0]["rows"]} == {UNTOUCHED, "tiny", REAL}
    assert (tmp_path / "s.png").is_file()
    assert not (tmp_path / "shipped").exists()
