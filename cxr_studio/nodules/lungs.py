"""Where the lungs are: a segmentation of the whole radiograph, with the whole image as the fallback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError
from cxr_studio.generation.pool import POOL
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints, load_network
from cxr_studio.radiographs.radiograph import Radiograph

if TYPE_CHECKING:
    from torch import Tensor, nn

LUNGS = "lungs"
"""Registry name of the checkpoint."""

SHARES = (0.08, 0.75)
"""Least and largest share of the image that both lungs take; 0.21 to 0.62 in the 68 training masks."""

LEAST_SHARE = 0.02
"""Least share of the image that one lung takes; a smaller region is dropped."""

LARGEST_HOLE = 0.01
"""Largest share of the image that is closed when a lung surrounds it."""


@dataclass(frozen=True, eq=False)
class Lungs:
    """The lungs of a radiograph.

    Attributes:
        mask: ``bool [H, W]``, read-only, True = lung; everywhere True but in padding where none were found.
        found: False where the whole image stands in for the lungs.
        words: A sentence for the user: how much of the image they take, or why none were found.
        parts: Number of regions, 1 or 2 (0 where none were found).
    """

    mask: Mask
    found: bool
    words: str
    parts: int = 0


def lung_mask(radiograph: Radiograph, *, device: str = "cpu", checkpoint: Checkpoint | None = None) -> Lungs:
    """Find the lungs of a frontal radiograph.

    Args:
        radiograph: Of any size; it is shrunk to the network's square.
        device: torch's name of the device.
        checkpoint: A lung network; the registry's by default.

    Returns:
        The two largest regions with small holes closed, or the whole image where there is no lung network or no
        plausible lung.

    Raises:
        CheckpointError: the checkpoint's weights do not fit, or it segments nothing.
    """
    chosen = checkpoint or find_checkpoints().get(LUNGS)
    if chosen is None:
        return _whole(radiograph, "There is no lung network here, so the whole image counts as lung.")
    logits = lung_logits(radiograph, chosen, device=device)
    if not np.isfinite(logits).all():
        return _whole(radiograph, "The lung network's answer is not finite, so the whole image counts as lung.")
    clean, parts = two_lungs(logits)
    mask = _without_padding(_enlarged(clean, radiograph.shape), radiograph)
    share = float(mask.mean())
    if not parts or not SHARES[0] <= share <= SHARES[1]:
        return _whole(radiograph, "No plausible lung was found, so the whole image counts as lung.")
    mask.setflags(write=False)
    lungs = "Both lungs take" if parts == 2 else "One region, taken as the lungs, takes"
    return Lungs(mask, True, f"{lungs} {100 * share:.0f} % of the image.", parts)


def lung_logits(radiograph: Radiograph, checkpoint: Checkpoint, *, device: str = "cpu") -> Plane:
    """Return the network's answer ``float32 [S, S]`` on its own square, above 0 = lung; see ``lung_mask``."""
    import cv2
    import torch

    low, high = radiograph.unit_range
    side = checkpoint.card.input_side
    unit = np.clip((radiograph.pixels - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    small = cv2.resize(unit, (side, side), interpolation=cv2.INTER_AREA)
    image = torch.from_numpy(small[None, None] * 2.0 - 1.0).to(device)
    return asked_twice(POOL.take(checkpoint, device, _network), image)


def asked_twice(network: nn.Module, image: Tensor) -> Plane:
    """Mean of a network's answers ``float32 [S, S]`` to an image ``[1, 1, S, S]`` and to its mirror image."""
    import torch

    with torch.inference_mode():
        answer = network(torch.cat([image, image.flip(-1)]))
    plain, mirrored = answer[:, 0].float().cpu()
    return np.asarray((0.5 * (plain + mirrored.flip(-1))).numpy())


def two_lungs(logits: Plane) -> tuple[Plane, int]:
    """Keep the two largest regions above 0 and close their small holes.

    Args:
        logits: ``float32 [S, S]``.

    Returns:
        Changed logits, and the number of regions kept: 0, 1 or 2.
    """
    import cv2

    _, labels, figures, _ = cv2.connectedComponentsWithStats((logits > 0).astype(np.uint8), connectivity=4)
    areas = figures[1:, cv2.CC_STAT_AREA]
    kept = [int(k) + 1 for k in np.argsort(-areas)[:2] if areas[k] >= LEAST_SHARE * logits.size]
    lungs = np.isin(labels, kept)
    count, labels, figures, _ = cv2.connectedComponentsWithStats((~lungs).astype(np.uint8), connectivity=8)
    small = [k for k in range(1, count) if figures[k, cv2.CC_STAT_AREA] <= LARGEST_HOLE * logits.size]
    border = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    holes = np.isin(labels, sorted(set(small) - {int(k) for k in border}))
    clean = logits.astype(np.float32)
    clean[(logits > 0) & ~lungs] = -1.0
    clean[holes] = 1.0
    return clean, len(kept)


def _enlarged(logits: Plane, shape: tuple[int, int]) -> Mask:
    import cv2

    return np.asarray(cv2.resize(logits, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR) > 0)


def _whole(radiograph: Radiograph, words: str) -> Lungs:
    mask = _without_padding(np.ones(radiograph.shape, bool), radiograph)
    mask.setflags(write=False)
    return Lungs(mask, False, words)


def _without_padding(mask: Mask, radiograph: Radiograph) -> Mask:
    return mask if radiograph.padding is None else np.asarray(mask & ~radiograph.padding)


def _network(checkpoint: Checkpoint, device: str) -> nn.Module:
    import torch

    if checkpoint.card.role is not Role.SEGMENT:
        what = "the checkpoint's network segments nothing"
        raise CheckpointError(what, file=checkpoint.path, remedy="Give a lung network")
    network = load_network(checkpoint, device)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
