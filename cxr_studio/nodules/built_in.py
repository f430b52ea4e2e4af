"""The generators that draw a nodule without a checkpoint."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role

SUPERPOSITION = "ct-superposition"
"""Name of the generator that adds nodules from CT."""

BUILT_IN: tuple[GeneratorFacts, ...] = (
    GeneratorFacts(
        SUPERPOSITION,
        "CT superposition",
        Role.INSERT,
        stochastic=True,
        words="A real nodule from CT, projected and added (Litjens et al. 2010).",
    ),
)
