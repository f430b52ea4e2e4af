"""Folders de-identified: every kind of file, and what is said of those that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cxr_studio.cli.main import main
from cxr_studio.datasets.listing import radiographs_in
from cxr_studio.datasets.manifest import manifest_of
from cxr_studio.datasets.patients import known_patients
from cxr_studio.errors import ReadError, WriteError
from cxr_studio.exchange.deidentify_files import Done, Wanted, deidentify_files, files_of
from cxr_studio.exchange.deidentify_names import first_named
from cxr_studio.exchange.deidentify_pseudonyms import Pseudonyms, open_pseudonyms
from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.radiographs.reading import read_radiograph
from tests.exchange.named_dicom import WORDS, named_dicom, reference
from tests.exchange.test_deidentify_burned_in import written

DONOR = "marguerite/healthy"
MADE = {
    "program": "CXR Studio",
    "generator": "exemplar",
    "source_sha256": "ab" * 32,
    "edits": [
        {"title": "Featherstonehaugh", "box": [1, 2, 3, 4], "options": {"donors": DONOR, "without": "MRN-774411"}}
    ],
    "donors": [
        {"source": "folder", "file": "Marguerite.png", "sha256": "cd" * 32},
        {"source": "bank", "file": "1.png"},
    ],
}


@pytest.fixture
def named(tmp_path: Path, phantom: np.ndarray) -> Path:
    """A folder as it comes from an archive: two radiographs of one patient, an object about one, a picture, notes."""
    folder = tmp_path / "in"
    (folder / "Featherstonehaugh" / "study").mkdir(parents=True)
    first = named_dicom(phantom)
    second = named_dicom(phantom, StudyInstanceUID=first.StudyInstanceUID)
    about = named_dicom(phantom, Modality="KO", SOPClassUID="1.2.840.10008.5.1.4.1.1.88.59")
    about.ReferencedImageSequence = [reference(first)]
    del about.PixelData
    for name, dataset in (("a.dcm", first), ("IM0002", second), ("ko.dcm", about)):
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
        dataset.save_as(folder / "Featherstonehaugh" / "study" / name, enforce_file_format=True)
    text = PngInfo()
    text.add_text("Author", "Quackenbush")
    text.add_itxt("CXRStudio", json.dumps({"spacing": {}, "provenance": MADE}))
    Image.fromarray(phantom).save(folder / "Marguerite.png", pnginfo=text)
    (folder / "notes.txt").write_text("Featherstonehaugh")
    return folder


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    return Wanted(Deidentification(tmp_path / "owner" / "p.csv"))


def run(folder: Path, out: Path, wanted: Wanted) -> list[Done]:
    paths, _ = files_of([folder], out)
    results = [one for _, one in deidentify_files(paths, out, wanted)]
    assert all(isinstance(one, Done) for one in results)
    return [one for one in results if isinstance(one, Done)]


def test_a_folder_loses_its_patients(named: Path, tmp_path: Path, wanted: Wanted) -> None:
    paths, others = files_of([named], tmp_path / "out")
    assert (len(paths), others) == (4, 1)
    run(named, tmp_path / "out", wanted)
    results = sorted((tmp_path / "out").iterdir())
    assert len(results) == 4
    pseudonym = open_pseudonyms(wanted.asked.table).of("MRN-774411").name
    assert sum(path.name.startswith(pseudonym) for path in results) == 3
    hidden = [*WORDS, DONOR, "cdcdcdcd", "abababab"]
    for path in results:
        content = path.read_bytes().lower()
        assert [word for word in hidden if word.lower().encode() in content or word.lower() in path.name.lower()] == []
    objects = {pydicom.dcmread(path).SOPInstanceUID: pydicom.dcmread(path) for path in results if path.suffix == ".dcm"}
    about = next(each for each in objects.values() if each.Modality == "KO")
    assert about.ReferencedImageSequence[0].ReferencedSOPInstanceUID in objects
    assert len({each.StudyInstanceUID for each in objects.values()}) == 2


def test_pixels_and_provenance_stay(named: Path, tmp_path: Path, wanted: Wanted, phantom: np.ndarray) -> None:
    run(named, tmp_path / "out", wanted)
    for path in (tmp_path / "out").iterdir():
        if path.suffix == ".png" or "PixelData" in pydicom.dcmread(path):
            np.testing.assert_array_equal(read_radiograph(path).stored, phantom)
    picture = next((tmp_path / "out").glob("*.png"))
    stated = json.loads(read_radiograph(picture).header["CXRStudio"])["provenance"]
    assert (stated["generator"], stated["edits"][0]["box"]) == ("exemplar", [1, 2, 3, 4])
    assert stated["source_sha256"] == wanted.asked.pseudonyms().keyed("ab" * 32)
    assert [donor["file"] for donor in stated["donors"]] == ["", "1.png"]


def test_the_same_call_writes_the_same(named: Path, tmp_path: Path, wanted: Wanted) -> None:
    run(named, tmp_path / "out", wanted)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    run(named, tmp_path / "out", wanted)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    twice = run(tmp_path / "out", tmp_path / "twice", wanted)
    dicom = {one.out.name: one.out.read_bytes() for one in twice if one.out.suffix == ".dcm"}
    assert dicom == {name: content for name, content in before.items() if name.endswith(".dcm")}


def test_text_is_reported_or_filled(tmp_path: Path, wanted: Wanted) -> None:
    stored = written("DOE JOHN", (20, 40), side=320, size=0.6)
    source = named_dicom(stored, BurnedInAnnotation="YES")
    source.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    (kept,) = run_one(tmp_path / "a.dcm", tmp_path / "kept", wanted)
    assert kept.stated
    assert [region.kind for region in kept.regions] == ["text"]
    (filled,) = run_one(tmp_path / "a.dcm", tmp_path / "filled", Wanted(wanted.asked, "text", generator="biharmonic"))
    assert (filled.filled, filled.regions, filled.out.name) == (1, (), kept.out.name)
    before, after = (pydicom.dcmread(one.out) for one in (kept, filled))
    assert after.SOPInstanceUID == before.SOPInstanceUID == after.file_meta.MediaStorageSOPInstanceUID
    assert (after.SyntheticData, after.PatientIdentityRemoved) == ("YES", "YES")
    y0, x0, y1, x1 = kept.regions[0].box
    changed = after.pixel_array != before.pixel_array
    assert changed[y0:y1, x0:x1].mean() > 0.5
    changed[y0:y1, x0:x1] = False
    assert not changed.any()
    assert [word for word in WORDS if word.encode() in filled.out.read_bytes()] == []


def run_one(path: Path, out: Path, wanted: Wanted) -> list[Done]:
    return [one for _, one in deidentify_files([path], out, wanted) if isinstance(one, Done)]


def test_what_cannot_be_done_is_a_sentence(named: Path, tmp_path: Path, wanted: Wanted) -> None:
    with pytest.raises(WriteError, match="among the originals"):
        files_of([named], named / "out")
    with pytest.raises(ReadError, match="no such file"):
        files_of([named / "nothing"], tmp_path / "out")
    content = (named / "Featherstonehaugh" / "study" / "a.dcm").read_bytes()
    damaged, same = named / "damaged.dcm", named / "same.dcm"
    damaged.write_bytes(content[:200])
    same.write_bytes(content)
    (named / "cut.png").write_bytes((named / "Marguerite.png").read_bytes()[:200])
    paths, _ = files_of([named], tmp_path / "out")
    faults = [str(one) for _, one in deidentify_files(paths, tmp_path / "out", wanted) if not isinstance(one, Done)]
    assert [fault.split(":")[0] for fault in faults] == ["cut.png", "damaged.dcm", "same.dcm"]
    assert "is the same instance as a.dcm" in faults[2]
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_names_are_noticed(named: Path, tmp_path: Path, wanted: Wanted) -> None:
    assert first_named(sorted(named.rglob("*.*"))) == named / "Featherstonehaugh" / "study" / "a.dcm"
    run(named, tmp_path / "out", wanted)
    assert first_named(sorted((tmp_path / "out").iterdir())) is None


def test_the_command(named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, table = tmp_path / "out", tmp_path / "owner.csv"
    assert main(["deidentify", str(named), "--out", str(out), "--pseudonyms", str(table), "--shift-dates"]) == 0
    told = capsys.readouterr().out
    assert f"4 of 4 files of 2 patients written to {out}." in told
    assert "1 other file left out" in told
    assert str(table) in told
    assert table.read_text().count("\n") == 3
    dates = {str(pydicom.dcmread(path).StudyDate) for path in out.glob("*.dcm")}
    assert len(dates) == 1
    assert "20240301" not in dates
    assert main(["deidentify", str(named), "--out", str(out), "--pseudonyms", str(out / "p.csv")]) == 1
    assert "lead back to the patients" in capsys.readouterr().err


def test_pictures_can_be_split_by_patient_afterwards(
    tmp_path: Path, phantom: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out, table = tmp_path / "in", tmp_path / "out", tmp_path / "owner.csv"
    folder.mkdir()
    for number, name in enumerate(("a.png", "b.tif", "c.png")):
        Image.fromarray(np.roll(phantom, number, axis=1)).save(folder / name)
    (folder / "patients.csv").write_text("image,patient\na.png,Quackenbush\nb.tif,Quackenbush\nc.png,Doe\n")
    words = ["deidentify", str(folder), "--out", str(out), "--pseudonyms", str(table)]
    assert main(words) == 0
    assert "3 of 3 files of 2 patients" in capsys.readouterr().out
    written = (out / "patients.csv").read_text()
    assert "Quackenbush" not in written
    items = manifest_of(radiographs_in(out), known_patients(out))
    assert len(items) == 3
    assert len({item.patient for item in items}) == 2
    assert {item.patient for item in items} == {line.split(",")[1] for line in table.read_text().splitlines()[1:]}
    (folder / "a.png").unlink()  # of an earlier run, and still in the folder of the results
    Image.fromarray(np.roll(phantom, 9, axis=1)).save(folder / "c.png")
    assert main(words) == 0
    assert len((out / "patients.csv").read_text().splitlines()) == 5
    twice = tmp_path / "twice"
    assert main(["deidentify", str(out), "--out", str(twice), "--pseudonyms", str(table)]) == 0
    assert {item.patient for item in manifest_of(radiographs_in(twice), known_patients(twice))} == {
        item.patient for item in items
    }


def test_another_table_among_the_results_is_not_replaced(
    named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    kept = "patient,image,age\nA,a.png,50\n"
    (tmp_path / "out" / "patients.csv").write_text(kept)
    words = ["deidentify", str(named), "--out", str(tmp_path / "out"), "--pseudonyms", str(tmp_path / "p.csv")]
    assert main(words) == 1
    assert "patients.csv: another table of patients lies among the results" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["patients.csv"]
    assert (tmp_path / "out" / "patients.csv").read_text() == kept


def test_the_table_lies_with_the_settings_by_default(named: Path, tmp_path: Path) -> None:
    from cxr_studio.exchange.deidentify_radiograph import default_table

    assert main(["deidentify", str(named / "Marguerite.png"), "--out", str(tmp_path / "out")]) == 0
    assert isinstance(open_pseudonyms(default_table()), Pseudonyms)
    assert len(default_table().read_text().splitlines()) == 2
