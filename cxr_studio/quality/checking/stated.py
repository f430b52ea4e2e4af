"""Whether a generator scores as its card says."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.registry import ships
from cxr_studio.quality.checking.finding import Finding

NAME = "scores as its card says"


def as_stated(facts: GeneratorFacts, measured: float, tolerance: float, *, score: str, shown: str) -> Finding:
    """Compare a figure with the card's; only what ships has to have one.

    Args:
        facts: The generator.
        measured: The figure.
        tolerance: By how much it may differ.
        score: Its name on the card.
        shown: The figure's format, a space, its unit and what it was measured on: "{:.3f} dB on the bundled samples".
    """
    stated = None if facts.card is None else facts.card.scores.get(score)
    words = f"{shown.format(measured)}, the card says "
    if stated is None:
        return Finding(NAME, not ships(facts.checkpoint), f"{words}nothing")
    return Finding(NAME, abs(measured - stated) <= tolerance, words + shown.split(" ")[0].format(stated))
