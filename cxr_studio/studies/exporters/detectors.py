"""Detectors' answers as a JAFROC workbook, a detector a modality, for RJafroc."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from cxr_studio.detection.matching import Matching
from cxr_studio.errors import StatisticsError
from cxr_studio.studies.exporters.jafroc import FROC, Mark, MarkedStudy, write_jafroc

READER = "detector"


def write_detectors(matchings: Mapping[str, Matching], path: Path) -> tuple[Path, Path]:
    """Write detectors on the same radiographs as one reader in as many modalities; lesions of an image weigh alike.

    Returns:
        Paths of the .xlsx and of the table of names behind its numbers.

    Raises:
        StatisticsError: not the same radiographs, or no detector answered anything.
        WriteError: a file cannot be written.
    """
    first = next(iter(matchings.values()))
    if any(one.truth != first.truth for one in matchings.values()):
        raise StatisticsError("the detectors were not run on the same radiographs", remedy="Give one manifest for all")
    lesions = {entry.file: tuple(1 / len(entry.findings) for _ in entry.findings) for entry in first.truth.entries}
    marks = tuple(mark for name, matching in matchings.items() for mark in _marks(name, matching))
    return write_jafroc(MarkedStudy(FROC, lesions, marks), path)


def _marks(name: str, matching: Matching) -> list[Mark]:
    matched, entries = matching.matched, matching.truth.entries
    before = np.concatenate([[0], np.cumsum([len(entry.findings) for entry in entries])])
    return [
        Mark(READER, name, entries[image].file, 0 if lesion < 0 else int(lesion - before[image]) + 1, float(rating))
        for rating, image, lesion in zip(matched.score, matched.image, matched.lesion, strict=True)
    ]
