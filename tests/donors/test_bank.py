"""The bank that ships, and making one."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.donors.bank import LIST, read_bank, write_bank
from cxr_studio.donors.plate import COARSE
from cxr_studio.donors.rank import NAMES, WEIGHTS
from cxr_studio.errors import StudioError, WriteError
from cxr_studio.resources import resource

MEGABYTES = 25
"""The bank may be this large."""


def picture(path: Path, seed: int, side: int = 1024) -> np.ndarray:
    image = np.random.default_rng(seed).integers(0, 255, (side, side)).astype(np.uint8)
    Image.fromarray(image).save(path)
    return image


def test_the_shipped_bank_is_whole_small_and_credited() -> None:
    folder = resource("bank")
    entries = json.loads((folder / LIST).read_text())["plates"]
    assert 60 <= len(entries) <= 100
    assert len({entry["patient"] for entry in entries}) == len(entries)
    assert {entry["file"] for entry in entries} == {path.name for path in folder.glob("*.png")}
    assert sum(path.stat().st_size for path in folder.iterdir()) < MEGABYTES * 1e6
    assert "NIH Clinical Center" in (folder / "CREDITS.md").read_text(encoding="utf-8")
    assert set(json.loads((folder / WEIGHTS).read_text())["weights"]) == set(NAMES)


@pytest.mark.shared
def test_the_shipped_bank_is_a_part_of_the_training_split_bit_for_bit() -> None:
    data = Path(__file__).parents[3] / "shared" / "data" / "nih"
    barred = {
        path.name.split("_")[0] for name in ("healthy/val", "nodules", "boxed") for path in (data / name).iterdir()
    }
    for plate in read_bank(resource("bank")).plates[::10]:
        whole = np.asarray(Image.open(data / "healthy" / "train" / plate.name))
        top, left = plate.corner
        assert np.array_equal(plate.load(), whole[top : top + plate.shape[0], left : left + plate.shape[1]])
        assert plate.patient not in barred


def test_a_bank_comes_back_as_it_was_written(tmp_path: Path) -> None:
    image = picture(tmp_path / "00000007_001.png", 1)
    write_bank(tmp_path / "bank", [(tmp_path / "00000007_001.png", "00000007", image, (203, 101, 500, 640))])
    (plate,) = read_bank(tmp_path / "bank").plates
    assert (plate.name, plate.patient, plate.whole) == ("00000007_001.png", "00000007", (1024, 1024))
    assert plate.corner[0] % COARSE == plate.corner[1] % COARSE == 0
    top, left = plate.corner
    assert top <= 203 - 24
    assert np.array_equal(plate.load(), image[top : top + plate.shape[0], left : left + plate.shape[1]])
    with pytest.raises(WriteError, match="holds a bank already"):
        write_bank(tmp_path / "bank", [])


def test_a_damaged_bank_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="list cannot be read"):
        read_bank(tmp_path)
    image = picture(tmp_path / "a.png", 1)
    write_bank(tmp_path / "bank", [(tmp_path / "a.png", "a", image, (200, 200, 400, 400))])
    (tmp_path / "bank" / "a.png").write_bytes(b"")
    with pytest.raises(StudioError, match=r"a\.png: this picture of the bank"):
        read_bank(tmp_path / "bank")


def test_the_command_refuses_what_is_not_on_the_grid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert main(["bank", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    assert "holds no PNG radiographs" in capsys.readouterr().err
    picture(tmp_path / "in" / "a.png", 1, side=512)
    assert main(["bank", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    assert "1024 pixels" in capsys.readouterr().err
    assert not (tmp_path / "out" / LIST).exists()
