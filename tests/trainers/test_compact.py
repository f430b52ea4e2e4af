"""Compact presets: what two cores can train and a window can run."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from cxr_studio.networks.registry import build
from cxr_studio.resources import resource
from trainers.cards import blank_card, gflop
from trainers.finding import find_system
from trainers.reading import read_recipe

MOST_BYTES, MOST_GFLOP = 16e6, 5.0

BYTES = 2
"""A weight in a shipped file: half precision."""

NAMES = sorted(path.name for path in resource("recipes").glob("*-compact.toml"))
DETECTORS = {"faster-rcnn", "retinanet"}
"""What two cores train in their place is the compact detector, another network."""

NO_GENERATORS = {"detector-compact.toml", "lungs-compact.toml"}
LATENT = {"shape-compact.toml"}
"""Its example hangs on what it learned."""


def test_every_paper_has_a_compact_preset() -> None:
    papers = {path.name.removesuffix("-paper.toml") for path in resource("recipes").glob("*-paper.toml")} - DETECTORS
    assert papers <= {name.removesuffix("-compact.toml") for name in NAMES}


@pytest.mark.parametrize("name", sorted({*NAMES} - NO_GENERATORS - LATENT))
def test_a_compact_preset_is_small_and_cheap(name: str) -> None:
    recipe, text = read_recipe(resource("recipes", name))
    system = find_system(recipe.task).task
    section = getattr(recipe, system.section)
    card = blank_card(recipe, text, section, role=system.role)
    network = build(replace(card, hole_side=getattr(section, "hole_side", 0))).eval()
    task = object.__new__(system)
    task.recipe = recipe
    with torch.no_grad():
        cost = gflop(network, task.example())
    assert 0 < cost <= MOST_GFLOP
    assert BYTES * sum(value.numel() for value in network.state_dict().values()) <= MOST_BYTES
