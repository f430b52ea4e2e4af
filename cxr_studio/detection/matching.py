"""Which detection hits which finding: best score first, one hit a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cxr_studio.datasets.entries import Entry, Finding, Manifest, Rectangle
from cxr_studio.detection.detections import Detection
from cxr_studio.errors import StudioError
from cxr_studio.metrics.froc import FALSE, Matched

PAPER_IOU = 0.2
"""Least IoU of a hit (Shen et al.; NODE21 counts the same)."""

ROUNDING = 1e-9
"""An IoU that differs from the limit by no more counts as equal."""


@dataclass(frozen=True)
class Rule:
    """When a detection hits a finding.

    Attributes:
        kind: "iou": the boxes overlap; "centre": the box's centre lies near the finding's.
        limit: Least IoU; or largest distance of the centres over the finding's diameter, 0.5 for within its circle.
    """

    kind: Literal["iou", "centre"] = "iou"
    limit: float = PAPER_IOU

    def closeness(self, box: Rectangle, finding: Finding) -> float:
        """Above or at 0 for a hit, the higher the better."""
        if self.kind == "iou":
            return iou(box, finding.box) - self.limit + ROUNDING
        (y, x), (fy, fx) = _centre(box), _centre(finding.box)
        return self.limit - float(np.hypot(y - fy, x - fx)) / finding.size_px + ROUNDING

    def __str__(self) -> str:
        """As a reader of a table wants it."""
        if self.kind == "iou":
            return f"IoU at least {self.limit:g}"
        return f"centres at most {self.limit:g} diameters apart"


@dataclass(frozen=True, eq=False)
class Matching:
    """A detector's answers to a manifest, matched.

    Attributes:
        truth: What is there.
        rule: What counted as a hit.
        matched: For ``metrics.froc``; images in the manifest's order. Further hits of a finding are left out.
        strict: The same, with further hits of a finding as false positives, as COCO counts them.
        lesions: Image and finding of every lesion number.
        boxes: Box of every detection in ``matched``.
    """

    truth: Manifest
    rule: Rule
    matched: Matched
    strict: Matched
    lesions: tuple[tuple[Entry, Finding], ...]
    boxes: tuple[Rectangle, ...]

    @property
    def patients(self) -> list[str]:
        """Whose every image is."""
        return [entry.patient for entry in self.truth.entries]


@dataclass(frozen=True)
class _Hit:
    """A detection, the image that it is in, the lesion that it hits or FALSE, and whether another hit it before."""

    detection: Detection
    image: int
    lesion: int
    again: bool = False


def read_rule(text: str) -> Rule:
    """Read ``iou:0.2`` or ``centre:0.5``.

    Raises:
        StudioError: neither.
    """
    found = re.fullmatch(r"(iou|centre):(\d*\.?\d+)", text)
    limit = float(found[2]) if found else 0.0
    if found is None or limit <= 0 or (found[1] == "iou" and limit > 1):
        remedy = "Write iou:0.2 (least overlap) or centre:0.5 (largest distance, in diameters)"
        raise StudioError(f"the matching rule {text!r} is not understood", remedy=remedy)
    return Rule("iou" if found[1] == "iou" else "centre", limit)


def match(truth: Manifest, detections: Iterable[Detection], rule: Rule | None = None) -> Matching:
    """Match detections to the findings of a manifest, whatever their labels.

    Of equal scores the one that fits best comes first, so that the order in which they are listed changes nothing.

    Args:
        truth: The radiographs, and in each its findings.
        detections: Named as in the manifest.
        rule: What counts as a hit; IoU 0.2 by default.
    """
    own_rule = rule or Rule()
    found: dict[str, list[Detection]] = {entry.file: [] for entry in truth.entries}
    for one in detections:
        found[one.file].append(one)
    hits: list[_Hit] = []
    lesions: list[tuple[Entry, Finding]] = []
    for image, entry in enumerate(truth.entries):
        hits += _in_image(found[entry.file], entry.findings, own_rule, (image, len(lesions)))
        lesions += [(entry, finding) for finding in entry.findings]
    where = [image for image, entry in enumerate(truth.entries) for _ in entry.findings]
    once = [hit for hit in hits if not hit.again]
    matched, strict = (_matched(some, where, len(truth.entries)) for some in (once, hits))
    return Matching(truth, own_rule, matched, strict, tuple(lesions), tuple(hit.detection.box for hit in once))


def iou(first: Rectangle, second: Rectangle) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    high = min(first[2], second[2]) - max(first[0], second[0])
    wide = min(first[3], second[3]) - max(first[1], second[1])
    both = max(0.0, high) * max(0.0, wide)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return both / (areas - both)


def _in_image(
    detections: Sequence[Detection], findings: Sequence[Finding], rule: Rule, numbers: tuple[int, int]
) -> list[_Hit]:
    """Match in one image; ``numbers`` are its own and that of its first lesion."""
    image, first = numbers
    near = {id(one): [rule.closeness(one.box, finding) for finding in findings] for one in detections}
    taken: set[int] = set()
    hits = []
    for one in sorted(detections, key=lambda d: (-d.score, -max(near[id(d)], default=0.0), d.box)):
        close = near[id(one)]
        free = [k for k in range(len(findings)) if close[k] >= 0 and k not in taken]
        if free:
            best = max(free, key=lambda k: close[k])
            taken.add(best)
            hits.append(_Hit(one, image, first + best))
        else:
            hits.append(_Hit(one, image, FALSE, any(value >= 0 for value in close)))
    return hits


def _matched(hits: Sequence[_Hit], where: Sequence[int], images: int) -> Matched:
    return Matched(
        np.array([hit.detection.score for hit in hits], np.float64),
        np.array([hit.image for hit in hits], np.int64),
        np.array([hit.lesion for hit in hits], np.int64),
        np.array(where, np.int64),
        images,
    )


def _centre(box: Rectangle) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
