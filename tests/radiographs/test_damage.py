"""Files damaged anywhere: each gives a radiograph that can be shown and written, or one sentence, and soon.

Run it with ``DAMAGE_EXAMPLES=20000`` to look for rare faults.
"""

from __future__ import annotations

import os
import random
import time
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.encaps import get_frame
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, HTJ2KLossless, ImplicitVRLittleEndian

from cxr_studio.errors import StudioError
from cxr_studio.radiographs.codestream import codestream_size, plain_jpeg
from cxr_studio.radiographs.presets import presets
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin
from cxr_studio.radiographs.writing import write_radiograph
from tests.conftest import draw_phantom
from tests.radiographs.conftest import make_dicom
from tests.radiographs.test_codecs import HTJ2K, framed, htj2k_values
from tests.radiographs.test_formats import gdcm_written, memory

DEEP = (draw_phantom(72, 80) >> 4).astype(np.uint16)
GREY = (DEEP >> 4).astype(np.uint8)
GDCM = ("JPEGLosslessProcess14", "JPEGLosslessProcess14_1", "JPEGExtendedProcess2_4", "JPEGLSNearLossless")
EXAMPLES = int(os.environ.get("DAMAGE_EXAMPLES", "250"))


def rich_dicom(stored: np.ndarray, bits: int) -> pydicom.Dataset:
    """A header with every attribute that the reader looks at."""
    table, other = pydicom.Dataset(), pydicom.Dataset()
    table.LUTDescriptor, other.LUTDescriptor = [256, 0, 8], [256, 0, 16]
    table.add_new("LUTData", "OW", bytes(range(256)))
    other.add_new("LUTData", "US", list(range(256)))
    table["LUTDescriptor"].VR = other["LUTDescriptor"].VR = "US"
    return make_dicom(
        stored,
        bits=bits,
        PixelSpacing=[0.2, 0.2],
        ImagerPixelSpacing=[0.22, 0.22],
        EstimatedRadiographicMagnificationFactor=1.1,
        WindowCenter=[2000, 1000],
        WindowWidth=[400, 300],
        WindowCenterWidthExplanation=["A", "B"],
        RescaleSlope=1,
        RescaleIntercept=-10,
        VOILUTSequence=[table],
        ModalityLUTSequence=[other],
    )


def dicom_files(folder: Path) -> None:
    rich_dicom(DEEP, 12).save_as(folder / "little.dcm", enforce_file_format=True)
    rich_dicom(GREY, 8).save_as(folder / "grey.dcm", enforce_file_format=True)
    for name, syntax in (("implicit", ImplicitVRLittleEndian), ("deflated", DeflatedExplicitVRLittleEndian)):
        header = rich_dicom(DEEP, 12)
        header.file_meta.TransferSyntaxUID = syntax
        header.save_as(folder / f"{name}.dcm", enforce_file_format=True)
    header = rich_dicom(DEEP.byteswap(), 12)
    header.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    header.save_as(folder / "big.dcm", enforce_file_format=True)
    header = framed(rich_dicom(htj2k_values(), 16), HTJ2KLossless, b64decode(HTJ2K))
    header.save_as(folder / "htj2k.dcm", enforce_file_format=True)
    for syntax in (*GDCM, "JPEGLSLossless", "JPEG2000Lossless", "JPEG2000", "RLELossless"):
        gdcm_written(folder / f"{syntax}.dcm", folder / "little.dcm", syntax)
    gdcm_written(folder / "JPEGBaselineProcess1.dcm", folder / "grey.dcm", "JPEGBaselineProcess1")


def plain_files(folder: Path) -> None:
    known = memory(DEEP, Spacing(0.2, 0.2, SpacingOrigin.CALIBRATED))
    for suffix in (".png", ".tif", ".mha"):
        write_radiograph(folder / f"deep{suffix}", known, DEEP)
    for name, how in (("lzw.tif", "tiff_lzw"), ("packed.tif", "packbits"), ("jpeg.tif", "jpeg")):
        Image.fromarray(GREY).save(folder / name, compression=how)
    tifffile.imwrite(folder / "tiles.tif", DEEP, tile=(32, 32), byteorder=">")
    Image.fromarray(GREY).convert("P").save(folder / "palette.png")
    Image.fromarray(GREY).save(folder / "grey.jpg")
    Image.fromarray(GREY).save(folder / "progressive.jpg", progressive=True)
    sitk.WriteImage(sitk.GetImageFromArray(DEEP.astype(np.float32)), str(folder / "packed.mha"), True)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("originals")
    dicom_files(folder)
    plain_files(folder)
    for path in folder.iterdir():
        assert isinstance(read_radiograph(path), Radiograph), path.name
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def damaged(content: bytes, seed: int) -> bytes:
    """Cut, squeeze, stretch or overwrite a file, more often in its header or in the header of its codestream."""
    chance = random.Random(seed)
    changed = bytearray(content)
    kind = chance.choice(["cut", "squeeze", "stretch", *["overwrite"] * 6])
    start = max(content.find(b"\xff\xd8\xff"), content.find(b"\xff\x4f\xff\x51"), 0)
    low, high = chance.choice([(0, 2200), (0, 2200), (start, start + 120), (start, len(content)), (0, len(content))])
    place = chance.randrange(low, min(high, len(content)))
    if kind == "cut":
        return content[:place]
    if kind == "squeeze":
        return content[:place] + content[place + chance.randrange(1, 20) :]
    if kind == "stretch":
        return content[:place] + chance.randbytes(chance.randrange(1, 8)) + content[place:]
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        place = chance.randrange(low, min(high, len(content)))
        any_value = chance.randrange(256)
        changed[place] = chance.choice([any_value, content[place] ^ (1 << chance.randrange(8)), 0, 255, 32, 45, 46, 57])
    return bytes(changed)


def is_one_sentence(fault: StudioError, path: Path) -> None:
    assert fault.file == path
    assert "\n" not in str(fault)


def use(radiograph: Radiograph, folder: Path) -> None:
    """Show it and write it: a radiograph that was read must not fail later."""
    assert 64 <= min(radiograph.shape) <= max(radiograph.shape) <= 16_384
    assert radiograph.stored.dtype in (np.uint8, np.uint16, np.int16)
    assert np.isfinite(radiograph.grey.modality).all()
    low, high = radiograph.unit_range
    assert low < high
    for window in (None, *presets(radiograph)):
        assert radiograph.grey.display_table(window).dtype == np.uint8
    for suffix in (".dcm", ".mha"):
        try:
            write_radiograph(folder / f"out{suffix}", radiograph, radiograph.stored)
        except StudioError as fault:
            is_one_sentence(fault, folder / f"out{suffix}")
            continue
        again = read_radiograph(folder / f"out{suffix}")
        assert again.stored.dtype == radiograph.stored.dtype
        if suffix == ".dcm":
            assert (again.stored == radiograph.stored).all()
        assert again.spacing.known == radiograph.spacing.known


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(pick=st.integers(0, 2**20), seed=st.integers(0, 2**40))
def test_damage_anywhere(originals, tmp_path_factory, pick, seed):
    name = sorted(originals)[pick % len(originals)]
    path = tmp_path_factory.getbasetemp() / f"damaged{Path(name).suffix}"
    path.write_bytes(damaged(originals[name], seed))
    began = time.perf_counter()
    try:
        use(read_radiograph(path), path.parent)
    except StudioError as fault:
        is_one_sentence(fault, path)
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("syntax", GDCM[:3])
def test_a_jpeg_header_that_gdcm_would_not_survive_is_refused(originals, syntax):
    """A precision above 16 bits made it read beyond its tables, a warning in the header made it abort."""
    header = pydicom.dcmread(BytesIO(originals[f"{syntax}.dcm"]))
    frame = get_frame(header.PixelData, 0, number_of_frames=1)
    assert codestream_size(frame) == DEEP.shape
    assert plain_jpeg(frame) == frame
    remarks = b"\xff\xee\x00\x0eAdobe" + bytes(7) + b"\xff\xfe\x00\x04ab"
    assert plain_jpeg(frame[:2] + remarks + frame[2:]) == frame
    for wrong in (
        frame[:2] + b"\x00" + frame[2:],
        frame.replace(b"\xff\xc4", b"\x39\xc4", 1),
        frame.replace(b"\x00\x0b\x10", b"\x00\x0b\x11", 1),
        frame.replace(b"\xff\xda\x00\x08\x01\x01", b"\xff\xda\x00\x08\x02\x01", 1),
        frame.replace(b"\xff\xda\x00\x08\x01\x01", b"\xff\xda\x00\x08\x01\x02", 1),
        frame[:20],
        b"",
    ):
        assert wrong != frame
        with pytest.raises(ValueError, match="header"):
            plain_jpeg(wrong)
