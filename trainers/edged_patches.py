"""Patches with holes and their edges, for systems that draw edges first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from cxr_studio.networks.edges import canny_edges
from trainers.batches import Sample
from trainers.patches import Holed, Patches


@dataclass(frozen=True)
class Edged(Holed):
    """One step's patches and, beside them, the edges of the true ones.

    Attributes:
        edges: ``float32 [N, 1, S, S]``, 1 on an edge.
    """

    edges: Tensor


class EdgedPatches(Patches):
    """As Patches, with Canny's edges of the true patch."""

    kind: type[Holed] = Edged

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """The true patch, the same with the base fill in the hole, the hole, and the edges."""
        crop, image, hole = super().sample(rng, place)
        return crop, image, hole, canny_edges(crop)
