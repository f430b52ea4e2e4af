"""Filling with a trained generator: nothing outside the mask, every masked pixel inside, whatever the mask's shape."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxr_studio.errors import Cancelled, CheckpointError, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import cut
from cxr_studio.masks.morphology import grow, shrink
from cxr_studio.networks.card import Card
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.restore import region_fill
from cxr_studio.restore.fill import fill
from cxr_studio.restore.network_fill import LoadedNetwork
from cxr_studio.restore.options import FillOptions, FillRequest
from tests.restore.tiny_network import CARD, Answering, write_tiny

SHAPE = 150, 190
STORED = np.random.default_rng(8).integers(20_000, 40_000, SHAPE).astype(np.uint16)
STORED.setflags(write=False)
COARSE = Spacing(0.8, 0.8, SpacingOrigin.CALIBRATED)
SAME = Spacing(0.4, 0.4, SpacingOrigin.CALIBRATED)
FINE = Spacing(0.1, 0.1, SpacingOrigin.CALIBRATED)
ANY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))

Constant = Callable[..., Answering]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Name of a generator with random weights."""
    monkeypatch.setenv("CXR_STUDIO_MODELS", str(tmp_path))
    write_tiny(tmp_path)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield "tiny"
    torch.set_num_threads(threads)


@pytest.fixture
def answering(tiny: str, monkeypatch: pytest.MonkeyPatch) -> Constant:
    """Put a network that answers as told in the tiny one's place."""

    def put(answer: Callable[..., torch.Tensor], card: Card = CARD) -> Answering:
        network = Answering(answer, card)
        monkeypatch.setattr(region_fill, "load", lambda facts, device: LoadedNetwork(card, network, device))
        return network

    return put


def ask(mask: np.ndarray, stored: np.ndarray = STORED, spacing: Spacing = SAME, **options: object) -> FillRequest:
    grey = linear_greyscale(stored.dtype, 8 * stored.dtype.itemsize)
    chosen = FillOptions(**{"generator": "tiny", "grain": "off", "feather": 0, **options})
    return FillRequest(1, ImageView(stored, grey, grey.pixel_range(*grey.modality_range), spacing), chosen, mask)


def filled(asked: FillRequest, **rest: object) -> np.ndarray:
    image = asked.image.stored.copy()
    for patch in fill(asked, **rest).patches:
        image[cut(patch.box)] = patch.stored
    return image


@st.composite
def masks(draw: st.DrawFn) -> np.ndarray:
    """A few pixels, rectangles, rings and specks, also at the border."""
    mask = np.zeros(SHAPE, bool)
    for kind in draw(st.lists(st.sampled_from(["pixel", "rectangle", "ring", "specks"]), min_size=1, max_size=3)):
        y, x = draw(st.integers(0, SHAPE[0] - 1)), draw(st.integers(0, SHAPE[1] - 1))
        height, width = draw(st.integers(1, 34)), draw(st.integers(1, 34))
        part = mask[y : y + height, x : x + width]
        if kind == "pixel":
            mask[y, x] = True
        elif kind == "specks":
            part[:9, :9] |= np.random.default_rng(y).random(part[:9, :9].shape) < 0.3
        else:
            part[...] = True
            if kind == "ring":
                part[3:-3, 3:-3] = False
    return mask


@ANY
@given(mask=masks(), spacing=st.sampled_from([UNKNOWN_SPACING, COARSE, SAME, FINE]), options=st.data())
def test_nothing_outside_changes_and_asking_again_gives_the_same(
    tiny: str, mask: np.ndarray, spacing: Spacing, options: st.DataObject
) -> None:
    chosen = {
        "grain": options.draw(st.sampled_from(["off", "match"])),
        "grow": options.draw(st.integers(0, 16)),
        "feather": options.draw(st.integers(0, 32)),
    }
    asked = ask(mask, spacing=spacing, **chosen)
    image = filled(asked)
    np.testing.assert_array_equal(image[~mask], STORED[~mask])
    np.testing.assert_array_equal(image, filled(asked))


@ANY
@given(mask=masks(), grown=st.integers(0, 8))
def test_every_masked_pixel_gets_the_networks_answer(answering: Constant, mask: np.ndarray, grown: int) -> None:
    """On the network's own grid, whatever the windows: a network that answers 0.5 leaves 0.75 of the range."""
    answering(lambda image, hole: torch.full_like(image, 0.5))
    image = filled(ask(mask, grow=grown))
    np.testing.assert_allclose(image[mask].astype(float), 0.75 * 65_535, atol=1.5)


@pytest.mark.parametrize("generator", ["tiny", "biharmonic"])
def test_regions_that_reach_into_each_others_boxes_all_stay_filled(tiny: str, generator: str) -> None:
    mask = np.zeros(SHAPE, bool)
    mask[50:80, 60:63] = mask[77:80, 60:90] = True
    mask[55:70, 70:75] = mask[45:48, 66:80] = mask[45:75, 80:83] = True
    patches = fill(ask(mask, generator=generator)).patches
    assert len(patches) == 3
    one, other = STORED.copy(), STORED.copy()
    for patch in patches:
        one[cut(patch.box)] = patch.stored
    for patch in reversed(patches):
        other[cut(patch.box)] = patch.stored
    np.testing.assert_array_equal(one, other)
    assert (one[mask] != STORED[mask]).mean() > 0.99


@pytest.mark.parametrize("spacing", [COARSE, FINE, UNKNOWN_SPACING])
def test_off_the_networks_grid_the_answer_arrives_but_for_the_rim(answering: Constant, spacing: Spacing) -> None:
    answering(lambda image, hole: torch.full_like(image, 0.5))
    mask = np.zeros(SHAPE, bool)
    mask[40:100, 60:130] = True
    image = filled(ask(mask, spacing=spacing, grow=2))
    np.testing.assert_allclose(image[shrink(mask, 3)].astype(float), 0.75 * 65_535, atol=400)


def test_a_large_hole_takes_windows_that_overlap(answering: Constant) -> None:
    network = answering(lambda image, hole: torch.full_like(image, 0.5))
    mask = np.zeros(SHAPE, bool)
    mask[40:100, 60:130] = True
    filled(ask(mask, grow=0))
    assert sum(len(image) for image, _ in network.asked) >= (60 / 8 - 1) * (70 / 8 - 1)


@ANY
@given(mask=masks())
def test_the_network_sees_the_image_around_the_hole_and_the_hole_in_its_square(
    answering: Constant, mask: np.ndarray
) -> None:
    network = answering(lambda image, hole: image)
    filled(ask(mask, grow=1))
    assert bool(network.asked) == mask.any()
    for image, hole in network.asked:
        assert image.shape == hole.shape
        assert image.shape[1:] == (1, 32, 32)
        assert image.dtype == hole.dtype == torch.float32
        assert set(hole.unique().tolist()) <= {0.0, 1.0}
        assert hole.any()
        assert hole.sum() == hole[..., 8:24, 8:24].sum()


@pytest.mark.parametrize("grown", [0, 3, 6])
def test_growing_reaches_beyond_a_hole_larger_than_the_networks(answering: Constant, grown: int) -> None:
    """What lies within the grown rim counts for nothing, although nothing of it changes."""
    answering(lambda image, hole: image)
    mask = np.zeros(SHAPE, bool)
    mask[60:90, 80:120] = True
    rim = grow(mask, grown) & ~mask
    other = np.where(rim, np.uint16(0), STORED)
    first, second = filled(ask(mask, grow=grown)), filled(ask(mask, other, grow=grown))
    np.testing.assert_array_equal(first[mask], second[mask])
    np.testing.assert_array_equal(second[~mask], other[~mask])


@pytest.mark.parametrize("grown", [0, 3])
def test_the_painted_mask_grown_is_what_the_network_takes_for_unknown(answering: Constant, grown: int) -> None:
    """The three masks: painted within network, and where the two differ nothing changes in the image."""
    network = answering(lambda image, hole: torch.full_like(image, 0.5))
    mask = np.zeros(SHAPE, bool)
    mask[70:78, 90:97] = True
    image = filled(ask(mask, grow=grown))
    ((_, hole),) = network.asked
    assert hole.sum() == grow(mask, grown).sum()
    assert (image != STORED).sum() == mask.sum()


def test_the_hole_keeps_nothing_of_the_truth(tiny: str) -> None:
    mask = np.zeros(SHAPE, bool)
    mask[40:75, 60:110] = True
    other = np.where(mask, np.uint16(3), STORED)
    np.testing.assert_array_equal(filled(ask(mask))[mask], filled(ask(mask, other))[mask])


def test_another_region_is_unknown_too(tiny: str) -> None:
    """What lies under a second hole close by does not leak into the first."""
    mask = np.zeros(SHAPE, bool)
    mask[60:72, 60:72] = mask[60:72, 75:90] = True
    other = STORED.copy()
    other[60:72, 75:90] = 0
    np.testing.assert_array_equal(filled(ask(mask))[mask], filled(ask(mask, other))[mask])


def test_a_blank_base_leaves_the_middle_of_the_range_in_the_hole(answering: Constant) -> None:
    network = answering(lambda image, hole: image, replace(CARD, base="blank"))
    mask = np.zeros(SHAPE, bool)
    mask[70:80, 90:104] = True
    filled(ask(mask, grow=0))
    ((image, hole),) = network.asked
    assert not image[hole > 0].any()
    assert image[hole == 0].any()


def test_an_answer_that_is_no_number_is_a_sentence(answering: Constant) -> None:
    answering(lambda image, hole: image / 0.0 * 0.0)
    mask = np.zeros(SHAPE, bool)
    mask[70:80, 90:104] = True
    with pytest.raises(GeneratorError, match="not finite"):
        fill(ask(mask))


def test_a_wild_answer_stays_within_the_stored_range(answering: Constant) -> None:
    answering(lambda image, hole: torch.full_like(image, 1e6))
    mask = np.zeros(SHAPE, bool)
    mask[70:80, 90:104] = True
    assert (filled(ask(mask))[mask] == 65_535).all()


def test_cancelling_stops_between_windows(answering: Constant) -> None:
    token = CancelToken()

    def answer(image: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
        token.cancel()
        return image

    network = answering(answer)
    mask = np.zeros(SHAPE, bool)
    mask[5:145, 5:185] = True
    with pytest.raises(Cancelled):
        fill(ask(mask), cancel=token)
    assert len(network.asked) == 1


def test_a_checkpoint_that_goes_away_is_a_sentence(tiny: str, tmp_path: Path) -> None:
    mask = np.zeros(SHAPE, bool)
    mask[70:80, 90:104] = True
    path = tmp_path / "tiny.safetensors"
    with pytest.raises(CheckpointError, match=r"none\.safetensors"):
        fill(ask(mask, generator=str(tmp_path / "none.safetensors")))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(CheckpointError, match="do not fit"):
        fill(ask(mask))


@pytest.mark.parametrize("generator", ["tiny", "biharmonic", "telea", "navier-stokes"])
@pytest.mark.parametrize("shape", [(1, 60), (60, 1), (3, 3), (2, 90), (17, 33), (7, 400)])
def test_images_smaller_than_the_network_are_filled(tiny: str, generator: str, shape: tuple[int, int]) -> None:
    stored = np.random.default_rng(2).integers(0, 4096, shape).astype(np.uint16)
    for spacing in (UNKNOWN_SPACING, FINE, COARSE):
        for place in (np.s_[shape[0] // 2, shape[1] // 2], np.s_[-1, -1], np.s_[:, : shape[1] // 3]):
            mask = np.zeros(shape, bool)
            mask[place] = True
            image = filled(ask(mask, stored, spacing, generator=generator, grain="match"))
            np.testing.assert_array_equal(image[~mask], stored[~mask])


@pytest.mark.parametrize("generator", ["tiny", "biharmonic"])
def test_a_radiograph_of_full_size_keeps_every_value_outside(tiny: str, generator: str) -> None:
    stored = np.tile(STORED, (20, 13))[:2_991, :2_430]
    mask = np.zeros(stored.shape, bool)
    mask[1400:1520, 900:1000] = mask[0:40, 2400:] = True
    for spacing in (UNKNOWN_SPACING, FINE):
        image = filled(ask(mask, stored, spacing, generator=generator, grain="match", feather=3))
        assert (image[~mask] == stored[~mask]).all()
        assert (image[mask] != stored[mask]).mean() > 0.9


def test_inverted_and_signed_pictures_give_the_same_anatomy(tiny: str) -> None:
    """MONOCHROME1 stores bright = 0; the fill in pixels must not depend on it, nor on an offset."""
    mask = np.zeros(SHAPE, bool)
    mask[70:92, 90:120] = True
    upright = filled(ask(mask)).astype(int)
    signed = (STORED.astype(int) - 32_768).astype(np.int16)
    np.testing.assert_allclose(filled(ask(mask, signed)).astype(int) + 32_768, upright, atol=2)
    plain = ask(mask, 65_535 - STORED)
    grey = linear_greyscale(np.dtype(np.uint16), 16, inverted=True)
    inverted = replace(plain, image=replace(plain.image, grey=grey))
    np.testing.assert_allclose(65_535 - filled(inverted).astype(int), upright, atol=2)
