"""Whether the networks of a recipe can be built, seen before the images are loaded."""

from __future__ import annotations

from dataclasses import replace

import torch

from cxr_studio.errors import CheckpointError, RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.registry import build
from trainers.cards import blank_card
from trainers.recipe import Network, Recipe


def check_networks(recipe: Recipe) -> None:
    """Build every network of a recipe once, without memory for its weights; takes nothing from torch's random stream.

    Raises:
        RecipeError: names the section whose network cannot be built.
    """
    for name, section in recipe:
        if isinstance(section, Network):
            card = blank_card(recipe, "", section, role=Role.RESTORE)
            try:
                with torch.random.fork_rng(devices=[]), torch.device("meta"):
                    build(replace(card, hole_side=getattr(section, "hole_side", card.hole_side)))
            except NotImplementedError:
                continue  # a network whose making needs values is seen when the task builds it
            except (CheckpointError, RuntimeError, LookupError, ArithmeticError, AssertionError) as fault:
                what = fault.what if isinstance(fault, CheckpointError) else str(fault)
                remedy = (fault.remedy if isinstance(fault, CheckpointError) else "") or "Fix it and try again"
                raise RecipeError(f"the recipe has a fault: {name}: {what}", remedy=remedy) from fault
