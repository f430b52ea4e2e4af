"""What DICOM objects are about: one radiograph in a study, and how an object of it is named and written."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxr_studio.errors import ReadError, StudioError, WriteError, reason_of
from cxr_studio.extras import needed
from cxr_studio.files import replaced
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.spacing import Spacing
from cxr_studio.version import program_version

MAKER = "CXR Studio"
NEEDED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
"""Attributes without which nothing can refer to an image."""

MAY_BE_EMPTY = (
    "AccessionNumber",
    "InstanceNumber",
    "PatientBirthDate",
    "PatientID",
    "PatientName",
    "PatientSex",
    "ReferringPhysicianName",
    "SeriesNumber",
    "StudyDate",
    "StudyID",
    "StudyTime",
)
"""Attributes that an object takes over, empty where the image lacks them (type 2 in PS3.3)."""

UTF_8 = "ISO_IR 192"
"""Character set of objects: titles and names go beyond what a radiograph's own may hold (PS3.3 C.12.1.1.2)."""

SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")


@dataclass(frozen=True, eq=False)
class Subject:
    """A radiograph that objects refer to.

    Attributes:
        header: Its pydicom Dataset without pixels, complete enough to refer to; its own copy.
        shape: Rows and columns.
        spacing: Millimetres per pixel, where they are known.
        synthetic: Whether its content is partly or wholly synthetic; objects say so too.
        origin: Header of the radiograph that it was derived from, or None.
    """

    header: Any
    shape: tuple[int, int]
    spacing: Spacing
    synthetic: bool = False
    origin: Any = None


def subject_of(radiograph: Radiograph, *, origin: Radiograph | None = None) -> Subject:
    """The subject of objects about a radiograph.

    Args:
        radiograph: From a DICOM file.
        origin: The one that it was derived from, on the same pixels.

    Raises:
        ReadError: it is no DICOM image, or has no identifiers to refer to.
    """
    header = _header(radiograph)
    synthetic = str(header.get("SyntheticData", "")) == "YES"
    first = None if origin is None or not origin.instances else _header(origin)
    if first is not None and first.StudyInstanceUID != header.StudyInstanceUID:
        first = None
    return Subject(header, radiograph.shape, radiograph.spacing, synthetic, first)


def issued(series: int, description: str) -> dict[str, Any]:
    """Identifiers of a new object in a series of its own, and who made it.

    Args:
        series: Series Number.
        description: Series Description, at most 64 characters.
    """
    import pydicom

    return {
        "series_instance_uid": pydicom.uid.generate_uid(),
        "series_number": series,
        "sop_instance_uid": pydicom.uid.generate_uid(),
        "instance_number": 1,
        "manufacturer": MAKER,
        "series_description": description[:64],
    }


def equipment() -> dict[str, str]:
    """What made an object, for those objects that have to say so (General Equipment, PS3.3 C.7.5.1)."""
    return {
        "manufacturer_model_name": MAKER,
        "software_versions": program_version(),
        "device_serial_number": "none",
    }


def library() -> Any:
    """highdicom, which makes the objects.

    Raises:
        StudioError: it is not installed.
    """
    return needed("highdicom", "dicom-net", "DICOM objects")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Make and write an object; what highdicom and pydicom refuse becomes one sentence.

    Raises:
        StudioError: highdicom is not installed, or the image's header does not allow the object.
    """
    library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except StudioError:
            raise
        except Exception as fault:  # highdicom and pydicom raise many kinds on damaged headers
            what = f"the radiograph's DICOM header does not allow this object ({reason_of(fault)})"
            raise WriteError(what, file=path, remedy="Correct the header, or use the PNG mask") from fault


def save(path: Path, made: Any, subject: Subject) -> Path:
    """Write an object, atomically; it says that it is about synthetic content where it is.

    Raises:
        WriteError: the file cannot be written.
    """
    if subject.synthetic:
        made.SyntheticData = "YES"
    with replaced(path) as beside:
        made.save_as(beside, enforce_file_format=True)
    return path


def _header(radiograph: Radiograph) -> Any:
    source = radiograph.source.path
    if not radiograph.instances:
        what = "the radiograph is no DICOM image, which DICOM objects could refer to"
        raise ReadError(what, file=source, remedy="Export it as DICOM first, or use PNG masks and CSV")
    header = copy.deepcopy(radiograph.header)
    header.SpecificCharacterSet = UTF_8
    missing = [keyword for keyword in NEEDED if not header.get(keyword)]
    if missing:
        what = f"the DICOM image has no {missing[0]}, so that no object can refer to it"
        raise ReadError(what, file=source, remedy="Export it again from the archive")
    for keyword in MAY_BE_EMPTY:
        if keyword not in header:
            setattr(header, keyword, None)
    if not radiograph.spacing.known:
        for keyword in SPACINGS:
            header.pop(keyword, None)
    return header
