"""What is computed from a radiograph follows from its values: no window, no VOI table and no padding has a say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import cut
from cxr_studio.nodules.contrast import grey_per_mm
from cxr_studio.nodules.places import allowed_area
from cxr_studio.quality.highlighting.planes import unit_image
from cxr_studio.radiographs.presets import default_window, presets
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.thumbnail import thumbnail
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.studies.protocol_parts import Images
from cxr_studio.studies.rendering import rendering_of
from tests.radiographs.conftest import make_dicom
from trainers.image_store import load_images

Save = Callable[..., Path]
WINDOWS = {
    "beside": {"WindowCenter": 60000, "WindowWidth": 2000},
    "threshold": {"WindowCenter": 1800, "WindowWidth": 1},
    "too wide": {"WindowCenter": 0, "WindowWidth": 200_000},
    "sigmoid": {"WindowCenter": -9000, "WindowWidth": 100, "VOILUTFunction": "SIGMOID"},
}


def voi_table(values: np.ndarray, bits: int) -> pydicom.Dataset:
    item = pydicom.Dataset()
    item.LUTDescriptor = [len(values) % 65_536, 0, bits]
    item.LUTData = values.astype("<u2").tobytes()
    item["LUTDescriptor"].VR, item["LUTData"].VR = "US", "OW"
    return item


def computed(radiograph: Radiograph, folder: Path) -> dict[str, np.ndarray]:
    """Everything that a number or a network starts from."""
    folder.mkdir()
    assert radiograph.source.path is not None
    (folder / radiograph.source.path.name).write_bytes(radiograph.source.path.read_bytes())
    height, width = radiograph.shape
    shown = rendering_of(radiograph, Images(count=1, size="native", bits=8), (0, 0, height, width))
    return {
        "unit": np.array(Session(radiograph).unit),
        "slope": np.array(grey_per_mm(radiograph.stored, radiograph.grey, radiograph.unit_range, mm_per_pixel=1.0)),
        "highlight": unit_image(radiograph),
        "study": shown.grey(radiograph, radiograph.stored),
        "training": load_images(folder)[0],
    }


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("name", [*WINDOWS, "table"])
def test_no_window_changes_what_is_computed(save: Save, tmp_path, chest, name, inverted):
    word = {"PhotometricInterpretation": f"MONOCHROME{1 if inverted else 2}"}
    plain = read_radiograph(save(make_dicom(chest, bits=12, **word), "plain.dcm"))
    tags = WINDOWS.get(name) or {"VOILUTSequence": [voi_table(np.arange(4096) // 64, 16)]}
    windowed = read_radiograph(save(make_dicom(chest, bits=12, **word, **tags), "windowed.dcm"))
    without, within = computed(plain, tmp_path / "a"), computed(windowed, tmp_path / "b")
    for key, values in without.items():
        np.testing.assert_array_equal(within[key], values, err_msg=key)


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_that_shows_nothing_is_a_choice_only(save: Save, chest, name):
    plain = read_radiograph(save(make_dicom(chest, bits=12), "plain.dcm"))
    windowed = read_radiograph(save(make_dicom(chest, bits=12, **WINDOWS[name])))
    assert default_window(windowed).edges() == default_window(plain).edges()
    assert any(window.name == "From file: window 1" for window in presets(windowed))
    assert presets(windowed)[0].name.startswith("Percentiles")
    assert any("stays in the list of windows" in note for note in windowed.notes)
    assert np.abs(thumbnail(windowed.source.path, 64).astype(int) - thumbnail(plain.source.path, 64)).max() == 0


def test_a_second_window_of_the_file_may_show_it(save: Save, chest):
    tags = {"WindowCenter": [60000, 1900], "WindowWidth": [2000, 1500]}
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, **tags)))
    assert default_window(radiograph).name == "From file: window 2"
    assert len(radiograph.notes) == 1


def test_a_usual_window_is_shown_without_a_word(save: Save, chest):
    tags = {"WindowCenter": 1900, "WindowWidth": 800}
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, **tags)))
    assert default_window(radiograph).name == "From file: window 1"
    assert radiograph.notes == ()


@pytest.mark.parametrize(("top", "bits"), [(63, 16), (4095, 16), (255, 8), (255, 10)])
def test_a_voi_table_is_white_at_its_own_maximum(save: Save, chest, top, bits):
    table = voi_table(np.arange(4096) * top // 4095, bits)
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, VOILUTSequence=[table])))
    shown = radiograph.grey.display_table(radiograph.grey.windows[0])
    assert (shown[0], shown[4095]) == (0, 255)
    assert bool(radiograph.notes) == (top != (1 << bits) - 1)


def test_eight_bits_keep_their_scale(tmp_path, save: Save, phantom):
    """What the shipped checkpoints were trained on: 0 to 255 is 0 to 1, however dark the picture is."""
    dark = (phantom >> 10).astype(np.uint8)
    Image.fromarray(dark).save(tmp_path / "x.png")
    radiograph = read_radiograph(tmp_path / "x.png")
    assert radiograph.unit_range == (0.0, 255.0)
    assert (radiograph.unit_bytes() == dark).all()
    windowed = save(make_dicom(dark, WindowCenter=30, WindowWidth=40))
    assert read_radiograph(windowed).unit_range == (0.0, 255.0)


def padded_chest(chest: np.ndarray, value: int) -> np.ndarray:
    padded = chest.copy()
    padded[:, :40] = value
    padded[:25] = value
    return padded


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        (65535, {"PixelPaddingValue": 65535}),
        (60000, {"PixelPaddingValue": 60000, "PixelPaddingRangeLimit": 65535}),
        (62000, {"PixelPaddingValue": 65535, "PixelPaddingRangeLimit": 60000}),
        (0, {"PixelPaddingValue": 0}),
    ],
)
@pytest.mark.parametrize("word", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_left_out(save: Save, chest, value, tags, word):
    values = padded_chest(chest, value)
    radiograph = read_radiograph(save(make_dicom(values, PhotometricInterpretation=word, **tags)))
    assert radiograph.padding is not None
    assert (radiograph.padding == (values == value)).all()
    image = values[values != value]
    low, high = radiograph.unit_range
    spread = np.subtract(*np.percentile(image, (99.9, 0.1)))
    assert high - low == pytest.approx(spread, abs=1)
    assert radiograph.unit_bytes()[values == value].max() == 0
    table = radiograph.grey.display_table(default_window(radiograph))
    assert table[radiograph.grey.index(radiograph.stored)][values == value].max() == 0


def test_the_lungs_follow_from_the_values_and_hold_no_padding(save: Save, chest):
    plain = read_radiograph(save(make_dicom(chest, bits=12), "plain.dcm"))
    windowed = read_radiograph(save(make_dicom(chest, bits=12, **WINDOWS["beside"]), "windowed.dcm"))
    assert (allowed_area(plain) == allowed_area(windowed)).all()
    values = padded_chest(chest, 65535)
    padded = read_radiograph(save(make_dicom(values, PixelPaddingValue=65535), "padded.dcm"))
    area = allowed_area(padded)
    assert not (area & (values == 65535)).any()
    assert (area == allowed_area(plain))[40:, 60:].mean() > 0.95


def test_a_fill_leaves_padding_alone_and_never_writes_it(save: Save, chest):
    values = padded_chest(chest, 2000)
    radiograph = read_radiograph(save(make_dicom(values, bits=12, PixelPaddingValue=2000)))
    mask = np.zeros(values.shape, bool)
    mask[10:80, 20:100] = True
    session = Session(radiograph)
    request = FillRequest(1, session.view(radiograph.stored), FillOptions("telea"), mask)
    filled = radiograph.stored.copy()
    for patch in fill(request).patches:
        filled[cut(patch.box)] = patch.stored
    padding = values == 2000
    assert (filled[padding] == 2000).all()
    assert (filled[mask & ~padding] != 2000).all()
    assert (filled != values)[mask & ~padding].any()


@pytest.mark.parametrize("tags", [{"PixelPaddingValue": 0, "PixelPaddingRangeLimit": 65535}, {"PixelPaddingValue": 9}])
def test_padding_that_would_be_the_whole_image_is_told(save: Save, tags):
    values = np.full((70, 64), 9, np.uint16)
    values[0, 0] = 10
    radiograph = read_radiograph(save(make_dicom(values, **tags)))
    assert radiograph.padding is None
    assert any("padding" in note for note in radiograph.notes)


@pytest.mark.parametrize(("vr", "value"), [("SS", -1), ("US", 65535), ("OW", b"\xff\xff")])
def test_padding_written_with_the_wrong_sign(save: Save, chest, vr, value):
    values = padded_chest(chest, 65535)
    header = make_dicom(values)
    header.add_new("PixelPaddingValue", vr, value)
    assert (read_radiograph(save(header)).padding == (values == 65535)).all()


SHUTTERS = {
    "rectangle": {
        "ShutterShape": "RECTANGULAR",
        "ShutterUpperHorizontalEdge": 26,
        "ShutterLowerHorizontalEdge": 320,
        "ShutterLeftVerticalEdge": 41,
        "ShutterRightVerticalEdge": 288,
    },
    "collimator": {
        "CollimatorShape": "RECTANGULAR",
        "CollimatorUpperHorizontalEdge": 26,
        "CollimatorLowerHorizontalEdge": 320,
        "CollimatorLeftVerticalEdge": 41,
        "CollimatorRightVerticalEdge": 288,
    },
}


@pytest.mark.parametrize("name", SHUTTERS)
@pytest.mark.parametrize("value", [0, 4095])
def test_a_border_that_a_shutter_has_made_is_padding(save: Save, chest, name, value):
    values = padded_chest(chest, value)
    radiograph = read_radiograph(save(make_dicom(values, bits=12, **SHUTTERS[name])))
    assert radiograph.padding is not None
    assert (radiograph.padding == (values == value)).all()
    bare = read_radiograph(save(make_dicom(values, bits=12), "bare.dcm"))
    assert bare.padding is None
    grained = read_radiograph(save(make_dicom(chest, bits=12, **SHUTTERS[name]), "grained.dcm"))
    assert grained.padding is None


def test_a_round_shutter(save: Save, chest):
    y, x = np.mgrid[1:321, 1:289]
    values = np.where(np.hypot(y - 160, x - 144) > 130, 0, chest).astype(np.uint16)
    tags = {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [160, 144], "RadiusOfCircularShutter": 130}
    radiograph = read_radiograph(save(make_dicom(values, bits=12, **tags)))
    assert radiograph.padding is not None
    assert (radiograph.padding == (values == 0)).all()


@pytest.mark.parametrize("suffix", [".png", ".tif", ".mha"])
@pytest.mark.parametrize("word", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_becomes_background_where_no_tag_can_name_it(save: Save, tmp_path, chest, suffix, word):
    values = padded_chest(chest, 65535)
    radiograph = read_radiograph(save(make_dicom(values, PixelPaddingValue=65535, PhotometricInterpretation=word)))
    write_radiograph(tmp_path / f"x{suffix}", radiograph, radiograph.stored)
    again = read_radiograph(tmp_path / f"x{suffix}")
    image = values != 65535
    assert again.stored[~image].max() <= again.stored[image].min()
    exact = 65535 - values if word == "MONOCHROME1" else values
    assert (again.stored[image] == exact[image]).all()
