"""Training batches as a pure function of (seed, step)."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol, Self, TypeVar

import torch
from torch.utils.data import Dataset


class Movable(Protocol):
    """A batch of tensors."""

    def to(self, device: torch.device) -> Self:
        """Move to a device."""


B = TypeVar("B", bound=Movable)


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
        """Make the batch of one step."""
