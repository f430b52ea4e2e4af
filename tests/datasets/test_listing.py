"""Folders are listed by content, once, for every command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.datasets.listing import is_dicom, radiograph_files, radiograph_folder, radiographs_in
from cxr_studio.errors import ReadError
from cxr_studio.quality.comparison.panel import panel_from_folder
from cxr_studio.quality.evaluation import read_images
from cxr_studio.quality.highlighting.export import sources
from cxr_studio.resources import resource
from cxr_studio.ui.document import folder as window_folder
from tests.conftest import SHARED, draw_phantom
from trainers.image_store import image_files

CASES = SHARED.parent / "cases"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """As an archive exports: DICOM without an ending, or called by its UID, beside what is no radiograph."""
    place = tmp_path / "exported"
    (place / "deeper").mkdir(parents=True)
    for name in ("IM000001", "1.2.840.113619.2.5", "1.2.840.113619.2.6"):
        shutil.copy(resource("samples", "masses.dcm"), place / name)
    Image.fromarray(draw_phantom(100, 90)).save(place / "PHOTO", format="PNG")
    (place / "DICOMDIR").write_bytes(bytes(128) + b"DICM")
    (place / "INDEX").write_bytes(bytes(128) + b"DICM\x02\x00\x02\x00UI\x14\x001.2.840.10008.1.3.10")
    (place / ".hidden.png").write_bytes(b"\x89PNG")
    (place / "._IM000001.dcm").write_bytes(b"left by another system")
    (place / "README").write_text("Notes")
    (place / "short").write_bytes(b"DICM")
    (place / "notes.pdf").write_bytes(b"%PDF")
    return place


FOUND = ["1.2.840.113619.2.5", "1.2.840.113619.2.6", "IM000001", "PHOTO"]


def test_every_caller_finds_the_same_files(exported: Path) -> None:
    assert [p.name for p in radiographs_in(exported)] == FOUND
    for listed in (radiograph_files, radiograph_folder, sources, image_files):
        assert [p.name for p in listed(exported)] == FOUND
    assert [path.name for path, _ in read_images(exported)] == FOUND
    assert {p.name for p in window_folder.radiographs_in(exported)} == set(FOUND)
    assert is_dicom(exported / "IM000001")
    assert not is_dicom(exported / "PHOTO")
    assert not is_dicom(exported / "gone")


def test_cases_of_files_called_by_a_uid_have_names_of_their_own(exported: Path) -> None:
    (exported / "PHOTO").unlink()
    names = [case.name for case in panel_from_folder(exported, 3, seed=1).cases]
    assert names == [f"{name}, hole 1" for name in FOUND[:3]]


def test_cases_of_one_stem_are_called_by_their_whole_name(tmp_path: Path) -> None:
    for ending in ("png", "tif"):
        Image.fromarray(draw_phantom(320, 288)).save(tmp_path / f"x.{ending}")
    names = [case.name for case in panel_from_folder(tmp_path, 2, seed=1).cases]
    assert names == ["x.png, hole 1", "x.tif, hole 1"]


def test_folders_without_radiographs_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no radiographs"):
        radiograph_files(tmp_path)
    (tmp_path / "patient-1").mkdir()
    with pytest.raises(ReadError, match="Choose one of the folders in it \\(patient-1"):
        radiograph_files(tmp_path)
    with pytest.raises(ReadError, match="no such file or folder"):
        radiograph_files(tmp_path / "gone")
    (tmp_path / "x.png").touch()
    with pytest.raises(ReadError, match="no such folder"):
        radiograph_folder(tmp_path / "x.png")


def inpaint(images: Path, masks: Path, out: Path) -> int:
    words = ["inpaint", str(images), "--mask", str(masks), "--generator", "telea", "--out", str(out)]
    return main(words)


def test_dicom_without_an_ending_is_inpainted(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    masks = tmp_path / "masks"
    masks.mkdir()
    from cxr_studio.masks.files import save_mask
    from cxr_studio.radiographs.reading import read_radiograph

    mask = read_radiograph(exported / "IM000001").stored < -1
    mask[100:120, 100:120] = True
    for name in FOUND[:3]:
        save_mask(masks / f"{name}.png", mask)
    (exported / "PHOTO").unlink()
    assert inpaint(exported, masks, tmp_path / "out") == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [f"{name}.dcm" for name in FOUND[:3]]
    assert "3 of 3" in capsys.readouterr().out


@pytest.mark.shared
def test_case_13_in_commands_that_take_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    images = CASES / "13" / "images"
    assert inpaint(images, CASES / "13" / "masks", tmp_path / "out") == 0
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["IM000001.dcm"]
    words = ["augment", str(images), "--out", str(tmp_path / "more"), "--count", "1", "--diameter", "20px"]
    assert main([*words, "--workers", "1"]) == 0
    assert "1 of 1 images" in capsys.readouterr().out
    for listed in (radiograph_files, radiograph_folder, sources, image_files, window_folder.radiographs_in):
        assert [p.name for p in listed(images)] == ["IM000001"]
