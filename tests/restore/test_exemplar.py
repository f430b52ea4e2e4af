"""The generator "exemplar" as the window asks it: stored values, provenance, seeds, patients, native resolution."""

from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from cxr_studio.donors.folder import build_index
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.own import own_plate
from cxr_studio.donors.plate import plate_of
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.generation.packing import Packer, Unpacker
from cxr_studio.generation.request import ImageView
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import load_session, save_session
from cxr_studio.masks.boxes import cut
from cxr_studio.metrics.grain import laplacian_sd
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.restore import exemplar_fill
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import VARIATIONS, FillOptions, FillRequest
from cxr_studio.roles import find, request_again

SIDE = 320


def chest(seed: int, side: int = SIDE) -> np.ndarray:
    """Unit values: ribs, a spine, vessels and noise of this seed."""
    rng = np.random.default_rng([seed, 5])
    v, u = (np.mgrid[:side, :side] / side).astype(np.float32)
    ribs = np.sin(38 * (v + 0.3 * (u - 0.5) ** 2 + rng.uniform(-0.05, 0.05) * u) + rng.uniform(0, 6))
    vessels = cv2.GaussianBlur(rng.standard_normal((side, side)).astype(np.float32), (0, 0), side / 60) * side / 1000
    image = 0.4 + 0.06 * ribs + 0.25 * np.exp(-(((u - 0.5) / 0.08) ** 2)) + vessels
    return np.asarray(image + 0.012 * rng.standard_normal((side, side)), np.float32)


@pytest.fixture(autouse=True)
def small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf([plate_of(chest(k), name=f"{k}.png", patient=f"P{k}", shelf="bank") for k in (10, 11, 12)])
    monkeypatch.setattr(exemplar_fill, "shipped_bank", lambda: shelf)


def hole(side: int = SIDE, scale: int = 1) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[120 * scale : 156 * scale, 50 * scale : 86 * scale] = True
    return mask


def request(mask: np.ndarray, image: np.ndarray, **options: object) -> FillRequest:
    stored = np.clip(image * 65535, 0, 65535).astype(np.uint16)
    grey = linear_greyscale(stored.dtype, 16)
    chosen = FillOptions(**{"generator": "exemplar", "grain": "off", "feather": 0, **options})
    spacing = Spacing(0.375 * SIDE / len(image), 0.375 * SIDE / len(image), SpacingOrigin.CALIBRATED)
    return FillRequest(1, ImageView(stored, grey, grey.modality_range, spacing), chosen, mask)


def filled(asked: FillRequest) -> np.ndarray:
    result = fill(asked)
    image = asked.image.stored.copy()
    for patch in result.patches:
        image[cut(patch.box)] = patch.stored
    return image


def test_it_is_offered_as_one_that_varies() -> None:
    facts = find("exemplar", Role.RESTORE)
    assert facts.stochastic
    assert facts.checkpoint is None


def test_outside_the_mask_stored_values_are_the_same_bit_for_bit() -> None:
    asked = request(hole(), chest(1))
    image = filled(asked)
    assert np.array_equal(image[~asked.mask], asked.image.stored[~asked.mask])
    assert np.mean(image[asked.mask] != asked.image.stored[asked.mask]) > 0.9


def test_the_same_request_gives_the_same_pixels() -> None:
    assert np.array_equal(filled(request(hole(), chest(1))), filled(request(hole(), chest(1))))


def test_seeds_are_the_variations_and_large_ones_the_best() -> None:
    first, second, large = (fill(request(hole(), chest(1), seed=seed)) for seed in (0, 1, VARIATIONS + 5))
    assert first.provenance.donors != second.provenance.donors
    assert not np.array_equal(first.patches[0].stored, second.patches[0].stored)
    assert first.provenance.donors == large.provenance.donors
    every = [str(donor) for seed in range(6) for donor in _donors(request(hole(), chest(1)), seed)]
    assert len(set(every)) == 6
    last = fill(request(hole(), chest(1), seed=VARIATIONS - 1))
    assert last.patches[0].stored.shape == first.patches[0].stored.shape


def test_provenance_names_file_and_place() -> None:
    (donor,) = fill(request(hole(), chest(1), without="P10")).provenance.donors
    assert donor["source"] in ("own", "bank")
    assert donor["file"] != "10.png"
    y0, x0, y1, x1 = donor["box"]
    assert -8 <= y0 < y1 <= SIDE + 8
    assert -8 <= x0 < x1 <= SIDE + 8
    assert donor["region"] == [120, 50, 156, 86]


def test_every_region_has_its_donor() -> None:
    mask = hole()
    mask[200:220, 230:250] = True
    assert len(fill(request(mask, chest(1))).provenance.donors) == 2


def test_provenance_comes_back_from_a_session_file(tmp_path: Path) -> None:
    Image.fromarray((chest(1) * 65535).astype(np.uint16)).save(tmp_path / "chest.png")
    session = Session(read_radiograph(tmp_path / "chest.png"))
    session.apply_mask(hole(), "Mask")
    result = fill(session.request(FillOptions("exemplar", seed=2), session.mask))
    session.accept(result, "Exemplar")
    save_session(tmp_path / "a.cxrs", session)
    back = load_session(tmp_path / "a.cxrs")
    assert back.edits[0].provenance == result.provenance
    again = fill(request_again(back, back.edits[0].number))
    assert np.array_equal(again.patches[0].stored, result.patches[0].stored)


def test_a_session_of_before_has_no_donors() -> None:
    session_edit = _accepted()
    packer = Packer()
    packer._edit(session_edit)  # what ``step`` does for each of its edits
    facts = packer.facts()
    stated = asdict(session_edit.provenance)
    del stated["donors"]
    for name in ("donors", "without"):
        del stated["options"][name]
    facts[0]["provenance"] = stated
    (old,) = Unpacker(packer.arrays, facts, shape=(SIDE, SIDE), dtype=np.dtype(np.uint16)).edits
    assert old.provenance.donors == ()
    assert FillOptions(**old.provenance.options).without == ""


def _accepted():
    from cxr_studio.generation.edit import make_edit

    asked = request(hole(), chest(1))
    return make_edit(1, "Exemplar", asked.mask, fill(asked), below=())


def test_one_grey_gives_that_grey() -> None:
    asked = request(hole(), np.full((SIDE, SIDE), 0.5, np.float32))
    result = fill(asked)
    assert result.provenance.donors == ()
    assert np.ptp(result.patches[0].stored) <= 64


def test_a_folder_of_ones_own_gives_donors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the radiograph itself nothing is taken here, so that the folder is all there is."""
    monkeypatch.setattr(exemplar_fill, "shipped_bank", lambda: Shelf([]))
    monkeypatch.setattr(exemplar_fill, "own_plate", lambda image, unknown: own_plate(image, np.ones_like(unknown)))
    for k in (20, 21, 22):
        Image.fromarray((np.clip(chest(k), 0, 1) * 65535).astype(np.uint16)).save(tmp_path / f"P{k}.png")
    asked = request(hole(), chest(1), donors=str(tmp_path))
    asked = replace(asked, image=replace(asked.image, spacing=UNKNOWN_SPACING))
    with pytest.raises(StudioError, match="no index yet"):
        fill(asked)
    build_index(tmp_path)
    found = [donor for seed in range(3) for donor in _donors(asked, seed)]
    patients = {Path(str(donor["file"])).stem for donor in found if donor["source"] == "folder"}
    assert len(found) == 3
    assert patients
    barred = min(patients)
    without = replace(asked, options=replace(asked.options, without=barred))
    assert barred not in {Path(str(donor["file"])).stem for seed in range(3) for donor in _donors(without, seed)}


def _donors(asked: FillRequest, seed: int):
    return fill(replace(asked, options=replace(asked.options, seed=seed))).provenance.donors


@pytest.mark.parametrize("source", ["own", "bank"])
def test_at_native_resolution_a_donor_is_as_sharp_and_noisy_as_what_surrounds_it(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three pixels of the radiograph to one of the working grid; noise from pixel to pixel."""
    image = cv2.resize(chest(1), (3 * SIDE, 3 * SIDE), interpolation=cv2.INTER_CUBIC)
    image = image + 0.01 * np.random.default_rng(6).standard_normal(image.shape).astype(np.float32)
    if source == "own":
        monkeypatch.setattr(exemplar_fill, "shipped_bank", lambda: Shelf([]))
    else:
        monkeypatch.setattr(exemplar_fill, "own_plate", lambda image, unknown: plate_of(chest(9), name="", patient=""))
    asked = request(hole(3 * SIDE, 3), image, grain="match")
    result = fill(asked)
    assert result.provenance.donors[0]["source"] in (("own",) if source == "own" else ("bank", "folder"))
    new = asked.image.stored.astype(np.float32)
    new[cut(result.patches[0].box)] = result.patches[0].stored
    around = cv2.dilate(asked.mask.astype(np.uint8), np.ones((61, 61))) > 0
    ratio = laplacian_sd(new, asked.mask) / laplacian_sd(new, around & ~asked.mask)
    assert 0.8 < ratio < 1.25


def test_a_mask_without_surroundings_is_refused() -> None:
    with pytest.raises(GeneratorError, match="covers the whole image"):
        fill(request(np.ones((SIDE, SIDE), bool), chest(1)))


def test_half_of_the_image_is_filled_too() -> None:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[:, : SIDE // 2] = True
    asked = request(mask, chest(1))
    image = filled(asked)
    assert np.array_equal(image[~mask], asked.image.stored[~mask])
