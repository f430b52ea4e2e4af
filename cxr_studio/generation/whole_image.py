"""A whole radiograph on a network's square and back: what the roles "surround" and "translate" have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.pool import POOL
from cxr_studio.generation.precision import inference
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import Box, Mask, cut
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.networks.square import place_in_square
from cxr_studio.networks.whole_image import WholeImageNetwork

BLACK = -1.0
"""Grey of what a network does not see."""


@dataclass(frozen=True, eq=False)
class Square:
    """A radiograph on a network's square.

    Attributes:
        grey: ``float32 [S, S]``, -1 to 1, black beside the radiograph.
        inner: Where the radiograph lies.
        shape: The radiograph's height and width.
    """

    grey: NDArray[np.float32]
    inner: Box
    shape: tuple[int, int]

    def covered(self, mask: Mask) -> NDArray[np.float32]:
        """Share of each pixel of the square that a mask of the radiograph covers, ``float32 [S, S]``."""
        return _placed(_shrunk(mask.astype(np.float32), self.inner), self.inner, len(self.grey), beside=0.0)

    def back(self, grey: NDArray[np.float32]) -> NDArray[np.float32]:
        """The radiograph's part of a square ``[S, S]``, enlarged to its pixels, bicubic."""
        import cv2

        height, width = self.shape
        return np.asarray(cv2.resize(grey[cut(self.inner)], (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def square_of(image: ImageView, side: int) -> Square:
    """Shrink a radiograph to a square: its longer side along the square's, in the middle of it."""
    inner = place_in_square(image.shape, side)
    unit = np.clip(image.unit_values(), 0.0, 1.0)
    return Square(_placed(_shrunk(unit * 2 - 1, inner), inner, side, beside=BLACK), inner, image.shape)


def ask_whole(
    checkpoint: Checkpoint,
    device: str,
    grey: NDArray[np.float32],
    given: NDArray[np.float32] | None,
    *,
    seed: int,
) -> NDArray[np.float32]:
    """Ask a whole-image network.

    Args:
        checkpoint: The network.
        device: torch's name of the device.
        grey: What it sees, ``float32 [S, S]``, -1 to 1.
        given: The box ``float32 [1, 1, S, S]``, the labels ``[1, c]``, or None; see ``WholeImageNetwork``.
        seed: Of its noise.

    Returns:
        ``float32 [S, S]``, cut to -1 to 1.

    Raises:
        CheckpointError: the checkpoint draws no whole images, or its weights do not fit.
        GeneratorError: the network's answer is not finite.
    """
    import torch

    network = POOL.take(checkpoint, device, _network)
    image = torch.from_numpy(np.ascontiguousarray(grey)[None, None]).to(device)
    more = None if given is None else torch.from_numpy(np.ascontiguousarray(given)).to(device)
    rng = torch.Generator().manual_seed(seed)
    with inference(device):
        answer = network(image, more, rng)
    drawn = answer.float().cpu().numpy()[0, 0]
    if drawn.shape != grey.shape or not np.isfinite(drawn).all():
        raise GeneratorError("the generator's answer is not finite", remedy="Choose another checkpoint")
    return np.asarray(np.clip(drawn, -1.0, 1.0), np.float32)


def _network(checkpoint: Checkpoint, device: str) -> WholeImageNetwork:
    network = load_network(checkpoint, device)
    if not isinstance(network, WholeImageNetwork):
        what = "the checkpoint's network draws no whole image"
        raise CheckpointError(what, file=checkpoint.path, remedy="Choose another one")
    return network


def _shrunk(image: NDArray[np.float32], inner: Box) -> NDArray[np.float32]:
    import cv2

    rows, columns = inner[2] - inner[0], inner[3] - inner[1]
    how = cv2.INTER_AREA if rows <= image.shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (columns, rows), interpolation=how), np.float32)


def _placed(part: NDArray[np.float32], inner: Box, side: int, *, beside: float) -> NDArray[np.float32]:
    square = np.full((side, side), beside, np.float32)
    square[cut(inner)] = part
    return square
