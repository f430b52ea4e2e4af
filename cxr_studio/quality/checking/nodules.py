"""Proofs that a texture generator can be trusted: finite, repeatable, kept to its place, obedient, scores as stated."""

from __future__ import annotations

import numpy as np

from cxr_studio.masks.boxes import cut
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.placement import TEXTURE, NoduleRequest, PlacedNodule, Placement
from cxr_studio.nodules.texture import draw
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.evaluation import read_images
from cxr_studio.quality.nodule_evaluation import evaluate_nodules, simulated_panel
from cxr_studio.quality.nodule_ways import network_ways
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

SAMPLE = "healthy-1.png"
SAMPLE_PAIRS = 16
"""Simulated nodules on the bundled samples for the score on the card."""

SAMPLE_SCORE = "sample_masked_psnr_db"
"""Name on the card of the masked PSNR on the bundled samples, the density told."""

TOLERANCE_DB = 0.05
"""How far the measured score may be from the card's: other processors round differently."""

DIAMETER_ERROR = 0.5
"""Largest error of a silhouette's diameter, pixels."""

REACH = 12
"""Network pixels beyond half the longest nodule in which something may change."""


def nodule_findings(checkpoint: Checkpoint, *, device: str = "auto") -> list[Finding]:
    """Run every check on a texture generator.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    ((_, image),) = read_images(resource("samples", SAMPLE))
    drawn = {d: _drawn(image, checkpoint, device, diameter=d) for d in (5.0, 30.0, 100.0)}
    second = _drawn(image, checkpoint, device, diameter=30.0)
    middle = drawn[30.0]
    stated = checkpoint.card.scores.get(SAMPLE_SCORE)
    return [
        Finding("loads and answers", True, f"{second.seconds * 1000:.0f} ms a nodule on {second.result.device}"),
        _repeatable(middle, second),
        _in_place(image, drawn),
        _diameters(drawn),
        _obedient(image, checkpoint, device),
        _score(stated, sample_score(checkpoint, device=device)),
    ]


def sample_score(checkpoint: Checkpoint, *, device: str = "auto") -> float:
    """Masked PSNR in dB on nodules simulated in a bundled sample, the density told."""
    panel = simulated_panel(resource("samples", SAMPLE), None, count=SAMPLE_PAIRS)
    ways = network_ways(checkpoint, panel.pairs, device=device)
    told = list(ways)[-1]
    (row,) = evaluate_nodules(panel.pairs, {told: ways[told]})
    return row.mean.masked_psnr


def _drawn(
    image: Radiograph, checkpoint: Checkpoint, device: str, *, diameter: float, subtlety: float = 1.0
) -> PlacedNodule:
    placement = Placement(420, 290, diameter, seed=5, subtlety=subtlety, generator=TEXTURE)
    unit = image.grey.unit_range(default_window(image))
    request = NoduleRequest(1, image.stored, image.grey, unit, placement, image.spacing)
    return draw(request, device=device, checkpoint=checkpoint)


def _repeatable(first: PlacedNodule, second: PlacedNodule) -> Finding:
    same = all(np.array_equal(a.stored, b.stored) for a, b in zip(first.result.patches, second.result.patches))  # noqa: B905
    return Finding("repeatable", same, "the same request gives the same pixels" if same else "two runs differ")


def _in_place(image: Radiograph, drawn: dict[float, PlacedNodule]) -> Finding:
    reaches = {}
    for wanted, placed in drawn.items():
        y, x = np.nonzero(placed.changed_mask(image.shape))
        inner_y, inner_x = np.nonzero(placed.shape_mask(image.shape))
        outer = max(inner_y.min() - y.min(), y.max() - inner_y.max(), inner_x.min() - x.min(), x.max() - inner_x.max())
        reaches[wanted] = int(outer)
    farthest = max(reaches.values())
    return Finding("changes only its place", farthest <= REACH, f"at most {farthest} pixels beyond the silhouette")


def _diameters(drawn: dict[float, PlacedNodule]) -> Finding:
    error = max(abs(placed.diameter - wanted) for wanted, placed in drawn.items())
    return Finding("diameter as asked for", error <= DIAMETER_ERROR, f"at most {error:.2f} pixels off, 5 to 100 pixels")


def _obedient(image: Radiograph, checkpoint: Checkpoint, device: str) -> Finding:
    levels = []
    for subtlety in (0.25, 0.5, 1.0, 2.0):
        placed = _drawn(image, checkpoint, device, diameter=40.0, subtlety=subtlety)
        (patch,) = placed.result.patches
        before = image.grey.decode(image.stored[cut(patch.box)])
        added = image.grey.decode(patch.stored) - before
        levels.append(float(added[placed.shape].mean()))
    rises = all(a < b for a, b in zip(levels, levels[1:])) and levels[0] > 0  # noqa: B905, RUF007
    return Finding("subtlety is obeyed", rises, f"grey added: {', '.join(f'{level:.1f}' for level in levels)}")


def _score(stated: float | None, measured: float) -> Finding:
    title = "scores as its card says"
    if stated is None:
        return Finding(title, False, "the card states no score")
    words = f"{measured:.3f} dB under the silhouettes of the bundled sample, the card says {stated:.3f}"
    return Finding(title, abs(measured - stated) <= TOLERANCE_DB, words)
