"""Scores and sample sheets of a network that gives radiographs other labels, on held-out patients."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.arrays import Plane
from cxr_studio.metrics.frechet import Moments, frechet_distance
from cxr_studio.resources import resource
from trainers.held_out import GREYS, answered
from trainers.labelled_images import LabelledImage
from trainers.perceptual import load_features, mean_features
from trainers.sheets import rows_of


class HeldOutLabels:
    """Held-out healthy radiographs that get the first label, and labelled ones that lose theirs.

    Args:
        images: Held-out radiographs of both kinds.
        count: Most of each kind.
        sheet: Columns of a sample sheet.
    """

    def __init__(self, images: list[LabelledImage], *, count: int, sheet: int) -> None:
        self.healthy, self.labelled = (
            [one for one in images if bool(one.labels.any()) is labelled][:count] for labelled in (False, True)
        )
        self.none = np.zeros_like(images[0].labels)
        self.first = self.none.copy()
        self.first[0] = 1
        self.sheet_count = sheet
        self.features = load_features(str(resource("checkpoints", "context-encoder.safetensors")))

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Mean change in greys of 255; what a change there and back leaves of it; Fréchet distances in features of the
        context encoder between labelled radiographs and those that got a label, and the healthy ones that they were."""
        healthy, labelled = _planes(self.healthy), _planes(self.labelled)
        changed = _answers(network, device, healthy, self.first)
        back = _answers(network, device, changed, self.none)
        apart, left = (np.mean(np.abs(np.stack(planes) - np.stack(healthy))) for planes in (changed, back))
        wanted, found, before = (
            Moments.of(mean_features(self.features, planes)) for planes in (labelled, changed, healthy)
        )
        return {
            "val_change_greys": float(GREYS * apart),
            "val_cycle_greys": float(GREYS * left),
            "val_frechet": frechet_distance(found, wanted),
            "val_frechet_before": frechet_distance(before, wanted),
            "val_images": float(len(healthy)),
        }

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Rows: healthy, with the first label, labelled, without."""
        count = min(self.sheet_count, len(self.healthy), len(self.labelled))
        healthy, labelled = _planes(self.healthy[:count]), _planes(self.labelled[:count])
        given, taken = _answers(network, device, healthy, self.first), _answers(network, device, labelled, self.none)
        return rows_of([healthy, given, labelled, taken])


def _planes(images: list[LabelledImage]) -> list[Plane]:
    return [np.asarray(one.image.astype(np.float32) / GREYS - 1) for one in images]


def _answers(network: nn.Module, device: torch.device, planes: list[Plane], labels: NDArray[np.float32]) -> list[Plane]:
    def answer(some: list[Plane]) -> Tensor:
        given = torch.from_numpy(labels).to(device).expand(len(some), -1)
        drawn: Tensor = network(torch.from_numpy(np.stack(some)[:, None]).to(device), given, None)
        return drawn

    return answered(planes, answer)
