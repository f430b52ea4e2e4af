"""The fit finds what was put there, in a loose box, over sloping ground, noise and a rib."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from cxr_studio.nodules.measuring import measure

ROWS, COLUMNS = np.mgrid[:240, :240].astype(np.float64)


def drawn(diameter: float, *, contrast: float = 20.0, edge: float = 0.2, ratio: float = 1.0, rib: float = 0.0):
    radius = diameter / 2
    axes = radius * np.sqrt([ratio, 1 / ratio])
    body = np.sqrt(np.maximum(1 - ((ROWS - 118) / axes[0]) ** 2 - ((COLUMNS - 125) / axes[1]) ** 2, 0))
    image = 80 + 0.05 * ROWS - 0.1 * COLUMNS + contrast * gaussian_filter(body, edge * radius)
    image += rib * np.exp(-((ROWS + 0.4 * COLUMNS - 200) ** 2) / (2 * 4.0**2))
    return (image + np.random.default_rng(1).normal(0, 1.0, image.shape)).astype(np.float32)


@pytest.mark.parametrize("diameter", [18.0, 36.0, 60.0])
def test_size_contrast_and_place_are_found_in_a_loose_box(diameter) -> None:
    half = round(0.8 * diameter)
    found = measure(drawn(diameter), (112 - half, 128 - half, 112 + half, 128 + half))
    assert found is not None
    assert found.diameter == pytest.approx(diameter, rel=0.15)
    assert found.contrast == pytest.approx(20, rel=0.15)
    assert np.hypot(found.y - 118, found.x - 125) < 1.5
    assert found.ratio > 0.85
    assert 0.2 < found.noise < 1.5


def test_soft_edges_and_long_shapes_are_told_apart() -> None:
    box = (80, 85, 156, 165)
    sharp, soft = (measure(drawn(44, edge=edge), box) for edge in (0.1, 0.45))
    long = measure(drawn(44, ratio=0.6), box)
    assert sharp.edge < 0.25 < soft.edge
    assert long.ratio == pytest.approx(0.6, abs=0.12)


def test_a_rib_beside_it_changes_little() -> None:
    found = measure(drawn(40, rib=12.0), (78, 85, 158, 165))
    assert found.contrast == pytest.approx(20, rel=0.35)
    assert found.diameter == pytest.approx(40, rel=0.3)


def test_a_dark_spot_is_no_nodule() -> None:
    found = measure(drawn(40, contrast=-20.0), (78, 85, 158, 165))
    assert found is None or found.contrast < 6
