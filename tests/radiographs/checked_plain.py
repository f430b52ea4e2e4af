"""What is asked of the reading of an odd plain picture, and that Pillow and ITK read the same."""

from __future__ import annotations

import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from PIL import Image, ImageOps, UnidentifiedImageError

from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from tests.radiographs.checked_dicom import read_or_refused
from tests.radiographs.odd_plain import OddPicture


def check_picture(odd: OddPicture, folder: Path) -> str:
    """Read, compare, write again; returns what was compared with."""
    path = folder / f"odd{odd.suffix}"
    path.write_bytes(odd.content)
    radiograph = read_or_refused(path, refused=odd.stored is None)
    if radiograph is None or odd.stored is None:
        return "refused"
    np.testing.assert_array_equal(radiograph.stored, odd.stored)
    assert radiograph.unit_range[0] < radiograph.unit_range[1]
    compared = [_pillow(odd, path), _itk(odd, radiograph, path)]
    if odd.suffix == ".mha":
        _check_place(radiograph, path)
    elif radiograph.stored.dtype != np.int16:
        _check_mask(odd, path)
    return " ".join(name for name in compared if name) or "alone"


def _pillow(odd: OddPicture, path: Path) -> str:
    if not odd.pillow:
        return ""
    with warnings.catch_warnings(), suppress(UnidentifiedImageError):
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(path.read_bytes())) as opened:
            picture = opened if odd.suffix == ".tif" else ImageOps.exif_transpose(opened)  # it turns TIFF itself
            values = np.asarray(picture.convert("RGB"))[..., 0] if ";" not in picture.mode else np.asarray(picture)
        np.testing.assert_array_equal(values, odd.stored)
        return "pillow"
    return ""


def _itk(odd: OddPicture, radiograph: Radiograph, path: Path) -> str:
    if not odd.itk:
        return ""
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    values = sitk.GetArrayFromImage(sitk.ReadImage(str(path))).reshape(-1, *radiograph.shape[-2:])[0]
    turned = values if odd.orientation == 1 else None
    if turned is None:
        return ""
    np.testing.assert_array_equal(turned, odd.stored)
    return "itk"


def _check_place(radiograph: Radiograph, path: Path) -> None:
    """A MetaImage written again has its direction, origin, spacing and dimensions."""
    again = path.with_name("again.mha")
    write_radiograph(again, radiograph, radiograph.stored)
    first, second = sitk.ReadImage(str(path)), sitk.ReadImage(str(again))
    assert first.GetSize() == second.GetSize()
    assert second.GetDirection() == first.GetDirection()
    np.testing.assert_allclose(second.GetOrigin(), first.GetOrigin())
    np.testing.assert_allclose(second.GetSpacing(), first.GetSpacing())
    np.testing.assert_array_equal(read_radiograph(again).stored, radiograph.stored)


def _check_mask(odd: OddPicture, path: Path) -> None:
    """Read as a mask, the picture lies as the radiograph does."""
    assert odd.stored is not None
    mask = load_mask(path, odd.stored.shape)
    least = 128 if odd.suffix == ".jpg" else 1
    assert not (mask & (odd.stored < least)).any()
