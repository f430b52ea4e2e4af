"""The ways in which nodules can be drawn: each generator, with the lung behind it where a network can draw that too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.nodules.placement import Background, Placement

KEPT = "A generated nodule, added to the radiograph's own ribs, vessels and noise"
DRAWN = "The lung behind it is redrawn too; experimental until it looks as good as the radiograph's own"


@dataclass(frozen=True)
class Way:
    """One of them.

    Attributes:
        title: Name to show.
        generator: Registry name.
        background: What stands behind the nodule.
        words: A line of explanation.
    """

    title: str
    generator: str
    background: Background
    words: str

    def draws(self, placement: Placement) -> bool:
        """True for a nodule of this way; the background counts for networks alone."""
        return (placement.generator, placement.background) == (self.generator, self.background)


def ways(generators: Iterable[GeneratorFacts]) -> tuple[Way, ...]:
    """The ways of generators of role "insert", in their order."""
    found = []
    for facts in generators:
        if facts.checkpoint is None:
            found.append(Way(facts.title, facts.name, "kept", facts.words))
        else:
            found.append(Way(f"{facts.title}, own lung", facts.name, "kept", KEPT))
            found.append(Way(f"{facts.title}, all drawn (experimental)", facts.name, "drawn", DRAWN))
    return tuple(found)


def way_index(found: tuple[Way, ...], placement: Placement) -> int:
    """Which of them draws a nodule; -1 where its generator is not here any more."""
    same = [k for k, way in enumerate(found) if way.draws(placement)]
    return same[0] if same else next((k for k, way in enumerate(found) if way.generator == placement.generator), -1)
