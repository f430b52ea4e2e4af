"""Training batches as a pure function of (seed, step): nothing to save, nothing to skip when resuming."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from trainers.recipe import Recipe

ORDER = 0x10
"""Names the random stream of an epoch's order."""


@dataclass(frozen=True)
class Batch:
    """Tensors of one step, the samples along the first axis; a system's own is a frozen dataclass that names them."""

    def to(self, device: torch.device) -> Self:
        """Move to a device."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        moved: dict[str, Any] = {name: v.to(device) for name, v in values.items() if isinstance(v, Tensor)}
        return replace(self, **moved)


@dataclass(frozen=True)
class Share:
    """One process among ``world``, each of which takes an equal share of every batch."""

    rank: int = 0
    world: int = 1

    def of(self, batch: int) -> range:
        """Places of this process's samples in a batch of all processes."""
        return range(self.rank, batch, self.world)


ALONE = Share()

B = TypeVar("B", bound=Batch)

Sample = tuple[NDArray[np.float32], ...]
"""Arrays of one sample, in the order of its batch's fields; planes are ``[H, W]``."""


class Batches(Dataset[B]):
    """Item k is the batch of step k; its length is the whole training's."""

    @property
    @abstractmethod
    def steps_per_epoch(self) -> int:
        """Steps in one pass over the images."""

    @abstractmethod
    def __len__(self) -> int:
        """Steps of the whole training."""

    @abstractmethod
    def __getitem__(self, step: int) -> B:
        """Make this process's share of the batch of one step."""


class Samples(Batches[B], Generic[B]):
    """Batches whose samples are drawn one by one, each from a random stream of its own, whichever process draws it.

    A system says how a sample is drawn (``sample``) and names the class of its batches (``kind``).

    Args:
        recipe: Gives the seed and the batch size.
        share: This process's.
        each_epoch: Samples in an epoch.
        epochs: Length of the training.

    Attributes:
        kind: Class of the batches.
    """

    kind: type[B]

    def __init__(self, recipe: Recipe, share: Share, *, each_epoch: int, epochs: float) -> None:
        self._seed, self._size, self._share = recipe.seed, recipe.run.batch, share
        self._per_epoch = max(1, each_epoch // self._size)
        self._steps = max(1, round(epochs * self._per_epoch))

    @property
    def steps_per_epoch(self) -> int:
        """Steps in one pass over the images."""
        return self._per_epoch

    def __len__(self) -> int:
        """Steps of the whole training."""
        return self._steps

    def __getitem__(self, step: int) -> B:
        """Make this process's share of the batch of one step."""
        places = self._share.of(self._size)
        return self.kind(*stacked(self.sample(np.random.default_rng([self._seed, step, k]), (step, k)) for k in places))

    @abstractmethod
    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """Draw one sample; ``place`` is its step and its place in the batch of all processes."""

    def shuffled(self, place: tuple[int, int], count: int) -> tuple[int, int]:
        """Epoch, and which of ``count`` things comes at a place, where an epoch takes each once in random order."""
        epoch, within = divmod(place[0], self._per_epoch)
        order = np.random.default_rng([self._seed, epoch, ORDER]).permutation(count)
        return epoch, int(order[(within * self._size + place[1]) % count])


def stacked(samples: Iterable[Sample]) -> list[Tensor]:
    """Stack samples part by part; planes ``[H, W]`` become ``[N, 1, H, W]``, other arrays keep their axes."""
    parts = [np.stack(part) for part in zip(*samples, strict=True)]
    return [torch.from_numpy(part[:, None] if part.ndim == 3 else part) for part in parts]
