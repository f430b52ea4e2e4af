"""Nodules: diameter, size modulation, projection, superposition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.measure import regionprops

from cxr_studio.errors import GeneratorError, SpacingUnknown
from cxr_studio.generation.request import view_of
from cxr_studio.masks.boxes import bounding_box, cut
from cxr_studio.masks.brush import paint_disc
from cxr_studio.masks.shapes import fill_ellipse
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.contrast import grey_per_mm
from cxr_studio.nodules.ct_library import CtNodule, Profile, bundled_library, read_library, write_library
from cxr_studio.nodules.ct_superposition import projection_of, superpose
from cxr_studio.nodules.diameter import axes, diameter, modulated
from cxr_studio.nodules.placement import NoduleRequest, Placement, diameter_pixels, pixel_mm
from cxr_studio.nodules.projection import project, random_rotation, turned_in_plane, view
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin
from cxr_studio.resources import resource

HEALTHY = read_radiograph(resource("samples", "healthy-1.png"))
UNIT = HEALTHY.unit_range


def request(placement: Placement, stored: np.ndarray = HEALTHY.stored) -> NoduleRequest:
    return NoduleRequest(1, view_of(HEALTHY, stored), placement)


def blob(seed: int, side: int = 90) -> np.ndarray:
    """An irregular connected shape."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((side, side), bool)
    y, x = side / 2, side / 2
    for _ in range(6):
        paint_disc(mask, (y, x), radius=rng.uniform(8, 16))
        y, x = y + rng.uniform(-9, 9), x + rng.uniform(-9, 9)
    return mask


def test_the_diameter_is_scikit_images_mean_axis():
    for seed in range(5):
        mask = blob(seed)
        (region,) = regionprops(mask.astype(int))
        assert axes(mask) == pytest.approx((region.axis_major_length, region.axis_minor_length), abs=0.05)
        assert diameter(mask) == pytest.approx(region.axis_major_length / 2 + region.axis_minor_length / 2, abs=0.05)
    disc = np.zeros((200, 200), bool)
    fill_ellipse(disc, (50, 60), (129, 139))
    assert diameter(disc) == pytest.approx(80, abs=0.5)
    assert diameter(np.zeros((9, 9), bool)) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 50), st.floats(5, 100))
def test_size_modulation_reaches_the_diameter_and_centres_the_shape(seed, wanted):
    shape = blob(seed)
    drawn = modulated(shape, wanted)
    assert drawn.shape == (256, 256)
    assert diameter(drawn) == pytest.approx(wanted, abs=0.5)
    y0, x0, y1, x1 = bounding_box(drawn)
    assert abs((y0 + y1) / 2 - 128) <= 2
    assert abs((x0 + x1) / 2 - 128) <= 2
    ratio = np.divide(*axes(shape))
    assert np.divide(*axes(drawn)) == pytest.approx(ratio, rel=0.35 if wanted < 10 else 0.08)


def test_a_shape_larger_than_the_patch_is_refused():
    with pytest.raises(GeneratorError, match="larger than the patch"):
        modulated(blob(1), 280)
    with pytest.raises(GeneratorError, match="empty"):
        modulated(np.zeros((20, 20), bool), 20)


def test_the_bundled_library_holds_real_nodules_of_every_density():
    library = bundled_library()
    assert len(library) >= 200
    assert {nodule.profile for nodule in library} == set(Profile)
    sizes = [nodule.diameter_mm for nodule in library]
    assert min(sizes) < 6
    assert max(sizes) > 25


def test_a_library_survives_its_file(tmp_path):
    some = bundled_library()[:4]
    write_library(tmp_path / "few.npz", some)
    again = read_library(tmp_path / "few.npz")
    for old, new in zip(some, again, strict=True):
        assert (old.hu == new.hu).all()
        assert (old.mask == new.mask).all()
        assert old.series == new.series


def ball(radius: float, hu: int = 0) -> CtNodule:
    z, y, x = np.mgrid[-20:21, -20:21, -20:21]
    mask = z**2 + y**2 + x**2 <= radius**2
    return CtNodule(0, np.where(mask, hu, -900).astype(np.int16), mask, "made")


def test_a_balls_projection_is_its_chord():
    seen = view(ball(10), random_rotation(np.random.default_rng(3)))
    drawn = project(seen, 40.0, mm_per_pixel=0.5)
    assert drawn.diameter == pytest.approx(40, abs=0.5)
    middle = drawn.thickness.shape[0] // 2
    assert drawn.thickness.max() == pytest.approx(20 * 0.9, rel=0.12)
    half = drawn.thickness[middle, middle + 10]
    assert half == pytest.approx(drawn.thickness.max() * np.sqrt(1 - 0.25), rel=0.1)


def test_a_larger_nodule_is_thicker_and_a_turned_one_the_same():
    seen = view(ball(8), np.eye(3))
    small, large = (project(seen, d, mm_per_pixel=0.4).thickness.max() for d in (20, 40))
    assert large == pytest.approx(2 * small, rel=0.06)
    turned = project(turned_in_plane(seen, 30, mirror=True), 40, mm_per_pixel=0.4)
    assert turned.thickness.max() == pytest.approx(large, rel=0.03)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(5, 100))
def test_any_seed_reaches_the_diameter(seed, wanted):
    drawn = projection_of(Placement(0, 0, wanted, seed=seed), 0.39)
    assert drawn.diameter == pytest.approx(wanted, abs=0.5)
    assert (drawn.thickness >= 0).all()


def test_a_nodule_is_denser_and_leaves_the_rest_bit_identical():
    placed = superpose(request(Placement(420, 250, 30, seed=4)))
    image = HEALTHY.stored.copy()
    (patch,) = placed.patches
    image[cut(patch.box)] = patch.stored
    changed = placed.written.whole(image.shape)
    assert (image[~changed] == HEALTHY.stored[~changed]).all()
    assert (image[changed].astype(int) > HEALTHY.stored[changed]).all()
    shape = placed.silhouette.whole(image.shape)
    assert diameter(shape) == pytest.approx(30, abs=0.5)
    assert (shape & changed).sum() > 0.85 * shape.sum()
    y, x = np.nonzero(shape)
    assert (y.mean(), x.mean()) == pytest.approx((420, 250), abs=1)


def test_the_grain_of_the_radiograph_stays():
    placed = superpose(request(Placement(420, 250, 60, seed=4)))
    (patch,) = placed.patches
    added = patch.stored.astype(int) - HEALTHY.stored[cut(patch.box)]
    core = placed.silhouette.mask
    assert np.abs(np.diff(added, axis=1))[core[:, 1:]].mean() < 2.5


def test_contrast_is_obeyed_and_the_seed_repeats():
    weak, strong = (superpose(request(Placement(420, 250, 40, seed=7, contrast=s))) for s in (0.5, 1.5))
    again = superpose(request(Placement(420, 250, 40, seed=7, contrast=0.5)))
    assert (again.patches[0].stored == weak.patches[0].stored).all()

    def lift(placed):
        (patch,) = placed.patches
        return (patch.stored.astype(int) - HEALTHY.stored[cut(patch.box)])[placed.silhouette.mask].mean()

    assert lift(strong) == pytest.approx(3 * lift(weak), rel=0.15)
    other = superpose(request(Placement(420, 250, 40, seed=8, contrast=0.5)))
    one, two = other.written.mask, weak.written.mask
    assert one.shape != two.shape or (one != two).any()


@pytest.mark.parametrize("profile", list(Profile))
def test_a_density_can_be_chosen(profile):
    drawn = projection_of(Placement(0, 0, 30, seed=2, profile=profile), 0.39)
    assert drawn.thickness.max() > 0


def test_a_nodule_at_the_edge_is_cut():
    placed = superpose(request(Placement(2, 3, 40, seed=1)))
    assert placed.silhouette.box[:2] == (0, 0)
    assert placed.written.mask.any()


@pytest.mark.parametrize(
    ("placement", "words"),
    [
        (Placement(-5, 10, 20), "outside the image"),
        (Placement(10, 10, 2), "diameter of 2"),
        (Placement(10, 10, 20, contrast=9), "contrast of 9"),
    ],
)
def test_placements_that_cannot_be_drawn_are_refused(placement, words):
    with pytest.raises(GeneratorError, match=words):
        draw_nodule(request(placement))


def test_diameters_are_read_with_their_unit():
    assert diameter_pixels("40px", HEALTHY) == 40
    with pytest.raises(SpacingUnknown):
        diameter_pixels("12mm", HEALTHY)
    with pytest.raises(GeneratorError, match="12mm or 40px"):
        diameter_pixels("12", HEALTHY)
    assert pixel_mm(Spacing(0.2, 0.2, SpacingOrigin.CALIBRATED), (10, 10)) == pytest.approx(0.2)
    assert pixel_mm(HEALTHY.spacing, (1000, 800)) == pytest.approx(0.4)


def test_the_contrast_rule_follows_the_images_own_ribs():
    plain = grey_per_mm(HEALTHY.stored, HEALTHY.grey, UNIT, mm_per_pixel=0.39)
    half = (HEALTHY.stored // 2).astype(np.uint8)
    assert grey_per_mm(half, HEALTHY.grey, UNIT, mm_per_pixel=0.39) == pytest.approx(plain / 2, rel=0.1)
    flat = np.full_like(half, 90)
    assert grey_per_mm(flat, HEALTHY.grey, UNIT, mm_per_pixel=0.39) > 0
