"""Covariances of reader × modality figures of merit over cases: jackknife, DeLong, and unbiased."""

from __future__ import annotations

import numpy as np

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_kernels import Kernels
from cxr_studio.studies.statistics.observations import Array

JACKKNIFE, DELONG, UNBIASED = "jackknife", "DeLong", "unbiased"
METHODS = (JACKKNIFE, DELONG, UNBIASED)


def case_covariance(kernels: Kernels, method: str = JACKKNIFE) -> Array:
    """Covariance [modality × reader, modality × reader], modality slowest.

    ``unbiased`` is the U-statistic covariance; with it Obuchowski–Rockette gives the variances and Hillis
    degrees of freedom that iMRMC prints. For single-case kernels all three are the same.

    Raises:
        StatisticsError: the study is not fully crossed.
    """
    if not kernels.fully_crossed:
        raise StatisticsError(
            "Obuchowski-Rockette needs a fully crossed study, every reader reading every case in every modality",
            remedy="Use the U-statistics, which allow for missing cells",
        )
    flat = kernels.values.reshape(-1, *kernels.values.shape[2:])
    if flat.ndim == 2:
        return np.asarray(np.atleast_2d(np.cov(flat)) / flat.shape[1])
    return {JACKKNIFE: _jackknife, DELONG: _delong, UNBIASED: _unbiased}[method](flat)


def _jackknife(pairs: Array) -> Array:
    """Every case of either class left out once; (n − 1)/n of the summed products."""
    _, negatives, positives = pairs.shape
    whole = pairs.sum((1, 2))[:, None]
    without_negative = (whole - pairs.sum(2)) / ((negatives - 1) * positives)
    without_positive = (whole - pairs.sum(1)) / (negatives * (positives - 1))
    left = np.concatenate([without_negative, without_positive], 1)
    apart = left - left.mean(1, keepdims=True)
    n = negatives + positives
    return np.asarray((n - 1) / n * apart @ apart.T)


def _delong(pairs: Array) -> Array:
    """DeLong 1988: covariances of the placements of positives and of negatives."""
    _, negatives, positives = pairs.shape
    return np.asarray(np.cov(pairs.mean(1)) / positives + np.cov(pairs.mean(2)) / negatives)


def _unbiased(pairs: Array) -> Array:
    """Product of two AUCs less the mean product over pairs of kernels that share no case."""
    count, negatives, positives = pairs.shape
    rows = pairs.reshape(count, -1)
    both = rows @ rows.T
    same_negative = pairs.sum(2) @ pairs.sum(2).T
    same_positive = pairs.sum(1) @ pairs.sum(1).T
    sums = rows.sum(1)
    whole = np.outer(sums, sums)
    apart = (whole - same_negative - same_positive + both) / (negatives * (negatives - 1) * positives * (positives - 1))
    return np.asarray(whole / (negatives * positives) ** 2 - apart)
