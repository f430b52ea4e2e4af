"""Shipping a shape generator: only one that lies nearer to held-out silhouettes takes the place of the shipped one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cxr_studio.metrics.shape import ks_distances, measured
from cxr_studio.networks.checkpoint import Checkpoint, restate
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.ct_silhouettes import held_out_shapes
from cxr_studio.nodules.shapes import draw_shapes
from cxr_studio.quality.checking.limits import read_limits
from cxr_studio.quality.shape_evaluation import DRAWS, ShapeReport, evaluate_shapes

SIZE_LIMIT = 4 << 20
"""Largest shipped shape generator in bytes."""


@dataclass(frozen=True)
class ShapeVerdict:
    """What measuring a snapshot came to.

    Attributes:
        report: The figures.
        reasons: Why it is not shipped; none when it is.
    """

    report: ShapeReport
    reasons: tuple[str, ...]


def judge_shapes(checkpoint: Checkpoint, *, library: Path | None = None) -> ShapeVerdict:
    """Measure a snapshot beside the shipped checkpoint of the same name.

    Raises:
        StudioError: it draws no shapes.
    """
    report = evaluate_shapes(checkpoint, library=library)
    reasons = []
    if report.one_region < read_limits().shape.one_region:
        reasons.append(f"only {100 * report.one_region:.1f} % of its draws are one region")
    if checkpoint.path.stat().st_size > SIZE_LIMIT:
        reasons.append(f"it is larger than {SIZE_LIMIT >> 20} MB")
    shipped = find_checkpoints().get(checkpoint.card.name)
    if shipped is not None:
        mine, its = _mean(report.distances), _mean(_distances(shipped))
        if mine >= its:
            reasons.append(f"the shipped one's mean distance is {its:.4f}, this one's {mine:.4f}")
    return ShapeVerdict(report, tuple(reasons))


def ship_shapes(checkpoint: Checkpoint, verdict: ShapeVerdict, folder: Path) -> Path:
    """Write the snapshot's weights with the measured scores on its card into a folder; returns the file.

    Raises:
        WriteError: the file cannot be written.
    """
    card = replace(checkpoint.card, scores={**checkpoint.card.scores, **verdict.report.scores()})
    path = folder / f"{card.name}.safetensors"
    restate(checkpoint, path, card)
    return path


def _distances(checkpoint: Checkpoint) -> dict[str, float]:
    return ks_distances(measured(draw_shapes(range(DRAWS), checkpoint=checkpoint)), measured(held_out_shapes()))


def _mean(distances: dict[str, float]) -> float:
    return float(np.mean(list(distances.values())))
