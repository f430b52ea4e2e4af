"""Runs a network of role "detect" on a radiograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.datasets.entries import Rectangle
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.matching import iou
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.pool import POOL
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint, is_checkpoint_name
from cxr_studio.networks.registry import checkpoint_at, find_checkpoints, load_network
from cxr_studio.networks.square import Square, square
from cxr_studio.radiographs.radiograph import Radiograph

if TYPE_CHECKING:
    from torch import Tensor

    from cxr_studio.networks.detector_network import DetectorNetwork

LEAST = 0.05
"""Smallest score that is answered; FROC needs low ones too."""

MOST = 50
"""Boxes a radiograph at most."""

SAME = 0.3
"""IoU from which the lower of two boxes is left out (non-maximum suppression)."""


def detectors() -> tuple[Checkpoint, ...]:
    """Every checkpoint of role "detect" that can be found."""
    return tuple(found for found in find_checkpoints().values() if found.card.role is Role.DETECT)


def find_detector(name: str = "") -> Checkpoint:
    """Look up a detector by its registry name or the path of its file; the first one for "".

    Raises:
        GeneratorError: there is none.
        CheckpointError: the file is no checkpoint, or detects nothing.
    """
    if name and is_checkpoint_name(name):
        return _of_role(checkpoint_at(Path(name)))
    known = {found.card.name: found for found in detectors()}
    if name in known:
        return known[name]
    if not known:
        remedy = "Train one (cxr-studio train resources/recipes/detector-compact.toml) or give a checkpoint's file"
        raise GeneratorError("there is no detector in the models folder", remedy=remedy)
    if name:
        raise GeneratorError(f"there is no detector {name!r}", remedy=f"Choose one of {', '.join(known)}")
    return next(iter(known.values()))


def detect(
    radiograph: Radiograph, checkpoint: Checkpoint, *, device: str = "cpu", least: float = LEAST, file: str = ""
) -> tuple[Detection, ...]:
    """Find nodules.

    Args:
        radiograph: Of any size; it is shrunk to the network's square.
        checkpoint: Of role "detect".
        device: torch's name of the device.
        least: Smallest score, 0 to 1.
        file: What the detections call the radiograph.

    Returns:
        Boxes in pixels of the radiograph, cut to it, the surest first.

    Raises:
        CheckpointError: its weights do not fit, or it detects nothing.
    """
    side = checkpoint.card.input_side
    network = POOL.take(_of_role(checkpoint), device, _network)
    place = Square.of(radiograph.shape, side)
    image = as_input(square(radiograph.unit_bytes(), side))
    found = answered(network, image.to(device), least=least)[0]
    cut = [replace(one, file=file, box=_cut(place.outside(one.box), radiograph.shape)) for one in found]
    return tuple(one for one in cut if one.box[2] > one.box[0] and one.box[3] > one.box[1])


def answered(network: DetectorNetwork, images: Tensor, *, least: float = LEAST) -> list[list[Detection]]:
    """What is found in squares ``[N, 1, S, S]``, pixels of the square, the surest first.

    Of boxes of one finding that overlap the surest is kept.
    """
    import torch

    with torch.inference_mode():
        found = network.found(images, least=least, most=4 * MOST)
    answers = []
    for boxes, scores, kinds in found:
        whole = [(float(y0), float(x0), float(y1), float(x1)) for y0, x0, y1, x1 in boxes.cpu().tolist()]
        labels = [network.labels[kind] for kind in kinds.cpu().tolist()]
        every = [Detection("", *one) for one in zip(whole, scores.cpu().tolist(), labels, strict=True)]
        answers.append(apart(every)[:MOST])
    return answers


def apart(detections: Sequence[Detection]) -> list[Detection]:
    """Those that overlap no surer one of their label by ``SAME``, the surest first."""
    kept: list[Detection] = []
    for one in sorted(detections, key=lambda one: -one.score):
        if all(one.label != other.label or iou(one.box, other.box) < SAME for other in kept):
            kept.append(one)
    return kept


def as_input(image: np.ndarray) -> Tensor:
    """A square ``uint8 [S, S]`` as a network of role "detect" sees it, ``float32 [1, 1, S, S]``."""
    import torch

    return torch.from_numpy(image.astype(np.float32) / np.float32(127.5) - 1)[None, None]


def _cut(box: Rectangle, shape: tuple[int, int]) -> Rectangle:
    y0, x0, y1, x1 = box
    return max(0.0, y0), max(0.0, x0), min(float(shape[0]), y1), min(float(shape[1]), x1)


def _of_role(checkpoint: Checkpoint) -> Checkpoint:
    if checkpoint.card.role is not Role.DETECT:
        what = f"the checkpoint is of role {checkpoint.card.role.value} and detects nothing"
        raise CheckpointError(what, file=checkpoint.path, remedy="Give a detector")
    return checkpoint


def _network(checkpoint: Checkpoint, device: str) -> DetectorNetwork:
    """Load a network that finds boxes."""
    import torch

    from cxr_studio.networks.detector_network import DetectorNetwork

    network = load_network(checkpoint, device)
    if not isinstance(network, DetectorNetwork):
        raise CheckpointError("the checkpoint's network finds no boxes", file=checkpoint.path, remedy="Give a detector")
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
