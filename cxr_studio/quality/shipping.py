"""Shipping a snapshot into the package, past a gate: only one that measures better takes the shipped one's place.

What it is measured on are patients that it was not trained on. Keeping one in the user's models folder has no gate;
see ``comparison.keeping``.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from cxr_studio.datasets.listing import radiograph_files, radiographs_in
from cxr_studio.datasets.patients import Patients, known_patients
from cxr_studio.networks.card import Card
from cxr_studio.networks.checkpoint import Checkpoint, restate
from cxr_studio.quality.judges.by_role import judge_of
from cxr_studio.quality.judging import Material, Run, Verdict

TRAINED = "train"
"""Name in a recipe's sections of the folder that was trained on."""


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
    if material.images is not None:
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


def known_to(card: Card, images: Path, patients: Patients) -> list[str]:
    """Patients of a folder whose radiographs a network was trained on, in order.

    Args:
        card: Its recipe names the folder that was trained on; what is not on this machine cannot be looked at.
        images: The folder that it is measured on.
        patients: A table of patients.
    """
    trained = {patients.of_file(path) for folder in _trained_on(card) for path in radiographs_in(folder)}
    return sorted(trained & {patients.of_file(path) for path in radiograph_files(images)}) if trained else []


def _trained_on(card: Card) -> list[Path]:
    try:
        sections = tomllib.loads(card.recipe).values()
    except tomllib.TOMLDecodeError:
        return []
    named = [Path(str(part[TRAINED])) for part in sections if isinstance(part, dict) and TRAINED in part]
    return [folder for folder in named if folder.is_dir()]
