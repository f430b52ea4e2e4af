"""Shapes of nodules by seed: from the shape generator, or, without one, silhouettes of CT nodules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import CheckpointError
from cxr_studio.generation.pool import POOL
from cxr_studio.masks.boxes import Mask, bounding_box, cut
from cxr_studio.masks.regions import solid
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints, load_network
from cxr_studio.nodules.ct_library import bundled_library
from cxr_studio.nodules.ct_silhouettes import SIDE, random_silhouette, signed_distance
from cxr_studio.nodules.diameter import PATCH_SIDE, modulated
from cxr_studio.nodules.margin import Margin, outlined
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.spiculated import shape_with_spicules
from cxr_studio.nodules.wanted_margin import Found, found_margin

if TYPE_CHECKING:
    from torch import nn

LONGEST_RATIO = 4
"""No shape is longer than so many of its diameters."""

SHAPES = "nodule-shapes"
"""Registry name of the checkpoint."""

SMOOTHING = 0.8
"""Standard deviation in pixels of the Gaussian on a field before its edge is taken: it takes specks of a pixel away."""

ShapeSource = Callable[[Sequence[int]], NDArray[np.bool_]]
"""Seeds to masks ``bool [N, h, w]``: what the shape strip of the window draws from."""


def shape_checkpoint() -> Checkpoint | None:
    """The shape generator that draws, or None where there is none."""
    return find_checkpoints().get(SHAPES)


def draw_shapes(seeds: Sequence[int], *, checkpoint: Checkpoint | None = None) -> NDArray[np.bool_]:
    """Draw shapes; the same seed gives the same shape, whatever it is drawn together with.

    Args:
        seeds: One each, 0 or above.
        checkpoint: A shape generator; the registry's by default, and without one CT silhouettes.

    Returns:
        ``bool [N, 128, 128]``, one region without holes each, about 100 pixels wide.

    Raises:
        CheckpointError: the checkpoint's weights do not fit, or it draws no shapes.
    """
    chosen = checkpoint or shape_checkpoint()
    if chosen is None:
        return ct_shapes(seeds)
    fields = shape_fields(seeds, chosen)
    return np.stack([one_shape(field) for field in fields]) if len(fields) else np.zeros((0, SIDE, SIDE), bool)


def ct_shapes(seeds: Sequence[int]) -> NDArray[np.bool_]:
    """Draw silhouettes of bundled CT nodules from random sides; ``bool [N, 128, 128]``, the same per seed."""
    library = bundled_library()
    drawn = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 0x51])
        drawn.append(random_silhouette(library[int(rng.integers(len(library)))], rng))
    return np.stack(drawn) if drawn else np.zeros((0, SIDE, SIDE), bool)


@lru_cache(maxsize=256)
def shape_at(seed: int, diameter_px: float) -> Mask:
    """A shape brought to a diameter (Shen et al., size modulation), cut to its bounding box; read-only.

    Args:
        seed: Of ``draw_shapes``.
        diameter_px: Mean of the axes of the ellipse with the same second moments, pixels.

    Raises:
        GeneratorError: larger than 256 pixels at that diameter.
    """
    mask = modulated(_drawn_once(seed), diameter_px, side=PATCH_SIDE)
    box = bounding_box(mask)
    shape = mask[cut(box)].copy() if box is not None else mask
    shape.setflags(write=False)
    return shape


def placed_shape(placement: Placement) -> Mask:
    """The generated shape of a placed nodule: its size, turn and mirroring, cut to its bounding box; read-only.

    The seed is the placement's shape seed, or its own where it has none. Mirrored before it is turned (to the left).
    """
    seed = placement.seed if placement.shape_seed is None else placement.shape_seed
    return _turned(seed, placement.diameter, placement.angle, mirror=placement.mirror, margin=placement.margin)


@lru_cache(maxsize=64)
def shape_with(margin: Margin | None, *, seed: int) -> Found[Mask]:
    """The generated shape of a seed; with a margin, the first of those drawn that has it. ``bool [n, n]``."""

    def drawn(tried: int) -> Mask:
        shape = _drawn_once(tried)
        return shape_with_spicules(shape, seed=tried) if margin is Margin.SPICULATED else shape

    return found_margin(drawn, outlined, margin, seed=seed)


@lru_cache(maxsize=64)
def _turned(seed: int, wanted: float, degrees: float, *, mirror: bool, margin: Margin | None) -> Mask:
    import cv2

    start = shape_with(margin, seed=seed).shape
    side = start.shape[0]
    field = signed_distance(start[:, ::-1].copy() if mirror else start)
    matrix = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), degrees, 1.0)
    matrix[:, 2] += side / 2
    turned = cv2.warpAffine(field, matrix, (2 * side, 2 * side), borderValue=float(field.min()))
    large = modulated(solid(turned > 0), wanted, side=max(PATCH_SIDE, ceil(LONGEST_RATIO * wanted)))
    box = bounding_box(large)
    shape = large[cut(box)].copy() if box is not None else large
    shape.setflags(write=False)
    return shape


def latents(seeds: Sequence[int], length: int) -> NDArray[np.float32]:
    """Latent vectors from N(0, 1), ``float32 [N, length]``, the same per seed on every machine."""
    drawn = [np.random.default_rng([seed, 0x5A]).standard_normal(length, np.float32) for seed in seeds]
    return np.stack(drawn) if drawn else np.zeros((0, length), np.float32)


def shape_fields(seeds: Sequence[int], checkpoint: Checkpoint) -> NDArray[np.float32]:
    """Return the network's smoothed fields ``float32 [N, 128, 128]``, above 0 inside; see ``draw_shapes``.

    Each is computed by itself, so that its rounding does not depend on the others.
    """
    import torch

    network = POOL.take(checkpoint, "cpu", _network)
    vectors = torch.from_numpy(latents(seeds, int(checkpoint.card.parameters.get("latent", 100))))
    with torch.inference_mode():
        fields = [smooth(network(vector[None])[0, 0].numpy()) for vector in vectors]
    side = checkpoint.card.input_side
    return np.stack(fields) if fields else np.zeros((0, side, side), np.float32)


def smooth(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """A field of the network, ready for its edge to be taken; ``float32`` of its shape."""
    import cv2

    return np.asarray(cv2.GaussianBlur(field, (0, 0), SMOOTHING))


def one_shape(field: NDArray[np.float32]) -> Mask:
    """The largest region above zero; above the mean where next to nothing is above zero."""
    mask = solid(field > 0)
    return mask if mask.mean() > 0.01 else solid(field > field.mean())


@lru_cache(maxsize=256)
def _drawn_once(seed: int) -> Mask:
    shape: Mask = draw_shapes([seed])[0]
    shape.setflags(write=False)
    return shape


def _network(checkpoint: Checkpoint, device: str) -> nn.Module:
    if checkpoint.card.role is not Role.SHAPE:
        what = "the checkpoint's network draws no shapes"
        raise CheckpointError(what, file=checkpoint.path, remedy="Give a shape generator")
    return load_network(checkpoint, device)
