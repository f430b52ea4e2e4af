"""Sessions of DICOM radiographs with a fill and a nodule, and what dciodvfy says of a file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.generation.session import Session
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.placement import Placement
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions
from tests.conftest import draw_phantom
from tests.radiographs.conftest import make_dicom

FULL = {
    "PatientName": "山田^太郎",
    "SpecificCharacterSet": "ISO_IR 192",
    "PatientSex": "M",
    "StudyDate": "20200131",
    "StudyTime": "101500",
    "AccessionNumber": "A7",
    "StudyID": "1",
    "PatientOrientation": ["L", "F"],
    "Laterality": "U",
}
"""What a radiograph of an archive says of itself beside its pixels."""

ALLOWED = {
    "Attribute with an even group number is not a recognized standard attribute - (0x0008,0x001c)  ? ": (
        "SyntheticData (PS3.3 C.12.1) is younger than this dciodvfy"
    ),
    "Missing attribute Type 2C Conditional Element=<PatientOrientation> Module=<GeneralImage>": (
        "a segmentation has no General Image module any more (PS3.3 A.51.3); this dciodvfy of 2022 still asks for it"
    ),
    "Missing attribute Type 2C Conditional Element=<Laterality> Module=<GeneralSeries>": (
        "needed where a paired body part was examined and no frame says which; a chest is no paired part"
    ),
}
"""Errors of dciodvfy that are none, and why."""


def write_radiograph_file(path: Path, stored: np.ndarray, *, bits: int | None = None, **tags: object) -> Path:
    """A DICOM radiograph with a full header; ``tags`` are set last."""
    header = make_dicom(stored, bits=bits, **{**FULL, **tags})
    header.save_as(path, enforce_file_format=True)
    return path


@pytest.fixture
def odd(tmp_path: Path) -> Callable[..., Path]:
    """Writes a radiograph of 131 x 203 pixels in 12 bits."""
    stored = (draw_phantom(131, 203) >> 4).astype(np.uint16)

    def write(**tags: object) -> Path:
        return write_radiograph_file(tmp_path / "chest.dcm", stored, bits=12, **tags)

    return write


def blob(shape: tuple[int, int], seed: int = 3) -> np.ndarray:
    """A ragged mask that touches no byte boundary."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(shape, bool)
    mask[23:58, 37:74] = rng.random((35, 37)) > 0.3
    return mask


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A filled hole and a nodule in a radiograph of 0.4 x 0.5 mm; not to be changed."""
    path = tmp_path_factory.mktemp("edited") / "chest.dcm"
    stored = (draw_phantom(320, 288) >> 4).astype(np.uint16)
    write_radiograph_file(path, stored, bits=12, PixelSpacing=[0.4, 0.5])
    session = Session(read_radiograph(path))
    session.apply_mask(blob((320, 288)), "Mask")
    session.accept(fill(session.request(FillOptions("telea"), session.mask), device="cpu"), "Telea")
    add_nodule(session, Placement(150.0, 90.0, 30.0, seed=5), device="cpu")
    return session


def faults_of(path: Path, *, source: Path | None = None) -> list[str]:
    """Errors of dciodvfy that are not on the list; nor those of the source, whose values are taken over as they are.

    Raises:
        Skipped: dciodvfy is not installed.
    """
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy is not installed (Debian package dicom3tools)")
    forgiven = set(ALLOWED) | (set(_errors(source)) if source is not None else set())
    return [error for error in _errors(path) if error not in forgiven]


def _errors(path: Path) -> list[str]:
    said = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, errors="replace", check=False)
    lines = (said.stdout + said.stderr).splitlines()
    assert any(line and not line.startswith(("Warning", "Error")) for line in lines), f"dciodvfy knew no class: {lines}"
    return [line.removeprefix("Error - ") for line in lines if line.startswith("Error")]


def grey_of_dcmtk(image: Path, state: Path) -> np.ndarray | None:
    """The grey, 0 to 255, that DCMTK shows a radiograph in with a presentation state; None where it is absent."""
    if shutil.which("dcmp2pgm") is None:
        return None
    picture = state.with_suffix(".pgm")
    subprocess.run(["dcmp2pgm", "--pstate", str(state), str(image), str(picture)], check=True, capture_output=True)
    return np.asarray(Image.open(picture), int)
