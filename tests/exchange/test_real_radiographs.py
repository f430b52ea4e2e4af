"""Objects of radiographs of real devices, and of files with odd headers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.exchange.objects import Wanted, write_objects
from cxr_studio.exchange.reporting import Reported
from cxr_studio.generation.session import Session
from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.presets import percentile_window
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions
from tests.conftest import SHARED
from tests.exchange.conftest import faults_of, grey_of_dcmtk

FILES = sorted([*(SHARED / "dicom").glob("*.dcm"), *(SHARED.parent / "cases").glob("*/*.dcm")])
REFUSED = "no_photometric.dcm"
"""No radiograph that can be read."""


@pytest.mark.shared
@pytest.mark.parametrize("path", [path for path in FILES if path.name != REFUSED], ids=lambda path: path.name)
def test_objects_of_real_files(path: Path, tmp_path: Path) -> None:
    radiograph = read_radiograph(path)
    session = Session(radiograph)
    mask = np.zeros(radiograph.shape, bool)
    middle = radiograph.shape[0] // 2, radiograph.shape[1] // 2
    mask[middle[0] : middle[0] + 38, middle[1] - 33 : middle[1]] = True
    session.apply_mask(mask, "Mask")
    session.accept(fill(session.request(FillOptions("telea"), mask), device="cpu"), "Telea")
    window = percentile_window(radiograph, 2, 98)
    wanted = Wanted(window=window, findings=(Reported((1, 2, 30, 40), diameter_px=20, score=0.5),))
    derived, segmentation, state, *others = write_objects(session, tmp_path / "out", wanted)
    assert [other.stem.rsplit("-", 1)[1] for other in others] == ["ko", "sr", "mask"]
    for made in (segmentation, state, *others[:2]):
        assert faults_of(made, source=path) == []
    np.testing.assert_array_equal(load_mask(segmentation, radiograph.shape, instances=radiograph.instances), mask)
    named = bool(str(radiograph.header.get("PatientName", "")))
    theirs = grey_of_dcmtk(derived, state) if named else None  # DCMTK opens no presentation state without a name
    if theirs is not None:
        again = read_radiograph(derived)
        ours = again.grey.display_table(window)[again.grey.index(again.stored)]
        np.testing.assert_allclose(theirs, ours, atol=1)
