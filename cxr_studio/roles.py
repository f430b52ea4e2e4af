"""The roles, once: which rules answer a request, and which generators each role has. Everything above asks here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation import answering, offering
from cxr_studio.generation.edit import Edit
from cxr_studio.generation.generators import GeneratorFacts, facts_of
from cxr_studio.generation.options import decoded
from cxr_studio.generation.request import AnyRequest, Region
from cxr_studio.generation.result import Result
from cxr_studio.generation.roles import RoleRules
from cxr_studio.generation.session import Session
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import is_checkpoint_name
from cxr_studio.networks.registry import checkpoint_at, find_checkpoints, unreadable_checkpoints
from cxr_studio.nodules.rules import INSERT
from cxr_studio.restore.rules import RESTORE
from cxr_studio.surround.rules import SURROUND
from cxr_studio.translate.rules import TRANSLATE

RULES: Mapping[Role, RoleRules] = {rules.role: rules for rules in (RESTORE, INSERT, SURROUND, TRANSLATE)}
"""The roles that answer requests. A checkpoint of another role ("segment", "shape") is a part that these use."""


def rules_of(request: AnyRequest) -> RoleRules:
    """The rules of a request's role; its options say which."""
    return next(rules for rules in RULES.values() if isinstance(request.options, rules.options))


def answer(
    request: AnyRequest,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> Result:
    """Answer a request of any role; see ``generation.answering.answer``."""
    return answering.answer(request, rules_of(request), device=device, cancel=cancel, progress=progress)


def preview(request: AnyRequest, *, device: str = "auto", cancel: CancelToken | None = None) -> Result | None:
    """Answer roughly and at once what takes a while; see ``generation.answering.preview``."""
    return answering.preview(request, rules_of(request), device=device, cancel=cancel)


def warm_up(generator: str, role: Role = Role.RESTORE, *, device: str = "auto") -> str:
    """Load a generator and run it once; returns the name of its device to show.

    Raises:
        GeneratorError: there is none of that name and role.
        CheckpointError: its weights do not fit.
    """
    return answering.warm_up(generator, RULES[role], device=device)


def request_again(session: Session, number: int) -> AnyRequest:
    """A request that makes an edit again, upon the enabled edits beneath it as they are now.

    Raises:
        GeneratorError: its options cannot be read.
    """
    edit = session.edit(number)
    rules = RULES[Role(edit.provenance.role)]
    options = decoded(rules.options, edit.provenance.options)
    return session.request(options, _region_of(edit, session.radiograph.shape), beneath=number)


def _region_of(edit: Edit, shape: tuple[int, int]) -> Region:
    """What the edit's request was about."""
    stated = edit.provenance
    if stated.box:
        return stated.box[0], stated.box[1], stated.box[2], stated.box[3]
    return edit.mask(shape) if stated.mask_sha256 else None


def offered(role: Role) -> tuple[GeneratorFacts, ...]:
    """Return the generators of a role, its default first; reads cards only."""
    return offering.offered(RULES[role])


def known() -> tuple[GeneratorFacts, ...]:
    """Return every generator, and every checkpoint of a role that answers no requests."""
    generators = (facts for role in RULES for facts in offered(role))
    parts = (facts_of(name, found) for name, found in find_checkpoints().items() if found.card.role not in RULES)
    return (*generators, *parts)


def refused() -> list[CheckpointError]:
    """Why checkpoint files are not offered, a sentence each: they cannot be read, or do not suit their role."""
    return [*unreadable_checkpoints(), *(fault for rules in RULES.values() for fault in offering.refused(rules))]


def find(name: str, role: Role) -> GeneratorFacts:
    """Look up a generator by its registry name, or by the path of a checkpoint file.

    Raises:
        GeneratorError: there is none of that name and role; says what there is.
        CheckpointError: the file is no checkpoint, or cannot be offered.
    """
    other = next((facts for facts in known() if facts.name == name and facts.role is not role), None)
    if other is not None and not any(facts.name == name for facts in offered(role)):
        names = ", ".join(facts.name for facts in offered(role))
        what = f"{name!r} is of role {other.role}, and here one of role {role} is needed"
        raise GeneratorError(what, remedy=f"Choose one of {names}" if names else "Add a checkpoint of that role")
    return offering.find(name, RULES[role])


def first_or(name: str, role: Role) -> GeneratorFacts:
    """The generator of a name, or the first of its role for "".

    Raises:
        GeneratorError: there is none.
    """
    if name:
        return find(name, role)
    among = offered(role)
    if not among:
        what = f"there is no generator of role {role} here"
        raise GeneratorError(what, remedy="Train one (cxr-studio train), or put a checkpoint into the models folder")
    return among[0]


def look_up(name: str) -> GeneratorFacts:
    """Like ``find``, but of any role.

    Raises:
        GeneratorError: there is none of that name.
        CheckpointError: the file is no checkpoint, or cannot be offered.
    """
    if is_checkpoint_name(name):
        checkpoint = checkpoint_at(Path(name))
        role = checkpoint.card.role
        return find(name, role) if role in RULES else facts_of(name, checkpoint)
    everything = known()
    for facts in everything:
        if facts.name == name:
            return facts
    for fault in refused():
        if fault.file is not None and fault.file.stem == name:
            raise fault
    names = ", ".join(facts.name for facts in everything)
    raise GeneratorError(f"there is no generator {name!r}", remedy=f"Choose one of {names}")
