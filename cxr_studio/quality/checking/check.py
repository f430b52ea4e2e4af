"""Proofs that a checkpoint of any role can be trusted."""

from __future__ import annotations

from cxr_studio.errors import StudioError, reason_of
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.quality.checking.conformance import conformance
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits, read_limits
from cxr_studio.quality.judges.by_role import judge_of


def check(facts: GeneratorFacts, limits: Limits | None = None, *, device: str = "auto") -> list[Finding]:
    """Run every check on a generator or a network of another role; a fault is a finding, not an exception.

    A model from an ONNX file is first asked whether it keeps its contract, and only then checked as its role is.

    Args:
        facts: What to check.
        limits: What is allowed; the bundled limits by default.
        device: "auto", "cpu", "cuda" or "mps".

    Raises:
        ReadError: the bundled limits cannot be read.
    """
    limits = limits or read_limits()
    foreign = facts.checkpoint is not None and facts.checkpoint.foreign
    kept = conformance(facts.checkpoint) if foreign and facts.checkpoint else []
    if not all(finding.passed for finding in kept):
        return kept
    try:
        return [*kept, *judge_of(facts.role).check(facts, limits, device=device)]
    except StudioError as fault:
        return [*kept, Finding("loads and answers", False, str(fault))]
    except Exception as fault:
        return [*kept, Finding("loads and answers", False, f"it fails: {reason_of(fault)}")]
