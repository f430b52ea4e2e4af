"""Answering a request of any role: generator, device and its fallback, time and provenance, once for all roles."""

from __future__ import annotations

import time

from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.devices import choose_device, device_title, gave_up
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.offering import find
from cxr_studio.generation.pool import POOL
from cxr_studio.generation.provenance import provenance_of, with_parts
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Result
from cxr_studio.generation.roles import Drawing, RoleRules, Run

GAVE_UP = "The GPU {reason}; the CPU was used instead."


def answer(
    request: AnyRequest,
    rules: RoleRules,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> Result:
    """Answer a request. The same request on the same device gives the same pixels.

    Args:
        request: What to draw, with what.
        rules: Of its role.
        device: "auto", "cpu", "cuda" or "mps"; a GPU that gives up is replaced by the CPU, with a message.
        cancel: Stops the work between steps.
        progress: Called between steps.

    Raises:
        GeneratorError: unknown generator or device, a request that cannot be drawn, or a broken answer.
        CheckpointError: the generator's weights do not fit.
        Cancelled: through ``cancel``.
    """
    started = time.perf_counter()
    generator = find(request.generator, rules)
    prepared = rules.prepared(request)
    run = Run(device_of(generator, device), cancel or CancelToken(), progress)
    drawing, where, message = _drawn(prepared, rules, generator, run)
    stated = with_parts(
        provenance_of(request, generator, where),
        parts=drawing.parts,
        donors=drawing.donors,
        kept_sha256=drawing.kept_sha256,
        measured=drawing.measured,
    )
    return Result(
        request.number,
        drawing.patches,
        drawing.written,
        time.perf_counter() - started,
        where,
        stated,
        " ".join(part for part in (message, drawing.message) if part),
        drawing.silhouette,
    )


def preview(
    request: AnyRequest, rules: RoleRules, *, device: str = "auto", cancel: CancelToken | None = None
) -> Result | None:
    """Answer at once and roughly what the request's own generator will take a while to draw.

    Returns:
        None where the answer itself comes as soon.

    Raises:
        As ``answer`` does.
    """
    rough = rules.preview(request, find(request.generator, rules))
    return None if rough is None else answer(rough, rules, device=device, cancel=cancel)


def warm_up(generator: str, rules: RoleRules, *, device: str = "auto") -> str:
    """Load a generator and run it once; returns the name of its device to show.

    Raises:
        GeneratorError: there is none of that name.
        CheckpointError: its weights do not fit.
    """
    facts = find(generator, rules)
    where = device_of(facts, device)
    rules.rehearse(facts, where)
    return "CPU" if facts.checkpoint is None else device_title(where)


def device_of(generator: GeneratorFacts, device: str) -> str:
    """Where a generator runs: a built-in one on the processor.

    Raises:
        GeneratorError: the device asked for is not there.
    """
    return "cpu" if generator.checkpoint is None else choose_device(device)


def _drawn(request: AnyRequest, rules: RoleRules, generator: GeneratorFacts, run: Run) -> tuple[Drawing, str, str]:
    """The drawing, where it was made, and what to say about that."""
    try:
        return rules.draw(request, generator, run), run.device, ""
    except Exception as fault:
        reason = None if run.device == "cpu" else gave_up(fault)
        if reason is None:
            raise
    POOL.release(run.device)
    instead = Run("cpu", run.cancel, run.progress)
    return rules.draw(request, generator, instead), "cpu", GAVE_UP.format(reason=reason)
