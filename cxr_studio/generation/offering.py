"""Which generators a role has: its built-in ones, and every checkpoint that is found."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.generators import GeneratorFacts, facts_of
from cxr_studio.generation.roles import RoleRules
from cxr_studio.networks.checkpoint import Checkpoint, is_checkpoint_name
from cxr_studio.networks.registry import checkpoint_at, find_checkpoints, unreadable_checkpoints


def offered(rules: RoleRules) -> tuple[GeneratorFacts, ...]:
    """Return the generators of a role, its default first, then trained ones; reads cards only."""
    trained = (form for checkpoint in find_checkpoints().values() for form in _forms(checkpoint, rules))
    return tuple(sorted((*trained, *rules.built_in), key=lambda facts: facts.name != rules.default))


def refused(rules: RoleRules) -> list[CheckpointError]:
    """Why checkpoints of the role are not offered, a sentence each."""
    faults = []
    for checkpoint in find_checkpoints().values():
        if checkpoint.card.role is rules.role:
            try:
                rules.forms(facts_of(checkpoint.card.name, checkpoint))
            except CheckpointError as fault:
                faults.append(_about(fault, checkpoint))
    return faults


def find(name: str, rules: RoleRules) -> GeneratorFacts:
    """Look up a generator by its registry name, or by the path of a checkpoint file (``runs/.../step-1.safetensors``).

    Raises:
        GeneratorError: there is none of that name and role; says what there is.
        CheckpointError: the file is no checkpoint, or cannot be offered.
    """
    if is_checkpoint_name(name):
        return _in_file(name, rules)
    for facts in offered(rules):
        if facts.name == name:
            return facts
    raise _not_there(name, rules)


def _in_file(name: str, rules: RoleRules) -> GeneratorFacts:
    checkpoint = checkpoint_at(Path(name))
    if checkpoint.card.role is not rules.role:
        raise _of_another_role(Path(name).name, checkpoint, rules)
    try:
        return rules.forms(facts_of(name, checkpoint))[0]
    except CheckpointError as fault:
        raise _about(fault, checkpoint) from fault


def _forms(checkpoint: Checkpoint, rules: RoleRules) -> tuple[GeneratorFacts, ...]:
    """A checkpoint as generators of a role; none where it is of another role or cannot be offered."""
    if checkpoint.card.role is not rules.role:
        return ()
    try:
        return rules.forms(facts_of(checkpoint.card.name, checkpoint))
    except CheckpointError:
        return ()


def _not_there(name: str, rules: RoleRules) -> GeneratorError | CheckpointError:
    """The true reason why a role has no generator of a name."""
    checkpoint = find_checkpoints().get(name)
    if checkpoint is not None and checkpoint.card.role is not rules.role:
        return _of_another_role(name, checkpoint, rules)
    for fault in (*refused(rules), *unreadable_checkpoints()):
        if fault.file is not None and (fault.file.stem == name or (checkpoint and fault.file == checkpoint.path)):
            return fault
    return GeneratorError(f"there is no generator {name!r} of role {rules.role}", remedy=_choice(rules))


def _of_another_role(name: str, checkpoint: Checkpoint, rules: RoleRules) -> GeneratorError:
    what = f"{name!r} is of role {checkpoint.card.role}, and here one of role {rules.role} is needed"
    return GeneratorError(what, remedy=_choice(rules))


def _choice(rules: RoleRules) -> str:
    names = ", ".join(facts.name for facts in offered(rules))
    return f"Choose one of {names}" if names else "Put a checkpoint of that role into the models folder"


def _about(fault: CheckpointError, checkpoint: Checkpoint) -> CheckpointError:
    return CheckpointError(fault.what, file=fault.file or checkpoint.path, remedy=fault.remedy)
