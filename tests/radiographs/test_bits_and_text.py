"""Bits beside the values, codestreams that disagree with their header, words and texts that do not fit."""

from __future__ import annotations

import warnings

import numpy as np
import pydicom
import pytest
from pydicom.uid import ImplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless, RLELossless

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.codestream import codestream_bits
from cxr_studio.radiographs.dicom_pixels import whole_frame
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from tests.radiographs.conftest import make_dicom
from tests.radiographs.test_formats import gdcm_written


def derived(radiograph: Radiograph, path) -> Radiograph:
    write_radiograph(path, radiograph, radiograph.stored)
    return read_radiograph(path)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("high", [12, 13, 15])
def test_values_in_the_upper_bits(save, tmp_path, chest, signed, high):
    values = chest.astype(np.int16) - 2048 if signed else chest
    raw = (values.astype(np.int32) << (high - 11)).astype(values.dtype)
    radiograph = read_radiograph(save(make_dicom(raw, bits=12, HighBit=high)))
    assert (radiograph.stored == values).all()
    assert radiograph.notes == ()
    again = derived(radiograph, tmp_path / "derived.dcm")
    assert (again.stored == values).all()
    assert again.header.HighBit == 11


@pytest.mark.parametrize("high", [3, 15, 16, 200])
def test_a_high_bit_that_cannot_be_right_is_told(save, chest, high):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12, HighBit=high)))
    assert (radiograph.stored == chest).all()
    assert any(f"High Bit {high}" in note for note in radiograph.notes)


@pytest.mark.parametrize(
    ("syntax", "signed"),
    [
        (JPEG2000Lossless, False),
        (JPEG2000Lossless, True),
        (JPEGLSLossless, False),
        ("JPEGLosslessProcess14_1", False),
    ],
)
def test_a_codestream_deeper_than_its_header(save, tmp_path, phantom, syntax, signed):
    values = phantom.view(np.int16) if signed else phantom
    header = make_dicom(values, bits=16)
    if isinstance(syntax, pydicom.uid.UID):
        header.compress(syntax)
    else:
        header = pydicom.dcmread(gdcm_written(tmp_path / "x.dcm", save(header), syntax))
    header.BitsStored, header.HighBit = 12, 11
    radiograph = read_radiograph(save(header))
    assert (radiograph.stored == values).all()
    assert radiograph.source.bits == 16
    assert any("16 bits, not 12" in note for note in radiograph.notes)
    assert (derived(radiograph, tmp_path / "derived.dcm").stored == values).all()


def test_the_bits_of_a_codestream(chest):
    header = make_dicom(chest, bits=12)
    for syntax in (JPEG2000Lossless, JPEGLSLossless):
        packed = make_dicom(chest, bits=12)
        packed.compress(syntax)
        assert codestream_bits(whole_frame(packed.PixelData)) == 12
    assert codestream_bits(header.PixelData) is None
    assert codestream_bits(b"\xff\x4f\xff\x51") is None


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLSLossless])
@pytest.mark.parametrize(
    "table", [b"", b"\0\0\0\0", b"\x10\x27\0\0", b"\0\0\0\0\x40\0\0\0", b"\xff\xff\xff\xff\x01\0\0\0", b"\1\2"]
)
def test_a_wrong_offset_table_of_one_frame(save, chest, syntax, table):
    header = make_dicom(chest, bits=12)
    header.compress(syntax)
    content = bytes(header.PixelData)
    start = 8 + int.from_bytes(content[4:8], "little")
    header.PixelData = content[:4] + len(table).to_bytes(4, "little") + table + content[start:]
    header.add_new("ExtendedOffsetTable", "OV", (77).to_bytes(8, "little"))
    header.add_new("ExtendedOffsetTableLengths", "OV", (3).to_bytes(8, "little"))
    assert (read_radiograph(save(header)).stored == chest).all()


@pytest.mark.parametrize("word", ["MONOCHROME 1", "monochrome1", " MONOCHROME1", "MONOCHROME_1"])
def test_photometric_words_that_are_misspelt(save, chest, word):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = save(make_dicom(chest, bits=12, PhotometricInterpretation=word))
    radiograph = read_radiograph(path)
    assert radiograph.grey.inverted
    assert bool(radiograph.notes) == (word.strip() != "MONOCHROME1")


@pytest.mark.parametrize(
    ("keyword", "value", "words"),
    [
        ("PhotometricInterpretation", None, "does not say how its values are shown"),
        ("PhotometricInterpretation", "RGB", "colour"),
        ("BitsAllocated", None, "does not state its Bits Allocated"),
        ("Rows", None, "does not state its Rows"),
        ("PixelRepresentation", 7, "Pixel Representation is 7"),
    ],
)
def test_what_a_header_must_say(save, chest, keyword, value, words):
    header = make_dicom(chest, bits=12)
    header["PixelData"].VR = "OW"
    if value is None:
        delattr(header, keyword)
    else:
        setattr(header, keyword, value)
    with pytest.raises(ReadError, match=words):
        read_radiograph(save(header))


def test_what_a_header_may_leave_out(save, chest):
    header = make_dicom(chest, bits=12)
    del header.SamplesPerPixel, header.HighBit, header.PixelRepresentation
    assert (read_radiograph(save(header)).stored == chest).all()


def with_overlay(header: pydicom.Dataset, shape: tuple[int, ...], *, position: int) -> pydicom.Dataset:
    for element, vr, value in ((0x10, "US", shape[0]), (0x11, "US", shape[1]), (0x40, "CS", "G")):
        header.add_new((0x6002, element), vr, value)
    header.add_new((0x6002, 0x50), "SS", [1, 1])
    header.add_new((0x6002, 0x100), "US", 16)
    header.add_new((0x6002, 0x102), "US", position)
    return header


@pytest.mark.parametrize("position", [12, 15])
def test_an_overlay_in_spare_bits_is_moved(save, tmp_path, chest, position):
    plane = (chest > 1500).astype(np.uint16)
    raw = chest | (plane << position)
    radiograph = read_radiograph(save(with_overlay(make_dicom(raw, bits=12), raw.shape, position=position)))
    assert (radiograph.stored == chest).all()
    header = derived(radiograph, tmp_path / "derived.dcm").header
    assert (header[0x6002, 0x100].value, header[0x6002, 0x102].value) == (1, 0)
    bits = np.unpackbits(np.frombuffer(header[0x6002, 0x3000].value, np.uint8), bitorder="little")
    assert (bits[: chest.size].reshape(chest.shape) == plane).all()
    assert (header.overlay_array(0x6002) == plane).all()


@pytest.mark.parametrize(("position", "shape"), [(3, None), (99, None), (13, (7, 7))])
def test_an_overlay_that_can_be_nowhere_is_removed(save, tmp_path, chest, position, shape):
    header = with_overlay(make_dicom(chest, bits=12), shape or chest.shape, position=position)
    again = derived(read_radiograph(save(header)), tmp_path / "derived.dcm")
    assert not list(again.header.group_dataset(0x6002))
    assert (again.stored == chest).all()


@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian])
@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("ISO_IR 192", b"M\xfcller^Eva "),
        ("ISO_IR 6", b"M\xfcller^Eva "),
        ("GB18030", b"a\xff\xfe\x80"),
        (["", "ISO 2022 IR 87"], b"Yamada=\x1b$B;3ED\x1b(B "),
        ("ISO_IR 999", b"\xb1\xf5\xbb\xfd"),
    ],
)
def test_text_keeps_its_bytes(save, tmp_path, chest, named, name, syntax):
    header = make_dicom(chest, bits=12)
    if syntax is not None:
        header.file_meta.TransferSyntaxUID = syntax
    item = pydicom.Dataset()
    item.InstitutionName = "Q" * len(name)
    header.PatientName, header.RequestAttributesSequence = "Q" * len(name), [item]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header.SpecificCharacterSet = named
        path = save(header)
    path.write_bytes(path.read_bytes().replace(b"Q" * len(name), name))
    radiograph = read_radiograph(path)
    str(radiograph.header.PatientName), str(radiograph.header.RequestAttributesSequence[0].InstitutionName)
    write_radiograph(tmp_path / "derived.dcm", radiograph, chest)
    assert (tmp_path / "derived.dcm").read_bytes().count(name) == 2
    assert (read_radiograph(tmp_path / "derived.dcm").stored == chest).all()
