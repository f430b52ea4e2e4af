"""The shape observer tells blobs, flat discs and long shapes from balls, and balls from balls not at all."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from cxr_studio.quality.shape_observer import Shown, features, told_apart

ROWS, COLUMNS = np.mgrid[:120, :120].astype(np.float64)


def shown(kind: str, number: int, *, diameter: float | None = None) -> Shown:
    rng = np.random.default_rng([number, len(kind)])
    wide = diameter or rng.uniform(18, 40)
    y, x = rng.uniform(55, 65, 2)
    stretch = np.sqrt(0.55) if kind == "long" else 1.0
    turn = rng.uniform(0, np.pi)
    down, across = (ROWS - y), (COLUMNS - x)
    along, beside = down * np.cos(turn) + across * np.sin(turn), across * np.cos(turn) - down * np.sin(turn)
    r2 = ((along * stretch) ** 2 + (beside / stretch) ** 2) / (wide / 2) ** 2
    if kind == "blob":
        body = np.exp(-r2 / (2 * 0.5**2))
    else:
        body = gaussian_filter(np.sqrt(np.maximum(1 - r2, 0)) if kind != "disc" else (r2 < 1) * 1.0, 0.1 * wide / 2)
    ground = gaussian_filter(rng.normal(0, 1, ROWS.shape), 6) * 20
    image = 100 + rng.uniform(10, 30) * body + ground + rng.normal(0, 1.5, ROWS.shape)
    return Shown(f"p{number}", image.astype(np.float32), y, x, wide)


@pytest.mark.parametrize("kind", ["blob", "disc", "long"])
def test_other_shapes_are_told_from_balls(kind) -> None:
    verdict = told_apart(
        ("balls", kind), [shown("ball", k) for k in range(60)], [shown(kind, k) for k in range(60, 120)]
    )
    assert verdict.counts == (60, 60)
    assert verdict.low > 0.75
    assert verdict.low <= verdict.area <= verdict.high


def test_balls_are_not_told_from_balls() -> None:
    first, second = ([shown("ball", k) for k in range(start, start + 60)] for start in (0, 300))
    verdict = told_apart(("a", "b"), first, second)
    assert verdict.low < 0.5 < verdict.high


def test_size_brightness_and_contrast_do_not_matter() -> None:
    one = shown("ball", 3, diameter=24)
    brighter = Shown(one.patient, 3 * one.image + 50, one.y, one.x, one.diameter)
    np.testing.assert_allclose(features(brighter), features(one), rtol=1e-2, atol=1e-2)
