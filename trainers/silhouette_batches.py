"""Batches of silhouettes of CT nodules, from fresh sides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from cxr_studio.arrays import Plane
from cxr_studio.errors import RecipeError
from cxr_studio.nodules.ct_library import CtNodule, bundled_library, held_out, read_library
from cxr_studio.nodules.ct_silhouettes import SIDE, projected, signed_distance, silhouette
from cxr_studio.nodules.projection import random_rotation
from trainers.batches import ALONE, Batch, Samples, Share
from trainers.recipe import Network, Part, Positive, Recipe

SIDES_KEPT = 4096
"""Projections kept in memory."""

HALF = 0.5


class Silhouettes(Part):
    """Real shapes.

    Attributes:
        library: File of CT nodules (see nodules.ct_library); "" = the bundled one. Nodules of the held-out series
            in it are not learned from.
        epochs_per_side: Epochs after which a nodule is seen from another random side; it is turned in the image plane
            and mirrored at random in each.
        matrix: Side in pixels of the square in which they are drawn, 100 pixels in diameter, before it is brought to
            the network's side: 256 in the paper, whose network draws them at 50 of 128 pixels.
        edge: Width in pixels over which a real mask goes from -1 to 1 at its edge, as a tanh of the signed distance;
            0 = a hard edge, as in the paper.
    """

    library: str = ""
    epochs_per_side: Positive = 1
    matrix: Literal[128, 256] = 128
    edge: Annotated[float, Field(ge=0)] = 0.0


class SilhouetteRecipe(Recipe):
    """What silhouettes are drawn by.

    Attributes:
        epochs: Passes over the training nodules.
    """

    silhouettes: Silhouettes = Silhouettes()
    network: Network
    epochs: Positive


@dataclass(frozen=True)
class Shapes(Batch):
    """One step's shapes.

    Attributes:
        real: Fields of real silhouettes, ``float32 [N, 1, S, S]``, -1 outside to 1 inside.
        latent: Latent vectors for the generator, ``float32 [N, latent]``.
    """

    real: Tensor
    latent: Tensor


def load_nodules(library: str) -> tuple[CtNodule, ...]:
    """Nodules of a library whose series are not held out.

    Raises:
        ReadError: no library.
        RecipeError: it has none to learn from.
    """
    nodules = read_library(Path(library)) if library else bundled_library()
    learned = tuple(nodule for nodule in nodules if not held_out(nodule.series))
    if not learned:
        raise RecipeError("the library has no nodule to learn from", remedy="Set silhouettes.library")
    return learned


class SilhouetteBatches(Samples[Shapes]):
    """Every nodule once an epoch in random order, each from a random side.

    Args:
        nodules: What to learn from.
        recipe: How often the side changes, edge, batch size and seed.
        share: This process's of every batch.
    """

    kind = Shapes

    def __init__(self, nodules: tuple[CtNodule, ...], recipe: SilhouetteRecipe, *, share: Share = ALONE) -> None:
        super().__init__(recipe, share, each_epoch=len(nodules), epochs=recipe.epochs)
        self.nodules = nodules
        self.recipe = recipe
        self.latent = int(recipe.network.parameters.get("latent", 100))
        self.seen = lru_cache(maxsize=SIDES_KEPT)(self._seen)

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> tuple[Plane, Plane]:
        """The field of a silhouette, and a latent vector."""
        epoch, number = self.shuffled(place, len(self.nodules))
        return self._real(number, epoch, rng), rng.standard_normal(self.latent, np.float32)

    def _real(self, number: int, epoch: int, rng: np.random.Generator) -> Plane:
        seen = self.seen(number, epoch // self.recipe.silhouettes.epochs_per_side)
        degrees, mirror = rng.uniform(0, 360), bool(rng.random() < 0.5)
        mask = silhouette(seen, degrees=degrees, mirror=mirror, side=self.recipe.silhouettes.matrix)
        mask = shrunk(mask, SIDE)
        return field_of(mask, self.recipe.silhouettes.edge)

    def _seen(self, number: int, round_: int) -> Plane:
        rng = np.random.default_rng([self.recipe.seed, number, round_, 0x51DE])
        return projected(self.nodules[number], random_rotation(rng))


def shrunk(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """A square mask brought to a smaller side: where at least half of a pixel was covered."""
    if mask.shape[0] == side:
        return mask
    covered = cv2.resize(mask.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(covered >= HALF)


def field_of(mask: NDArray[np.bool_], edge: float) -> Plane:
    """A mask as the discriminator sees it, ``float32`` of its shape, -1 outside to 1 inside; see Silhouettes.edge."""
    if not edge:
        return np.where(mask, np.float32(1), np.float32(-1))
    return np.asarray(np.tanh(2 * signed_distance(mask) / edge), np.float32)
