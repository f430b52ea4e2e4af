"""Where boxes come from: a checkpoint of role "detect", or a file with another detector's answers. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxr_studio.datasets.listing import is_dicom
from cxr_studio.detection.detector import detectors, find_detector
from cxr_studio.errors import ReadError
from cxr_studio.networks.checkpoint import SUFFIXES, Checkpoint

ANSWERS = (".csv", ".json")
"""Endings of files with answers; DICOM reports are known by what they hold."""

FILTERS = (
    "Detectors and answers (*.safetensors *.onnx *.csv *.json *.dcm *.dicom)",
    "Checkpoints (*.safetensors *.onnx)",
    "Answers as CSV, COCO results or DICOM report (*.csv *.json *.dcm *.dicom)",
    "All files (*)",
)


@dataclass(frozen=True)
class Source:
    """One of them.

    Attributes:
        name: Registry name, or the path of the file.
        title: To show.
        tip: A line of facts.
        checkpoint: The detector; None for a file of answers.
    """

    name: str
    title: str
    tip: str = ""
    checkpoint: Checkpoint | None = None


def installed() -> tuple[Source, ...]:
    """The detectors of the package and of the models folder."""
    return tuple(_of(each, each.card.name) for each in detectors())


def source_at(path: Path) -> Source:
    """A detector or answers in a file.

    Raises:
        StudioError: it is neither.
    """
    if path.suffix.lower() in SUFFIXES:
        return _of(find_detector(str(path)), str(path))
    if path.suffix.lower() in ANSWERS or is_dicom(path):
        return Source(str(path), path.name, f"Answers in {path}")
    remedy = "Choose a checkpoint (.safetensors, .onnx) or answers (.csv, .json, .dcm)"
    raise ReadError("the file holds neither a detector nor its answers", file=path, remedy=remedy)


def _of(checkpoint: Checkpoint, name: str) -> Source:
    return Source(name, checkpoint.card.title, checkpoint.card.data, checkpoint)
