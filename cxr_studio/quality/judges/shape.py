"""Judges generators of nodule shapes: by how near they lie to held-out silhouettes of CT nodules."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.metrics.shape import ks_distances, measured
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.ct_silhouettes import held_out_shapes
from cxr_studio.nodules.shapes import draw_shapes
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits, read_limits
from cxr_studio.quality.checking.shapes import shape_findings
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.judging import Drawn, Material, Report, Run, TextTable, Verdict, draws_into_no_hole, required
from cxr_studio.quality.shape_evaluation import DRAWS, ShapeReport, evaluate_shapes, table_of
from cxr_studio.quality.shape_sheet import write_shape_sheet


class ShapeJudge:
    """See ``judging.Judge``."""

    largest = 4 << 20

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:  # noqa: ARG002
        """Range, repeatability, one region, distances as stated, cost; always on the processor."""
        return shape_findings(required(facts), limits.shape)

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:  # noqa: ARG002
        """A row for each measure of form."""
        checkpoint = required(facts)
        return report_of(evaluate_shapes(checkpoint, library=material.library), checkpoint)

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:  # noqa: ARG002
        """Better means a smaller mean distance to held-out silhouettes, nearly every draw one region."""
        found = evaluate_shapes(snapshot, library=material.library)
        reasons = []
        if found.one_region < read_limits().shape.one_region:
            reasons.append(f"only {100 * found.one_region:.1f} % of its draws are one region")
        shipped = find_checkpoints().get(snapshot.card.name)
        if shipped is not None:
            mine, its = _mean(found.distances), _mean(_distances(shipped))
            if mine >= its:
                reasons.append(f"the shipped one's mean distance is {its:.4f}, this one's {mine:.4f}")
        return Verdict(report_of(found, snapshot), found.scores(), tuple(reasons))

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:  # noqa: ARG002
        """Refused: a shape is no picture."""
        raise draws_into_no_hole(column)


def report_of(found: ShapeReport, checkpoint: Checkpoint) -> Report:
    """The figures as a table and two sentences."""
    columns = ("Measure", "Generated", "Held-out real", "KS distance", "Training real to held-out")
    table = TextTable(f"{DRAWS} shapes, median (5 % to 95 %)", columns, tuple(table_of(found)))
    overlap = (
        "Overlap with the nearest training silhouette, median (largest): "
        f"generated {np.median(found.nearest):.3f} ({found.nearest.max():.3f}), "
        f"held-out real {np.median(found.nearest_real):.3f} ({found.nearest_real.max():.3f})."
    )
    region = f"One region: {100 * found.one_region:.1f} %. {found.milliseconds:.1f} ms a shape."
    return Report((table, region, overlap), found.scores(), {"sheet": partial(_sheet, checkpoint)})


def _sheet(checkpoint: Checkpoint, path: Path) -> str:
    write_shape_sheet(path, checkpoint)
    return "left: generated, right: held-out silhouettes"


def _distances(checkpoint: Checkpoint) -> dict[str, float]:
    return ks_distances(measured(draw_shapes(range(DRAWS), checkpoint=checkpoint)), measured(held_out_shapes()))


def _mean(distances: dict[str, float]) -> float:
    return float(np.mean(list(distances.values())))
