"""The observer network finds a change that is there, none that is not, and never learns from the patient it judges."""

import numpy as np
import pytest
import torch

from cxr_studio.networks.observer import ObserverError, Training, cross_validated, folds_of, probabilities, trained

QUICK = Training(folds=3, epochs=10, seed=1)


def pairs(patients: int, smoothing: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Patches [2N, 32, 32] of noise over a patient's own ramp; the second of a pair is smoothed in its middle."""
    rng = np.random.default_rng(3)
    patches, labels, groups = [], [], []
    for patient in range(patients):
        ramp = np.linspace(0, rng.normal(), 32)[None] + np.linspace(0, rng.normal(), 32)[:, None]
        for changed in (False, True):
            patch = ramp + rng.normal(0, 0.1, (32, 32))
            if changed and smoothing > 1:
                middle = patch[8:24, 8:24]
                patch[8:24, 8:24] = sum(np.roll(middle, k, axis) for k in range(smoothing) for axis in (0, 1)) / (
                    2 * smoothing
                )
            patches.append(patch)
            labels.append(changed)
            groups.append(f"patient {patient}")
    return np.asarray(patches, np.float32), np.asarray(labels), groups


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    return float((scores[labels][:, None] > scores[~labels][None]).mean())


def test_a_visible_change_is_found() -> None:
    patches, labels, groups = pairs(40, smoothing=3)
    assert auc(cross_validated(patches, labels, groups=groups, training=QUICK), labels) > 0.9


def test_where_nothing_was_changed_it_guesses() -> None:
    patches, labels, groups = pairs(60, smoothing=1)
    assert 0.3 < auc(cross_validated(patches, labels, groups=groups, training=QUICK), labels) < 0.7


def test_it_never_learns_from_the_patient_it_judges() -> None:
    """A label that only the patient predicts: with its patient in the training, a network would know it by heart."""
    rng = np.random.default_rng(5)
    marks = rng.normal(0, 1, (24, 32, 32))
    patches = np.concatenate([marks + rng.normal(0, 0.05, marks.shape) for _ in range(4)]).astype(np.float32)
    labels = np.tile(np.arange(24) % 2 == 0, 4)
    groups = [str(k % 24) for k in range(96)]
    known = trained(patches, labels, training=Training(epochs=40))
    assert auc(probabilities(known, patches), labels) > 0.9
    assert auc(cross_validated(patches, labels, groups=groups, training=QUICK), labels) < 0.75


def test_brightness_and_contrast_do_not_matter() -> None:
    patches, labels, _ = pairs(12, smoothing=3)
    network = trained(patches, labels, training=QUICK)
    np.testing.assert_allclose(probabilities(network, patches), probabilities(network, 3 * patches + 5), atol=0.02)


def test_same_input_same_numbers_and_chance_outside_is_left_alone() -> None:
    patches, labels, groups = pairs(9, smoothing=3)
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    first = cross_validated(patches, labels, groups=groups, training=QUICK)
    assert torch.rand(1) == expected
    np.testing.assert_array_equal(first, cross_validated(patches, labels, groups=groups, training=QUICK))


def test_folds_keep_groups_whole_and_are_about_equal() -> None:
    groups = [name for k, name in enumerate("abcdefghij") for _ in range(1 + k % 3)]
    parts = folds_of(groups, folds=4, seed=0)
    assert all(len({int(p) for p, g in zip(parts, groups, strict=True) if g == name}) == 1 for name in groups)
    assert np.ptp(np.bincount(parts)) <= 3
    assert not np.array_equal(parts, folds_of(groups, folds=4, seed=1))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda p, y, g: (p[:, :, :30], y, g), "squares"),
        (lambda p, y, g: (p, y[1:], g), "labels"),
        (lambda p, y, g: (p, y, g[1:]), "group names"),
        (lambda p, y, g: (np.where(p > 0, np.nan, p), y, g), "finite"),
        (lambda p, y, g: (p, y, ["one"] * len(g)), "folds"),
        (lambda p, y, g: (p, y & False, g), "one class"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(spoil, words: str) -> None:
    patches, labels, groups = spoil(*pairs(6, smoothing=3))
    with pytest.raises(ObserverError, match=words):
        cross_validated(patches, labels, groups=groups, training=QUICK)
