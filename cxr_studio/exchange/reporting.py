"""Boxes, diameters and scores as a structured report (Comprehensive SR with template TID 1500)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cxr_studio.datasets.entries import NODULE, Rectangle
from cxr_studio.detection.detections import Detection
from cxr_studio.errors import WriteError
from cxr_studio.exchange.codes import (
    ABSENT,
    CERTAINTY,
    CHEST,
    DIAMETER,
    MILLIMETRE,
    NO_UNITS,
    PERCENT,
    PIXELS,
    REPORT,
    code,
    finding_code,
)
from cxr_studio.exchange.codes import NODULE as NODULE_CODE
from cxr_studio.exchange.observers import Observer, observed_by
from cxr_studio.exchange.subject import Subject, issued, save, writing

SERIES = 9005


@dataclass(frozen=True)
class Reported:
    """One finding.

    Attributes:
        box: Its extent.
        label: What it is, small letters.
        title: How it is called in the report ("Nodule 1").
        diameter_px: In pixels, None where only the box is known.
        score: A detector's, higher is surer; None of a person.
    """

    box: Rectangle
    label: str = NODULE
    title: str = ""
    diameter_px: float | None = None
    score: float | None = None


def as_reported(detections: Iterable[Detection], shape: tuple[int, int]) -> tuple[Reported, ...]:
    """A detector's boxes for a report, cut to the radiograph; those beside it are left out.

    Args:
        detections: Its answers to one radiograph.
        shape: Rows and columns of the radiograph.
    """
    found = []
    for one in detections:
        y0, x0, y1, x1 = one.box
        box = max(y0, 0.0), max(x0, 0.0), min(y1, float(shape[0])), min(x1, float(shape[1]))
        if box[0] < box[2] and box[1] < box[3]:
            found.append(Reported(box, one.label, score=one.score))
    return tuple(found)


def write_report(path: Path, subject: Subject, findings: Sequence[Reported], *, observer: Observer) -> Path:
    """Write findings with their boxes, diameters (mm where the spacing is known, else pixels) and scores.

    A report without findings says that the radiograph was looked at.

    Raises:
        WriteError: a box lies outside the radiograph, the header does not allow it, or the file cannot be written.
    """
    height, width = subject.shape
    for each in findings:
        y0, x0, y1, x1 = each.box
        if not (0 <= y0 < y1 <= height and 0 <= x0 < x1 <= width):
            raise WriteError("a box lies outside the radiograph", file=path, remedy="Cut it to the radiograph")
    with writing(path):
        import highdicom as hd

        person, device = observed_by(observer)
        content = hd.sr.MeasurementReport(
            hd.sr.ObservationContext(observer_person_context=person, observer_device_context=device),
            code(CHEST),
            [_group(k, each, subject) for k, each in enumerate(findings, 1)] or [_nothing(subject)],
            code(REPORT),
        )
        made = hd.sr.ComprehensiveSR(
            [subject.header],
            content[0],
            is_complete=True,
            **issued(SERIES, "CXR Studio, measurements"),
        )
        return save(path, made, subject)


def _group(number: int, finding: Reported, subject: Subject) -> Any:
    import highdicom as hd
    import pydicom

    y0, x0, y1, x1 = finding.box
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], float)
    source = hd.sr.SourceImageForRegion(subject.header.SOPClassUID, subject.header.SOPInstanceUID)
    name = finding.title or f"{finding.label.capitalize()} {number}"
    return hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(pydicom.uid.generate_uid(), name),
        referenced_region=hd.sr.ImageRegion(hd.sr.GraphicTypeValues.POLYLINE, corners, source),
        finding_type=finding_code(finding.label),
        measurements=_measurements(finding, subject) or None,
    )


def _nothing(subject: Subject) -> Any:
    """What a report without findings says: that there is no nodule in the image."""
    import highdicom as hd
    import pydicom

    return hd.sr.MeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(pydicom.uid.generate_uid(), "No nodule"),
        qualitative_evaluations=[hd.sr.QualitativeEvaluation(code(NODULE_CODE), code(ABSENT))],
        source_images=[hd.sr.SourceImageForMeasurementGroup(subject.header.SOPClassUID, subject.header.SOPInstanceUID)],
    )


def _measurements(finding: Reported, subject: Subject) -> list[Any]:
    import highdicom as hd

    found = []
    if finding.diameter_px is not None:
        y, x = subject.spacing.y, subject.spacing.x
        known = None if y is None or x is None else float((y * x) ** 0.5)
        value, unit = (finding.diameter_px, PIXELS) if known is None else (finding.diameter_px * known, MILLIMETRE)
        found.append(hd.sr.Measurement(code(DIAMETER), round(value, 3), code(unit)))
    if finding.score is not None:
        share = 0 <= finding.score <= 1
        value, unit = (100 * finding.score, PERCENT) if share else (finding.score, NO_UNITS)
        found.append(hd.sr.Measurement(code(CERTAINTY), float(f"{value:.10g}"), code(unit)))
    return found
