"""The grey-scale pipeline in the standard's order, with the numbers of PS3.3 C.11.2."""

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.presets import default_window, percentile_window, presets, region_window
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.window import VoiFunction, Window
from tests.radiographs.conftest import make_dicom


def shown(window: Window | None, values: list[float], **kind: object) -> list[int]:
    grey = linear_greyscale(np.dtype(np.int16), 16, **kind)
    table = grey.display_table(window)
    return [int(table[grey.index(np.array([v], np.int16))[0]]) for v in values]


def test_linear_gives_the_numbers_of_the_standard():
    assert shown(Window(40, 400), [-128, 65, 194]) == [20, 144, 226]
    assert shown(Window(40, 400), [-161, -160, 239, 240]) == [0, 0, 255, 255]


def test_linear_exact_and_sigmoid_follow_their_formulas():
    assert shown(Window(40, 400, VoiFunction.LINEAR_EXACT), [-160, 40, 240]) == [0, 128, 255]
    sigmoid = shown(Window(40, 400, VoiFunction.SIGMOID), [-160, 40, 240])
    assert sigmoid == [round(255 / (1 + np.exp(2))), 128, round(255 / (1 + np.exp(-2)))]


def test_a_window_of_width_one_is_a_threshold():
    assert shown(Window(10, 1), [8, 9, 10, 11]) == [0, 0, 255, 255]


def test_rescale_comes_before_the_window_and_inversion_after_it():
    window = Window(40, 400)
    plain = shown(window, [56], rescale=(2.0, -50.0))
    assert plain == shown(window, [62])
    assert shown(window, [56], rescale=(2.0, -50.0), inverted=True) == [255 - plain[0]]


def test_a_negative_slope_turns_bright_into_dark():
    grey = linear_greyscale(np.dtype(np.uint16), 12, rescale=(-10.0, 0.0))
    table = grey.display_table(None)
    assert table[0] == 255
    assert table[4095] == 0


@given(st.integers(8, 16), st.booleans(), st.integers(0, 2**32 - 1))
def test_decode_and_encode_return_the_stored_values(bits, inverted, seed):
    grey = linear_greyscale(np.dtype(np.uint16), bits, inverted=inverted)
    stored = np.random.default_rng(seed).integers(0, 1 << bits, 50).astype(np.uint16)
    assert (grey.encode(grey.decode(stored), stored.dtype) == stored).all()


def test_bright_is_dense_whatever_the_file_said(save, chest):
    inverted = (4095 - chest).astype(np.uint16)
    plain = read_radiograph(save(make_dicom(chest, bits=12), "a.dcm"))
    mirrored = read_radiograph(save(make_dicom(inverted, bits=12, PhotometricInterpretation="MONOCHROME1"), "b.dcm"))
    assert (plain.grey.decode(plain.stored) == mirrored.grey.decode(mirrored.stored)).all()
    assert (mirrored.stored == inverted).all()


def test_presentation_lut_shape_does_not_invert_twice(save, chest):
    tags = {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, **tags)))
    table = radiograph.grey.display_table(None)
    assert table[0] == 255
    assert table[4095] == 0


def test_a_modality_table_takes_the_place_of_the_rescale(save, chest):
    item = pydicom.Dataset()
    item.LUTDescriptor = [4096, 0, 16]
    item.ModalityLUTType = "US"
    item.LUTData = (np.arange(4096) * 3).astype("<u2").tobytes()
    item["LUTDescriptor"].VR = "US"
    item["LUTData"].VR = "OW"
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, ModalityLUTSequence=[item], RescaleSlope=7)))
    assert (radiograph.grey.decode(radiograph.stored) == chest * 3.0).all()


def test_a_voi_table_is_offered_and_can_be_ignored(save, chest):
    item = pydicom.Dataset()
    item.LUTDescriptor = [4096, 0, 8]
    item.LUTExplanation = "LUNG"
    curve = np.round(255 * np.sqrt(np.arange(4096) / 4095)).astype(np.uint8)
    item.LUTData = curve.astype("<u2").tobytes()
    item["LUTDescriptor"].VR = "US"
    item["LUTData"].VR = "OW"
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, VOILUTSequence=[item])))
    (window,) = radiograph.grey.windows
    assert window.name == "From file: LUNG"
    assert (radiograph.grey.display_table(window)[:4096] == curve).all()
    ignored = radiograph.grey.display_table(None)
    assert abs(int(ignored[2048]) - 128) <= 1


def test_a_damaged_voi_table_and_an_impossible_window_are_told_and_ignored(save, chest):
    item = pydicom.Dataset()
    item.LUTDescriptor, item.LUTData = [4096, 0, 8], b"\x01\x00"
    item["LUTDescriptor"].VR = "US"
    item["LUTData"].VR = "OW"
    tags = {"VOILUTSequence": [item], "WindowCenter": 100, "WindowWidth": 0}
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, **tags)))
    assert radiograph.grey.windows == ()
    assert any("VOI LUT" in note for note in radiograph.notes)
    assert any("window 100/0" in note for note in radiograph.notes)


def test_the_files_windows_come_first_with_their_names(save, chest):
    tags = {"WindowCenter": [2000, 1500], "WindowWidth": [3000, 900]}
    tags["WindowCenterWidthExplanation"] = ["NORMAL", "HARD"]
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, **tags)))
    assert [w.name for w in presets(radiograph)][:2] == ["From file: NORMAL", "From file: HARD"]
    assert default_window(radiograph).edges() == pytest.approx((500.0, 3499.0), abs=1.5)


def test_without_a_window_the_percentiles_of_the_image_are_shown(save, chest):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12)))
    low, high = default_window(radiograph).edges()
    assert (low, high) == pytest.approx(tuple(np.percentile(chest, (0.1, 99.9))), abs=2)
    assert percentile_window(radiograph, 5, 95).edges() == pytest.approx(tuple(np.percentile(chest, (5, 95))), abs=2)
    part = chest[10:60, 20:90]
    assert region_window(radiograph, (10, 20, 60, 90)).edges() == pytest.approx(
        tuple(np.percentile(part, (0.5, 99.5))), abs=2
    )


def test_garbage_above_bits_stored_is_cleared(save, chest):
    dirty = (chest | 0xA000).astype(np.uint16)
    assert (read_radiograph(save(make_dicom(dirty, bits=12))).stored == chest).all()
