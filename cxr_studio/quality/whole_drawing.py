"""Whole radiographs drawn by generators of surroundings and of translations, for their judges."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.masks.boxes import Box, cut
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.networks.whole_image import WholeImageNetwork
from cxr_studio.quality.surround_evaluation import Boxed
from cxr_studio.quality.whole_images import Redrawn, unit_image
from cxr_studio.radiographs.radiograph import Radiograph, Stored


@dataclass(frozen=True)
class WholeDrawer:
    """A generator of surroundings or of translations, and where it runs.

    Attributes:
        facts: The generator.
        device: "auto", "cpu", "cuda" or "mps".
    """

    facts: GeneratorFacts
    device: str = "auto"

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that it can be asked for; none for a blind repair."""
        stated = self.facts.card.parameters.get("labels") if self.facts.card else None
        return tuple(str(label) for label in stated) if isinstance(stated, list | tuple) else ()

    def surround(self, case: Boxed, seed: int) -> Redrawn:
        """Draw around a box.

        Raises:
            StudioError: the generator cannot be used, or its answer is not finite.
        """
        started = time.perf_counter()
        network, where = _network(self.facts, self.device)
        side = network.input_side
        grey, inner = squared(unit_image(case.radiograph) * 2 - 1, side)
        inside, _ = squared((~case.around).astype(np.float32), side, around=0.0)
        box = (inside > 0).astype(np.float32)
        answer = _answer(network, where, np.where(box > 0, grey, np.float32(-1)), seed=seed, given=box[None, None])
        stored = _encoded(case.radiograph, _enlarged(answer, inner, case.radiograph.shape))
        stored[cut(case.box)] = case.radiograph.stored[cut(case.box)]
        return Redrawn(stored, time.perf_counter() - started, where)

    def translate(self, radiograph: Radiograph, stored: Stored, seed: int, labels: tuple[str, ...] = ()) -> Redrawn:
        """Give a whole radiograph, and take back what was changed at the radiograph's own resolution.

        Args:
            radiograph: Its grey scale counts.
            stored: The image that is given.
            seed: Of noise.
            labels: Those that are wanted.

        Raises:
            StudioError: the generator cannot be used, or its answer is not finite.
        """
        started = time.perf_counter()
        network, where = _network(self.facts, self.device)
        unit = unit_image(radiograph, stored)
        grey, inner = squared(unit * 2 - 1, network.input_side)
        names = self.labels
        given = np.array([[float(name in labels) for name in names]], np.float32) if names else None
        answer = _answer(network, where, grey, seed=seed, given=given)
        change = _enlarged(answer - grey, inner, radiograph.shape, grey=False)
        return Redrawn(_encoded(radiograph, unit + change), time.perf_counter() - started, where)


def squared(plane: Plane, side: int, *, around: float = -1.0) -> tuple[Plane, Box]:
    """Shrink a whole image to a square, its longer side along it; returns it and where in it the image lies."""
    import cv2

    scale = side / max(plane.shape)
    height, width = (max(1, round(n * scale)) for n in plane.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    top, left = (side - height) // 2, (side - width) // 2
    inner = top, left, top + height, left + width
    whole = np.full((side, side), around, np.float32)
    whole[cut(inner)] = cv2.resize(plane, (width, height), interpolation=how)
    return whole, inner


@lru_cache(maxsize=2)
def _loaded(path: Path, sha256: str, device: str) -> WholeImageNetwork:  # noqa: ARG001
    network = load_network(read_checkpoint(path), device)
    if not isinstance(network, WholeImageNetwork):
        raise CheckpointError("the checkpoint's network draws no whole radiograph", file=path)
    return network


def _network(facts: GeneratorFacts, device: str) -> tuple[WholeImageNetwork, str]:
    if facts.checkpoint is None:
        raise GeneratorError(f"{facts.title} has no network")
    where = choose_device(device)
    return _loaded(facts.checkpoint.path, facts.checkpoint.sha256, where), where


def _answer(network: WholeImageNetwork, device: str, grey: Plane, *, seed: int, given: Plane | None) -> Plane:
    import torch

    image = torch.from_numpy(np.ascontiguousarray(grey))[None, None].to(device)
    other = None if given is None else torch.from_numpy(given).to(device)
    with torch.inference_mode():
        answer = network(image, other, torch.Generator().manual_seed(seed)).float().cpu().numpy()[0, 0]
    if not np.isfinite(answer).all():
        raise GeneratorError("the generator's answer is not finite", remedy="Choose another checkpoint")
    return np.asarray(answer)


def _enlarged(square: Plane, inner: Box, shape: tuple[int, int], *, grey: bool = True) -> Plane:
    """The part of a square that holds the image, at the image's size; grey -1 to 1 becomes 0 to 1."""
    import cv2

    part = np.ascontiguousarray(square[cut(inner)])
    whole = cv2.resize(part, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(whole / 2 + np.float32(0.5 if grey else 0))


def _encoded(radiograph: Radiograph, unit: Plane) -> Stored:
    low, high = radiograph.unit_range
    return radiograph.grey.encode(unit * np.float32(high - low) + np.float32(low), radiograph.stored.dtype)
