"""What is asked of the reading of an odd DICOM file: its values, and that other libraries read the same."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import gdcm
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.pixels import apply_modality_lut, apply_windowing

from cxr_studio.errors import StudioError
from cxr_studio.radiographs.presets import presets
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.window import VoiFunction
from cxr_studio.radiographs.writing import write_radiograph
from tests.radiographs.odd_dicom import OddDicom

VOI = ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction", "VOILUTSequence")


def check_dicom(odd: OddDicom, folder: Path) -> str:
    """Read, compare, derive; returns what was compared with."""
    path = folder / "odd.dcm"
    path.write_bytes(odd.content)
    radiograph = read_or_refused(path, refused=odd.stored is None)
    if radiograph is None or odd.stored is None:
        return "refused"
    np.testing.assert_array_equal(radiograph.stored, odd.stored)
    _check_ranges(radiograph, odd, path)
    _check_derived(radiograph, odd, folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compared = [_pydicom(radiograph, odd), _gdcm(radiograph, odd, path), _itk(radiograph, odd, path)]
    return " ".join(name for name in compared if name) or "alone"


def read_or_refused(path: Path, *, refused: bool) -> Radiograph | None:
    """The radiograph, or None where it is refused in one sentence, as it must be."""
    if not refused:
        return read_radiograph(path)
    with pytest.raises(StudioError) as fault:
        read_radiograph(path)
    assert fault.value.file == path
    assert "\n" not in str(fault.value)
    assert "is damaged" not in str(fault.value)
    return None


def _check_ranges(radiograph: Radiograph, odd: OddDicom, path: Path) -> None:
    """The unit range follows from the values without padding, and no window has a say."""
    low, high = radiograph.unit_range
    assert np.isfinite([low, high]).all()
    assert low < high
    if radiograph.padding is not None:
        shown = radiograph.pixels[~radiograph.padding]
        assert radiograph.pixels[radiograph.padding].max() <= shown.min() + 1e-3 * abs(shown.min())
    for window in presets(radiograph):
        assert radiograph.grey.display_table(window).dtype == np.uint8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bare = pydicom.dcmread(BytesIO(odd.content))
        for keyword in VOI:
            bare.pop(keyword, None)
        bare.save_as(path.with_name("bare.dcm"), enforce_file_format=True)
    assert read_radiograph(path.with_name("bare.dcm")).unit_range == (low, high)


def _check_derived(radiograph: Radiograph, odd: OddDicom, folder: Path) -> None:
    """A derived file has the same values, its overlay in 60xx,3000, and the name byte for byte."""
    write_radiograph(folder / "derived.dcm", radiograph, radiograph.stored)
    again = read_radiograph(folder / "derived.dcm")
    np.testing.assert_array_equal(again.stored, radiograph.stored)
    np.testing.assert_allclose(again.pixels, radiograph.pixels, rtol=1e-6)
    assert odd.name_bytes in (folder / "derived.dcm").read_bytes()
    for group in range(0x6000, 0x6020, 2):
        if (group, 0x102) in again.header:
            assert again.header[group, 0x102].value == 0
            packed = np.frombuffer(again.header[group, 0x3000].value, np.uint8)
            bits = np.unpackbits(packed, bitorder="little")[: radiograph.stored.size]
            assert odd.overlay is not None
            np.testing.assert_array_equal(bits.reshape(radiograph.shape), odd.overlay)
            return
    assert odd.overlay is None, "the overlay is lost"


def _pydicom(radiograph: Radiograph, odd: OddDicom) -> str:
    if not (odd.sound and odd.high_bit):
        return ""
    header = pydicom.dcmread(BytesIO(odd.content))
    np.testing.assert_array_equal(header.pixel_array, radiograph.stored)
    if any("rescale" in note or "modality" in note for note in radiograph.notes):
        return "pydicom"
    try:
        modality = apply_modality_lut(header.pixel_array, header)
    except (OverflowError, TypeError):  # its tables have 8 or 16 bits
        return "pydicom"
    image = ~radiograph.padding if radiograph.padding is not None else np.ones(radiograph.shape, bool)
    ours = radiograph.grey.modality[radiograph.grey.index(radiograph.stored)]
    np.testing.assert_allclose(ours[image], np.asarray(modality, np.float64)[image], rtol=1e-5, atol=1e-5)
    windows = radiograph.grey.windows
    if (
        windows
        and windows[0].function in (VoiFunction.LINEAR, VoiFunction.SIGMOID)
        and not _doubtful(radiograph, header)
    ):
        _compare_window(radiograph, header, image)
    return "pydicom"


def _doubtful(radiograph: Radiograph, header: pydicom.Dataset) -> bool:
    """Whether the first window of ours is another one than pydicom takes, or too large for its arithmetic."""
    window = radiograph.grey.windows[0]
    known = str(header.get("VOILUTFunction", "") or "LINEAR") == window.function.value
    ignored = any("window" in note and "ignored" in note for note in radiograph.notes)
    return not known or ignored or abs(window.center) > 1e6 or window.width > 1e6


def _compare_window(radiograph: Radiograph, header: pydicom.Dataset, image: np.ndarray) -> None:
    window = radiograph.grey.windows[0]
    values = radiograph.grey.modality[radiograph.grey.index(radiograph.stored)]
    plain = pydicom.Dataset()
    plain.BitsStored, plain.PixelRepresentation, plain.PhotometricInterpretation = 16, 0, "MONOCHROME2"
    plain.WindowCenter, plain.WindowWidth = window.center, window.width
    plain.VOILUTFunction = window.function.value
    theirs = np.asarray(apply_windowing(values.astype(np.float64), plain), np.float64) / 65535
    np.testing.assert_allclose(window.apply(values)[image], theirs[image], atol=2e-3)


def _gdcm_survives(radiograph: Radiograph) -> bool:
    """GDCM ends the program over compressed pixels, and over 8 bits of which not all are used."""
    header = radiograph.header
    compressed = header.file_meta.TransferSyntaxUID.is_encapsulated
    return not compressed and (header.BitsAllocated == 16 or header.BitsStored == 8)


def _gdcm(radiograph: Radiograph, odd: OddDicom, path: Path) -> str:
    """GDCM hands out what lies in the pixels, whatever the High Bit says."""
    if not (odd.sound and odd.high_bit and _gdcm_survives(radiograph)):
        return ""
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    if not reader.Read():
        return ""
    image = reader.GetImage()
    content = image.GetBuffer().encode("utf-8", "surrogateescape")
    if len(content) != radiograph.stored.nbytes and radiograph.stored.nbytes != 2 * len(content):
        return ""
    signed = bool(image.GetPixelFormat().GetPixelRepresentation())
    size = len(content) // radiograph.stored.size
    values = np.frombuffer(content, f"{'i' if signed else 'u'}{size}").reshape(radiograph.shape)
    np.testing.assert_array_equal(values, radiograph.stored)
    return "gdcm"


def _itk(radiograph: Radiograph, odd: OddDicom, path: Path) -> str:
    """ITK gives modality values where there is a rescale and no table."""
    header = radiograph.header
    inverted = radiograph.grey.inverted  # ITK turns MONOCHROME1 round
    if not (odd.sound and odd.high_bit and _gdcm_survives(radiograph)) or inverted:
        return ""
    if "ModalityLUTSequence" in header or any("rescale" in note for note in radiograph.notes):
        return ""
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        values = sitk.GetArrayFromImage(sitk.ReadImage(str(path))).reshape(radiograph.shape)
    except RuntimeError:
        return ""
    ours = radiograph.grey.modality[radiograph.grey.index(radiograph.stored)]
    image = ~radiograph.padding if radiograph.padding is not None else np.ones(radiograph.shape, bool)
    np.testing.assert_allclose(ours[image], values[image], rtol=1e-5, atol=1)
    return "itk"
