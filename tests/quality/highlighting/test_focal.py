"""Round spots: what is curved both ways counts, ridges and leaks of the lung mask do not; samples by seed."""

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.events import CancelToken
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role
from cxr_studio.nodules.lungs import Lungs
from cxr_studio.quality.highlighting import search as search_module
from cxr_studio.quality.highlighting import square_fills
from cxr_studio.quality.highlighting.healthy import HealthyCard, HealthyDifferences, read, save
from cxr_studio.quality.highlighting.highlight import HighlightOptions, highlight
from cxr_studio.quality.highlighting.learning import learn
from cxr_studio.quality.highlighting.roundness import MASSES, NODULES, SIZES, responses, roundness, together
from cxr_studio.quality.highlighting.square_fills import CLASSICAL_CARD, square_fill
from cxr_studio.quality.highlighting.trusted import trusted
from cxr_studio.quality.highlighting.windows import SURE, Differences, SquareFill, slide
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import user_models
from cxr_studio.roles import find
from tests.restore.tiny_network import write_tiny

ROWS, COLUMNS = np.mgrid[:160, :160].astype(np.float32)
EVERYWHERE = np.ones((160, 160), bool)


def spot(y: float, x: float, sigma: float) -> np.ndarray:
    return np.exp(-((ROWS - y) ** 2 + (COLUMNS - x) ** 2) / (2 * sigma**2)).astype(np.float32)


def test_a_spot_is_round_and_a_ridge_of_the_same_height_is_not() -> None:
    turned = 0.6 * ROWS + 0.8 * COLUMNS
    ridge = np.exp(-((turned - 100) ** 2) / (2 * 5.0**2)).astype(np.float32)
    found = roundness(spot(80, 60, 5), EVERYWHERE, 5.0)
    assert np.unravel_index(found.argmax(), found.shape) == (80, 60)
    assert found.max() == pytest.approx(0.25, rel=0.05)
    assert roundness(ridge, EVERYWHERE, 5.0)[40:120, 40:120].max() < 0.02 * found.max()
    assert not roundness(-spot(80, 60, 5), EVERYWHERE, 5.0)[70:90, 50:70].any()


def test_the_size_that_fits_answers_most_and_nothing_answers_outside() -> None:
    inside = COLUMNS < 120
    planes = responses(0.05 * spot(80, 60, 7), 0.05 * spot(80, 60, 7), 0.3 + 0.05 * spot(80, 60, 7), inside)
    assert planes.shape == (SIZES, 160, 160)
    assert planes[2, 80, 60] > planes[1, 80, 60] > planes[0, 80, 60] > 1
    assert not planes[:, ~inside].any()


def test_what_is_far_denser_than_tissue_does_not_count_more() -> None:
    soft, metal = (
        responses(height * spot(80, 60, 5), 0 * ROWS, 0 * ROWS, EVERYWHERE)[1].max() for height in (0.1, 0.8)
    )
    assert metal < 1.6 * soft


def test_leaks_and_parts_beside_the_chest_are_not_believed() -> None:
    lungs = np.zeros((512, 512), bool)
    lungs[100:400, 60:200] = lungs[100:400, 300:440] = True
    assert (trusted(lungs) == lungs).mean() > 0.995
    leaking = lungs.copy()
    leaking[300:306, 440:512] = True
    leaking[250:420, 470:512] = True
    leaking[0:40, 0:90] = True
    kept = trusted(leaking)
    assert not kept[:, 470:].any()
    assert not kept[:40].any()
    assert kept[lungs].mean() > 0.99
    border = np.zeros((512, 512), bool)
    border[:, :100] = True
    assert (trusted(border) == border).all()


def test_samples_that_differ_make_a_difference_count_less() -> None:
    plane = np.full((200, 200), 0.6, np.float32)
    agreeing = SquareFill(CLASSICAL_CARD, lambda crops, seed: np.full((len(crops), 64, 64), 0.5, np.float32), "cpu", 2)
    spread = SquareFill(
        CLASSICAL_CARD, lambda crops, seed: np.full((len(crops), 64, 64), 0.4 + 0.2 * seed, np.float32), "cpu", 2
    )
    found = []
    for fill in (agreeing, spread):
        sums = Differences.nothing(plane.shape)
        assert list(slide(fill, plane, [(60, 60)], onto=sums, cancel=CancelToken())) == [1]
        found.append(float(sums.means()[1][90, 90]))
    apart = np.std([0.4, 0.6], ddof=1)
    assert found[0] == pytest.approx(0.1, abs=1e-5)
    assert found[1] == pytest.approx(0.1 * SURE / np.hypot(SURE, apart), rel=1e-3)


def test_a_generator_whose_seeds_differ_is_asked_by_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = square_fills.fill

    def noted(request, **more):
        asked.append(request.options.seed)
        return real(request, **more)

    monkeypatch.setattr(square_fills, "fill", noted)
    fill = square_fill(GeneratorFacts("biharmonic", "T", Role.RESTORE, stochastic=True, checkpoint=None), "cpu")
    assert fill.samples == 1
    monkeypatch.setattr(square_fills, "CLASSICAL", {})
    fill = square_fill(GeneratorFacts("biharmonic", "T", Role.RESTORE, stochastic=True, checkpoint=None), "cpu")
    crops = np.tile(np.linspace(0.2, 0.8, 128, dtype=np.float32), (2, 128, 1))
    mean, spread = fill.sampled(crops)
    assert asked == [0, 0, 1, 1, 2, 2, 3, 3]
    assert spread.max() < 1e-6
    np.testing.assert_allclose(mean[0], crops[0][32:96, 32:96], atol=2e-3)


def test_a_trained_generator_that_always_answers_alike_fills_once(tmp_path: Path) -> None:
    assert square_fill(find(str(write_tiny(tmp_path)), Role.RESTORE), "cpu").samples == 1


def test_learned_roundness_gives_a_focal_map_with_the_spot_on_top(
    phantom: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    mask = np.zeros(phantom.shape, bool)
    mask[40:260, 40:250] = True
    monkeypatch.setattr(search_module, "lung_mask", lambda radiograph, device: Lungs(mask, True, "Found.", 2))
    paths = []
    for k, image in enumerate((phantom, phantom[:, ::-1], np.roll(phantom, 9, axis=0))):
        paths.append(tmp_path / f"h{k}_0.png")
        Image.fromarray(image).save(paths[-1])
    options = HighlightOptions(str(write_tiny(tmp_path)))
    healthy = learn(paths, options, device="cpu")
    assert healthy.round_mean is not None
    assert healthy.round_mean.shape == (3, SIZES, 64, 64)
    file = user_models() / "highlighting" / "tiny.safetensors"
    save(file, healthy)
    np.testing.assert_allclose(read(file).round_mean, healthy.round_mean, rtol=1e-2, atol=1e-2)
    rows, columns = np.mgrid[: phantom.shape[0], : phantom.shape[1]]
    nodule = 6_000 * np.exp(-((rows - 150) ** 2 + (columns - 90) ** 2) / (2 * 6.0**2))
    stored = np.clip(phantom + nodule, 0, 65_535).astype(np.uint16)
    found = highlight(Radiograph(stored, linear_greyscale(stored.dtype, bits=16)), options, device="cpu")
    assert found.main_kind == "focal"
    assert found.focal is not None
    assert found.focal.min() == 0
    assert not found.focal[~found.looked_at].any()
    assert np.hypot(found.spots[0].y - 150, found.spots[0].x - 90) < 8
    assert found.provenance["samples"] == 1


def test_figures_without_roundness_still_give_a_z_map() -> None:
    flat = np.zeros((1, 64, 64), np.float32), np.ones((1, 64, 64), np.float32)
    old = HealthyDifferences(HealthyCard("x", "", 9, (1,)), *flat)
    assert old.focal(np.zeros((SIZES, 20, 20), np.float32), np.ones((20, 20), bool), stage=0) is None


def test_a_mass_counts_where_no_nodule_is_larger() -> None:
    scores = np.zeros((SIZES, 2, 2), np.float32)
    scores[:NODULES, 0, 0] = 5.0
    scores[NODULES:, 1, 1] = 10.0
    np.testing.assert_allclose(together(scores), [[5.0, 0.0], [0.0, 10.0 * MASSES]])
