"""The biharmonic fill against scikit-image and against what it must do by definition."""

import numpy as np
import pytest
from skimage.restoration import inpaint_biharmonic

from cxr_studio.networks import biharmonic


def smooth_image(side: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] / side
    waves = [np.sin(2 * np.pi * (a * x + b * y) + c) for a, b, c in rng.uniform(0, 2, (6, 3))]
    return (100 + 20 * sum(waves) + rng.normal(0, 1, (side, side))).astype(np.float32)


def blob(side: int) -> np.ndarray:
    y, x = np.mgrid[:side, :side]
    return ((y - 22) / 9) ** 2 + ((x - 25) / 12) ** 2 < 1


def test_a_plane_is_continued_exactly() -> None:
    y, x = np.mgrid[:48, :48].astype(np.float32)
    plane = 3 * x - 2 * y + 7
    filled = biharmonic.fill(np.where(blob(48), 1e6, plane), blob(48))
    np.testing.assert_allclose(filled, plane, atol=1e-2)


@pytest.mark.parametrize("seed", [0, 1])
def test_equals_scikit_image_inside_the_image(seed: int) -> None:
    image = smooth_image(48, seed)
    ours = biharmonic.fill(image, blob(48))
    theirs = inpaint_biharmonic(image.astype(np.float64), blob(48))
    assert np.abs(ours - theirs).max() < 0.5
    assert np.sqrt(np.mean((ours - theirs)[blob(48)] ** 2)) < 0.1


def test_outside_the_hole_nothing_changes_and_the_input_is_kept() -> None:
    image = smooth_image(40)
    before = image.copy()
    filled = biharmonic.fill(image, blob(40))
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(filled[~blob(40)], image[~blob(40)])


def test_the_matrix_gives_the_same_fill() -> None:
    image = smooth_image(48)
    hole, ring, matrix = biharmonic.linear_map(blob(48))
    by_matrix = image.copy()
    by_matrix.flat[hole] = matrix @ image.ravel()[ring]
    np.testing.assert_allclose(by_matrix, biharmonic.fill(image, blob(48)), atol=1e-2)


def test_many_squares_at_once() -> None:
    crops = np.stack([smooth_image(32, k) for k in range(3)])
    hole = np.zeros((32, 32), bool)
    hole[8:24, 8:24] = True
    filled = biharmonic.fill_squares(crops, 16)
    for crop, result in zip(crops, filled, strict=True):
        np.testing.assert_allclose(result, biharmonic.fill(crop, hole), atol=1e-2)


def test_holes_at_the_edge_and_everywhere() -> None:
    image = smooth_image(32)
    corner = np.zeros((32, 32), bool)
    corner[:10, :10] = True
    filled = biharmonic.fill(image, corner)
    assert np.isfinite(filled).all()
    assert abs(filled[corner].mean() - image[10:14, 10:14].mean()) < 60
    assert not biharmonic.fill(image, np.ones((32, 32), bool)).any()
    np.testing.assert_array_equal(biharmonic.fill(image, np.zeros((32, 32), bool)), image)
