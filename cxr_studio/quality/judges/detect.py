"""Judges networks that find nodules."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.quality.checking.detectors import detector_findings
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.judging import (
    Drawn,
    Material,
    Report,
    Run,
    Verdict,
    draws_into_no_hole,
    no_figures,
    not_shipped,
    required,
)


class DetectJudge:
    """See ``judging.Judge``. It has checks only: ``froc`` measures a detector on a set of radiographs."""

    largest = 16 << 20

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:  # noqa: ARG002
        """Finite, repeatable, boxes inside the radiograph, odd images."""
        return detector_findings(required(facts), device=device)

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:  # noqa: ARG002
        """Refused."""
        raise no_figures(facts)

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:  # noqa: ARG002
        """Refused."""
        raise not_shipped(snapshot)

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:  # noqa: ARG002
        """Refused."""
        raise draws_into_no_hole(column)
