"""Answering a request: what changes, what does not, and what is repeatable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxr_studio.errors import Cancelled, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.generation import answering
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import cut
from cxr_studio.masks.brush import paint_disc, paint_segment
from cxr_studio.metrics.grain import band_ratios, grain_ratio
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.restore import drawing
from cxr_studio.restore.fill import fill
from cxr_studio.restore.grain import match_grain
from cxr_studio.restore.grain_spectrum import match_spectrum
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.restore.paste import masks_for
from cxr_studio.roles import find, offered
from tests.conftest import draw_phantom

PHANTOM = draw_phantom(320, 288)
PHANTOM.setflags(write=False)
GENERATORS = [facts.name for facts in offered(Role.RESTORE)]


def request(
    mask: np.ndarray, stored: np.ndarray = PHANTOM, *, spacing: Spacing = UNKNOWN_SPACING, **options: object
) -> FillRequest:
    bits = 8 * stored.dtype.itemsize
    grey = linear_greyscale(stored.dtype, bits)
    chosen = FillOptions(**{"generator": "biharmonic", **options})
    return FillRequest(1, ImageView(stored, grey, grey.modality_range, spacing), chosen, mask)


def answered(asked: FillRequest) -> np.ndarray:
    image = asked.image.stored.copy()
    for patch in fill(asked).patches:
        image[cut(patch.box)] = patch.stored
    return image


def disc(y: float = 140, x: float = 95, radius: float = 14, shape: tuple[int, int] = PHANTOM.shape) -> np.ndarray:
    mask = np.zeros(shape, bool)
    paint_disc(mask, (y, x), radius=radius)
    return mask


@pytest.mark.parametrize("generator", GENERATORS)
def test_only_the_mask_changes_and_the_same_request_gives_the_same_pixels(generator):
    mask = disc()
    mask |= disc(60, 200, 9)
    asked = request(mask, generator=generator)
    first, second = answered(asked), answered(asked)
    assert (first == second).all()
    assert (first[~mask] == PHANTOM[~mask]).all()
    assert (first[mask] != PHANTOM[mask]).mean() > 0.95
    error = first[mask].astype(float) - PHANTOM[mask]
    assert np.sqrt((error**2).mean()) < 3_000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_masks_of_any_shape_change_nothing_outside(data):
    mask = np.zeros(PHANTOM.shape, bool)
    for _ in range(data.draw(st.integers(1, 4))):
        ends = [(data.draw(st.floats(-10, 330)), data.draw(st.floats(-10, 300))) for _ in range(2)]
        radius = data.draw(st.floats(0.6, 12))
        paint_segment(mask, *ends, radius=radius, value=data.draw(st.booleans()))
    feather, grow = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 4))
    image = answered(request(mask, feather=feather, grow=grow))
    assert (image[~mask] == PHANTOM[~mask]).all()


def test_an_empty_mask_gives_an_empty_answer():
    assert fill(request(np.zeros(PHANTOM.shape, bool))).patches == ()


def test_a_mask_over_everything_is_refused():
    with pytest.raises(GeneratorError, match="covers the whole image"):
        fill(request(np.ones(PHANTOM.shape, bool)))


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(GeneratorError, match="differ in size"):
        fill(request(np.zeros((10, 10), bool)))


def test_an_unknown_generator_names_those_there_are():
    with pytest.raises(GeneratorError, match="inpainting, context-encoder, inpainting-donors, exemplar, biharmonic"):
        find("nothing", Role.RESTORE)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16])
def test_other_depths_are_filled_too(dtype):
    stored = (PHANTOM >> 8).astype(np.uint8) if dtype is np.uint8 else (PHANTOM // 2).astype(np.int16)
    mask = disc()
    image = answered(request(mask, stored))
    assert image.dtype == dtype
    assert (image[~mask] == stored[~mask]).all()


def test_a_hole_larger_than_the_networks_is_filled_without_a_seam():
    mask = np.zeros(PHANTOM.shape, bool)
    mask[90:200, 50:150] = True
    image = answered(request(mask, generator="context-encoder", grain="off"))
    assert (image[~mask] == PHANTOM[~mask]).all()
    assert (image[mask] != PHANTOM[mask]).mean() > 0.9
    assert seam_ratio(image, mask) < 1.6
    assert np.abs(image[mask].mean() - PHANTOM[mask].mean()) < 4_000


def test_the_networks_millimetres_are_kept_at_any_resolution():
    mask = disc()
    coarse = Spacing(0.375, 0.375, SpacingOrigin.CALIBRATED)
    fine = Spacing(0.15, 0.15, SpacingOrigin.CALIBRATED)
    images = [answered(request(mask, generator="context-encoder", grain="off", spacing=s)) for s in (coarse, fine)]
    assert (images[0] != images[1]).any()
    for image in images:
        assert (image[~mask] == PHANTOM[~mask]).all()


def test_another_seed_changes_the_grain_only():
    mask = disc()
    plain = [answered(request(mask, seed=seed, grain="off")) for seed in (0, 1)]
    grained = [answered(request(mask, seed=seed)) for seed in (0, 1)]
    assert (plain[0] == plain[1]).all()
    assert (grained[0][mask] != grained[1][mask]).mean() > 0.8
    ratios = [grain_ratio(image.astype(float), PHANTOM.astype(float), mask) for image in (plain[0], *grained)]
    assert ratios[0] < 0.5
    assert ratios[1:] == pytest.approx([1, 1], abs=0.25)


def test_grain_is_the_noise_of_the_surroundings():
    rng = np.random.default_rng(0)
    image = rng.normal(0.5, 0.02, (160, 160)).astype(np.float32)
    hole = disc(80, 80, 30, image.shape)
    smooth = np.where(hole, np.float32(0.5), image)
    filled = match_grain(smooth, hole, hole, seed=4)
    assert (filled[~hole] == image[~hole]).all()
    assert grain_ratio(filled, image, hole) == pytest.approx(1, abs=0.25)
    assert (match_grain(smooth, hole, hole, seed=4) == filled).all()
    still = np.full((160, 160), 0.3, np.float32)
    assert (match_grain(still, hole, hole, seed=4) == still).all()
    assert (match_spectrum(still, hole, hole, seed=4) == still).all()


def textured(rng: np.random.Generator) -> np.ndarray:
    """Noise of three scales and a little more along columns, as of a radiograph."""
    import cv2

    scales = [cv2.GaussianBlur(rng.normal(0, 1, (192, 192)), (0, 0), sigmaX=s, sigmaY=0.8 * s) for s in (0.6, 1.5, 3)]
    return (0.5 + sum(0.02 * scale / scale.std() for scale in scales)).astype(np.float32)


def test_the_spectrum_is_that_of_the_surroundings():
    ratios = []
    for seed in range(6):
        image = textured(np.random.default_rng(seed))
        hole = np.zeros(image.shape, bool)
        hole[64:128, 64:128] = True
        smooth = np.where(hole, image[~hole].mean(), image)
        filled = match_spectrum(smooth, hole, hole, seed=seed)
        assert (filled[~hole] == image[~hole]).all()
        assert (match_spectrum(smooth, hole, hole, seed=seed) == filled).all()
        steps = [np.diff(x[64:128, 64:128], axis=k).var() for k in (0, 1) for x in (filled, image)]
        finest = match_grain(smooth, hole, hole, seed=seed)
        ratios.append([*band_ratios(filled, image, hole), steps[0] / steps[1], steps[2] / steps[3]])
        coarse = [band_ratios(each, image, hole)[2] for each in (filled, finest)]
        assert coarse[0] > 1.3 * coarse[1]  # what matching the finest scale alone leaves out
    fine, middle, coarse_mean, rows, columns = np.mean(ratios, axis=0)
    assert [fine, rows, columns] == pytest.approx([1] * 3, abs=0.2)
    assert 0.6 < middle < 1.1  # where there are no edges, a tenth of the coarse bands is taken for edges
    assert 0.4 < coarse_mean < 1.1


def test_the_grain_is_stronger_where_it_will_be_mixed_with_the_originals():
    mask = disc()
    mixed = answered(request(mask, grain="spectrum", feather=12))
    alone = answered(request(mask, grain="spectrum", feather=0))
    assert (mixed[~mask] == PHANTOM[~mask]).all()
    ratios = [grain_ratio(image.astype(float), PHANTOM.astype(float), mask) for image in (mixed, alone)]
    assert ratios[0] == pytest.approx(ratios[1], rel=0.15)
    assert min(ratios) > 0.85


def test_the_three_masks_lie_in_each_other():
    mask = disc(radius=20)
    masks = masks_for(request(mask, feather=5), (100, 60, 180, 130), pixels_grown=3)
    part = mask[100:180, 60:130]
    assert (masks.painted == part).all()
    assert (masks.network | part == masks.network).all()
    assert masks.network.sum() > part.sum()
    assert (masks.blending[~part] == 0).all()
    assert masks.blending.max() == 1
    assert ((masks.blending > 0) & (masks.blending < 1)).any()


def test_without_a_feather_the_fill_is_taken_whole():
    masks = masks_for(request(disc(), feather=0), (120, 75, 160, 115), pixels_grown=0)
    assert set(np.unique(masks.blending)) == {0.0, 1.0}


def test_a_cancelled_request_stops():
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        fill(request(disc()), cancel=token)


def test_progress_counts_regions():
    told = []
    fill(request(disc() | disc(60, 200, 9)), progress=lambda fraction, words: told.append((fraction, words)))
    assert told == [(0.5, "region 1 of 2"), (1.0, "region 2 of 2")]


def test_a_gpu_that_runs_out_of_memory_is_replaced_with_a_message(monkeypatch):
    monkeypatch.setattr(answering, "choose_device", lambda _name: "cuda:0")
    region_fill = drawing.fill_region

    def failing(asked, facts, device, **rest):
        if device.startswith("cuda"):
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return region_fill(asked, facts, device, **rest)

    monkeypatch.setattr(drawing, "fill_region", failing)
    result = fill(request(disc(), generator="context-encoder"))
    assert result.device == "cpu"
    assert "memory" in result.message
    assert "CPU was used instead" in result.message
    assert result.patches


def test_provenance_says_how_to_make_it_again():
    result = fill(request(disc(), generator="context-encoder", seed=9))
    made = result.provenance
    assert made.generator == "context-encoder"
    assert len(made.checkpoint_sha256) == len(made.input_sha256) == len(made.mask_sha256) == 64
    assert made.options["seed"] == 9
    assert made.card["licence"] == "Apache-2.0"
    assert fill(request(disc(), generator="biharmonic")).provenance.checkpoint_sha256 == ""
