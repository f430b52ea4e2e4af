"""The options of role "surround"."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.generation.request import Request


@dataclass(frozen=True)
class SurroundOptions:
    """What draws the surroundings.

    Attributes:
        generator: Registry name.
        seed: Another seed draws other surroundings where the generator is stochastic.
    """

    generator: str
    seed: int = 0


SurroundRequest = Request[SurroundOptions]
"""Surroundings to draw: its region is the box that stays."""
