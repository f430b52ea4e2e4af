"""The generators that fill a mask without a checkpoint."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role

EXEMPLAR = "exemplar"
"""Name of the generator that takes windows of real radiographs."""

BUILT_IN: tuple[GeneratorFacts, ...] = (
    GeneratorFacts(
        EXEMPLAR,
        "Exemplar (donor windows)",
        Role.RESTORE,
        stochastic=True,
        words="The window of this or another healthy radiograph that fits best around the hole, bent to it and blended "
        "in; other seeds take the next best.",
    ),
    GeneratorFacts(
        "biharmonic",
        "Biharmonic (classical)",
        Role.RESTORE,
        words="The smoothest surface that meets the surroundings in value and slope (Damelin and Hoang 2018).",
    ),
    GeneratorFacts(
        "telea",
        "Telea (classical)",
        Role.RESTORE,
        words="Fast marching from the boundary inward (Telea 2004), on 8-bit values as OpenCV does it.",
    ),
    GeneratorFacts(
        "navier-stokes",
        "Navier–Stokes (classical)",
        Role.RESTORE,
        words="Isophotes continued as streamlines (Bertalmio et al. 2001), on 8-bit values as OpenCV does it.",
    ),
)
