"""The map: planted abnormalities light up, coarse comes before fine, lungs alone, sizes, provenance."""

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import Cancelled, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.nodules import lungs as lungs_module
from cxr_studio.nodules.lungs import Lungs
from cxr_studio.quality.highlighting import search as search_module
from cxr_studio.quality.highlighting.highlight import HighlightOptions, highlight, refinements
from cxr_studio.quality.highlighting.map import hot_spots
from cxr_studio.quality.highlighting.overlay import painted
from cxr_studio.quality.highlighting.windows import hole_corners
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin
from tests.restore.tiny_network import write_tiny

SPACING = Spacing(0.5, 0.25, SpacingOrigin.CALIBRATED)


def radiograph_of(pixels: np.ndarray, spacing: Spacing | None = None) -> Radiograph:
    stored = np.clip(pixels, 0, 65_535).astype(np.uint16)
    stored.setflags(write=False)
    grey = linear_greyscale(stored.dtype, bits=16)
    return Radiograph(stored, grey, spacing) if spacing else Radiograph(stored, grey)


def blob(shape: tuple[int, int], y: float, x: float, sigma: float) -> np.ndarray:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * sigma**2))


def sloping(height: int = 256, width: int = 224) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return 20_000 + 40.0 * rows + 30.0 * columns


@pytest.fixture
def half_lung(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """The lungs are found in the left 60 % of the image."""
    mask = np.zeros((256, 224), bool)
    mask[20:236, 20:130] = True
    monkeypatch.setattr(
        search_module, "lung_mask", lambda radiograph, device: Lungs(mask, True, "Both lungs take 42 %.", 2)
    )
    return mask


@pytest.mark.parametrize(("sign", "word"), [(1, "denser"), (-1, "darker")])
def test_a_planted_blob_lights_up_where_it_is(half_lung: np.ndarray, sign: int, word: str) -> None:
    pixels = sloping() + sign * 9_000 * blob((256, 224), 110, 80, 9)
    found = highlight(radiograph_of(pixels), HighlightOptions("biharmonic"), device="cpu")
    y, x = np.unravel_index(np.argmax(sign * found.signed), found.signed.shape)
    assert np.hypot(y - 110, x - 80) < 6, word
    y, x = np.unravel_index(np.argmax(found.absolute), found.absolute.shape)
    assert np.hypot(y - 110, x - 80) < 20
    spots = hot_spots(found.signed, found.looked_at, threshold=float(np.abs(found.signed).max()) / 2)
    assert spots[0].sign == sign
    assert np.hypot(spots[0].y - 110, spots[0].x - 80) < 6


def test_a_smooth_image_gives_next_to_nothing(half_lung: np.ndarray) -> None:
    found = highlight(radiograph_of(sloping()), HighlightOptions("biharmonic"), device="cpu")
    assert found.absolute.max() < 0.01
    assert not found.spots


def test_outside_the_lungs_every_layer_is_zero(half_lung: np.ndarray, phantom: np.ndarray) -> None:
    found = highlight(radiograph_of(phantom[:256, :224]), HighlightOptions("biharmonic"), device="cpu")
    assert not found.looked_at[~half_lung].any()
    assert found.looked_at[half_lung].mean() > 0.95
    for kind in ("absolute", "signed", "z", "focal"):
        assert not found.layer(kind)[~found.looked_at].any()
    assert found.absolute[found.looked_at].min() > 0


def test_coarse_first_then_refined(half_lung: np.ndarray, phantom: np.ndarray) -> None:
    told: list[float] = []
    maps = list(
        refinements(
            radiograph_of(phantom[:256, :224]),
            HighlightOptions("biharmonic", scales=(1, 2, 4)),
            device="cpu",
            progress=lambda share, words: told.append(share),
        )
    )
    assert [one.complete for one in maps] == [False, False, True]
    assert [one.provenance["scales"] for one in maps] == [[4], [2, 4], [1, 2, 4]]
    assert told == sorted(told)
    assert told[-1] == 1.0
    sharpness = [float(np.abs(np.diff(one.signed, axis=0)).mean() / one.absolute.mean()) for one in maps]
    assert sharpness[0] < sharpness[-1]
    assert maps[0].seconds < maps[-1].seconds


def test_it_stops_between_batches(half_lung: np.ndarray, phantom: np.ndarray) -> None:
    token = CancelToken()
    maps = refinements(radiograph_of(phantom[:256, :224]), HighlightOptions("biharmonic"), device="cpu", cancel=token)
    next(maps)
    token.cancel()
    with pytest.raises(Cancelled):
        next(maps)


def test_a_trained_generator_answers_and_is_named(half_lung: np.ndarray, phantom: np.ndarray, tmp_path: Path) -> None:
    path = write_tiny(tmp_path)
    options = HighlightOptions(str(path))
    first, second = (highlight(radiograph_of(phantom[:256, :224]), options, device="cpu") for _ in range(2))
    assert first.generator == str(path)
    assert len(str(first.provenance["checkpoint_sha256"])) == 64
    assert first.provenance["healthy"] is None
    assert any("no z-map" in note for note in first.notes)
    assert first.z is None
    assert first.main_kind == "absolute"
    np.testing.assert_array_equal(first.signed, second.signed)
    assert first.absolute.max() > 0


def test_without_lungs_the_whole_image_is_searched_and_a_sentence_says_so(
    phantom: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lungs_module, "find_checkpoints", dict)
    found = highlight(radiograph_of(phantom), HighlightOptions("biharmonic"), device="cpu")
    assert found.looked_at.mean() > 0.9
    assert "whole image" in found.notes[0]


def test_a_radiograph_that_no_hole_fits_is_refused() -> None:
    narrow = radiograph_of(np.full((1024, 64), 9_000.0) + np.arange(64))
    options = HighlightOptions("biharmonic", limit_to_lungs=False, scales=(4,))
    with pytest.raises(GeneratorError, match="too small"):
        highlight(narrow, options, device="cpu")


def test_holes_cover_the_lungs_and_stay_inside() -> None:
    lungs = np.zeros((200, 180), bool)
    lungs[5:190, 30:150] = True
    corners = hole_corners(lungs, 64, 32)
    reached = np.zeros_like(lungs)
    for y, x in corners:
        assert 0 <= y <= 200 - 64
        assert 0 <= x <= 180 - 64
        reached[y : y + 64, x : x + 64] = True
    assert reached[lungs].all()
    assert not hole_corners(np.zeros_like(lungs), 64, 32)
    assert not hole_corners(lungs[:50], 64, 32)


def test_hot_spots_have_rank_place_size_and_sign() -> None:
    layer = np.zeros((400, 400), np.float32)
    layer[100:140, 50:80] = 3.0
    layer[120, 60] = 4.0
    layer[300:330, 200:260] = -9.0
    layer[10:12, 10:12] = 12.0
    looked_at = np.ones(layer.shape, bool)
    first, second = hot_spots(layer, looked_at, threshold=2.0, spacing=SPACING)
    assert (first.rank, first.sign, first.box, first.peak) == (1, -1, (300, 200, 330, 260), 9.0)
    assert (first.height, first.width, first.height_mm, first.width_mm) == (30, 60, 15.0, 15.0)
    assert (second.rank, second.sign, second.y, second.x, second.peak) == (2, 1, 120, 60, 4.0)
    assert hot_spots(layer, looked_at, threshold=2.0)[0].height_mm is None
    assert (first.score, second.score) == (4.5, 4.0)
    assert len(hot_spots(layer, looked_at, threshold=5.0)) == 1
    looked_at[300:330, 200:260] = False
    assert len(hot_spots(layer, looked_at, threshold=2.0)) == 1


def test_a_large_map_is_searched_at_a_coarser_step_with_the_same_places() -> None:
    layer = np.zeros((2500, 2400), np.float32)
    layer[1000:1100, 600:700] = 1.0
    (spot,) = hot_spots(layer, np.ones(layer.shape, bool), threshold=0.5)
    np.testing.assert_allclose(spot.box, (1000, 600, 1100, 700), atol=3)


def test_colours_are_transparent_below_the_threshold_and_tell_the_sign() -> None:
    layer = np.array([[0.0, 1.9, 3.0, -3.0, 9.0]], np.float32)
    colours = painted(layer, kind="z", threshold=2.0, opacity=0.5)
    assert colours.dtype == np.uint8
    assert colours[0, :, 3].tolist() == [0, 0, 128, 128, 128]
    warm, cool = colours[0, 2].astype(int), colours[0, 3].astype(int)
    assert warm[0] > warm[2]
    assert cool[2] > cool[0]
    assert colours[0, 4, :3].sum() > colours[0, 2, :3].sum()
