"""Headers as they come: empty, single, of the wrong kind, out of range. Each is read, or told in one sentence."""

from __future__ import annotations

import warnings

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataelem import DataElement

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.presets import default_window, full_window, percentile_window
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin
from cxr_studio.radiographs.writing import write_radiograph
from tests.radiographs.conftest import make_dicom
from tests.radiographs.test_formats import memory


@pytest.fixture
def derive(tmp_path):
    """Write a derived radiograph and return its header."""

    def write(radiograph: Radiograph, provenance: dict[str, object] | None = None) -> pydicom.Dataset:
        write_radiograph(tmp_path / "derived.dcm", radiograph, radiograph.stored, provenance=provenance)
        return pydicom.dcmread(tmp_path / "derived.dcm")

    return write


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, ["DERIVED", "SECONDARY"]),
        ("ORIGINAL", ["DERIVED", "SECONDARY"]),
        (["ORIGINAL", "PRIMARY", "", "RT"], ["DERIVED", "SECONDARY", "", "RT"]),
    ],
)
def test_the_image_type_whatever_the_source_says(save, derive, chest, source, expected):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, ImageType=source)))
    assert list(derive(radiograph).ImageType) == expected


def test_earlier_equipment_stays_first(save, derive, chest):
    earlier = pydicom.Dataset()
    earlier.Manufacturer = "Earlier"
    header = derive(read_radiograph(save(make_dicom(chest, bits=12, ContributingEquipmentSequence=[earlier]))))
    assert [item.Manufacturer for item in header.ContributingEquipmentSequence] == ["Earlier", "CXR Studio"]


def test_the_high_bit_follows_the_bits_stored(save, derive, chest):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, HighBit=15)))
    assert derive(radiograph).HighBit == 11


def test_a_header_that_pydicom_frowns_at_is_written_without_a_warning(save, derive, chest):
    header = make_dicom(chest, bits=12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header.add(DataElement("StudyInstanceUID", "UI", "not a uid"))
        path = save(header)
    radiograph = read_radiograph(path)
    assert (radiograph.stored == chest).all()
    write_radiograph(path.with_name("again.dcm"), radiograph, chest)
    assert (read_radiograph(path.with_name("again.dcm")).stored == chest).all()


def test_lossy_sources_stay_lossy(tmp_path, derive, phantom):
    Image.fromarray((phantom >> 8).astype(np.uint8)).save(tmp_path / "x.jpg")
    assert derive(read_radiograph(tmp_path / "x.jpg")).LossyImageCompression == "01"
    Image.fromarray(phantom).save(tmp_path / "x.png")
    assert "LossyImageCompression" not in derive(read_radiograph(tmp_path / "x.png"))


@pytest.mark.parametrize("origin", [SpacingOrigin.CALIBRATED, SpacingOrigin.GEOMETRY, SpacingOrigin.AT_DETECTOR])
def test_a_secondary_capture_says_where_its_spacing_comes_from(tmp_path, phantom, origin):
    spacing = Spacing(0.14312345, 0.168, origin)
    write_radiograph(tmp_path / "x.dcm", memory(phantom, spacing), phantom)
    again = read_radiograph(tmp_path / "x.dcm").spacing
    assert again.origin is origin
    assert (again.y, again.x) == pytest.approx((0.14312345, 0.168), rel=1e-7)


@pytest.mark.parametrize(("vr", "value"), [("US", 3), ("US", [1, 2, 3]), ("OB", b"ab"), ("DS", "0.2"), ("LO", "x\\y")])
def test_a_spacing_of_the_wrong_kind_is_told_and_ignored(save, chest, vr, value):
    header = make_dicom(chest, bits=12)
    header.add(DataElement(0x00280030, vr, value))
    radiograph = read_radiograph(save(header))
    assert not radiograph.spacing.known
    assert any("PixelSpacing" in note for note in radiograph.notes)


@pytest.mark.parametrize(
    "tags", [{"RescaleSlope": 1e300}, {"RescaleSlope": 1e-30}, {"RescaleIntercept": "1e+300"}, {"RescaleSlope": "nan"}]
)
def test_a_rescale_out_of_range_is_told_and_ignored(save, chest, tags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = save(make_dicom(chest, bits=12, **tags))
    radiograph = read_radiograph(path)
    assert (radiograph.pixels == chest).all()
    assert any("rescale" in note for note in radiograph.notes)


def test_an_empty_rescale_counts_as_none(save, chest):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, RescaleSlope=None, RescaleIntercept=None)))
    assert (radiograph.pixels == chest).all()
    assert radiograph.notes == ()


@pytest.mark.parametrize("keyword", ["ModalityLUTSequence", "VOILUTSequence"])
@pytest.mark.parametrize("descriptor", [[1, 0, 16], [4096, 0], [4096, 0, 3], [5, 0, 16], None])
def test_a_table_that_disagrees_with_its_descriptor_is_told(save, chest, keyword, descriptor):
    item = pydicom.Dataset()
    item.add(DataElement("LUTDescriptor", "US", descriptor))
    item.add(DataElement("LUTData", "US", 7))
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, **{keyword: [item]})))
    assert (radiograph.pixels == chest).all()
    assert radiograph.grey.windows == ()
    assert len(radiograph.notes) == 1


def test_a_nested_value_that_cannot_be_read_is_one_sentence(save, chest):
    item = pydicom.Dataset()
    item.LUTDescriptor = [4096, 0, 16]
    item["LUTDescriptor"].VR = "US"
    path = save(make_dicom(chest, bits=12, VOILUTSequence=[item]))
    content = path.read_bytes()
    whole = b"\x28\x00\x02\x30US\x06\x00"
    assert content.count(whole) == 1
    path.write_bytes(content.replace(whole, b"\x28\x00\x02\x30FD\x06\x00"))
    with pytest.raises(ReadError, match="damaged"):
        read_radiograph(path)


def test_small_slopes_keep_their_contrast(save, chest):
    """Modality values from 0 to 1 are less than a unit wide."""
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, RescaleSlope=0.000244)))
    assert full_window(radiograph).width == pytest.approx(4095 * 0.000244, rel=1e-4)
    assert percentile_window(radiograph, 1, 99).width < 1
    shown = radiograph.grey.display_table(default_window(radiograph))[chest]
    assert (shown.min(), shown.max()) == (0, 255)


def test_a_flat_image_has_windows_of_one_unit(save):
    radiograph = read_radiograph(save(make_dicom(np.full((70, 64), 9, np.uint16), bits=12)))
    assert default_window(radiograph).width == 1
    low, high = radiograph.unit_range
    assert high > low


def test_an_unprocessed_image_is_told(save, chest):
    notes = read_radiograph(save(make_dicom(chest, bits=12, PresentationIntentType="FOR PROCESSING"))).notes
    assert any("unprocessed" in note for note in notes)
