"""Metrics worked out by hand or window by window, and where they have no answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import structural_similarity

from cxr_studio.metrics.fidelity import mae, mse, psnr, ssim, uqi
from cxr_studio.metrics.grain import grain_ratio, inside, laplacian, laplacian_sd
from cxr_studio.metrics.seam import seam_ratio


def images(seed: int, shape: tuple[int, int] = (20, 26)) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 256, shape)
    return np.clip(truth + rng.integers(-40, 41, shape), 0, 255).astype(np.uint8), truth.astype(np.uint8)


def test_uqi_is_the_mean_over_all_eight_by_eight_windows() -> None:
    x, y = (image.astype(float) for image in images(1))
    found = []
    for top in range(x.shape[0] - 7):
        for left in range(x.shape[1] - 7):
            a, b = x[top : top + 8, left : left + 8], y[top : top + 8, left : left + 8]
            covariance = ((a - a.mean()) * (b - b.mean())).mean()
            found.append(4 * covariance * a.mean() * b.mean() / ((a.var() + b.var()) * (a.mean() ** 2 + b.mean() ** 2)))
    assert uqi(x, y) == pytest.approx(np.mean(found), abs=1e-9)


def test_flat_windows_do_not_count_in_uqi() -> None:
    x, y = (image.astype(float) for image in images(2))
    wide = [np.pad(image, ((0, 0), (0, 40)), constant_values=200.1) for image in (x, y)]
    part = np.s_[:, : x.shape[1] + 7]
    assert uqi(*wide) == pytest.approx(uqi(wide[0][part], wide[1][part]), abs=1e-9)
    assert np.isnan(uqi(np.full((12, 12), 3.3), np.full((12, 12), 3.3)))
    assert np.isnan(uqi(np.zeros((12, 12)), np.zeros((12, 12))))


@pytest.mark.parametrize("shape", [(11, 11), (11, 40), (33, 12)])
def test_ssim_at_its_smallest_sizes(shape: tuple[int, int]) -> None:
    image, truth = images(3, shape)
    expected = structural_similarity(
        truth, image, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert ssim(image, truth, value_range=255) == pytest.approx(expected, abs=1e-6)


@given(seed=st.integers(0, 1000))
def test_eight_bit_images_do_not_overflow(seed: int) -> None:
    image, truth = images(seed)
    a, b = image.astype(float), truth.astype(float)
    assert mse(image, truth) == mse(a, b) == mse(truth, image)
    assert mae(image, truth) == mae(a, b)
    assert ssim(image, truth, value_range=255) == pytest.approx(ssim(a, b, value_range=255))
    assert mae(image, truth) ** 2 <= mse(image, truth)


def test_psnr_does_not_depend_on_the_unit() -> None:
    image, truth = (i / 255 for i in images(4))
    assert psnr(image, truth, value_range=1) == pytest.approx(psnr(image * 4095, truth * 4095, value_range=4095))


def test_the_laplacian_of_a_point_and_of_a_plane() -> None:
    point = np.zeros((7, 7))
    point[3, 3] = 2
    found = laplacian(point)
    assert found[3, 3] == -8
    assert found[2, 3] == found[4, 3] == found[3, 2] == found[3, 4] == 2
    assert np.count_nonzero(found) == 5
    y, x = np.mgrid[:9, :9]
    assert not laplacian(3.0 * y - 2.0 * x)[1:-1, 1:-1].any()


def test_only_pixels_whose_neighbours_are_filled_too_count() -> None:
    mask = np.zeros((9, 9), bool)
    mask[2:7, 2:7] = True
    assert inside(mask).sum() == 9
    assert inside(np.ones((9, 9), bool)).sum() == 49
    mask[2, 2] = False
    assert inside(mask).sum() == 9
    mask[2, 4] = False
    assert inside(mask).sum() == 8


@pytest.mark.parametrize("side", [0, 1, 2, 3])
def test_too_few_pixels_have_no_grain(side: int) -> None:
    mask = np.zeros((20, 20), bool)
    mask[5 : 5 + side, 5 : 5 + side] = True
    image = np.random.default_rng(0).normal(size=(20, 20))
    assert np.isnan(laplacian_sd(image, mask))
    assert np.isnan(grain_ratio(image, image, mask))


def test_brightness_and_slope_are_no_grain() -> None:
    y, x = np.mgrid[:60, :60]
    noise = np.random.default_rng(1).normal(size=(60, 60))
    mask = np.zeros((60, 60), bool)
    mask[10:50, 10:50] = True
    assert grain_ratio(0.5 * noise + 3 * y - x + 40, noise, mask) == pytest.approx(0.5, rel=1e-4)


def test_a_seam_by_hand() -> None:
    """A ramp of 1 a column with a jump of 5 at the mask: four steps of 1 a row and six still columns beside it."""
    height = 30
    image = np.tile(np.arange(40.0), (height, 1))
    image[:, 20:] += 4
    mask = np.zeros(image.shape, bool)
    mask[:, 20:] = True
    beside = 4 * height / (4 * height + 6 * (height - 1))
    assert seam_ratio(image, mask) == pytest.approx(5 / beside)


def test_a_mask_without_a_boundary_has_no_seam() -> None:
    image = np.random.default_rng(2).normal(size=(20, 20))
    assert np.isnan(seam_ratio(image, np.ones((20, 20), bool)))
    assert np.isnan(seam_ratio(image, np.zeros((20, 20), bool)))
