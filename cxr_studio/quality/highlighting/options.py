"""How a radiograph is searched, and where a hot spot begins."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.quality.highlighting.map import Kind

THRESHOLDS: dict[Kind, float] = {"absolute": 0.05, "signed": 0.04, "z": 2.5, "focal": 7.0}
"""Shares of the window, and standard deviations; above the last there are one or two spots in a healthy radiograph."""

SAMPLES = 4
"""Fills of every hole by a generator whose seeds give different anatomy."""


@dataclass(frozen=True)
class HighlightOptions:
    """How a radiograph is searched.

    Attributes:
        generator: Registry name of a generator whose role is to restore, or a checkpoint file.
        normalise: Make the z-map too, where the generator's differences in healthy lungs are known.
        limit_to_lungs: Search the lungs alone, where they are found.
        scales: By how much the generator's grid is shrunk, finest first, so that its holes grow; () takes what suits
            the generator's card.
        samples: Fills of every hole, by seeds; what differs between them counts less. 0 takes one of a generator that
            always answers alike, SAMPLES of one whose seeds give different anatomy.
    """

    generator: str = "context-encoder"
    normalise: bool = True
    limit_to_lungs: bool = True
    scales: tuple[int, ...] = ()
    samples: int = 0


DEFAULT = HighlightOptions()


def default_threshold(kind: Kind) -> float:
    """Where a hot spot begins, in the units of that map."""
    return THRESHOLDS[kind]
