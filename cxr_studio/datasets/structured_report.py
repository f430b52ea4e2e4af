"""Boxed findings from DICOM structured reports, whoever wrote them: TID 1500, computer-aided detection, drawn lines.

A finding is a measurement group (or a coded finding) with two-dimensional coordinates that refer to an image. Read with
pydicom alone: other programs' trees are taken as they are, where a strict reader refuses what departs from a template.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.datasets.entries import NODULE, Rectangle
from cxr_studio.datasets.tables import rectangle
from cxr_studio.errors import ReadError, reason_of

REPORTS = "1.2.840.10008.5.1.4.1.1.88."
"""What the SOP classes of structured reports begin with."""

SURE = 1.0
"""Score of a finding that says no certainty: a person's."""

FINDING = "121071"
DIAMETER = ("81827009", "M-02550")
CERTAINTY = "111012"
PERSON, DEVICE = "121008", "121013"
"""Code values of DICOM and SNOMED (the second of DIAMETER in its older writing)."""


@dataclass(frozen=True)
class ReportedBox:
    """One finding of a report.

    Attributes:
        instance: SOP Instance UID of the image.
        box: Its extent in pixels of the image.
        label: What it is, small letters; a nodule where nothing is said.
        score: From 0 to 1 where a percentage is stated, else as stated; ``SURE`` where nothing is.
        diameter_px: In pixels, None where it is not stated so.
        diameter_mm: In millimetres, None where it is not stated so.
    """

    instance: str
    box: Rectangle
    label: str = NODULE
    score: float = SURE
    diameter_px: float | None = None
    diameter_mm: float | None = None


@dataclass(frozen=True)
class Report:
    """A structured report.

    Attributes:
        by: Names of the reader and the detector, as far as they are stated.
        boxes: In the order of the report.
    """

    by: tuple[str, ...]
    boxes: tuple[ReportedBox, ...]


def is_report(path: Path) -> bool:
    """Whether a file is a DICOM structured report; False where it cannot be read."""
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"])
        return str(header.get("SOPClassUID", "")).startswith(REPORTS)
    except Exception:  # pydicom raises many kinds on damaged files
        return False


def report_files(path: Path) -> list[Path]:
    """The reports of a folder in name order; a file is taken as it is.

    Raises:
        ReadError: the folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.iterdir() if one.is_file() and is_report(one))
    if not found:
        raise ReadError("the folder holds no structured reports", file=path, remedy="Choose another folder")
    return found


def read_report(path: Path) -> Report:
    """Read a report.

    Raises:
        ReadError: unreadable, damaged, or no structured report.
    """
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = pydicom.dcmread(BytesIO(path.read_bytes()))
            if not str(file.get("SOPClassUID", "")).startswith(REPORTS):
                raise ReadError("the DICOM file is no structured report", file=path, remedy="Choose an SR object")
            return Report(tuple(_names(file)), tuple(_boxes(file)))
    except ReadError:
        raise
    except OSError as fault:
        raise ReadError(f"the file cannot be read ({fault.strerror})", file=path, remedy="Check its name") from fault
    except Exception as fault:  # pydicom raises many kinds on damaged files
        what = f"the structured report is damaged or of an unknown kind ({reason_of(fault)})"
        raise ReadError(what, file=path, remedy="Export it again") from fault


def _children(item: Any) -> Sequence[Any]:
    return item.get("ContentSequence") or ()


def _every(item: Any) -> Iterator[Any]:
    yield item
    for child in _children(item):
        yield from _every(child)


def _concept(item: Any) -> str:
    """The code value of an item's name, "" where it has none."""
    name = item.get("ConceptNameCodeSequence")
    return str(name[0].get("CodeValue", "")) if name else ""


def _names(file: Any) -> Iterator[str]:
    for item in _every(file):
        if _concept(item) == PERSON and "PersonName" in item:
            yield _plain_name(str(item.PersonName))
        elif _concept(item) == DEVICE and "TextValue" in item:
            yield str(item.TextValue)


def _plain_name(name: str) -> str:
    """``Ada Lovelace`` of ``Lovelace^Ada``."""
    family, _, given = name.split("=")[0].partition("^")
    return " ".join(part for part in (*given.split("^")[:1], family) if part)


def _boxes(item: Any) -> Iterator[ReportedBox]:
    """Findings of an item and of what lies in it; coordinates belong to the nearest group or coded finding."""
    drawn = list(_drawn(item))
    if drawn:
        found = _finding(item, drawn)
        if found is not None:
            yield found
    for child in _groups(item):
        yield from _boxes(child)


def _is_group(item: Any) -> bool:
    return str(item.get("ValueType", "")) in ("CONTAINER", "CODE") and bool(_children(item))


def _groups(item: Any) -> Iterator[Any]:
    for child in _children(item):
        if _is_group(child):
            yield child
        else:
            yield from _groups(child)


def _drawn(item: Any) -> Iterator[Any]:
    """Coordinates of an item, also those that a measurement was inferred from, that are no single points."""
    for child in _children(item):
        if str(child.get("ValueType", "")) == "SCOORD" and str(child.get("GraphicType", "")) != "POINT":
            yield child
        elif not _is_group(child):
            yield from _drawn(child)


def _finding(group: Any, drawn: list[Any]) -> ReportedBox | None:
    """One box around all that was drawn in a group; None where it has no extent or no image."""
    extents = np.concatenate([_extent(str(each.GraphicType), each.GraphicData) for each in drawn])
    images = [str(one.ReferencedSOPSequence[0].ReferencedSOPInstanceUID) for one in _every(drawn[0]) if _refers(one)]
    try:
        box = rectangle(*map(float, extents.min(axis=0)[::-1]), *map(float, extents.max(axis=0)[::-1]))
    except ValueError:
        return None
    if not images:
        return None
    sizes = dict(_diameters(group))
    return ReportedBox(images[0], box, _label(group), _score(group), sizes.get("px"), sizes.get("mm"))


def _refers(item: Any) -> bool:
    return str(item.get("ValueType", "")) == "IMAGE" and bool(item.get("ReferencedSOPSequence"))


def _extent(kind: str, data: Sequence[float]) -> NDArray[np.float64]:
    """Two opposite corners (x, y) of what was drawn, ``[2, 2]`` (PS3.3 C.18.6.1.2)."""
    points = np.asarray([float(value) for value in data], np.float64).reshape(-1, 2)
    if kind == "CIRCLE":
        radius = float(np.hypot(*(points[1] - points[0])))
        return np.stack([points[0] - radius, points[0] + radius])
    if kind == "ELLIPSE":
        centre = points[:2].mean(axis=0)
        reach = np.hypot((points[1] - points[0]) / 2, (points[3] - points[2]) / 2)
        return np.stack([centre - reach, centre + reach])
    return np.stack([points.min(axis=0), points.max(axis=0)])


def _label(group: Any) -> str:
    """The finding: the group's own code, or that of an item in it."""
    stated = [group, *(child for child in _children(group) if _concept(child) == FINDING)]
    for item in reversed(stated):
        if str(item.get("ValueType", "")) == "CODE" and item.get("ConceptCodeSequence"):
            return str(item.ConceptCodeSequence[0].get("CodeMeaning", "") or NODULE).lower()
    return NODULE


def _numbers(group: Any) -> Iterator[tuple[str, float, str]]:
    """Code value, number and unit of every measurement of a group."""
    for child in _children(group):
        if str(child.get("ValueType", "")) == "NUM" and child.get("MeasuredValueSequence"):
            stated = child.MeasuredValueSequence[0]
            unit = str(stated.MeasurementUnitsCodeSequence[0].get("CodeValue", ""))
            yield _concept(child), float(stated.NumericValue), unit


def _score(group: Any) -> float:
    for name, value, unit in _numbers(group):
        if name == CERTAINTY:
            return value / 100 if unit == "%" else value
    return SURE


def _diameters(group: Any) -> Iterator[tuple[str, float]]:
    units = {"mm": ("mm", 1.0), "cm": ("mm", 10.0), "{pixels}": ("px", 1.0), "[pix]": ("px", 1.0)}
    for name, value, unit in _numbers(group):
        if name in DIAMETER and unit in units:
            known, factor = units[unit]
            yield known, value * factor
