"""Detections as steps: a detector looks at the radiographs of a manifest."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.datasets.entries import Manifest
from cxr_studio.detection.detections import Detection, read_detections, write_csv
from cxr_studio.detection.detector import detect, find_detector
from cxr_studio.experiments.steps import Doing
from cxr_studio.generation.devices import choose_device
from cxr_studio.radiographs.reading import read_radiograph

FOUND = "detections.csv"


def look(detector: str, manifest: Manifest, doing: Doing, *, least: float, device: str) -> None:
    """Detect in every radiograph and write ``FOUND``.

    Args:
        detector: Name or file.
        manifest: The radiographs.
        doing: The step.
        least: Smallest score that is kept.
        device: Where it runs.
    """
    own, chosen = find_detector(detector), choose_device(device)
    found: list[Detection] = []
    for number, entry in enumerate(manifest.entries):
        doing.cancel.raise_if_cancelled()
        radiograph = read_radiograph(manifest.path(entry))
        found += detect(radiograph, own, device=chosen, least=least, file=entry.file)
        doing.progress((number + 1) / len(manifest.entries), "")
    write_csv(found, doing.folder / FOUND)


def answers(folder: Path, asked: Manifest, wanted: Manifest | None = None) -> list[Detection]:
    """What a step has found.

    Args:
        folder: The step's.
        asked: The radiographs that it looked at.
        wanted: Those that count; all by default.
    """
    files = {entry.file for entry in (wanted or asked).entries}
    return [one for one in read_detections(folder / FOUND, asked) if one.file in files]
