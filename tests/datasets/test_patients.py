"""Whose a radiograph is, and splits by patient."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import pydicom
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.datasets.manifest import content_sha256, differences, manifest_of
from cxr_studio.datasets.patients import Patients, known_patients, patient_of, read_patients
from cxr_studio.datasets.splits import split_notes, split_of, splits_of
from cxr_studio.errors import ReadError
from cxr_studio.resources import resource
from cxr_studio.studies.slots import part_for_practice
from tests.conftest import SHARED, draw_phantom

CASES = SHARED.parent / "cases"


@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("00001280_004.png", "00001280"),
        ("00001280_009-inpainted.png", "00001280"),
        ("CHNCXR_0001_0.png", "CHNCXR_0001_0"),
        ("MCUCXR_0001_0.png", "MCUCXR_0001_0"),
        ("chest_1.png", "chest_1"),
        ("20240131_001.png", "20240131_001"),
        ("00001280_0045.png", "00001280_0045"),
        ("1.2.840.113619.2.5", "1.2.840.113619.2.5"),
    ],
)
def test_only_nih_names_hold_a_patient(name: str, patient: str) -> None:
    assert patient_of(Path(name)) == patient


def test_the_file_says_whose_it_is() -> None:
    path = Path("00001280_004.dcm")
    assert patient_of(path, SimpleNamespace(PatientID=" P-7 ")) == "P-7"
    assert patient_of(path, SimpleNamespace(PatientID="")) == "00001280"
    assert Patients({"00001280_004.dcm": "A"}).of(path, SimpleNamespace(PatientID="P-7")) == "A"


def test_of_dicom_without_an_ending_the_header_is_read(tmp_path: Path) -> None:
    file = pydicom.dcmread(resource("samples", "masses.dcm"))
    file.PatientID = "P-9"
    file.save_as(tmp_path / "IM1")
    assert Patients().of_file(tmp_path / "IM1") == "P-9"
    (tmp_path / "broken.dcm").write_bytes(b"\x02\x00nothing")
    assert Patients().of_file(tmp_path / "broken.dcm") == "broken"


@pytest.mark.parametrize("text", ["image,patient\nx.png,A\ny.png,A\n", "Image Index;n;Patient ID\nX.PNG;1;A\ny;2;A\n"])
def test_tables_are_read_as_people_write_them(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8-sig")
    found = read_patients(tmp_path / "t.csv")
    assert [found.of(Path(n)) for n in ("x.png", "x.dcm", "y.png", "z.png")] == ["A", "A", "A", "z"]
    assert found.missing([Path("x.png"), Path("z.png")]) == (Path("z.png"),)
    assert "1 of 2 radiographs (z.png" in found.note([Path("x.png"), Path("z.png")])
    assert found.note([Path("x.png")]) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no columns"),
        ("name,who\nx,A\n", "no columns"),
        ("image,patient\nx.png,\n", "line 2"),
        ("image,patient\nx.png,A\nx.png,B\n", "two patients, A and B"),
    ],
)
def test_tables_that_say_nothing_are_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(ReadError, match=words):
        read_patients(tmp_path / "t.csv")
    with pytest.raises(ReadError, match="cannot be read"):
        read_patients(tmp_path / "gone.csv")


def test_a_table_beside_the_images_is_used(tmp_path: Path) -> None:
    assert known_patients(tmp_path).table == {}
    (tmp_path / "patients.csv").write_text("image,patient\nx.png,A\n")
    assert known_patients(tmp_path).of(Path("x.png")) == "A"


def test_neither_split_is_empty_with_two_patients_or_more() -> None:
    for count in range(2, 40):
        for start in range(20):
            splits = splits_of(f"p{start}-{k}" for k in range(count))
            assert set(splits.values()) == {"train", "val"}
    many = splits_of(map(str, range(500)))
    assert many == {name: split_of(name) for name in many}
    assert splits_of(["a", "a"]) == {"a": split_of("a")}


def test_splits_that_are_useless_are_told() -> None:
    (note,) = split_notes({"a": "train"})
    assert "one patient (a), so val is empty" in note
    assert split_notes({"a": "train", "b": "train"}) == ("The split val is empty: none of the 2 patients is in it.",)
    assert "val has a single patient (c)" in split_notes({"a": "train", "b": "train", "c": "val"})[0]
    assert split_notes({"a": "train", "b": "train", "c": "val", "d": "val"}) == ()


def test_practice_is_parted_by_patient() -> None:
    paths = [Path(f"{patient}_{k}") for k in range(3) for patient in "abcdefgh"]
    practice, others = part_for_practice(paths, 4, of=lambda path: path.name[0])
    assert len(practice) == 6
    assert not {p.name[0] for p in practice} & {p.name[0] for p in others}
    assert len(practice) + len(others) == len(paths)
    alone = part_for_practice(paths, 4, of=lambda path: "one")
    assert alone == (paths, paths)


def test_a_hash_covers_the_pixels_of_a_metaimage(tmp_path: Path) -> None:
    (tmp_path / "x.mhd").write_text("ObjectType = Image\nNDims = 2\nElementDataFile = x.raw\n")
    (tmp_path / "x.raw").write_bytes(b"one")
    first = content_sha256(tmp_path / "x.mhd")
    (tmp_path / "x.raw").write_bytes(b"two")
    assert content_sha256(tmp_path / "x.mhd") != first


def test_differences_name_a_file_of_each_kind() -> None:
    found = differences([("a", "1"), ("b", "2"), ("c", "3")], [("a", "9"), ("b", "2"), ("d", "4"), ("e", "5")])
    assert found == "a with another content, c missing, d and 1 more new"
    assert differences([("a", "1")], [("a", "1")]) == ""


def augmented(folder: Path, out: Path, *more: str) -> int:
    words = ["augment", str(folder), "--out", str(out), "--count", "6", "--diameter", "16px", "--format", "yolo"]
    return main([*words, "--workers", "1", *more])


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(6):
        Image.fromarray(draw_phantom(400, 380) + number).save(folder / f"MCUCXR_000{number}_0.png")
    return folder


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_names_that_are_not_the_nihs_are_a_patient_each(sources: Path, tmp_path: Path) -> None:
    assert augmented(sources, tmp_path / "out") == 0
    rows = rows_of(tmp_path / "out")
    assert {row["patient"] for row in rows} == {path.stem for path in sources.iterdir()}
    assert {row["split"] for row in rows} == {"train", "val"}


def test_a_single_patient_is_told_and_a_table_helps(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    table = tmp_path / "who.csv"
    table.write_text("image,patient\n" + "".join(f"{path.name},A\n" for path in sources.iterdir()))
    assert augmented(sources, tmp_path / "one", "--patients", str(table)) == 0
    assert capsys.readouterr().out.count("All radiographs are of one patient (A), so") == 1
    names = sorted(path.name for path in sources.iterdir())
    table.write_text("image,patient\n" + "".join(f"{name},{'ABC'[k // 2]}\n" for k, name in enumerate(names)))
    assert augmented(sources, tmp_path / "three", "--patients", str(table)) == 0
    assert {row["patient"] for row in rows_of(tmp_path / "three")} == {"A", "B", "C"}
    assert "has a single patient" in capsys.readouterr().out


def test_other_pictures_under_the_same_names_are_noticed(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "out"
    assert augmented(sources, out) == 0
    before = (out / "manifest.csv").read_bytes()
    Image.fromarray(draw_phantom(400, 380) + 90).save(sources / "MCUCXR_0003_0.png")
    assert augmented(sources, out) == 1
    words = capsys.readouterr().err
    assert "of other radiographs: MCUCXR_0003_0.png with another content" in words
    assert (out / "manifest.csv").read_bytes() == before
    (out / "plan.json").write_text('{"sources": 3}')
    assert augmented(sources, out) == 1
    assert "damaged" in capsys.readouterr().err


def test_other_options_are_named(sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert augmented(sources, tmp_path / "out") == 0
    assert augmented(sources, tmp_path / "out", "--seed", "4") == 1
    assert "with other options (seed)" in capsys.readouterr().err


def test_a_manifest_keeps_its_order(sources: Path) -> None:
    paths = sorted(sources.iterdir(), reverse=True)
    items = manifest_of(paths)
    assert [item.path for item in items] == paths
    assert len({item.sha256 for item in items}) == 6


@pytest.mark.shared
def test_case_05_has_six_patients_in_two_splits(tmp_path: Path) -> None:
    assert augmented(CASES / "05", tmp_path / "out") == 0
    rows = rows_of(tmp_path / "out")
    assert len({row["patient"] for row in rows}) == 6
    assert (tmp_path / "out" / "val.txt").read_text().strip()
    assert (tmp_path / "out" / "train.txt").read_text().strip()
