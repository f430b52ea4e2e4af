"""How a hole is filled: the options of role "restore"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cxr_studio.generation.request import Request
from cxr_studio.settings import DEFAULT_GENERATOR

Grain = Literal["match", "spectrum", "off"]
VARIATIONS = 16
"""Seeds below this ask "exemplar" for its variations, the best first; any larger one for the best, with other grain."""


@dataclass(frozen=True)
class FillOptions:
    """How a fill is prepared and pasted.

    Attributes:
        generator: Registry name, e.g. "inpainting" or "biharmonic".
        seed: Seed of everything random in the answer (grain, stochastic generators). Of "exemplar", seeds 0 to 15 are
            the variations, the best first, and every larger seed is the best with other grain.
        grain: "match" gives the filled area the finest noise of its surroundings, "spectrum" that of every scale up
            to 8 pixels, "off" pastes the plain output.
        grow: Pixels of the generator's own grid by which the painted mask is grown before the network sees it, 0-16.
        feather: Width in image pixels, inside the mask only, over which the fill fades in, 0-32.
        donors: Folder of the user's own healthy radiographs from which "exemplar" takes donors too, "" for none.
        without: Patient whose radiographs are no donors, "" where nobody's are left out.
    """

    generator: str = DEFAULT_GENERATOR
    seed: int = 0
    grain: Grain = "match"
    grow: int = 1
    feather: int = 3
    donors: str = ""
    without: str = ""


FillRequest = Request[FillOptions]
"""A hole to fill: its region is the painted mask, ``bool [H, W]``."""
