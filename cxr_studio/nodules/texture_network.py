"""The texture generator's network on its device, and what it answers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.checkpoint import Checkpoint, load_network, read_checkpoint

if TYPE_CHECKING:
    from cxr_studio.networks.gated import InsertNetwork

Plane = NDArray[np.float32]


def answers(checkpoint: Checkpoint, device: str, *, patch: Plane, hole: Mask, contrast: Plane) -> tuple[Plane, Plane]:
    """Ask for healthy lung and for the nodule, together.

    Args:
        checkpoint: A texture generator.
        device: torch's name of the device.
        patch: Grey -1 to 1, ``float32 [S, S]``.
        hole: The silhouette.
        contrast: Grey that the nodule is thought to add.

    Returns:
        Patches without and with the nodule, ``float32 [S, S]``.

    Raises:
        CheckpointError: the checkpoint draws no nodules, or its weights do not fit.
        GeneratorError: the network's answer is not finite.
    """
    drawn = drawn_patches(checkpoint, device, patch[None], hole[None], np.stack([0 * contrast, contrast]))
    return drawn[0], drawn[1]


def drawn_patches(checkpoint: Checkpoint, device: str, patch: Plane, hole: NDArray[np.bool_], contrast: Plane) -> Plane:
    """Draw nodules into patches; every array is ``[N, S, S]`` or ``[1, S, S]``.

    Raises:
        CheckpointError: the checkpoint draws no nodules, or its weights do not fit.
        GeneratorError: the network's answer is not finite.
    """
    import torch

    network = _network(checkpoint.path, checkpoint.sha256, device)
    count = max(len(patch), len(hole), len(contrast))
    parts = [
        torch.from_numpy(np.ascontiguousarray(part, np.float32)[:, None]).expand(count, -1, -1, -1).to(device)
        for part in (patch, hole, contrast)
    ]
    with torch.inference_mode(), torch.autocast(device.split(":")[0], enabled=device.startswith("cuda")):
        _, answer = network(*parts)
    drawn = answer.float().cpu().numpy()[:, 0]
    if not np.isfinite(drawn).all():
        raise GeneratorError("the texture generator's answer is not finite", remedy="Choose another checkpoint")
    return np.asarray(drawn)


@lru_cache(maxsize=2)
def _network(path: Path, sha256: str, device: str) -> InsertNetwork:  # noqa: ARG001
    """Load a network once for every state of its file."""
    import torch

    from cxr_studio.networks.gated import InsertNetwork

    network = load_network(read_checkpoint(path), device)
    if not isinstance(network, InsertNetwork):
        raise CheckpointError("the checkpoint's network draws no nodule", file=path, remedy="Choose another one")
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]
