"""Metrics against torchmetrics, and the index of Wang and Bovik worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cxr_studio.metrics.fidelity import mae, masked_uqi, mse, psnr, ssim, ssim_map, uqi, uqi_map
from cxr_studio.metrics.many import holm

torchmetrics = pytest.importorskip("torchmetrics.functional.image")


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    truth = np.cumsum(np.cumsum(rng.normal(0, 1, (72, 88)), axis=0), axis=1)
    truth = 255 * (truth - truth.min()) / np.ptp(truth)
    return np.clip(truth + rng.normal(0, 12, truth.shape), 0, 255), truth


def tensors(pair: tuple[np.ndarray, np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    image, truth = (torch.from_numpy(one)[None, None] for one in pair)
    return image, truth


def test_errors_and_psnr_are_torchmetrics(pair):
    from torchmetrics.functional import mean_absolute_error, mean_squared_error

    image, truth = tensors(pair)
    assert mse(*pair) == pytest.approx(float(mean_squared_error(image, truth)))
    assert mae(*pair) == pytest.approx(float(mean_absolute_error(image, truth)))
    found = torchmetrics.peak_signal_noise_ratio(image, truth, data_range=255.0)
    assert psnr(*pair, value_range=255) == pytest.approx(float(found))


def test_ssim_is_torchmetrics_where_windows_lie_inside(pair):
    image, truth = tensors(pair)
    kinds = {"gaussian_kernel": True, "sigma": 1.5, "data_range": 255.0}
    _, whole = torchmetrics.structural_similarity_index_measure(image, truth, return_full_image=True, **kinds)
    inner = np.s_[5:-5, 5:-5]
    theirs = whole[0, 0].numpy()[inner]
    assert ssim_map(*pair, value_range=255)[inner] == pytest.approx(theirs, abs=1e-6)
    assert ssim(*pair, value_range=255) == pytest.approx(theirs.mean(), abs=1e-6)


def test_uqi_of_one_window_by_hand():
    """Half of the truth's window is 100 and half 200, the image is half as bright and 10 brighter.

    Means 150 and 85, variances 2500 and 625, covariance 1250:
    4 · 1250 · 150 · 85 / ((2500 + 625) · (150² + 85²)) = 63,750,000 / 92,890,625 = 0.686291.
    """
    truth = np.repeat([[100.0] * 4 + [200.0] * 4], 8, axis=0)
    image = truth / 2 + 10
    assert uqi_map(image, truth).shape == (1, 1)
    assert uqi(image, truth) == pytest.approx(63_750_000 / 92_890_625)


def test_the_three_factors_of_uqi_by_hand():
    """Wang and Bovik's correlation, luminance and contrast: each alone, the others being 1."""
    truth = np.repeat([[100.0] * 4 + [200.0] * 4], 8, axis=0)
    assert uqi(300 - truth, truth) == pytest.approx(-1)  # means and variances as before, correlation -1
    assert uqi(truth + 50, truth) == pytest.approx(2 * 200 * 150 / (200**2 + 150**2))  # luminance
    assert uqi(150 + (truth - 150) / 2, truth) == pytest.approx(2 * 25 * 50 / (25**2 + 50**2))  # contrast


def test_uqi_under_a_mask_counts_windows_that_lie_half_in_it(pair):
    image, truth = pair
    mask = np.zeros(truth.shape, bool)
    mask[20:44, 30:62] = True
    wanted = uqi_map(image, truth)[16:41, 26:59]
    corners = np.ones(wanted.shape, bool)
    for rows, columns in ((slice(0, 4), slice(0, 4)),):
        for turned in (corners, corners[::-1], corners[:, ::-1], corners[::-1, ::-1]):
            turned[rows, columns] = [[(4 + r) * (4 + c) >= 32 for c in range(4)] for r in range(4)]
    assert masked_uqi(image, truth, mask) == pytest.approx(wanted[corners].mean())
    assert masked_uqi(np.where(mask, truth, image), truth, mask) > masked_uqi(image, truth, mask)
    assert np.isnan(masked_uqi(image, truth, np.zeros(truth.shape, bool)))


def test_holm_by_hand():
    """Three p values: 0.01 · 3, 0.02 · 2, and 0.03 · 1, which may not be below the one before."""
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.6, 0.9]) == pytest.approx([1, 1])
    found = holm([0.01, float("nan"), 0.04])
    assert found[0] == pytest.approx(0.02)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(0.04)
    assert holm([]) == []
