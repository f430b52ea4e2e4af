"""The batch: pairs by name, every fault told, and pixels identical to the window's engine."""

import queue
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio import roles
from cxr_studio.errors import StudioError
from cxr_studio.generation.engine import Engine
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.files import save_mask
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.batch import Pair, pair_up, run
from cxr_studio.restore.options import FillOptions

OPTIONS = FillOptions(generator="biharmonic", seed=7)


@pytest.fixture
def folders(tmp_path: Path, phantom: np.ndarray) -> tuple[Path, Path, Path]:
    images, masks, out = (tmp_path / name for name in ("images", "masks", "out"))
    images.mkdir()
    masks.mkdir()
    for k, name in enumerate(("a", "b", "c")):
        Image.fromarray(np.roll(phantom, 9 * k, axis=0)).save(images / f"{name}.png")
        mask = np.zeros(phantom.shape, bool)
        mask[100 + 20 * k : 130 + 20 * k, 80:104] = mask[60:64, 200:201] = True
        save_mask(masks / f"{name}.png", mask)
    return images, masks, out


@pytest.mark.parametrize("generator", ["biharmonic", "context-encoder"])
def test_the_batch_gives_the_engines_pixels(folders: tuple[Path, Path, Path], generator: str) -> None:
    images, masks, out = folders
    options = FillOptions(generator=generator, seed=7)
    pairs, faults = pair_up(images, masks, out)
    assert faults == []
    assert [fault for _, fault in run(pairs, options, device="cpu")] == [None] * 3
    answers: queue.Queue[Result] = queue.Queue()
    engine = Engine(roles, answers.put, on_error=lambda number, fault: None)
    engine.set_device("cpu")
    for pair in pairs:
        session = Session(read_radiograph(pair.image))
        with Image.open(pair.mask) as mask:
            session.apply_mask(np.asarray(mask) > 0, "Mask")
        painted = session.mask.copy()
        engine.submit_live(session.request(options, session.mask))
        session.accept(answers.get(timeout=60), "Live")
        written = read_radiograph(pair.out).stored
        np.testing.assert_array_equal(written, session.composite)
        np.testing.assert_array_equal(written[~painted], session.radiograph.stored[~painted])
        assert (written[painted] != session.radiograph.stored[painted]).mean() > 0.9
    engine.close()


def test_radiographs_without_a_mask_are_named_and_the_rest_go_on(folders: tuple[Path, Path, Path]) -> None:
    images, masks, out = folders
    (masks / "b.png").unlink()
    pairs, faults = pair_up(images, masks, out)
    assert [pair.image.name for pair in pairs] == ["a.png", "c.png"]
    assert [pair.out for pair in pairs] == [out / "a.png", out / "c.png"]
    (fault,) = faults
    assert "b.png" in str(fault)


def test_a_pair_that_fails_gives_its_fault_and_the_rest_go_on(folders: tuple[Path, Path, Path]) -> None:
    images, masks, out = folders
    save_mask(masks / "a.png", np.zeros((320, 288), bool))
    save_mask(masks / "b.png", np.ones((10, 10), bool))
    done = list(run(pair_up(images, masks, out)[0], OPTIONS))
    words = [str(fault) for _, fault in done[:2]]
    assert "the mask is empty" in words[0]
    assert "10 × 10 pixels" in words[1]
    assert done[2][1] is None
    assert [path.name for path in out.iterdir()] == ["c.png"]


def test_the_original_is_never_overwritten(folders: tuple[Path, Path, Path]) -> None:
    images, masks, _ = folders
    before = (images / "a.png").read_bytes()
    ((_, fault),) = run([Pair(images / "a.png", masks / "a.png", images / ".." / "images" / "a.png")], OPTIONS)
    assert "cannot be overwritten" in str(fault)
    assert (images / "a.png").read_bytes() == before


def test_one_radiograph_takes_its_mask_from_a_folder(folders: tuple[Path, Path, Path], tmp_path: Path) -> None:
    images, masks, _ = folders
    assert pair_up(images / "b.png", masks, tmp_path / "x.png")[0] == [
        Pair(images / "b.png", masks / "b.png", tmp_path / "x.png")
    ]
    assert pair_up(images / "b.png", masks / "a.png", tmp_path)[0][0].out == tmp_path / "b.png"


def test_what_cannot_be_paired_is_one_sentence(folders: tuple[Path, Path, Path], tmp_path: Path) -> None:
    images, masks, out = folders
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments, words in [
        ((tmp_path / "none", masks, out), "no such file"),
        ((images, masks / "a.png", out), "must be one too"),
        ((empty, masks, out), "holds no radiographs"),
        ((images / "a.png", empty, out), "no mask"),
        ((images, masks, masks / "a.png"), "a folder is needed"),
    ]:
        with pytest.raises(StudioError, match=words):
            pair_up(*arguments)


def test_an_unknown_generator_is_told_before_anything_is_read(folders: tuple[Path, Path, Path]) -> None:
    with pytest.raises(StudioError, match="no generator 'nothing'"):
        list(run(pair_up(*folders)[0], FillOptions(generator="nothing")))
