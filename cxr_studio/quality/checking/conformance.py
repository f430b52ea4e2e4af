"""Whether a model that was not written here keeps the contract of ``docs/adding-a-generator.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource

if TYPE_CHECKING:
    from torch import Tensor, nn

SAMPLES = ("healthy-1.png", "healthy-2.png")

BEYOND = 0.5
"""How far an answer may leave the range -1 to 1 of the grey scale."""

LEAST_CONTRAST = 0.005
"""Least spread of an answer's grey, as a share of the range: a smaller one is that of a wrong ``output_range``."""

ALIKE = 1e-3
"""Largest difference of an image's answer alone and beside another, on -1 to 1: other batches round differently."""

Grey = NDArray[np.float32]


def conformance(checkpoint: Checkpoint) -> list[Finding]:
    """Ask a model a few times and look at its answers; the first fault that stops it is the last finding.

    Args:
        checkpoint: An ONNX file with its card.
    """
    try:
        network = load_network(checkpoint)
        findings = [Finding("model as its card says", True, "inputs, output and sizes agree")]
        inputs = _inputs(checkpoint.card, _labels(network))
        first, again = _answer(network, inputs), _answer(network, inputs)
        alone = _answer(network, [part[:1] for part in inputs])
    except StudioError as fault:
        return [Finding("model as its card says", False, str(fault))]
    if not np.isfinite(first).all():
        return [
            *findings,
            Finding("finite", False, "its answer to a bundled radiograph has values that are not numbers"),
        ]
    return [
        *findings,
        Finding("finite", True, "every value of its answer is a number"),
        _range(first),
        _contrast(first),
        _same("same seed, same pixels", np.abs(first - again).max(), 0.0, "twice the same image"),
        _same("one image at a time", np.abs(first[:1] - alone).max(), ALIKE, "an image alone and beside another"),
    ]


def _range(answer: Grey) -> Finding:
    low, high = float(answer.min()), float(answer.max())
    fits = low >= -1 - BEYOND and high <= 1 + BEYOND
    words = f"{_share(low)} to {_share(high)}, where the card's output_range is 0 % to 100 %"
    return Finding("answer in its range", fits, words if fits else f"{words}: correct output_range")


def _contrast(answer: Grey) -> Finding:
    low, high = np.percentile(answer, (1, 99))
    share = float(high - low) / 2
    words = f"grey spreads over {share:.1%} of output_range"
    fits = share >= LEAST_CONTRAST
    return Finding("answer has contrast", fits, words if fits else f"{words}: correct output_range")


def _same(name: str, difference: float, most: float, what: str) -> Finding:
    words = f"{what}: answers differ by {difference / 2:.2%} of the grey scale at most"
    return Finding(name, bool(difference <= most), words if difference else f"{what}: the same answer")


def _share(value: float) -> str:
    return f"{50 * (value + 1):.0f} %"


def _answer(network: nn.Module, inputs: list[Tensor]) -> Grey:
    import torch

    with torch.inference_mode():
        answer = network(*inputs)
    last = answer[-1] if isinstance(answer, tuple) else answer
    return np.asarray(last.float().numpy())


def _labels(network: nn.Module) -> int:
    """Labels that a model is given."""
    from cxr_studio.networks.onnx_model import OnnxWhole

    return network.model.label_count if isinstance(network, OnnxWhole) else 0


def _inputs(card: Card, labels: int) -> list[Tensor]:
    """What a network of the card's role is asked on two bundled radiographs."""
    import torch

    side = card.input_side
    images = torch.from_numpy(np.stack([_crop(name, side) for name in SAMPLES])[:, None])
    middle = torch.zeros_like(images)
    edge = (side - (card.hole_side or side // 4)) // 2
    middle[..., edge : side - edge, edge : side - edge] = 1
    if card.role is Role.RESTORE:
        return [torch.where(middle > 0, 0.0, images), middle]
    if card.role is Role.INSERT:
        return [images, middle, 0.2 * middle]
    if card.role is Role.SURROUND:
        return [torch.where(middle > 0, images, -1.0), middle]
    return [images, torch.ones(len(images), labels)] if labels else [images]


def _crop(name: str, side: int) -> Grey:
    """The middle of a bundled radiograph, grey -1 to 1, mirrored where it is smaller."""
    radiograph = read_radiograph(resource("samples", name))
    low, high = radiograph.unit_range
    height, width = radiograph.shape
    top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
    part = radiograph.stored[cut((top, left, min(height, top + side), min(width, left + side)))]
    grey = (radiograph.grey.decode(part) - low) / (high - low) * 2 - 1
    below, right = side - grey.shape[0], side - grey.shape[1]
    return np.pad(grey, ((0, below), (0, right)), mode="symmetric").astype(np.float32)
