"""Which generators there are: the built-in classical fills, and every checkpoint found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.errors import GeneratorError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint, is_checkpoint_name
from cxr_studio.networks.registry import checkpoint_at, find_checkpoints
from cxr_studio.settings import DEFAULT_GENERATOR


@dataclass(frozen=True)
class GeneratorFacts:
    """What the window and the command line say about a generator.

    Attributes:
        name: Registry name.
        title: Name to show.
        role: What it does with a mask.
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


REPAIRER = "inpainter"
"""Architecture that takes a donor as a hint."""

WITH_DONOR = "-donors"
"""What the name of a checkpoint ends with where it is given a donor."""

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


def available() -> tuple[GeneratorFacts, ...]:
    """Return every generator that fills a mask: the default one first, then trained ones; reads cards only."""
    found = (facts for facts in known() if facts.role is Role.RESTORE)
    return tuple(sorted(found, key=lambda facts: facts.name != DEFAULT_GENERATOR))


def known() -> tuple[GeneratorFacts, ...]:
    """Return what every checkpoint and every built-in generator is, those that fill no mask too."""
    trained = (facts_of(name, checkpoint) for name, checkpoint in find_checkpoints().items())
    return (*(form for facts in trained for form in _forms(facts)), *BUILT_IN)


def _forms(facts: GeneratorFacts) -> tuple[GeneratorFacts, ...]:
    """A checkpoint as generators: a network that can repair a donor is offered with and without one."""
    if facts.card is None or facts.card.architecture != REPAIRER:
        return (facts,)
    words = "The exemplar generator's donor window, repaired by the network where it does not belong."
    repaired = replace(
        facts, name=facts.name + WITH_DONOR, title=f"{facts.title}, with donors", words=words, donors=True
    )
    return facts, repaired


def varied_by(facts: GeneratorFacts, among: tuple[GeneratorFacts, ...]) -> GeneratorFacts:
    """The generator that draws variations of another one's fill.

    A network's own seeds change grain and fine vessels; with another donor in the hole it draws other anatomy.
    """
    repairing = (one for one in among if one.donors and one.checkpoint == facts.checkpoint)
    return next(repairing, facts) if facts.checkpoint else facts


def facts_of(name: str, checkpoint: Checkpoint) -> GeneratorFacts:
    """What a checkpoint's card says."""
    card = checkpoint.card
    return GeneratorFacts(name, card.title, card.role, card, card.stochastic, card.data, checkpoint)


def find(name: str) -> GeneratorFacts:
    """Look up a generator by its registry name, or by the path of a checkpoint file (``runs/.../step-1.safetensors``).

    Raises:
        GeneratorError: there is none of that name that fills a mask; lists those there are.
        CheckpointError: the file is no checkpoint.
    """
    offered = available()
    facts = facts_of(name, checkpoint_at(Path(name))) if is_checkpoint_name(name) else _named(name, offered)
    if facts.role is not Role.RESTORE:
        raise GeneratorError(f"{facts.title} fills no mask (its role is {facts.role.value})", remedy=_choice(offered))
    return facts


def look_up(name: str) -> GeneratorFacts:
    """Like ``find``, but whatever the checkpoint's role."""
    return facts_of(name, checkpoint_at(Path(name))) if is_checkpoint_name(name) else _named(name, known())


def _named(name: str, among: tuple[GeneratorFacts, ...]) -> GeneratorFacts:
    for facts in among:
        if facts.name == name:
            return facts
    raise GeneratorError(f"there is no generator {name!r}", remedy=_choice(among))


def _choice(among: tuple[GeneratorFacts, ...]) -> str:
    return f"Choose one of {', '.join(facts.name for facts in among)}"
