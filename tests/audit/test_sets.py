"""Sets: what stands twice, what is written again, what was memorised, and the command from start to report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.audit.cases import Case, cases_of, chosen_of, with_real
from cxr_studio.audit.memorised import PATCH, memory, nearest
from cxr_studio.audit.repeats import patients_in_splits, repeats, sources_in_splits
from cxr_studio.audit.rewriting import rewritten
from cxr_studio.audit.sights import thumb
from cxr_studio.cli.main import main
from cxr_studio.datasets.entries import Entry, Finding, Manifest
from cxr_studio.datasets.manifest_csv import read_manifest, write_manifest
from cxr_studio.errors import StudioError
from tests.audit.conftest import BOX, SIDE, Maker, drawn
from tests.audit.test_audit import text_field


def case(name: str, patient: str = "p", **more: object) -> Case:
    return Case(Path(f"{name}.png"), patient, bool(more.pop("synthetic", False)), **more)  # type: ignore[arg-type]


def test_a_copy_that_was_compressed_and_brightened_is_found_and_a_stranger_is_not() -> None:
    import cv2

    pictures = [drawn(k)[0].astype(np.float32) / 255 for k in range(12)]
    _, content = cv2.imencode(".jpg", (255 * pictures[4]).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 50])
    copy = cv2.imdecode(content, cv2.IMREAD_UNCHANGED).astype(np.float32) / 255 * 0.8 + 0.1
    cases = [case(f"{k}", f"p{k}", split="train") for k in range(12)] + [case("copy", "p4", split="test")]
    found = repeats(cases, [thumb(one) for one in (*pictures, copy)])
    assert [(one.first.path.name, one.second.path.name, one.fault) for one in found] == [
        ("4.png", "copy.png", "in train and test")
    ]


def test_one_exposure_under_two_patients_and_a_drawn_one_beside_its_own() -> None:
    picture = thumb(drawn(1)[0].astype(np.float32))
    found = repeats([case("a", "p1"), case("b", "p2"), case("c", "p1", synthetic=True)], [picture] * 3)
    faults = {(one.first.path.stem, one.second.path.stem): one.fault for one in found}
    assert faults == {
        ("a", "b"): "of two patients, p1 and p2",
        ("b", "c"): "of two patients, p2 and p1",
        ("a", "c"): "",
    }


def test_patients_and_sources_of_two_splits() -> None:
    cases = [
        case("a", "p1", split="train"),
        case("b", "p1", split="test"),
        case("c", "p2", split="val"),
        case("d", "p3", split=""),
        case("000001", "p2", synthetic=True, split="train", source="c.png"),
    ]
    assert [(one.name, one.splits) for one in patients_in_splits(cases)] == [
        ("p1", ("test", "train")),
        ("p2", ("train", "val")),
    ]
    assert [(one.name, one.splits) for one in sources_in_splits(cases)] == [("c", ("train", "val"))]


def manifest_of(folder: Path, cases: list[Case]) -> Manifest:
    entries = tuple(
        Entry(one.path.name, one.patient, findings=tuple(_finding(one, box) for box in one.boxes)) for one in cases
    )
    manifest = Manifest(folder, entries)
    write_manifest(manifest, folder / "manifest.csv")
    return manifest


def _finding(one: Case, box: tuple[float, float, float, float]) -> Finding:
    return Finding("nodule", box, synthetic=one.synthetic, generator=one.generator)


def test_a_set_that_leaks_by_its_files_does_not_once_it_is_written_again(maker: Maker, tmp_path: Path, capsys) -> None:
    maker.write, maker.name = text_field, lambda k: f"synthetic_{k:03d}"
    manifest_of(tmp_path, maker.make())
    out = tmp_path / "report"
    assert main(["audit", str(tmp_path), "--quick", "--out", str(out)]) == 1
    words = capsys.readouterr().out
    assert "File name: " in words
    assert "Text fields = Software: 100% of synthetic, 0% of real. Write all radiographs again" in words
    found = json.loads((out / "audit.json").read_text())
    assert {one["question"] for one in found["answers"] if one["verdict"] == "leak"} == {"header", "name"}
    page = (out / "audit.html").read_text()
    assert page.count("<svg") == 1 + 2
    assert "http" not in page.replace("http://www.w3.org", "")
    again = tmp_path / "again"
    assert main(["audit", str(tmp_path), "--quick", "--rewrite", str(again), "--json", str(tmp_path / "a.json")]) == 0
    assert json.loads((tmp_path / "a.json").read_text())["leaks"] == 0
    first = read_manifest(again / "manifest.csv").entries
    assert [one.file for one in first] == sorted(one.file for one in first)


def test_written_again_8_bits_stay_and_16_become_8_where_depths_differ(tmp_path: Path) -> None:
    eight = drawn(0)[0].astype(np.uint8)
    Image.fromarray(eight).save(tmp_path / "a.png")
    Image.fromarray((drawn(1)[0] * 257).astype(np.uint16)).save(tmp_path / "b.png")
    finding = Finding("nodule", (10.0, 12.0, 30.0, 34.0), synthetic=True, generator="g")
    manifest = Manifest(tmp_path, (Entry("a.png", "p1", findings=(finding,)), Entry("b.png", "p2")))
    found = rewritten(manifest, tmp_path / "again")
    pixels = {one.patient: np.asarray(Image.open(found.path(one))) for one in found.entries}
    assert (pixels["p1"] == eight).all()
    assert pixels["p2"].dtype == np.uint8
    assert next(one for one in found.entries if one.patient == "p1").findings == (finding,)


def folder_of(folder: Path, seeds: range) -> Path:
    folder.mkdir()
    for k in seeds:
        Image.fromarray(drawn(k)[0].astype(np.uint8)).save(folder / f"{k:03d}.png")
    return folder


@pytest.mark.parametrize(("seeds", "memorised"), [(range(10), True), (range(200, 210), False)])
def test_patches_that_were_copied_from_training_images_are_memory(
    tmp_path: Path, seeds: range, memorised: bool
) -> None:
    training, held = folder_of(tmp_path / "training", range(10)), folder_of(tmp_path / "held", range(100, 110))
    cases = []
    for k in seeds:
        path = tmp_path / f"synthetic-{k}.png"
        Image.fromarray(drawn(k)[0].astype(np.uint8)).save(path)
        y0, x0, y1, x1 = drawn(k)[1]
        cases.append(Case(path, f"other {k}", True, "g", ((y0, x0, y1, x1),), size=(SIDE, SIDE)))
    found = memory(cases, training, held)
    assert found.memorised == memorised
    assert (found.area == 1.0) == memorised
    assert (found.copies == 10) == memorised
    assert ("copies" in found.words) == memorised


def test_an_even_part_of_a_radiograph_is_like_no_patch() -> None:
    rng = np.random.default_rng(0)
    image = rng.normal(0, 1, (120, 120)).astype(np.float32)
    image[:, 50:] = np.float32(0.3)
    patch = rng.normal(0, 1, (PATCH, PATCH)).astype(np.float32)
    own = np.ascontiguousarray(image[40 : 40 + PATCH, 5 : 5 + PATCH])
    assert nearest([patch, own], image) == pytest.approx([0.9, 0.0], abs=0.12)
    assert nearest([patch], np.full((64, 64), 0.3, np.float32)) == pytest.approx([2.0])


def test_memory_leaves_out_the_radiographs_that_were_drawn_into(tmp_path: Path) -> None:
    training, held = folder_of(tmp_path / "training", range(10)), folder_of(tmp_path / "held", range(100, 110))
    box = (40.0, 40.0, 40.0 + BOX, 40.0 + BOX)
    cases = [Case(training / f"{k:03d}.png", f"{k:03d}", True, "g", (box,)) for k in range(10)]
    with pytest.raises(StudioError, match="radiographs of other patients are needed, not 0"):
        memory(cases, training, held)


def test_sets_that_cannot_be_audited_are_sentences(maker: Maker, tmp_path: Path, capsys) -> None:
    cases = maker.make(8)
    manifest = manifest_of(tmp_path, [one for one in cases if one.synthetic])
    assert main(["audit", str(tmp_path)]) == 1
    assert "At least 8 real radiographs are needed, not 0. Give real radiographs with --real." in (
        capsys.readouterr().err.replace(f"{tmp_path.name}: a", "A")
    )
    assert main(["audit", str(tmp_path / "nothing.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["audit", str(tmp_path), "--training", str(tmp_path)]) == 1
    assert "need each other" in capsys.readouterr().err
    one = [replace(case, patient="p") for case in cases_of(manifest)]
    with pytest.raises(StudioError, match="all synthetic radiographs are of one patient"):
        chosen_of(one, most=10, file=tmp_path)


def test_a_folder_without_a_manifest_is_real(maker: Maker, tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, [one for one in maker.make(4) if one.synthetic])
    real = folder_of(tmp_path / "real", range(3))
    joined = with_real(manifest, real)
    assert [one.synthetic for one in cases_of(joined)] == [True] * 4 + [False] * 3


def test_half_of_the_real_ones_have_findings(maker: Maker) -> None:
    cases = [*maker.make(10), *(case(f"n{k}", f"n{k}") for k in range(30))]
    chosen = [one for one in chosen_of(cases, most=12, file=Path()) if not one.synthetic]
    assert [bool(one.boxes) for one in chosen] == [True] * 6 + [False] * 6
