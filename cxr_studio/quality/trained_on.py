"""Which patients a network was trained on, by the recipe on its card."""

from __future__ import annotations

import tomllib
from pathlib import Path

from cxr_studio.datasets.listing import radiograph_files, radiographs_in
from cxr_studio.datasets.patients import Patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.networks.card import Card

TRAINED = "train"
"""Name in a recipe's sections of the folder that was trained on."""

LABELS, LABELLED = "labelled", "images"
"""Section of radiographs with labels, and its folder, of which the patients of the split "train" were trained on."""


def known_to(card: Card, images: Path, patients: Patients) -> list[str]:
    """Patients of a folder whose radiographs a network was trained on, in order.

    Args:
        card: Its recipe names the folder that was trained on; what is not on this machine cannot be looked at.
        images: The folder that it is measured on.
        patients: A table of patients.
    """
    trained = trained_on(card, patients)
    return sorted(trained & {patients.of_file(path) for path in radiograph_files(images)}) if trained else []


def trained_on(card: Card, patients: Patients) -> set[str]:
    """All patients that a network was trained on, as far as the folders of its recipe are on this machine."""
    found = {patients.of_file(path) for folder in _folders(card, TRAINED) for path in radiographs_in(folder)}
    labelled = {patients.of_file(path) for folder in _folders(card, LABELLED) for path in radiographs_in(folder)}
    return found | {patient for patient in labelled if split_of(patient) == "train"}


def _folders(card: Card, key: str) -> list[Path]:
    try:
        sections = tomllib.loads(card.recipe)
    except tomllib.TOMLDecodeError:
        return []
    parts = [part for name, part in sections.items() if isinstance(part, dict) and (key == TRAINED or name == LABELS)]
    named = [Path(str(part[key])) for part in parts if key in part]
    return [folder for folder in named if folder.is_dir()]
