"""Sets of trained observers, one file a kind in a folder: the shipped ones, and those that a user keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cxr_studio.datasets.patients import file_patient
from cxr_studio.errors import CheckpointError, StudioError
from cxr_studio.networks.checkpoint import SUFFIX
from cxr_studio.networks.observers.network import KINDS, Kind
from cxr_studio.networks.observers.observer import Observer
from cxr_studio.networks.observers.saving import SHIPPED_FOLDER, load_observer, save_observer
from cxr_studio.resources import resource

SHIPPED = "shipped"
"""Word for the observers that come with the program."""


def keep(observers: Mapping[Kind, Observer], folder: Path) -> None:
    """Write a set of observers into a folder.

    Raises:
        WriteError: a file cannot be written.
    """
    for kind, observer in observers.items():
        save_observer(folder / f"{kind}{SUFFIX}", observer)


def kept(source: str) -> dict[Kind, Observer]:
    """Read the observers of a folder, or the shipped ones.

    Args:
        source: ``SHIPPED``, or a folder.

    Raises:
        CheckpointError: the folder holds none, or a file is damaged.
    """
    folder = resource(SHIPPED_FOLDER) if source == SHIPPED else Path(source)
    files = {kind: folder / f"{kind}{SUFFIX}" for kind in KINDS}
    found = {kind: load_observer(path) for kind, path in files.items() if path.exists()}
    if not found:
        raise CheckpointError(
            "the folder holds no observers", file=folder, remedy="Train some with cxr-studio evaluate --observer --save"
        )
    return found


def unseen(paths: Sequence[Path], observers: Mapping[Kind, Observer]) -> tuple[Path, ...]:
    """The radiographs of patients that none of the observers was trained on.

    Raises:
        StudioError: there are none.
    """
    left = tuple(path for path in paths if not any(one.saw(file_patient(path)) for one in observers.values()))
    if not left:
        raise StudioError(
            "the observers were trained on all of these patients", remedy="Give --images of other patients"
        )
    return left
