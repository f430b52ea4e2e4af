"""Every format in and out, at full depth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from cxr_studio.errors import WriteError
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.radiographs.thumbnail import thumbnail
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.resources import resource
from tests.radiographs.conftest import make_dicom

PROVENANCE = {"program": "CXR Studio", "generator": "context-encoder", "checkpoint_sha256": "ab" * 32, "seed": 3}


def memory(stored: np.ndarray, spacing: Spacing = UNKNOWN_SPACING) -> Radiograph:
    bits = 8 * stored.dtype.itemsize
    return Radiograph(stored, linear_greyscale(stored.dtype, bits), spacing, Source(None, "png", "", bits))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_uncompressed_little_endian(save, chest, syntax):
    header = make_dicom(chest, bits=12)
    header.file_meta.TransferSyntaxUID = syntax
    assert (read_radiograph(save(header)).stored == chest).all()


def test_uncompressed_big_endian(tmp_path, chest):
    header = make_dicom(chest, bits=12)
    header.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    header.PixelData = chest.astype(">u2").tobytes()
    header.save_as(tmp_path / "big.dcm", enforce_file_format=True, little_endian=False, implicit_vr=False)
    assert (read_radiograph(tmp_path / "big.dcm").stored == chest).all()


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLSLossless])
@pytest.mark.parametrize("depth", [8, 12, 16])
def test_lossless_compression_keeps_every_bit(save, phantom, syntax, depth):
    dtype = np.uint8 if depth == 8 else np.uint16
    stored = (phantom >> (16 - depth)).astype(dtype)
    header = make_dicom(stored, bits=depth)
    header.compress(syntax)
    radiograph = read_radiograph(save(header))
    assert radiograph.stored.dtype == dtype
    assert (radiograph.stored == stored).all()
    assert radiograph.source.bits == depth


def gdcm_written(path: Path, source: Path, syntax: str) -> Path:
    """Compress with GDCM, which can write what pydicom cannot."""
    import gdcm

    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(path))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return path


@pytest.mark.parametrize("depth", [8, 12, 16])
def test_jpeg_lossless(save, tmp_path, phantom, depth):
    stored = (phantom >> (16 - depth)).astype(np.uint8 if depth == 8 else np.uint16)
    path = gdcm_written(tmp_path / "l.dcm", save(make_dicom(stored, bits=depth)), "JPEGLosslessProcess14_1")
    assert (read_radiograph(path).stored == stored).all()


def test_jpeg_baseline(save, tmp_path, phantom):
    stored = (phantom >> 8).astype(np.uint8)
    path = gdcm_written(tmp_path / "b.dcm", save(make_dicom(stored)), "JPEGBaselineProcess1")
    difference = read_radiograph(path).stored.astype(int) - stored
    assert np.abs(difference).mean() < 3


def test_the_bundled_jpeg_2000_monochrome1_image():
    radiograph = read_radiograph(resource("samples", "masses.dcm"))
    assert radiograph.shape == (1955, 1841)
    assert radiograph.source.bits == 15
    assert radiograph.grey.inverted
    assert not radiograph.spacing.known


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "shape", "bits"),
    [
        ("chest_cr_monochrome1_j2k.dcm", (1955, 1841), 15),
        ("chest_rsna_jpeg.dcm", None, 8),
        ("modality_lut.dcm", None, None),
    ],
)
def test_awkward_real_files(name, shape, bits):
    from tests.conftest import SHARED

    radiograph = read_radiograph(SHARED / "dicom" / name)
    assert shape is None or radiograph.shape == shape
    assert bits is None or radiograph.source.bits == bits


@pytest.mark.parametrize("suffix", [".png", ".tif", ".mha", ".mhd"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_plain_formats_keep_values_spacing_and_provenance(tmp_path, phantom, suffix, dtype):
    stored = (phantom >> (8 if dtype is np.uint8 else 0)).astype(dtype)
    spacing = Spacing(0.143, 0.168, SpacingOrigin.CALIBRATED)
    path = tmp_path / f"image{suffix}"
    write_radiograph(path, memory(stored, spacing), stored, provenance=PROVENANCE)
    again = read_radiograph(path)
    assert again.stored.dtype == dtype
    assert (again.stored == stored).all()
    assert (again.spacing.y, again.spacing.x) == pytest.approx((0.143, 0.168))
    assert again.spacing.origin is SpacingOrigin.CALIBRATED
    text = next(value for value in again.header.values() if "checkpoint_sha256" in str(value))
    assert json.loads(text)["provenance"] == PROVENANCE


def test_signed_values_go_to_metaimage_and_are_refused_by_png(tmp_path, phantom):
    stored = (phantom.astype(np.int32) - 32_768).astype(np.int16)
    write_radiograph(tmp_path / "s.mha", memory(stored), stored)
    assert (read_radiograph(tmp_path / "s.mha").stored == stored).all()
    with pytest.raises(WriteError, match="signed"):
        write_radiograph(tmp_path / "s.png", memory(stored), stored)
    assert not (tmp_path / "s.png").exists()


def test_jpeg_refuses_more_than_eight_bits(tmp_path, phantom):
    with pytest.raises(WriteError, match="8 bits"):
        write_radiograph(tmp_path / "j.jpg", memory(phantom), phantom)
    assert list(tmp_path.iterdir()) == []


def test_a_derived_dicom_says_that_it_is_synthetic_and_keeps_the_rest(save, tmp_path, chest):
    tags = {"WindowCenter": 2000, "WindowWidth": 3000, "PixelSpacing": [0.2, 0.2], "SmallestImagePixelValue": 3}
    source = make_dicom(chest, bits=12, **tags)
    radiograph = read_radiograph(save(source))
    changed = radiograph.stored.copy()
    changed[100:120, 80:110] = 77
    write_radiograph(tmp_path / "derived.dcm", radiograph, changed, provenance=PROVENANCE)
    derived = pydicom.dcmread(tmp_path / "derived.dcm")
    assert derived.SOPInstanceUID not in ("", source.SOPInstanceUID)
    assert derived.file_meta.MediaStorageSOPInstanceUID == derived.SOPInstanceUID
    assert derived.SeriesInstanceUID != source.SeriesInstanceUID
    assert derived.StudyInstanceUID == source.StudyInstanceUID
    assert list(derived.ImageType[:2]) == ["DERIVED", "SECONDARY"]
    assert derived.SyntheticData == "YES"
    equipment = derived.ContributingEquipmentSequence[-1]
    assert equipment.PurposeOfReferenceCodeSequence[0].CodeValue == "109100"
    assert equipment.ManufacturerModelName == "context-encoder"
    assert "ab" * 32 in equipment.ContributionDescription
    assert json.loads(derived.DerivationDescription)["provenance"]["seed"] == 3
    reference = derived.SourceImageSequence[0]
    assert reference.ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert reference.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
    assert (derived.BitsStored, float(derived.WindowCenter)) == (12, 2000)
    assert "SmallestImagePixelValue" not in derived
    again = read_radiograph(tmp_path / "derived.dcm")
    assert (again.stored == changed).all()
    assert again.spacing == radiograph.spacing
    assert any("synthetic" in note for note in again.notes)


def test_a_long_provenance_leaves_its_hash(save, tmp_path, chest):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12)))
    write_radiograph(tmp_path / "d.dcm", radiograph, radiograph.stored, provenance={**PROVENANCE, "long": ["x" * 3000]})
    description = pydicom.dcmread(tmp_path / "d.dcm").DerivationDescription
    assert len(description) <= 1024
    assert "provenance_sha256" in description


def test_a_png_becomes_a_secondary_capture(tmp_path, phantom):
    Image.fromarray(phantom).save(tmp_path / "p.png")
    radiograph = read_radiograph(tmp_path / "p.png")
    write_radiograph(tmp_path / "p.dcm", radiograph, radiograph.stored, provenance=PROVENANCE)
    again = read_radiograph(tmp_path / "p.dcm")
    assert (again.stored == phantom).all()


def test_a_monochrome1_image_keeps_its_look_in_every_format(save, tmp_path, chest):
    header = make_dicom(chest, bits=12, PhotometricInterpretation="MONOCHROME1")
    radiograph = read_radiograph(save(header))
    for suffix in (".png", ".mha", ".tif"):
        write_radiograph(tmp_path / f"m{suffix}", radiograph, radiograph.stored)
        again = read_radiograph(tmp_path / f"m{suffix}")
        assert (again.grey.decode(again.stored) == radiograph.grey.decode(radiograph.stored)).all()


def test_nothing_is_left_behind_when_writing_fails(tmp_path, phantom):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteError):
        write_radiograph(tmp_path / "file" / "x.png", memory(phantom), phantom)
    with pytest.raises(WriteError, match="cannot be written"):
        write_radiograph(tmp_path / "x.gif", memory(phantom), phantom)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_thumbnails_keep_the_aspect(tmp_path, phantom):
    Image.fromarray(phantom).save(tmp_path / "p.png")
    small = thumbnail(tmp_path / "p.png", 80)
    assert small.shape == (80, 72)
    assert small.dtype == np.uint8
    assert small.std() > 20
