"""The generator whose smooth fill another one draws into."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.errors import CheckpointError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints


def base_of(facts: GeneratorFacts) -> Checkpoint | None:
    """The checkpoint whose smooth fill a generator draws into; None where it draws into none.

    Raises:
        CheckpointError: it is not there.
    """
    if facts.card is None or not facts.card.takes_donors:
        return None
    return base_checkpoint(facts.card, None if facts.checkpoint is None else facts.checkpoint.path)


def base_checkpoint(card: Card, path: Path | None = None) -> Checkpoint:
    """The checkpoint that a card names as its base.

    Raises:
        CheckpointError: it is not there, or fills no mask.
    """
    base = find_checkpoints().get(card.base)
    if base is None or base.card.role is not Role.RESTORE:
        raise CheckpointError(
            f"the checkpoint draws into the fill of {card.base!r}, which is not there", file=path, remedy="Add it"
        )
    return base
