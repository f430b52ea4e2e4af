"""The z-map: figures of healthy lungs are learned, kept, found by their checkpoint, and used."""

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import StudioError
from cxr_studio.quality.highlighting import search as search_module
from cxr_studio.quality.highlighting.healthy import (
    HealthyCard,
    HealthyDifferences,
    find_healthy,
    read,
    save,
)
from cxr_studio.quality.highlighting.healthy_sums import HealthySums
from cxr_studio.quality.highlighting.highlight import HighlightOptions, highlight
from cxr_studio.resources import user_models

CARD = HealthyCard("biharmonic", "", 40, (1, 2, 4))


def lungs(top: int = 20) -> np.ndarray:
    mask = np.zeros((160, 140), bool)
    mask[top : top + 120, 15:125] = True
    return mask


def learned(mean: float = 0.01, sd: float = 0.02, stages: int = 3) -> HealthyDifferences:
    rng = np.random.default_rng(1)
    sums = HealthySums(stages)
    for number in range(60):
        mask = lungs(10 + number % 20)
        level = rng.normal(mean, sd)
        sums.add([np.where(mask, np.float32(level * (k + 1)), np.float32(0)) for k in range(stages)], mask, mask)
    return HealthyDifferences(CARD, *sums.finish())


def test_mean_and_spread_of_known_maps_are_learned() -> None:
    healthy = learned()
    inner = np.s_[6:-6, 6:-6]
    for stage in range(3):
        np.testing.assert_allclose(healthy.mean[stage][inner], 0.01 * (stage + 1), atol=0.006 * (stage + 1))
        np.testing.assert_allclose(healthy.sd[stage][inner], 0.02 * (stage + 1), rtol=0.25)
    assert np.ptp(healthy.mean[0][inner]) < 1e-4


def test_z_is_the_distance_in_standard_deviations() -> None:
    healthy = HealthyDifferences(CARD, np.full((1, 64, 64), 0.1, np.float32), np.full((1, 64, 64), 0.05, np.float32))
    mask = lungs()
    z = healthy.z(np.where(mask, np.float32(0.25), np.float32(0)), mask, stage=0)
    np.testing.assert_allclose(z[mask], 3.0, rtol=1e-5)


def test_a_place_that_differs_in_healthy_lungs_is_forgiven_there_alone() -> None:
    sums = HealthySums(1)
    rng = np.random.default_rng(2)
    for _ in range(40):
        plane = rng.normal(0, 0.01, (160, 140)).astype(np.float32)
        plane[20:60, 15:125] += rng.normal(0.3, 0.05)
        sums.add([np.where(lungs(), plane, 0).astype(np.float32)], lungs(), lungs())
    healthy = HealthyDifferences(CARD, *sums.finish())
    hot = np.where(lungs(), np.float32(0.3), np.float32(0))
    z = healthy.z(hot, lungs(), stage=0)
    assert abs(z[40, 70]) < 1.5
    assert z[120, 70] > 4


def test_nothing_learned_is_refused() -> None:
    with pytest.raises(StudioError, match="No lungs"):
        HealthySums(2).finish()


def test_the_file_gives_the_same_back_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    healthy, path = learned(), tmp_path / "a.safetensors"
    save(path, healthy)
    again = read(path)
    assert again.card == healthy.card
    np.testing.assert_allclose(again.mean, healthy.mean, atol=1e-4)
    assert path.stat().st_size < 1_000_000
    path.write_bytes(b"no")
    with pytest.raises(StudioError, match="healthy lungs"):
        read(path)


def test_figures_are_found_by_checkpoint_and_scales_only() -> None:
    folder = user_models() / "highlighting"
    save(folder / "mine.safetensors", HealthyDifferences(HealthyCard("x", "ab" * 32, 9, (1, 2)), *_flat(2)))
    assert find_healthy("x", "ab" * 32, scales=(1, 2)) is not None
    assert find_healthy("x", "ab" * 32, scales=(1,)) is None
    assert find_healthy("x", "cd" * 32, scales=(1, 2)) is None
    (folder / "broken.safetensors").write_bytes(b"no")
    assert find_healthy("x", "ab" * 32, scales=(1, 2)) is not None


def test_the_map_has_a_z_layer_where_figures_are_there(phantom: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    from cxr_studio.nodules.lungs import Lungs
    from cxr_studio.radiographs.greyscale import linear_greyscale
    from cxr_studio.radiographs.radiograph import Radiograph

    mask = np.zeros(phantom.shape, bool)
    mask[40:260, 40:130] = True
    monkeypatch.setattr(search_module, "lung_mask", lambda radiograph, device: Lungs(mask, True, "Found.", 2))
    card = HealthyCard("biharmonic", "", 9, (1, 2, 4))
    save(user_models() / "highlighting" / "b.safetensors", HealthyDifferences(card, *_flat(3)))
    radiograph = Radiograph(phantom, linear_greyscale(phantom.dtype, bits=16))
    found = highlight(radiograph, HighlightOptions("biharmonic"), device="cpu")
    assert found.z is not None
    assert found.main_kind == "z"
    np.testing.assert_allclose(found.z[found.looked_at], found.signed[found.looked_at] / 0.05, rtol=1e-2, atol=1e-3)
    assert found.provenance["healthy"]["images"] == 9
    assert found.focal is None
    plain = highlight(radiograph, HighlightOptions("biharmonic", normalise=False), device="cpu")
    assert plain.z is None
    assert not any("z-map" in note for note in plain.notes)


def _flat(stages: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((stages, 64, 64), np.float32), np.full((stages, 64, 64), 0.05, np.float32)
