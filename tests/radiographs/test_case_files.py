"""The inputs of ../shared/cases that go wrong elsewhere, and what each gives here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import ReadError
from cxr_studio.generation.session import Session
from cxr_studio.masks.files import load_mask
from cxr_studio.nodules.contrast import grey_per_mm
from cxr_studio.quality.highlighting.planes import unit_image
from cxr_studio.radiographs.presets import default_window, presets
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.studies.protocol_parts import Images
from cxr_studio.studies.rendering import rendering_of
from tests.conftest import SHARED

pytestmark = pytest.mark.shared
CASES = SHARED.parent / "cases"


def case(name: str) -> Radiograph:
    return read_radiograph(CASES / name)


def shown(radiograph: Radiograph) -> np.ndarray:
    table = radiograph.grey.display_table(default_window(radiograph))
    return table[radiograph.grey.index(radiograph.stored)]


def slope(radiograph: Radiograph) -> float:
    return grey_per_mm(radiograph.stored, radiograph.grey, Session(radiograph).unit, mm_per_pixel=1.0)


def test_a_window_beside_the_data():
    plain, windowed = case("01/same_without_window.dcm"), case("01/window_beside_data.dcm")
    assert windowed.unit_range == plain.unit_range
    assert (shown(windowed) == shown(plain)).all()
    assert slope(windowed) == slope(plain)
    assert (unit_image(windowed) == unit_image(plain)).all()
    assert any(window.name.startswith("From file") for window in presets(windowed))
    assert any("window 3174/2426" in note for note in windowed.notes)


def test_a_window_of_width_one():
    radiograph = case("01/window_1_0.dcm")
    assert default_window(radiograph).name.startswith("Percentiles")
    assert 120 < shown(radiograph).mean() < 136
    assert any("window 0/1" in note for note in radiograph.notes)


def test_padding():
    padded, plain = case("01/padding_65535.dcm"), case("01/window_1_0.dcm")
    assert padded.padding is not None
    assert (padded.padding == (padded.stored == 65535)).all()
    np.testing.assert_allclose(padded.unit_range, plain.unit_range, atol=40)
    assert slope(padded) == pytest.approx(slope(plain), rel=0.1)
    assert shown(padded)[padded.padding].max() == 0
    inside = ~padded.padding
    assert np.abs(shown(padded).astype(int) - shown(plain))[inside].max() <= 3


def test_a_narrow_voi_table():
    radiograph = case("02/voi_lut_narrower.dcm")
    table = radiograph.grey.display_table(radiograph.grey.windows[0])
    assert (table[: radiograph.grey.high + 1].min(), table.max()) == (0, 255)
    assert np.ptp(shown(radiograph)) > 150
    assert any("4095" in note for note in radiograph.notes)
    height, width = radiograph.shape
    study = rendering_of(radiograph, Images(count=1, size="native", bits=8), (0, 0, height, width))
    assert len(np.unique(study.grey(radiograph, radiograph.stored))) > 200


def test_a_high_bit_of_15():
    radiograph = case("06/high_bit_15.dcm")
    assert (radiograph.stored.min(), radiograph.stored.max()) == (685, 3605)


def test_an_overlay_in_bit_12(tmp_path: Path):
    radiograph = case("09/overlay_in_bit_12.dcm")
    assert load_mask(CASES / "09/mask.png", radiograph.shape).any()
    write_radiograph(tmp_path / "derived.dcm", radiograph, radiograph.stored)
    derived = read_radiograph(tmp_path / "derived.dcm")
    header = derived.header
    assert (header[0x6000, 0x0100].value, header[0x6000, 0x0102].value) == (1, 0)
    bits = np.unpackbits(np.frombuffer(header[0x6000, 0x3000].value, np.uint8), bitorder="little")
    import pydicom

    raw = pydicom.dcmread(CASES / "09/overlay_in_bit_12.dcm").PixelData
    assert (bits == (np.frombuffer(raw, "<u2") >> 12) & 1).all()
    assert (derived.stored == radiograph.stored).all()


def test_a_picture_upside_down():
    jpeg, tiff = case("10/upside_down.jpg"), case("10/upside_down.tif")
    assert np.abs(jpeg.stored.astype(int) - tiff.stored).mean() < 2
    mask = load_mask(CASES / "10/mask_as_viewers_show.png", tiff.shape)
    assert mask.any()


@pytest.mark.parametrize("name", ["erased_stroke.png", "white_with_alpha.png", "black_with_alpha.png", "disc.jpg"])
def test_masks(name: str):
    mask = load_mask(CASES / "11" / name, case("11/image.png").shape)
    if name == "erased_stroke.png":
        wanted = np.zeros_like(mask)
        wanted[100:130, 60:90] = True
        assert (mask == wanted).all()
    elif name == "disc.jpg":
        disc = load_mask(CASES / "11/disc.png", mask.shape)
        assert abs(int(mask.sum()) - int(disc.sum())) <= 0.01 * disc.sum()
    else:
        assert 0 < mask.mean() < 0.5


def test_odd_tiffs():
    assert (case("14/int8.tif").grey.low, case("14/int8.tif").grey.high) == (-128, 127)
    assert case("14/int8.tif").stored.min() < 0
    grey, white = case("14/grey_alpha_16.tif").stored, case("14/white_is_zero_big_endian.tif").stored
    assert (grey.min(), grey.max()) == (685, 3605)
    assert (65535 - white.max(), 65535 - white.min()) == (685, 3605)


def test_photometric_words():
    spaced = case("17/monochrome_space_2.dcm")
    assert not spaced.grey.inverted
    assert any("MONOCHROME 2" in note for note in spaced.notes)
    with pytest.raises(ReadError, match="does not say how its values are shown"):
        case("17/no_photometric.dcm")
