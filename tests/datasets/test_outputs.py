"""Two inputs never become one output, and no output lies over an input."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.datasets.naming import result_name, stem_of
from cxr_studio.datasets.outputs import refuse_collisions, shared_names
from cxr_studio.errors import ReadError, WriteError
from cxr_studio.masks.files import save_mask
from cxr_studio.quality.highlighting.export import sources
from cxr_studio.restore.batch import pair_up
from tests.conftest import SHARED, draw_phantom

CASES = SHARED.parent / "cases"
COMPOSED = "m\N{LATIN SMALL LETTER U WITH DIAERESIS}ller"


@pytest.mark.parametrize("path", ["a/x.png", "a/x.DCM", "a/x.mhd", "x.bmp"])
def test_endings_of_images_are_left_off(path: str) -> None:
    assert stem_of(Path(path)) == "x"


def test_pieces_of_a_uid_are_kept() -> None:
    assert stem_of(Path("1.2.840.5")) == "1.2.840.5"
    assert result_name(Path("1.2.840.5"), dicom=True) == "1.2.840.5.dcm"
    assert result_name(Path("PHOTO"), dicom=False) == "PHOTO.png"
    assert result_name(Path("x.JPG"), dicom=False) == "x.png"
    assert result_name(Path("x.TIF"), dicom=False) == "x.tif"


@pytest.mark.parametrize(
    ("first", "second"),
    [("x.png", "X.PNG"), (f"{COMPOSED}.png", f"{unicodedata.normalize('NFD', COMPOSED)}.png"), ("x.png", "./x.png")],
)
def test_names_that_some_file_system_takes_for_one_are_one(tmp_path: Path, first: str, second: str) -> None:
    written = [(Path("a.jpg"), [tmp_path / first]), (Path("b.jpg"), [tmp_path / second])]
    with pytest.raises(WriteError, match=r"written to .*: a\.jpg and b\.jpg"):
        refuse_collisions(written)


def test_an_output_over_an_input_is_refused(tmp_path: Path) -> None:
    jpeg, png = tmp_path / "x.jpg", tmp_path / "x.png"
    with pytest.raises(WriteError, match=r"x\.jpg: it would overwrite x\.png"):
        refuse_collisions([(jpeg, [png]), (png, [tmp_path / "out" / "x.png"])])
    with pytest.raises(WriteError, match="cannot be overwritten"):
        refuse_collisions([(png, [png])])
    with pytest.raises(WriteError, match=r"overwrite mask\.png"):
        refuse_collisions([(png, [tmp_path / "mask.png"])], kept=[tmp_path / "mask.png"])
    refuse_collisions([(jpeg, [tmp_path / "a", tmp_path / "b"]), (png, [tmp_path / "c"])])


def test_the_first_two_of_one_name_are_found() -> None:
    a, b, c = Path("a"), Path("b"), Path("c")
    assert shared_names([(a, "x"), (b, "y"), (c, "X")]) == (a, c)
    assert shared_names([(a, "x"), (b, "y")]) is None


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    images, masks = tmp_path / "images", tmp_path / "masks"
    images.mkdir()
    masks.mkdir()
    grey = draw_phantom(160, 144)
    mask = np.zeros(grey.shape, bool)
    mask[60:80, 50:70] = True
    Image.fromarray(grey).save(images / "x.png")
    save_mask(masks / "x.png", mask)
    return images, masks, tmp_path / "out"


def test_images_that_would_share_a_result_are_refused_before_any_work(folders: tuple[Path, Path, Path]) -> None:
    images, masks, out = folders
    Image.fromarray((draw_phantom(160, 144) >> 8).astype(np.uint8)).save(images / "x.jpg")
    words = ["inpaint", str(images), "--mask", str(masks), "--generator", "telea", "--out", str(out)]
    assert main(words) == 1
    assert not out.exists()
    with pytest.raises(WriteError, match=r"wo inputs would be written to x\.png: x\.jpg and x\.png"):
        pair_up(images, masks, out)
    with pytest.raises(WriteError, match=r"would be written to x-overlay\.png"):
        sources(images, out)


def test_two_masks_of_one_radiograph_are_refused(folders: tuple[Path, Path, Path]) -> None:
    images, masks, out = folders
    Image.open(masks / "x.png").save(masks / "x.tif")
    with pytest.raises(ReadError, match=r"masks of the same radiograph: x\.png and x\.tif"):
        pair_up(images, masks, out)


@pytest.mark.parametrize("place", ["images", "masks"])
def test_results_never_lie_over_images_or_masks(folders: tuple[Path, Path, Path], tmp_path: Path, place: str) -> None:
    images, masks, _ = folders
    with pytest.raises(WriteError):
        pair_up(images, masks, tmp_path / place)


@pytest.mark.parametrize("out", [".", "../images"])
def test_augmentation_never_writes_among_its_radiographs(
    folders: tuple[Path, Path, Path], capsys: pytest.CaptureFixture, out: str
) -> None:
    images, _, _ = folders
    (images / "metadata.csv").write_text("labels of the radiographs")
    words = ["augment", str(images), "--count", "1", "--diameter", "16px", "--format", "node21"]
    for place in (images / out, images.parent):
        assert main([*words, "--out", str(place)]) == 1
        assert "among the radiographs" in capsys.readouterr().err
    assert (images / "metadata.csv").read_text() == "labels of the radiographs"


@pytest.mark.shared
def test_case_04_is_one_refusal_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    case, out = CASES / "04", tmp_path / "out"
    words = ["inpaint", str(case / "images"), "--mask", str(case / "masks"), "--generator", "telea", "--out", str(out)]
    assert main(words) == 1
    assert "Two inputs would be written to x.png: x.jpg and x.png." in capsys.readouterr().err
    assert not out.exists()
    assert main(["highlight", str(case / "images"), "--out", str(out)]) == 1
    assert "written to x-overlay.png: x.jpg and x.png" in capsys.readouterr().err
    assert not out.exists()
