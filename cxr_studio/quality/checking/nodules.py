"""Proofs that a texture generator can be trusted: finite, repeatable, kept to its place, obedient, scores as stated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from cxr_studio.generation.generators import facts_of
from cxr_studio.generation.request import view_of
from cxr_studio.generation.result import Result
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.placement import NoduleRequest, Placement
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of, milliseconds_of
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import NoduleLimits
from cxr_studio.quality.checking.stated import as_stated
from cxr_studio.quality.evaluation import read_images
from cxr_studio.quality.nodule_evaluation import evaluate_nodules, simulated_panel
from cxr_studio.quality.nodule_ways import network_ways
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

SAMPLE = "healthy-1.png"
SAMPLE_PAIRS = 16
"""Simulated nodules on the bundled samples for the score on the card."""

SAMPLE_SCORE = "sample_masked_psnr_db"
"""Name on the card of the masked PSNR on the bundled samples, the density given."""

DARKENED = 0.03
"""How much of the grey scale the edge of a nodule may darken an image of one grey."""


def nodule_findings(checkpoint: Checkpoint, limits: NoduleLimits, *, device: str = "auto") -> list[Finding]:
    """Run every check on a texture generator.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    ((_, image),) = read_images(resource("samples", SAMPLE))
    drawn = {d: _drawn(image, checkpoint, device, diameter=d) for d in (5.0, 30.0, 100.0)}
    second = _drawn(image, checkpoint, device, diameter=30.0)
    where = second.device
    milliseconds = milliseconds_of(lambda: _drawn(image, checkpoint, device, diameter=30.0))
    megabytes = megabytes_of(partial(_prepared, checkpoint.path, device), where)
    return [
        Finding("loads and answers", True, f"{second.seconds * 1000:.0f} ms a nodule on {where}"),
        _repeatable(drawn[30.0], second),
        _in_range(image, drawn, limits.beyond),
        _in_place(image, drawn, limits.reach_px),
        _diameters(drawn, limits.diameter_px),
        _obedient(image, checkpoint, device),
        _odd(image, checkpoint, device),
        as_stated(
            facts_of(checkpoint.card.name, checkpoint),
            sample_score(checkpoint, device=device),
            limits.score_db,
            score=SAMPLE_SCORE,
            shown="{:.3f} dB under the silhouettes of the bundled sample",
        ),
        *cost_findings(milliseconds, megabytes, limits, device=where),
    ]


def sample_score(checkpoint: Checkpoint, *, device: str = "auto") -> float:
    """Masked PSNR in dB on nodules simulated in a bundled sample, the density given."""
    panel = simulated_panel(resource("samples", SAMPLE), None, count=SAMPLE_PAIRS)
    ways = network_ways(checkpoint, panel.pairs, device=device)
    told = list(ways)[-1]
    (row,) = evaluate_nodules(panel.pairs, {told: ways[told]})
    return row.mean.masked_psnr


def _prepared(path: Path, device: str) -> Callable[[], object]:
    """Load the network by one small nodule; returns the work of drawing a large one."""
    ((_, image),) = read_images(resource("samples", SAMPLE))
    checkpoint = read_checkpoint(path)
    _drawn(image, checkpoint, device, diameter=5.0)
    return partial(_drawn, image, checkpoint, device, diameter=100.0)


def _drawn(
    image: Radiograph,
    checkpoint: Checkpoint,
    device: str,
    *,
    diameter: float,
    **wanted: Any,
) -> Result:
    placement = replace(Placement(420, 290, diameter, seed=5, generator=str(checkpoint.path)), **wanted)
    return draw_nodule(NoduleRequest(1, view_of(image), placement), device=device)


def _repeatable(first: Result, second: Result) -> Finding:
    same = all(np.array_equal(a.stored, b.stored) for a, b in zip(first.patches, second.patches))  # noqa: B905
    return Finding("repeatable", same, "the same request gives the same pixels" if same else "two runs differ")


def _in_range(image: Radiograph, drawn: dict[float, Result], beyond: float) -> Finding:
    low, high = image.unit_range
    patches = [patch for placed in drawn.values() for patch in placed.patches]
    values = np.concatenate([image.grey.decode(patch.stored).ravel() for patch in patches])
    unit = (values - low) / (high - low)
    fits = bool(unit.min() >= -beyond and unit.max() <= 1 + beyond)
    return Finding("in range", fits, f"{unit.min():.2f} to {unit.max():.2f} of the window")


def _odd(image: Radiograph, checkpoint: Checkpoint, device: str) -> Finding:
    """A nodule only ever brightens an image of one grey; in a corner and in noise it is drawn too."""
    middle = (float(image.grey.low) + float(image.grey.high)) / 2
    uniform = replace(image, stored=np.full(image.shape, middle, np.uint8))
    noise = np.random.default_rng(0).integers(image.grey.low, image.grey.high + 1, image.shape)
    noisy = replace(image, stored=noise.astype(np.uint8))
    (patch,) = _drawn(uniform, checkpoint, device, diameter=30.0).patches
    darkest = float(patch.stored.min()) - middle
    corner = _drawn(uniform, checkpoint, device, diameter=40.0, y=2, x=2)
    drawn = all(placed.written.mask.any() for placed in (_drawn(noisy, checkpoint, device, diameter=30.0), corner))
    words = f"on one grey nothing is darkened by more than {max(-darkest, 0):.0f} of {image.grey.high}"
    return Finding("one grey, noise, a corner", drawn and darkest >= -DARKENED * image.grey.high, words)


def _in_place(image: Radiograph, drawn: dict[float, Result], reach: float) -> Finding:
    reaches = {}
    for wanted, placed in drawn.items():
        y, x = np.nonzero(placed.written.whole(image.shape))
        inner_y, inner_x = np.nonzero(placed.drawn.whole(image.shape))
        outer = max(inner_y.min() - y.min(), y.max() - inner_y.max(), inner_x.min() - x.min(), x.max() - inner_x.max())
        reaches[wanted] = int(outer)
    farthest = max(reaches.values())
    return Finding("changes only its place", farthest <= reach, f"at most {farthest} pixels beyond the silhouette")


def _diameters(drawn: dict[float, Result], tolerance: float) -> Finding:
    error = max(abs(placed.drawn.diameter - wanted) for wanted, placed in drawn.items())
    return Finding("diameter as asked for", error <= tolerance, f"at most {error:.2f} pixels off, 5 to 100 pixels")


def _obedient(image: Radiograph, checkpoint: Checkpoint, device: str) -> Finding:
    levels = []
    for contrast in (0.25, 0.5, 1.0, 2.0):
        placed = _drawn(image, checkpoint, device, diameter=40.0, contrast=contrast)
        (patch,) = placed.patches
        before = image.grey.decode(image.stored[cut(patch.box)])
        added = image.grey.decode(patch.stored) - before
        levels.append(float(added[placed.drawn.mask].mean()))
    rises = all(a < b for a, b in zip(levels, levels[1:])) and levels[0] > 0  # noqa: B905, RUF007
    return Finding("contrast is obeyed", rises, f"grey added: {', '.join(f'{level:.1f}' for level in levels)}")
