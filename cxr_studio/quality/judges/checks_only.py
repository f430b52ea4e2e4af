"""What judges have in common whose role is checked only."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.checkpoint import Checkpoint
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
)


class ChecksOnly:
    """Refuses, in words, everything but ``check``; see ``judging.Judge``."""

    largest = 16 << 20

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:  # noqa: ARG002
        """Refused."""
        raise no_figures(facts)

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:  # noqa: ARG002
        """Refused."""
        raise not_shipped(snapshot)

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:  # noqa: ARG002
        """Refused."""
        raise draws_into_no_hole(column)
