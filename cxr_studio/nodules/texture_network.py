"""The texture generator's network on its device, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.pool import POOL
from cxr_studio.generation.precision import inference
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.nodules.diameter import diameter

if TYPE_CHECKING:
    from cxr_studio.networks.gated import InsertNetwork

SOFTNESS = 0.8, 0.02
"""Standard deviation in pixels of the Gaussian on what a nodule adds, and its growth by pixel of diameter. Of ten tried
on 96 simulated nodules it came near the least error with an edge as sharp as theirs; without it an edge shows."""


def answers(checkpoint: Checkpoint, device: str, *, patch: Plane, hole: Mask, contrast: Plane) -> tuple[Plane, Plane]:
    """Ask for healthy lung and for the nodule; see ``both_patches``, for one patch ``[S, S]``."""
    healthy, nodule = both_patches(checkpoint, device, patch[None], hole[None], contrast[None])
    return healthy[0], nodule[0]


def both_patches(
    checkpoint: Checkpoint, device: str, patch: Plane, hole: NDArray[np.bool_], contrast: Plane
) -> tuple[Plane, Plane]:
    """Ask for healthy lung and for nodules, whose edges are then as soft as those of projected nodules.

    Args:
        checkpoint: A texture generator.
        device: torch's name of the device.
        patch: Grey -1 to 1, ``float32 [N, S, S]``.
        hole: The silhouettes, ``bool [N, S, S]``.
        contrast: Grey that the nodules are thought to add.

    Returns:
        Patches without and with the nodules, ``float32 [N, S, S]``.

    Raises:
        CheckpointError: the checkpoint draws no nodules, or its weights do not fit.
        GeneratorError: the network's answer is not finite.
    """
    twice = [np.concatenate([part, part]) for part in (patch, hole)]
    drawn = drawn_patches(checkpoint, device, twice[0], twice[1], np.concatenate([0 * contrast, contrast]))
    healthy, nodule = drawn[: len(patch)], drawn[len(patch) :]
    soft = [softened(n - h, diameter(m)) for n, h, m in zip(nodule, healthy, hole, strict=True)]
    return healthy, healthy + np.stack(soft)


def softened(added: Plane, wide: float) -> Plane:
    """Smooth what a nodule of a diameter in pixels adds, by ``SOFTNESS``."""
    import cv2

    return np.asarray(cv2.GaussianBlur(added, (0, 0), SOFTNESS[0] + SOFTNESS[1] * wide))


def drawn_patches(checkpoint: Checkpoint, device: str, patch: Plane, hole: NDArray[np.bool_], contrast: Plane) -> Plane:
    """Draw nodules into patches; every array is ``[N, S, S]`` or ``[1, S, S]``.

    Raises:
        CheckpointError: the checkpoint draws no nodules, or its weights do not fit.
        GeneratorError: the network's answer is not finite.
    """
    import torch

    network = POOL.take(checkpoint, device, _network)
    count = max(len(patch), len(hole), len(contrast))
    parts = [
        torch.from_numpy(np.ascontiguousarray(part, np.float32)[:, None]).expand(count, -1, -1, -1).to(device)
        for part in (patch, hole, contrast)
    ]
    with inference(device):
        _, answer = network(*parts)
    drawn = answer.float().cpu().numpy()[:, 0]
    if not np.isfinite(drawn).all():
        raise GeneratorError("the texture generator's answer is not finite", remedy="Choose another checkpoint")
    return np.asarray(drawn)


def rehearse(checkpoint: Checkpoint, device: str) -> None:
    """Load a network and let it draw nothing once.

    Raises:
        CheckpointError: the checkpoint draws no nodules, or its weights do not fit.
    """
    blank = np.zeros((1, checkpoint.card.input_side, checkpoint.card.input_side), np.float32)
    drawn_patches(checkpoint, device, blank, blank > 0, blank)


def _network(checkpoint: Checkpoint, device: str) -> InsertNetwork:
    import torch

    from cxr_studio.networks.gated import InsertNetwork

    network = load_network(checkpoint, device)
    if not isinstance(network, InsertNetwork):
        what = "the checkpoint's network draws no nodule"
        raise CheckpointError(what, file=checkpoint.path, remedy="Choose another one")
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]
