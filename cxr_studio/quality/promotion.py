"""Shipping a snapshot: measured on the same holes as the shipped checkpoint, only a better one takes its place.

Better means a higher PSNR of the plain output (grain off) with the matched grain still within its limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.events import Progress, silent
from cxr_studio.generation.generators import find
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint, restate
from cxr_studio.quality.checking.fills import SAMPLE_SCORE, sample_score
from cxr_studio.quality.checking.limits import read_limits
from cxr_studio.quality.evaluation import Row, Way, evaluate
from cxr_studio.quality.holes import Hole

SIZE_LIMIT = 16 << 20
"""Largest shipped checkpoint in bytes."""


@dataclass(frozen=True)
class Verdict:
    """What measuring a snapshot came to.

    Attributes:
        rows: Biharmonic, plain, matched.
        scores: For the card.
        reasons: Why it is not shipped; none when it is.
    """

    rows: list[Row]
    scores: dict[str, float]
    reasons: tuple[str, ...]


def judge(snapshot: Path, holes: Sequence[Hole], *, device: str = "auto", progress: Progress = silent) -> Verdict:
    """Measure a snapshot beside the biharmonic fill and the shipped checkpoint of the same name.

    Raises:
        CheckpointError: the file is no checkpoint.
    """
    name = str(snapshot)
    card = _checkpoint(name).card
    ways = [Way("biharmonic", "off"), Way(name, "off"), Way(name, "match")]
    rows = evaluate(holes, ways, device=device, progress=progress)
    classical, plain, matched = (row.mean for row in rows)
    shipped = _shipped_psnr(card.name, holes, device)
    reasons = []
    if plain.psnr <= classical.psnr or plain.ssim <= classical.ssim:
        reasons.append("it does not beat the biharmonic fill in PSNR and SSIM")
    if shipped is not None and plain.psnr <= shipped:
        reasons.append(f"the shipped checkpoint reaches {shipped:.3f} dB, this one {plain.psnr:.3f} dB")
    allowed = read_limits().fill.grain
    if not allowed.holds(matched.grain):
        reasons.append(f"its grain ratio {matched.grain:.2f} is outside {allowed}")
    if snapshot.stat().st_size > SIZE_LIMIT:
        reasons.append(f"it is larger than {SIZE_LIMIT >> 20} MB")
    scores = {
        "healthy_holes": float(len(holes)),
        "healthy_psnr_db": plain.psnr,
        "healthy_ssim": plain.ssim,
        "healthy_biharmonic_psnr_db": classical.psnr,
        "healthy_biharmonic_ssim": classical.ssim,
        "healthy_matched_psnr_db": matched.psnr,
        "healthy_matched_ssim": matched.ssim,
        "healthy_grain_ratio": matched.grain,
        SAMPLE_SCORE: sample_score(name, device=device),
    }
    return Verdict(rows, {key: round(value, 4) for key, value in scores.items()}, tuple(reasons))


def ship(snapshot: Path, scores: dict[str, float], folder: Path) -> Path:
    """Write the snapshot's weights with the measured scores on its card into a folder; returns the file.

    Raises:
        WriteError: the file cannot be written.
    """
    checkpoint = read_checkpoint(snapshot)
    card = replace(checkpoint.card, scores={**checkpoint.card.scores, **scores})
    path = folder / f"{card.name}.safetensors"
    restate(checkpoint, path, card)
    return path


def _checkpoint(name: str) -> Checkpoint:
    checkpoint = find(name).checkpoint
    if checkpoint is None:
        raise CheckpointError("this is no checkpoint file", file=name, remedy="Give a .safetensors snapshot")
    return checkpoint


def _shipped_psnr(name: str, holes: Sequence[Hole], device: str) -> float | None:
    try:
        find(name)
    except GeneratorError:
        return None
    (row,) = evaluate(holes, [Way(name, "off")], device=device)
    return row.mean.psnr
