"""Detectors of torchvision on a ResNet-50 with a feature pyramid. torchvision is no part of the program: an extra."""

from __future__ import annotations

import re
from abc import abstractmethod
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

from cxr_studio.datasets.entries import NODULE
from cxr_studio.errors import CheckpointError
from cxr_studio.networks.detector_network import DetectorNetwork, Found

BACKBONE = "resnet50"
TRAINED_LAYERS, ALL_LAYERS = 3, 5
"""Stages of the ResNet that learn, counted from the last: where its weights come from ImageNet, and from scratch."""


class TorchvisionDetector(DetectorNetwork):
    """What Faster R-CNN and RetinaNet have in common. Grey is repeated to three channels and normalised as ImageNet's.

    Args:
        labels: What it finds; the last axis of its classes is in their order.
        pretrained: The ResNet starts from ImageNet's weights: its batch norm is frozen and its first stages stay.
        input_side: Side of the square.

    Raises:
        CheckpointError: torchvision is not installed, or does not fit the installed torch.
    """

    def __init__(
        self, *, labels: tuple[str, ...] = (NODULE,), pretrained: bool = False, input_side: int = 1024
    ) -> None:
        super().__init__(input_side=input_side, labels=labels)
        ops = required("torchvision.ops.misc")
        self.layers = TRAINED_LAYERS if pretrained else ALL_LAYERS
        self.norm = ops.FrozenBatchNorm2d if pretrained else torch.nn.BatchNorm2d
        sides = {"min_size": input_side, "max_size": input_side}
        self.detector = self.made(len(labels) + 1, **sides)

    @abstractmethod
    def made(self, classes: int, **sides: int) -> Any:
        """Make torchvision's detector of so many classes, the background counted."""

    @abstractmethod
    def limit(self, least: float, most: int) -> None:
        """Answer at most so many boxes of at least this score."""

    @property
    def resnet(self) -> torch.nn.Module:
        """The part that ImageNet's weights are for."""
        return self.detector.backbone.body  # type: ignore[no-any-return]

    def forward(self, image: Tensor, boxes: list[Tensor] | None = None, kinds: list[Tensor] | None = None) -> Any:
        """While learning the losses by name, else torchvision's answers.

        Args:
            image: Grey -1 to 1, ``float32 [N, 1, S, S]``.
            boxes: Of every image ``float32 [k, 4]``, ``y0, x0, y1, x1``.
            kinds: Places in ``labels``, ``int64 [k]`` each.
        """
        pictures = list((image / 2 + 0.5).expand(-1, 3, -1, -1))
        if boxes is None or kinds is None:
            return self.detector(pictures)
        truth = [{"boxes": turned(own), "labels": kind + 1} for own, kind in zip(boxes, kinds, strict=True)]
        return self.detector(pictures, truth)

    def found(self, image: Tensor, *, least: float, most: int) -> list[Found]:
        """See ``DetectorNetwork``."""
        self.limit(least, most)
        return [Found(turned(one["boxes"]), one["scores"], one["labels"] - 1) for one in self(image)]


def turned(boxes: Tensor) -> Tensor:
    """Rows before columns, or the other way round, ``[k, 4]``."""
    return boxes[:, [1, 0, 3, 2]]


def required(module: str) -> Any:
    """A module of torchvision.

    Raises:
        CheckpointError: it cannot be imported; the sentence names the version that fits.
    """
    try:
        return import_module(module)
    except (ImportError, RuntimeError) as fault:
        words = (str(fault).splitlines() or [""])[0]
        pair = f"torchvision {fitting(torch.__version__)} fits the installed torch {torch.__version__}"
        remedy = f"Install both in an environment of their own: {pair}"
        raise CheckpointError(f"Faster R-CNN and RetinaNet need torchvision ({words})", remedy=remedy) from fault


def fitting(version: str) -> str:
    """The torchvision that was released with a torch: 0.28.0 with 2.13.0."""
    found = re.match(r"2\.(\d+)\.(\d+)", version)
    return f"0.{int(found[1]) + 15}.{found[2]}" if found else "of the same date"
