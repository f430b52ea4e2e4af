"""Shipping a texture generator: only one that draws nearer than the classical fills and the shipped one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_studio.events import Progress, silent
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.simulation import Simulated
from cxr_studio.quality.checking.nodules import SAMPLE_SCORE, sample_score
from cxr_studio.quality.nodule_evaluation import NoduleRow, evaluate_nodules
from cxr_studio.quality.nodule_ways import classical_ways, network_ways
from cxr_studio.quality.promotion import SIZE_LIMIT


@dataclass(frozen=True)
class NoduleVerdict:
    """What measuring a snapshot came to.

    Attributes:
        rows: Classical ways, then the snapshot's.
        scores: For the card.
        reasons: Why it is not shipped; none when it is.
    """

    rows: list[NoduleRow]
    scores: dict[str, float]
    reasons: tuple[str, ...]


def judge_nodules(
    snapshot: Checkpoint, pairs: Sequence[Simulated], *, device: str = "auto", progress: Progress = silent
) -> NoduleVerdict:
    """Measure a snapshot beside the classical ways and the shipped checkpoint of the same name."""
    classical = classical_ways(pairs)
    rows = evaluate_nodules(pairs, classical | network_ways(snapshot, pairs, device=device), progress=progress)
    best, (plain, told) = max(row.mean.masked_psnr for row in rows[:-3]), (row.mean for row in rows[-2:])
    reasons = []
    if plain.masked_psnr <= best:
        reasons.append(f"the best classical way reaches {best:.3f} dB under the silhouette, it {plain.masked_psnr:.3f}")
    shipped = find_checkpoints().get(snapshot.card.name)
    if shipped is not None:
        (row, _) = evaluate_nodules(pairs, network_ways(shipped, pairs, device=device))
        if plain.masked_psnr <= row.mean.masked_psnr:
            reasons.append(f"the shipped checkpoint reaches {row.mean.masked_psnr:.3f} dB, it {plain.masked_psnr:.3f}")
    if snapshot.path.stat().st_size > SIZE_LIMIT:
        reasons.append(f"it is larger than {SIZE_LIMIT >> 20} MB")
    scores = {
        "nodules": float(len(pairs)),
        "nodules_psnr_db": plain.psnr,
        "nodules_ssim": plain.ssim,
        "nodules_mae": plain.mae,
        "nodules_masked_psnr_db": plain.masked_psnr,
        "nodules_masked_ssim": plain.masked_ssim,
        "nodules_masked_mae": plain.masked_mae,
        "nodules_masked_psnr_told_db": told.masked_psnr,
        "nodules_classical_masked_psnr_db": best,
        SAMPLE_SCORE: sample_score(snapshot, device=device),
    }
    return NoduleVerdict(rows, {key: round(value, 5) for key, value in scores.items()}, tuple(reasons))
