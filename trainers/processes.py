"""Several processes that train together: where they were started, and what they have in common."""

from __future__ import annotations

import os

import torch
from torch import Tensor, distributed

from cxr_studio.errors import RecipeError
from trainers.recipe import Recipe


def started_here() -> int:
    """How many processes ``torchrun`` has started on this machine; 0 without it."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "0"))


def machines() -> int:
    """How many machines ``torchrun`` has started processes on; 1 without it."""
    here = started_here()
    return int(os.environ["WORLD_SIZE"]) // here if here else 1


def check_shares(recipe: Recipe, world: int) -> None:
    """Refuse a batch that cannot be shared equally: the mean over processes would not be that over its samples.

    Raises:
        RecipeError: the sentence names both numbers.
    """
    if recipe.run.batch % world:
        raise RecipeError(
            f"the {recipe.run.batch} samples of run.batch cannot be shared equally by {world} processes",
            remedy="Change run.batch or the number of processes",
        )


def mean_over_all(value: Tensor) -> Tensor:
    """Mean of a scalar over all processes, detached; every process must ask for it. Alone, the value itself.

    By this a weighted mean is divided, so that the mean of every process's loss is that of the whole batch.
    """
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() == 1:
        return value
    total = value.detach().clone()
    distributed.all_reduce(total)
    return total / distributed.get_world_size()


def own_stream(seed: int, rank: int, step: int) -> None:
    """Give another process than the first a stream of random numbers of its own, the same whenever it is resumed."""
    if rank:
        torch.manual_seed(hash((seed, rank, step)) % 2**62)
