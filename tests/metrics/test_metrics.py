"""Metrics against scikit-image and against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from cxr_studio.metrics.fidelity import mae, mse, psnr, ssim, uqi
from cxr_studio.metrics.grain import grain_ratio, laplacian_sd
from cxr_studio.metrics.seam import seam_ratio


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    truth = np.cumsum(np.cumsum(rng.normal(0, 1, (96, 80)), axis=0), axis=1)
    truth = 255 * (truth - truth.min()) / np.ptp(truth)
    return np.clip(truth + rng.normal(0, 8, truth.shape), 0, 255), truth


def test_errors_by_hand():
    image, truth = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 4.0], [3.0, 8.0]])
    assert mse(image, truth) == 5.0
    assert mae(image, truth) == 1.5
    assert psnr(image, truth, value_range=255) == pytest.approx(10 * np.log10(255**2 / 5))
    assert psnr(truth, truth, value_range=255) == np.inf


def test_psnr_and_ssim_are_scikit_images(pair):
    image, truth = pair
    assert psnr(image, truth, value_range=255) == pytest.approx(peak_signal_noise_ratio(truth, image, data_range=255))
    kinds = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    assert ssim(image, truth, value_range=255) == pytest.approx(
        structural_similarity(truth, image, data_range=255, **kinds), abs=1e-6
    )


def test_uqi_is_one_for_the_same_and_falls_with_noise(pair):
    image, truth = pair
    assert uqi(truth, truth) == pytest.approx(1.0)
    assert 0 < uqi(image, truth) < 0.95
    assert uqi(255 - truth, truth) < 0


def test_the_laplacian_of_white_noise_has_root_twenty_times_its_sd():
    noise = np.random.default_rng(2).normal(0, 3.0, (400, 400))
    assert laplacian_sd(noise, np.ones(noise.shape, bool)) == pytest.approx(3.0 * np.sqrt(20), rel=0.02)


def test_grain_ratio_tells_smooth_from_noisy():
    rng = np.random.default_rng(3)
    truth = rng.normal(0, 4, (120, 120))
    mask = np.zeros(truth.shape, bool)
    mask[30:90, 30:90] = True
    assert grain_ratio(np.where(mask, 0.0, truth), truth, mask) == pytest.approx(0, abs=1e-6)
    assert grain_ratio(np.where(mask, rng.normal(0, 4, truth.shape), truth), truth, mask) == pytest.approx(1, abs=0.05)
    assert grain_ratio(np.where(mask, 2 * truth, truth), truth, mask) == pytest.approx(2, abs=1e-6)


def test_a_jump_at_the_boundary_is_a_seam():
    image = np.random.default_rng(4).normal(100, 2, (100, 100))
    mask = np.zeros(image.shape, bool)
    mask[30:70, 30:70] = True
    assert seam_ratio(image, mask) == pytest.approx(1, abs=0.15)
    assert seam_ratio(image + 20 * mask, mask) > 5
    assert np.isnan(seam_ratio(image, np.zeros_like(mask)))
