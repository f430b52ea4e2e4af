"""Shipping a snapshot into the package, past a gate: only one that measures better takes the shipped one's place.

What it is measured on are patients that it was not trained on. Keeping one in the user's models folder has no gate;
see ``comparison.keeping``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cxr_studio.datasets.patients import known_patients
from cxr_studio.networks.checkpoint import Checkpoint, restate
from cxr_studio.quality.judges.by_role import judge_of
from cxr_studio.quality.judging import Material, Run, Verdict
from cxr_studio.quality.trained_on import known_to


def contest(snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
    """Measure a snapshot beside the shipped checkpoint of its name, as its role is judged.

    Raises:
        StudioError: the images cannot be read, or checkpoints of its role are not shipped.
    """
    judge = judge_of(snapshot.card.role)
    verdict = judge.contest(snapshot, material, run)
    reasons = [*verdict.reasons]
    if snapshot.path.stat().st_size > judge.largest:
        reasons.append(f"it is larger than {judge.largest >> 20} MB")
    if material.images is not None and not verdict.apart:
        both = known_to(snapshot.card, material.images, known_patients(material.images, material.patients))
        if both:
            reasons.append(f"it was trained on {len(both)} of the patients that it is measured on ({both[0]})")
    return replace(verdict, reasons=tuple(reasons))


def ship(snapshot: Checkpoint, scores: dict[str, float], folder: Path) -> Path:
    """Write a snapshot's weights with the measured scores on its card into a folder; returns the file.

    Raises:
        WriteError: the file cannot be written.
    """
    card = replace(snapshot.card, scores={**snapshot.card.scores, **scores})
    path = folder / f"{card.name}{snapshot.path.suffix}"
    restate(snapshot, path, card)
    return path
