"""The index of a folder: made once, renewed by content, never half there."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.donors import folder as module
from cxr_studio.donors.folder import build_index, folder_shelf, index_place, is_current
from cxr_studio.errors import Cancelled, ReadError, StudioError
from cxr_studio.events import CancelToken


@pytest.fixture
def radiographs(tmp_path: Path, make_chest) -> Path:
    place = tmp_path / "healthy"
    place.mkdir()
    for k in range(3):
        write(place / f"{k:08d}_000.png", make_chest(k))
    return place


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files whose pixels were read."""
    names: list[str] = []
    real = module.read_radiograph

    def counted(path: Path):
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(module, "read_radiograph", counted)
    return names


def write(path: Path, image: np.ndarray, *, bits: int = 8) -> None:
    values = np.clip(image, 0, 1) * (2**bits - 1)
    Image.fromarray(values.astype(np.uint8 if bits == 8 else np.uint16)).save(path)


def left_behind(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*") if path.name.startswith(".")]


def test_an_index_is_made_once_and_used_again(radiographs: Path, read: list[str]) -> None:
    assert not is_current(radiographs)
    build_index(radiographs)
    assert len(read) == 3
    assert is_current(radiographs)
    build_index(radiographs)
    assert len(read) == 3
    shelf = folder_shelf(radiographs)
    assert [plate.patient for plate in shelf.plates] == ["00000000", "00000001", "00000002"]
    assert shelf is folder_shelf(radiographs)


def test_the_plates_hold_the_pixels(radiographs: Path) -> None:
    build_index(radiographs)
    plate = folder_shelf(radiographs).plates[1]
    stored = np.asarray(Image.open(radiographs / plate.name), np.float32)
    scale = stored.shape[0] / plate.shape[0]
    assert scale == pytest.approx(0.25)
    assert plate.cut((0, 0, *plate.shape)).mean() == pytest.approx(stored.mean() / 255, abs=2e-3)
    assert np.abs(plate.coarse.mean() - stored.mean() / 255) < 2e-3


def test_sixteen_bits_stay_finer_than_eight(tmp_path: Path, make_chest) -> None:
    write(tmp_path / "a.png", make_chest(1), bits=16)
    build_index(tmp_path)
    plate = folder_shelf(tmp_path).plates[0]
    assert plate.step < 1e-4
    assert len(np.unique(plate.load())) > 2000


def test_a_changed_file_is_read_again_and_the_old_plate_goes(radiographs: Path, read: list[str], make_chest) -> None:
    before = {plate.name: plate.sha256 for plate in _built(radiographs)}
    write(radiographs / "00000001_000.png", make_chest(99))
    assert not is_current(radiographs)
    read.clear()
    after = {plate.name: plate.sha256 for plate in _built(radiographs)}
    assert read == ["00000001_000.png"]
    assert {name for name in after if after[name] != before[name]} == {"00000001_000.png"}
    assert not list(index_place(radiographs).glob(f"{before['00000001_000.png']}*"))


def test_files_that_come_and_go_are_followed(radiographs: Path, make_chest) -> None:
    _built(radiographs)
    (radiographs / "00000000_000.png").unlink()
    write(radiographs / "new.png", make_chest(7))
    assert [plate.name for plate in _built(radiographs)] == ["00000001_000.png", "00000002_000.png", "new.png"]
    assert len(list(index_place(radiographs).glob("*.npy"))) == 6


def test_a_cancelled_index_leaves_nothing_half_and_is_taken_up_again(radiographs: Path, read: list[str]) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        build_index(radiographs, progress=lambda part, _words: token.cancel() if part > 0.5 else None, cancel=token)
    assert not (index_place(radiographs) / module.LIST).exists()
    assert not left_behind(index_place(radiographs))
    with pytest.raises(StudioError, match="has no index yet"):
        folder_shelf(radiographs)
    assert len(_built(radiographs)) == 3


def test_a_cancelled_renewal_keeps_the_old_index(radiographs: Path, make_chest) -> None:
    old = [plate.sha256 for plate in _built(radiographs)]
    write(radiographs / "00000000_000.png", make_chest(50))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        build_index(radiographs, cancel=token)
    assert [plate.sha256 for plate in folder_shelf(radiographs).plates] == old


def test_progress_counts_files(radiographs: Path) -> None:
    seen: list[float] = []
    build_index(radiographs, progress=lambda part, _words: seen.append(round(part, 2)))
    assert seen == [0.33, 0.67, 1.0]


def test_what_is_no_radiograph_is_named_and_the_rest_is_used(radiographs: Path) -> None:
    (radiographs / "broken.png").write_bytes(b"no picture")
    index = build_index(radiographs)
    assert len(index.entries) == 3
    assert len(index.refused) == 1
    assert index.refused[0].startswith("broken.png: ")
    assert is_current(radiographs)


@pytest.mark.parametrize("kind", ["missing", "empty", "colour", "file"])
def test_a_folder_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "chosen"
    if kind == "file":
        place.write_text("x")
    elif kind != "missing":
        place.mkdir()
    if kind == "colour":
        rng = np.random.default_rng(0)
        Image.fromarray(rng.integers(0, 255, (200, 200, 3)).astype(np.uint8)).save(place / "a.png")
    with pytest.raises(ReadError) as caught:
        build_index(place)
    words = str(caught.value)
    assert words.startswith("chosen: ")
    assert "\n" not in words
    assert not (index_place(place) / module.LIST).exists()


def test_a_damaged_plate_is_a_sentence(radiographs: Path) -> None:
    shelf = _built(radiographs)
    path = index_place(radiographs) / f"{shelf[0].sha256}.npy"
    path.write_bytes(b"half")
    with pytest.raises(StudioError, match="damaged"):
        shelf[0].load()


def _built(folder: Path):
    build_index(folder)
    return folder_shelf(folder).plates
