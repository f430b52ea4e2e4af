"""Table 1 and detection: gaps by patient, boxes found, and the same by hand on tiny examples."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import ReadError
from cxr_studio.metrics.by_patient import estimate, means, patient_counts
from cxr_studio.quality.highlighting.boxed import FindingBox, judged_boxes, read_boxes
from cxr_studio.quality.highlighting.detection import Judged, area_difference, detection, shrink
from cxr_studio.quality.highlighting.patches import PatchScore, Place, gap_difference, gaps, of_finding, score_places
from cxr_studio.quality.highlighting.places import carried, covered, lung_frame, overlap
from cxr_studio.quality.highlighting.square_fills import CLASSICAL_CARD
from cxr_studio.quality.highlighting.windows import SquareFill


def test_boxes_are_read_and_faults_named(tmp_path: Path) -> None:
    table = tmp_path / "boxes.csv"
    table.write_text("image,finding,x,y,width,height\na_1.png,Mass,10.4,20,30,40\n")
    assert read_boxes(tmp_path) == [FindingBox("a_1.png", "Mass", (20, 10, 60, 40))]
    for text in ("image,finding,x,y,width,height\na,Mass,1,2,0,4\n", "image,finding,x\na,Mass,1\n", "image\n"):
        table.write_text(text)
        with pytest.raises(ReadError, match=r"boxes\.csv"):
            read_boxes(tmp_path)


def test_doubtful_and_doubled_boxes_are_left_out(tmp_path: Path) -> None:
    rows = ["a_1.png,Nodule,10,10,40,40,NIH,faint,yes", "a_1.png,Nodule,20,20,20,20,ChestX-Det,faint,yes"]
    rows += ["a_1.png,Mass,20,20,20,20,NIH,,", "b_1.png,Nodule,0,0,9,9,NIH,doubtful,", "b_1.png,Effusion,0,0,9,9,NIH,,"]
    (tmp_path / "boxes.csv").write_text(
        "\n".join(["image,finding,x,y,width,height,source,seen,other_nodules_likely", *rows, ""])
    )
    every = read_boxes(tmp_path)
    assert [b.seen for b in every] == ["faint", "faint", "", "doubtful", ""]
    assert judged_boxes(every) == [every[1], every[2], every[4]]
    assert judged_boxes(every, ["nodule", "Mass"]) == [every[1], every[2]]
    with pytest.raises(ReadError, match="Effusion, Mass, Nodule"):
        judged_boxes(every, ["Fracture"])


def test_places_are_carried_between_lungs_and_mirrored() -> None:
    first, second = (0, 0, 100, 200), (50, 100, 250, 200)
    assert carried((10, 20, 30, 60), first, second) == (70, 110, 110, 130)
    assert carried((10, 20, 30, 60), first, first, mirrored=True) == (10, 140, 30, 180)
    assert overlap((0, 0, 10, 10), (5, 5, 25, 25)) == 0.25
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    mask = np.zeros((20, 20), bool)
    mask[:, :10] = True
    assert covered((0, 5, 10, 15), mask) == 0.5
    assert covered((-10, 0, 10, 10), mask) == 0.5
    assert lung_frame(mask) == (0, 0, 20, 10)


def test_patients_not_rows_are_resampled() -> None:
    patients = ["a"] * 50 + ["b"] * 50
    counts = patient_counts(patients, resamples=400)
    assert (counts[0] == 1).all()
    assert (counts[:, :50] == counts[:, :1]).all()
    values = np.repeat([0.0, 1.0], 50)
    by_patient = estimate(means(values, counts), null=0.5)
    by_row = estimate(means(values, patient_counts([str(k) for k in range(100)], resamples=400)), null=0.5)
    assert by_patient.high - by_patient.low == 1.0
    assert by_row.high - by_row.low < 0.3
    assert by_patient.p > 0.4


def scores(shift: float, seed: int = 1) -> list[PatchScore]:
    rng = np.random.default_rng(seed)
    made = []
    for group, centre in (("healthy", 32.0), ("finding", 32.0 - shift)):
        for k in range(40):
            noise = rng.normal(0, 1)
            made.append(PatchScore(Place(f"{group}{k}", group, 0, 0), centre + noise, 50 - noise, 0.8 + 0.01 * noise))
    return made


def test_a_gap_is_found_where_there_is_one_and_not_elsewhere() -> None:
    psnr, _, _ = gaps(scores(3.0), healthy="healthy", finding="finding")
    assert psnr.metric == "psnr"
    assert 2.3 < psnr.gap.value < 3.7
    assert psnr.gap.p < 0.01
    none, _, _ = gaps(scores(0.0), healthy="healthy", finding="finding")
    assert none.gap.low < 0 < none.gap.high
    more = gap_difference(scores(3.0), scores(1.0), metric="psnr", healthy="healthy", finding="finding")
    assert more.value == pytest.approx(2.0)
    assert more.p < 0.01


def test_a_finding_is_compared_with_its_own_controls_and_all_healthy_places() -> None:
    made = [PatchScore(Place("a", group, 0, 0, finding), 30, 1, 1) for group, finding in
            (("healthy", ""), ("matched", "Mass"), ("matched", "Nodule"), ("finding", "Mass"))]  # fmt: skip
    assert of_finding(made, "Mass") == [made[0], made[1], made[3]]


def test_a_patch_is_scored_at_its_own_place() -> None:
    plane = np.random.default_rng(0).random((200, 220)).astype(np.float32)
    plane[60:124, 80:144] = 0.5
    flat = SquareFill(CLASSICAL_CARD, lambda crops, _: np.full((len(crops), 64, 64), 0.5, np.float32), "cpu")
    hit, beside = score_places(flat, plane, [Place("a", "finding", 92, 112), Place("a", "finding", 5, 5)])
    assert (hit.mse, hit.psnr, hit.ssim) == (0, float("inf"), pytest.approx(1))
    assert beside.mse > 1000


def judged(name: str, *, hot: bool, seed: int) -> Judged:
    layer = np.random.default_rng(seed).normal(0, 0.1, (128, 128)).astype(np.float32)
    lungs = np.zeros((128, 128), bool)
    lungs[10:118, 10:118] = True
    if hot:
        layer[30:50, 20:44] += 3.0
    return Judged(name, name.split("_")[0], layer, lungs, 1.0)


def test_hot_boxes_are_found_and_cold_ones_are_not() -> None:
    healthy = [judged(f"h{k}_0.png", hot=False, seed=k) for k in range(12)]
    found = [judged(f"p{k}_0.png", hot=True, seed=100 + k) for k in range(8)]
    boxes = [FindingBox(one.image, "Mass", (30, 20, 50, 44)) for one in found]
    good = detection(found, healthy, boxes)
    assert good.boxes == 8
    assert good.auc.value == good.mirrored.value == good.hits.value == 1.0
    assert good.chance < 0.5
    assert [allowed for allowed, _ in good.curve] == [0.25, 0.5, 1.0, 2.0, 4.0]
    assert dict(good.curve)[1.0] == 1.0
    cooled = [replace(one, layer=h.layer) for one, h in zip(found, healthy, strict=False)]
    cold = detection(cooled, healthy, boxes)
    more = area_difference((found, healthy), (cooled, healthy), boxes)
    assert more.value == pytest.approx(1.0 - cold.auc.value)
    assert more.p < 0.01
    assert area_difference((found, healthy), (found, healthy), boxes).high == 0.0
    assert 0.2 < cold.auc.value < 0.8
    assert cold.hits.value < 0.7
    hits = [share for _, share in cold.curve]
    assert hits == sorted(hits)
    assert dict(cold.curve)[1.0] == cold.hits.value


def test_a_box_beside_the_lungs_is_not_judged() -> None:
    healthy = [judged(f"h{k}_0.png", hot=False, seed=k) for k in range(4)]
    found = [judged("p_0.png", hot=True, seed=9)]
    outside = FindingBox("p_0.png", "Mass", (0, 0, 9, 9))
    inside = FindingBox("p_0.png", "Mass", (30, 20, 50, 44))
    assert detection(found, healthy, [outside, inside]).boxes == 1


def test_marks_keep_apart_and_shrinking_keeps_places() -> None:
    layer = np.zeros((1024, 1024), np.float32)
    layer[400:440, 600:640] = 2.0
    layer[450:460, 640:650] = 1.0
    layer[800:840, 200:240] = 1.5
    small = shrink("a", "a", layer, np.ones(layer.shape, bool))
    assert small.layer.shape == (256, 256)
    strong = [mark for mark in small.marks if mark[0] > 0.9]
    assert {round(value, 1) for value, _, _ in strong} == {2.0, 1.5}
    assert all(400 <= 4 * y < 440 or 800 <= 4 * y < 840 for _, y, _ in strong)
    assert small.shrunk((400, 600, 440, 640)) == (100, 150, 110, 160)
