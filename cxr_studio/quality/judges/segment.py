"""Judges networks that find lungs."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.checking.lungs import lung_findings
from cxr_studio.quality.judges.checks_only import ChecksOnly
from cxr_studio.quality.judging import required


class SegmentJudge(ChecksOnly):
    """See ``judging.Judge``. It has checks only: the trainer measures the overlap with lungs drawn by hand."""

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:
        """Finite, repeatable, lungs of a believable size and place, cost."""
        return lung_findings(required(facts), limits.lungs, device=device)
