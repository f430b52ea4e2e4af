"""Every transfer syntax that is claimed, and files that do not name theirs."""

from __future__ import annotations

import struct
import time
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.codestream import codestream_size
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from tests.radiographs.conftest import make_dicom
from tests.radiographs.test_formats import gdcm_written

ROWS, COLUMNS = np.mgrid[:64, :72]

HTJ2K = """
/0//UQApQAAAAABIAAAAQAAAAAAAAAAAAAAASAAAAEAAAAAAAAAAAAABDwEB/1AACAACAAAACv9SAAwAAgABAAUEBEAB/1wAEyCIkJCQkJCQ
kJCQkJCQiIiI/2QAFwABT3BlbkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAAwEAAf+TwAAtIPn3aPvf+K71Obrv/AEIAPm2AMAAFRAABWwAAVJw
0sJkAGGUAHBo+OMpTL4AEYG/lgD0oFl09gCBlADAABa0AAFuQAAWsIICAIx1gxFAXQstBbYh+AHJzHkQVwAKQXAhiAPjRGcAoAuAzqF6hEmH
7hw0IbxRMFgAFBagBEwqdg4A8igeBOgm/gaCEBBWAMAAF2cAAF30AAF0IAhEiIGyYHWAa7gEAdHJAgztICBCgVbRQEAcBAHxL/EyROb+f8xF
v7vziAAzHGPU/k3GAQKGIHSiAcDqAOcA5wCh4AUAqUBARiYBjQA0kr1rovB9n8/n8/n8AAI5ZclLghgCuGE4HCQVyXIwyE0hBsgBUCIvEOwR
RAKtBoDJsfpcACFNOIAHwdKdrI9GAH8yb9MBwAAXpcAAF7BAABdEBoPB4FT6gAuk8TgyGHLE8MHjp2d31mCIEYiHkZ6i2XiDoRECBw8AbQYG
g8FgMPz70finpwp3FI1P/lgdT/5YDqcYfgEYwdpxAnwBTgdGu8jRhxg8xMhDDB5i5OEEDzF44FFAE1MeMmTIkKFCxg4ELXr06NGjx44eBry7
u7u7u7u7u/850AZ75Pfvk9++T375PZZa1rOEC0hAPfsgwPZYABAZkIBz5kGBzdkCPCFGCBCDntkRCXORAfr/M4P4XjHBCMAKMH4AgfAN4wZ0
AcAAL1iAAF7rAAC0gFprrbXWvGtdO08rX+v5eXn5Ws/Py8vXen5eXr7W82PIl6F191prrbXWWmv9/w+eb+BT09PT09OAfwAR09fRHp79E9Pf
onp79E9Pj9gnpwBcAFp6enACfAK8dn5+fn5+fn5+fn5+fj5Gj04rLy8vLy8vLy8vLy8vD4MHkyRJkiRJkiRJkiRJkvz/evrcQBJ79knv2Se/
ZJ79knv2Se/ZJ79knv2SeywAACBaMYHv2MYHv2MYHv2MAHsoAABAtGMD37GMD37GMD37GAD2VQT4fB7/eubqm+AQXEBQEFxAXwD/2Q==
"""
"""The radiograph of ``htj2k_values``, coded by OpenJPH without loss."""


def htj2k_values() -> np.ndarray:
    values = (1000 + 30 * COLUMNS + 7 * ROWS).astype(np.uint16)
    values[20:40, 20:50] += 500
    return values


def framed(header: pydicom.Dataset, syntax: UID, frame: bytes) -> pydicom.Dataset:
    """The same radiograph with its pixels replaced by a compressed frame."""
    header.file_meta.TransferSyntaxUID = syntax
    header.PixelData = encapsulate([frame])
    header["PixelData"].VR = "OB"
    return header


def test_htj2k(save):
    values = htj2k_values()
    frame = b64decode(HTJ2K)
    assert codestream_size(frame) == values.shape
    radiograph = read_radiograph(save(framed(make_dicom(values), HTJ2KLossless, frame)))
    assert (radiograph.stored == values).all()


@pytest.mark.parametrize("bits", [7, 12, 16])
def test_signed_values_survive_every_lossless_syntax(save, tmp_path, bits):
    values = ((COLUMNS - ROWS) * (1 << (bits - 1)) // 100).astype(np.int16)
    plain = save(make_dicom(values, bits=bits))
    assert (read_radiograph(plain).stored == values).all()
    syntaxes = ["JPEGLosslessProcess14", "JPEGLosslessProcess14_1", "JPEG2000Lossless", "RLELossless"]
    for syntax in syntaxes:
        radiograph = read_radiograph(gdcm_written(tmp_path / f"{syntax}.dcm", plain, syntax))
        assert radiograph.stored.dtype == np.int16
        assert (radiograph.stored == values).all(), syntax


@pytest.mark.parametrize("bits", [6, 7, 8, 10])
def test_jpeg_ls_of_few_bits_in_sixteen(save, bits):
    """GDCM decodes these wrongly, so CharLS is asked."""
    values = ((COLUMNS + ROWS) % (1 << bits)).astype(np.uint16)
    header = make_dicom(values, bits=bits)
    header.compress(JPEGLSLossless)
    assert (read_radiograph(save(header)).stored == values).all()


@pytest.mark.parametrize(
    ("syntax", "uid"),
    [
        ("JPEGExtendedProcess2_4", "1.2.840.10008.1.2.4.51"),
        ("JPEGLSNearLossless", "1.2.840.10008.1.2.4.81"),
        ("JPEG2000", "1.2.840.10008.1.2.4.91"),
    ],
)
def test_lossy_syntaxes_of_twelve_bits(save, tmp_path, chest, syntax, uid):
    path = gdcm_written(tmp_path / "lossy.dcm", save(make_dicom(chest, bits=12)), syntax)
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == uid
    radiograph = read_radiograph(path)
    assert radiograph.source.bits == 12
    assert np.abs(radiograph.stored.astype(int) - chest).mean() < 8
    assert radiograph.header.file_meta.TransferSyntaxUID == uid


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_file_without_preamble_and_meta_group(tmp_path, chest, syntax):
    header = make_dicom(chest, bits=12)
    del header.file_meta
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    header.PixelData = chest.astype("<u2" if little else ">u2").tobytes()
    header["PixelData"].VR = "OW"
    stream = BytesIO()
    header.save_as(stream, implicit_vr=implicit, little_endian=little)
    (tmp_path / "bare.dcm").write_bytes(stream.getvalue())
    assert (read_radiograph(tmp_path / "bare.dcm").stored == chest).all()


def test_eight_bits_in_big_endian_words(tmp_path):
    values = (COLUMNS + ROWS).astype(np.uint8)
    header = make_dicom(values)
    header.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    header.PixelData = values.tobytes()
    header["PixelData"].VR = "OB"
    header.save_as(tmp_path / "big.dcm", enforce_file_format=True)
    assert (read_radiograph(tmp_path / "big.dcm").stored == values).all()


def test_tables_of_a_big_endian_file_are_turned(tmp_path, chest):
    item = pydicom.Dataset()
    item.LUTDescriptor, item.LUTData = [4096, 0, 16], (np.arange(4096) * 3).astype(">u2").tobytes()
    item["LUTDescriptor"].VR, item["LUTData"].VR = "US", "OW"
    header = make_dicom(chest, bits=12, ModalityLUTSequence=[item])
    header.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    header.PixelData = chest.astype(">u2").tobytes()
    header["PixelData"].VR = "OW"
    header.save_as(tmp_path / "big.dcm", enforce_file_format=True)
    radiograph = read_radiograph(tmp_path / "big.dcm")
    assert (radiograph.pixels == chest * 3.0).all()
    write_radiograph(tmp_path / "little.dcm", radiograph, radiograph.stored)
    assert (read_radiograph(tmp_path / "little.dcm").pixels == radiograph.pixels).all()


@pytest.mark.parametrize("syntax", ["JPEG2000Lossless", "JPEGLSLossless", "JPEGLosslessProcess14_1"])
def test_a_frame_of_another_size_is_refused_before_room_is_made(save, tmp_path, chest, syntax):
    """A damaged byte of the size made a decoder reserve gigabytes."""
    path = gdcm_written(tmp_path / "x.dcm", save(make_dicom(chest, bits=12)), syntax)
    header = pydicom.dcmread(path)
    frame = bytearray(get_frame(header.PixelData, 0, number_of_frames=1))
    assert codestream_size(bytes(frame)) == chest.shape
    width = chest.shape[1].to_bytes(2)
    place = frame.find(width)
    frame[place : place + 2] = b"\xf0\x00"
    assert codestream_size(bytes(frame)) == (320, 0xF000)
    began = time.perf_counter()
    with pytest.raises(ReadError, match="stated size"):
        read_radiograph(save(framed(header, header.file_meta.TransferSyntaxUID, bytes(frame)), "y.dcm"))
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("frame", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xff", b"\xff\xd8\xff\xe0\x00", b"nothing"])
def test_a_frame_that_states_no_size(frame):
    assert codestream_size(frame) is None


def test_run_lengths_that_overflow_the_frame(save):
    """The decoder in Rust panics here, beside Python's tree of exceptions."""
    segment = b"\x81\x07" * 33
    frame = struct.pack("<16L", 2, 64, 64 + len(segment), *[0] * 13) + segment * 2
    header = make_dicom(np.zeros((64, 64), np.uint16))
    with pytest.raises(ReadError, match="damaged"):
        read_radiograph(save(framed(header, RLELossless, frame)))


def test_a_syntax_that_nobody_decodes_is_one_sentence(save, chest):
    header = framed(make_dicom(chest, bits=12), UID("1.2.840.10008.1.2.4.100"), b"\0" * 64)
    with pytest.raises(ReadError) as fault:
        read_radiograph(save(header))
    assert "\n" not in str(fault.value)


@pytest.mark.shared
def test_the_real_lossy_file_stays_marked_as_lossy(tmp_path: Path):
    from tests.conftest import SHARED

    radiograph = read_radiograph(SHARED / "dicom" / "chest_rsna_jpeg.dcm")
    assert (radiograph.spacing.y, radiograph.spacing.x) == pytest.approx((0.168, 0.168))
    write_radiograph(tmp_path / "derived.dcm", radiograph, radiograph.stored)
    derived = pydicom.dcmread(tmp_path / "derived.dcm")
    assert derived.LossyImageCompression == "01"
    assert (read_radiograph(tmp_path / "derived.dcm").stored == radiograph.stored).all()
