"""Features for the Fréchet distance: what the shipped context encoder sees of a crop."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError
from cxr_studio.masks.boxes import Mask
from cxr_studio.metrics.frechet import Moments
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.resources import resource

if TYPE_CHECKING:
    from cxr_studio.networks.compact_context_encoder import CompactContextEncoder

CHECKPOINT = "context-encoder.safetensors"
"""The bundled checkpoint whose encoder gives the features, whatever stands in the user's folder."""

LEVEL = 2
"""Of the encoder, counted from 0: an eighth of the resolution. Finer levels see little but grain."""

CELL = 2 ** (LEVEL + 1)
"""Pixels a side that one feature vector stands for."""

COVERED = 0.5
"""Least share of a vector's pixels that lie in the hole."""


def moments_of(crop: Plane, mask: Mask) -> Moments | None:
    """Moments of the features under a mask, a vector for every 8 × 8 pixels; None where none lies in it.

    The vectors are the activations of the shipped context encoder's third level (96 channels in the shipped one) on
    the crop as it stands, nothing marked as unknown. They are trained on chest radiographs, unlike Inception's, so a
    Fréchet distance on them cannot be compared with published ones, only within one panel.

    Args:
        crop: Unit values ``float32 [h, w]``.
        mask: ``bool [h, w]``.
    """
    height, width = (side - side % CELL for side in crop.shape)
    share = mask[:height, :width].reshape(height // CELL, CELL, width // CELL, CELL).mean(axis=(1, 3))
    inside = share >= COVERED
    if not inside.any():
        return None
    return Moments.of(activations(crop)[: height // CELL, : width // CELL][inside])


def activations(crop: Plane) -> NDArray[np.float32]:
    """Feature vectors of a crop ``float32 [ceil(h / 8), ceil(w / 8), D]``; the edge is mirrored to whole cells."""
    import torch
    from torch.nn import functional as F

    from cxr_studio.networks.compact_context_encoder import LEAST_CONTRAST

    network = _network()
    below, right = (-side % CELL for side in crop.shape)
    values = np.pad(crop, ((0, below), (0, right)), mode="reflect").astype(np.float32)
    with torch.inference_mode():
        image = torch.from_numpy(values)[None, None] * 2 - 1
        image = (image - image.mean()) / (image.std() + LEAST_CONTRAST)
        x = network.stem(F.pixel_unshuffle(torch.cat([image, torch.zeros_like(image)], dim=1), 2))
        x = network.encoder[0](x)
        for level in range(1, LEVEL + 1):
            x = network.encoder[level](network.down[level - 1](x))
    return np.asarray(x[0].permute(1, 2, 0).numpy())


@lru_cache(maxsize=1)
def _network() -> CompactContextEncoder:
    from cxr_studio.networks.compact_context_encoder import CompactContextEncoder

    path = resource("checkpoints", CHECKPOINT)
    network = load_network(read_checkpoint(path))
    if not isinstance(network, CompactContextEncoder):
        raise CheckpointError("the bundled context encoder is of another kind", file=path, remedy="Install again")
    return network
