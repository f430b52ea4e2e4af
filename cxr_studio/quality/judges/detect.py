"""Judges networks that find nodules."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.quality.checking.detectors import detector_findings
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.judges.checks_only import ChecksOnly
from cxr_studio.quality.judging import required


class DetectJudge(ChecksOnly):
    """See ``judging.Judge``. It has checks only: ``froc`` measures a detector on a set of radiographs."""

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:  # noqa: ARG002
        """Finite, repeatable, boxes inside the radiograph, odd images."""
        return detector_findings(required(facts), device=device)
