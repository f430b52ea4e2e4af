"""Scores and sample sheets of a detector on held-out radiographs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from cxr_studio.datasets.entries import Entry, Manifest
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.detector import answered, as_input
from cxr_studio.detection.localisation import TOTAL, located
from cxr_studio.detection.matching import match
from cxr_studio.metrics.froc import RATES, areas, image_area, sensitivities
from trainers.listed_radiographs import Boxed
from trainers.sheets import tiled

TRUE_COLOUR, FOUND_COLOUR = (0, 200, 0), (0, 200, 255)
"""Boxes on the sample sheet in blue, green, red: the truth's green, the detector's yellow."""

SHOWN = 0.3
"""Smallest score on the sample sheet."""

COLUMNS = 3

LEAST_RESAMPLES = 2
"""Of patients: nobody reads the interval."""


class HeldOutScenes:
    """Fixed radiographs with drawn nodules, and real ones, of other patients than those that are learned from.

    Args:
        drawn: With drawn nodules, and without.
        real: With real ones.
        shown: How many the sample sheet shows.
    """

    def __init__(self, drawn: Sequence[Boxed], real: Sequence[Boxed], shown: int) -> None:
        self.drawn, self.real = drawn, real
        self.shown = [*real[: shown // 2 if drawn else shown], *drawn][:shown]

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Sensitivity at one false positive an image, CPM, area to 1, and ROC area of images; real ones by themselves.

        With several findings also the share of boxes located (CL@IoU 0.1).

        Boxes of real nodules may be loose and not exhaustive, so their false positives are an upper bound.
        """
        found = _figures(network, device, self.drawn, "val")
        return found | (_figures(network, device, self.real, "real") if self.real else {})

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Radiographs with the true boxes and those that were found."""
        return tiled([_tile(network, device, one) for one in self.shown], COLUMNS)


def _figures(network: nn.Module, device: torch.device, scenes: Sequence[Boxed], name: str) -> dict[str, float]:
    entries, detections = [], []
    for k, scene in enumerate(scenes):
        entries.append(Entry(str(k), scene.patient or str(k), findings=scene.findings))
        detections += [replace(one, file=str(k)) for one in _found(network, device, scene)]
    truth = Manifest(Path(), tuple(entries))
    matched = match(truth, detections).matched
    whole = np.ones((1, matched.images))
    found = sensitivities(matched, whole, RATES)[0]
    figures = {
        f"{name}_sensitivity_at_1": float(found[RATES.index(1.0)]),
        f"{name}_cpm": float(found.mean()),
        f"{name}_froc_area_to_1": float(areas(matched, whole, (1.0,))[0, 0]),
        f"{name}_roc_area": float(image_area(matched, whole)[0]),
    }
    if len({finding.label for entry in entries for finding in entry.findings}) > 1:
        figures[f"{name}_located"] = located(truth, detections, resamples=LEAST_RESAMPLES)[TOTAL].value
    return {key: value for key, value in figures.items() if np.isfinite(value)}


def _found(network: nn.Module, device: torch.device, scene: Boxed) -> list[Detection]:
    return answered(network, as_input(scene.image).to(device))[0]  # type: ignore[arg-type]


def _tile(network: nn.Module, device: torch.device, scene: Boxed) -> NDArray[np.uint8]:
    tile = cv2.cvtColor(scene.image, cv2.COLOR_GRAY2BGR)
    sure = [one.box for one in _found(network, device, scene) if one.score >= SHOWN]
    for box, colour in (*((b, TRUE_COLOUR) for b in scene.boxes), *((b, FOUND_COLOUR) for b in sure)):
        y0, x0, y1, x1 = (round(v) for v in box)
        cv2.rectangle(tile, (x0, y0), (x1, y1), colour, 1)
    return np.asarray(tile, np.uint8)
