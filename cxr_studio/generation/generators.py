"""What is known of a generator: a checkpoint with its card, or one that is built in."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint


@dataclass(frozen=True)
class GeneratorFacts:
    """What the window and the command line say about a generator.

    Attributes:
        name: Registry name.
        title: Name to show.
        role: What it does.
        card: Its card, or None for a built-in one.
        stochastic: True when another seed gives other anatomy.
        words: One sentence on what it is.
        checkpoint: Its checkpoint, or None for a built-in one.
        donors: True when it is given the donor window that the exemplar generator finds.
    """

    name: str
    title: str
    role: Role
    card: Card | None = None
    stochastic: bool = False
    words: str = ""
    checkpoint: Checkpoint | None = None
    donors: bool = False


def facts_of(name: str, checkpoint: Checkpoint) -> GeneratorFacts:
    """What a checkpoint's card says."""
    card = checkpoint.card
    return GeneratorFacts(name, card.title, card.role, card, card.stochastic, card.data, checkpoint)


def varied_by(facts: GeneratorFacts, among: tuple[GeneratorFacts, ...]) -> GeneratorFacts:
    """The generator that draws variations of another one's fill.

    A network's own seeds change grain and fine vessels; with another donor in the hole it draws other anatomy.
    """
    repairing = (one for one in among if one.donors and one.checkpoint == facts.checkpoint)
    return next(repairing, facts) if facts.checkpoint else facts
