"""The radiographs of a set as they may be handed out: what the set is compared with, once its own names are gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.datasets.manifest import Item
from cxr_studio.datasets.patients import Patients, write_patients
from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import Progress, silent
from cxr_studio.exchange.deidentify_files import Wanted, deidentify_files
from cxr_studio.exchange.deidentify_radiograph import Deidentification


def deidentified_sources(
    items: Sequence[Item], folder: Path, asked: Deidentification, *, progress: Progress = silent
) -> int:
    """Write radiographs as ``deidentify`` does, with ``patients.csv``, for an audit of a set without its patients.

    Args:
        items: From ``Deidentification.item``: their patients are the set's pseudonyms.
        folder: For the results.
        asked: With which the items were made.
        progress: Called before every radiograph.

    Returns:
        How many were written; those that cannot be read are left out, as they are from the set.

    Raises:
        WriteError: one cannot be written.
    """
    paths = [item.path for item in items]
    wanted = Wanted(asked, patients=Patients({item.path.name.lower(): item.patient for item in items}))
    patients: dict[str, str] = {}
    for count, (_path, done) in enumerate(deidentify_files(paths, folder, wanted)):
        progress(count / len(paths), "de-identifying what was drawn into")
        if isinstance(done, WriteError):
            raise done
        if not isinstance(done, StudioError):
            patients[done.out.name] = done.patient
    write_patients(folder, patients)
    return len(patients)
