"""Proofs that a shape generator can be trusted: range, repeatable, one region, and as near to real shapes as stated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.metrics.shape import ks_distances, measured
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint
from cxr_studio.networks.registry import ships
from cxr_studio.nodules.ct_silhouettes import held_out_shapes
from cxr_studio.nodules.shapes import draw_shapes, one_shape, shape_fields
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of, milliseconds_of
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import ShapeLimits
from cxr_studio.quality.shape_evaluation import DRAWS, one_region_share


def shape_findings(checkpoint: Checkpoint, limits: ShapeLimits) -> list[Finding]:
    """Run every check on a shape generator.

    Raises:
        StudioError: it does not load, or it draws no shapes.
    """
    milliseconds = milliseconds_of(lambda: draw_shapes([0], checkpoint=checkpoint))
    megabytes = megabytes_of(partial(_prepared, checkpoint.path), "cpu")
    fields = shape_fields(range(DRAWS), checkpoint)
    low, high, share = float(fields.min()), float(fields.max()), one_region_share(fields)
    in_range = bool(np.isfinite(fields).all()) and low >= -1 - limits.beyond and high <= 1 + limits.beyond
    some = draw_shapes((7, 3, 11), checkpoint=checkpoint)
    same = bool(np.array_equal(some[1], draw_shapes([3], checkpoint=checkpoint)[0]))
    return [
        Finding("loads and answers", True, f"{DRAWS:,} shapes on cpu"),
        Finding("finite and in range", in_range, f"{low:.2f} to {high:.2f}, the edge at 0"),
        Finding("repeatable", same, "a seed gives one shape, alone or with others" if same else "two runs differ"),
        Finding("one region", share >= limits.one_region, f"{100 * share:.1f} % of {DRAWS} draws"),
        _as_stated(checkpoint, fields, limits.distance),
        *cost_findings(milliseconds, megabytes, limits, device="cpu"),
    ]


def _prepared(path: Path) -> Callable[[], object]:
    """Load the network by one draw; returns the work of drawing all."""
    checkpoint = read_checkpoint(path)
    draw_shapes([0], checkpoint=checkpoint)
    return partial(shape_fields, range(DRAWS), checkpoint)


def _as_stated(checkpoint: Checkpoint, fields: NDArray[np.float32], tolerance: float) -> Finding:
    """Whether the distances to held-out silhouettes are those of the card; only what ships has to state them."""
    name = "as near to real shapes as its card says"
    found = ks_distances(measured([one_shape(field) for field in fields]), measured(held_out_shapes()))
    words = ", ".join(f"{measure} {value:.3f}" for measure, value in found.items())
    stated = {measure: checkpoint.card.scores.get(f"shape_ks_{measure}") for measure in found}
    if any(value is None for value in stated.values()):
        return Finding(name, not ships(checkpoint), f"{words}; the card says nothing")
    near = all(abs(found[measure] - (stated[measure] or 0.0)) <= tolerance for measure in found)
    return Finding(name, near, f"Kolmogorov–Smirnov distances: {words}")
