"""Packing radiographs: what is kept, bit for bit where it counts, the same for the same seed."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from trainers.image_store import load_images
from trainers.inpainter_batches import DONOR_REACH
from trainers.inpainter_fields import FULL
from trainers.pack import main

SIDE = 512


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    for name, count in (("train", 6), ("val", 4)):
        (tmp_path / name).mkdir()
        for k in range(count):
            cv2.imwrite(str(tmp_path / name / f"{k}.png"), rng.integers(0, 256, (SIDE, SIDE), np.uint8))
    return tmp_path


def packed(folder: Path, out: str, *words: str) -> Path:
    arguments = [str(folder / out), "--train", str(folder / "train"), "--val", str(folder / "val")]
    assert main([*arguments, "--full", "2", "--half", "3", "--held-out", "2", *words]) == 0
    return folder / out


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_counts_are_as_asked_and_nobody_is_in_two_of_the_sizes(folders: Path) -> None:
    out = packed(folders, "out")
    count = {name: len(list((out / name).iterdir())) for name in ("train", "half", "coarse", "val")}
    assert count == {"train": 2, "half": 3, "coarse": 6, "val": 2}
    stems = [{path.name.split(".")[0] for path in (out / name).iterdir()} for name in ("train", "half")]
    assert not stems[0] & stems[1]


def test_what_a_field_can_reach_is_lossless_and_the_rest_is_black(folders: Path) -> None:
    out = packed(folders, "out")
    (path, _) = sorted((out / "train").iterdir())
    kept = load_images(out / "train")[0]
    original = cv2.imread(str(folders / "train" / path.name.removesuffix(".webp")), cv2.IMREAD_GRAYSCALE)
    margin = FULL // 2 + DONOR_REACH
    bottom, left = int(0.66 * SIDE) + margin, int(0.19 * SIDE) - margin
    assert left < 0 < SIDE - bottom
    assert np.array_equal(kept[:bottom], original[:bottom])
    assert not kept[bottom:].any()


def test_a_narrower_field_never_cuts_what_donors_reach(folders: Path) -> None:
    small, usual = (packed(folders, out, "--field", side) for out, side in (("a", "128"), ("b", "192")))
    for one, two in zip(load_images(small / "train"), load_images(usual / "train"), strict=True):
        assert np.array_equal(one, two)


def test_shrunk_ones_are_shrunk_by_the_mean(folders: Path) -> None:
    out = packed(folders, "out")
    half, quarter = load_images(out / "half"), load_images(out / "coarse")
    assert {image.shape for image in half} == {(SIDE // 2, SIDE // 2)}
    assert {image.shape for image in quarter} == {(SIDE // 4, SIDE // 4)}
    original = cv2.imread(str(folders / "train" / "0.png"), cv2.IMREAD_GRAYSCALE).astype(float)
    mean = original.reshape(SIDE // 4, 4, SIDE // 4, 4).mean(axis=(1, 3))
    assert np.abs(quarter[0] - mean).mean() < 2


def test_the_same_seed_takes_the_same_and_another_others(folders: Path) -> None:
    one, two = packed(folders, "one"), packed(folders, "two")
    assert names(one) == names(two)
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names(one))
    assert any(names(packed(folders, f"s{seed}", "--seed", str(seed))) != names(one) for seed in (1, 2, 3))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["--full", "5"], "fewer than asked for"), (["--held-out", "5"], "4 held-out"), ([], "exists already")],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(folders: Path, capsys, words: list[str], sentence: str) -> None:
    if not words:
        (folders / "out").mkdir()
    before = names(folders)
    arguments = ["--train", str(folders / "train"), "--val", str(folders / "val"), "--full", "2", "--half", "3"]
    assert main([str(folders / "out"), *arguments, "--held-out", "2", *words]) == 1
    assert sentence in capsys.readouterr().err
    assert names(folders) == before


def test_radiographs_of_two_sizes_are_refused(folders: Path, capsys) -> None:
    cv2.imwrite(str(folders / "val" / "0.png"), np.zeros((SIDE, SIDE // 2), np.uint8))
    arguments = ["--train", str(folders / "train"), "--val", str(folders / "val"), "--full", "2", "--half", "3"]
    assert main([str(folders / "out"), *arguments]) == 1
    assert "fewer" in capsys.readouterr().err
    assert main([str(folders / "out"), *arguments, "--held-out", "4"]) == 1
    assert "256 × 512 pixels, the first one 512 × 512" in capsys.readouterr().err
    assert not (folders / "out").exists()
    assert not (folders / "out.partial").exists()
