"""Mask files of other programs, names, and damage."""

import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.masks.files import load_mask, save_mask

SHAPE = 24, 31


@pytest.fixture
def mask() -> np.ndarray:
    return np.random.default_rng(3).random(SHAPE) < 0.4


def as_palette(grey: np.ndarray) -> Image.Image:
    """Inside is the first entry of the palette, outside the second."""
    image = Image.fromarray((grey == 0).astype(np.uint8)).convert("P")
    image.putpalette([255, 255, 255, 0, 0, 0])
    return image


WRITERS = {
    "one bit": lambda grey: Image.fromarray(grey > 0),
    "sixteen bits": lambda grey: Image.fromarray(grey.astype(np.uint16) * 200),
    "colour": lambda grey: Image.fromarray(grey).convert("RGB"),
    "grey with opacity": lambda grey: Image.merge("LA", [Image.fromarray(grey), Image.new("L", grey.shape[::-1], 255)]),
    "transparent": lambda grey: Image.merge("RGBA", [Image.fromarray(grey)] * 3 + [Image.new("L", grey.shape[::-1])]),
    "palette": as_palette,
    "faint": lambda grey: Image.fromarray(np.minimum(grey, 1)),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_masks_of_other_programs_are_read(kind: str, mask: np.ndarray, tmp_path: Path) -> None:
    WRITERS[kind](mask.astype(np.uint8) * 255).save(tmp_path / "m.png")
    np.testing.assert_array_equal(load_mask(tmp_path / "m.png", SHAPE), mask)


@pytest.mark.parametrize(
    ("asked", "written"), [("m.png", "m.png"), ("M.PNG", "M.PNG"), ("m", "m.png"), ("patient 1.2", "patient 1.2.png")]
)
def test_the_ending_is_put_on_never_in_place_of_another(
    asked: str, written: str, mask: np.ndarray, tmp_path: Path
) -> None:
    save_mask(tmp_path / asked, mask)
    assert [path.name for path in tmp_path.iterdir()] == [written]
    with Image.open(tmp_path / written) as image:
        assert image.mode == "L"
        assert set(np.unique(np.asarray(image))) == {0, 255}


def test_a_folder_that_cannot_be_made_is_one_sentence(mask: np.ndarray, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="could not be written"):
        save_mask(tmp_path / "file" / "m.png", mask)


def test_a_coloured_palette_is_refused(tmp_path: Path) -> None:
    image = Image.new("P", SHAPE[::-1])
    image.putpalette([200, 0, 0])
    image.save(tmp_path / "m.png")
    with pytest.raises(ReadError, match="coloured"):
        load_mask(tmp_path / "m.png", SHAPE)


def test_damage_is_a_sentence_or_a_mask(mask: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "m.png"
    save_mask(path, mask)
    content, rng = path.read_bytes(), random.Random(5)
    for _ in range(300):
        broken = bytearray(content)
        broken[rng.randrange(len(broken))] = rng.randrange(256)
        path.write_bytes(broken[: rng.choice([len(broken), rng.randrange(len(broken))])])
        with suppress(ReadError):
            assert load_mask(path, SHAPE).shape == SHAPE
