"""The user's own healthy radiographs as donors: the index of a folder, kept in the cache and renewed by content."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.patients import patient_of
from cxr_studio.donors.bank import MM_PER_PIXEL, REFERENCE_SIDE
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.plate import Plate, coarse_of
from cxr_studio.errors import ReadError, StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.files import file_sha256, replaced, write_json
from cxr_studio.radiographs.grid import pixels_per, resampled
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import cache_folder

LIST = "index.json"
"""What an index holds; written last, so that an index without it is none."""

VERSION = 1
"""Of the index and its plates; an index of another version is made again."""

RANGE = (-0.5, 1.5)
"""Unit values that a plate of 16 bits can hold; those beyond are cut."""

LEAST_SIDE = 96
"""Working pixels a side below which a radiograph gives no donors."""

State = tuple[str, int, int]
"""A file's name, size in bytes and time of change in ns."""


@dataclass(frozen=True)
class Entry:
    """One radiograph of the folder.

    Attributes:
        file: Its name.
        size: Of the file, bytes.
        changed: When it was changed, ns.
        sha256: Of its bytes; its plate is ``<sha256>.npy``.
        patient: Whose it is.
        whole: Rows and columns of the plate.
        scale: Pixels of the file per working pixel.
        bits: 8 or 16, of the plate.
    """

    file: str
    size: int
    changed: int
    sha256: str
    patient: str
    whole: tuple[int, int]
    scale: float
    bits: int


@dataclass(frozen=True)
class Index:
    """What was made of a folder.

    Attributes:
        folder: The folder.
        entries: Its radiographs, in name order.
        states: Name, size and time of every file that was looked at.
        refused: A sentence for every file that is no donor.
    """

    folder: Path
    entries: tuple[Entry, ...]
    states: tuple[State, ...]
    refused: tuple[str, ...] = ()


def index_place(folder: str | Path) -> Path:
    """Where the index of a folder is kept."""
    key = sha256(str(Path(folder).absolute()).encode()).hexdigest()[:20]
    return cache_folder() / "donors" / key


def is_current(folder: str | Path) -> bool:
    """Whether a folder has an index that knows its files as they are.

    Raises:
        ReadError: there is no such folder, or it holds no radiographs.
    """
    known = _read(index_place(folder))
    return known is not None and set(known.states) == {_state(path) for path in radiograph_folder(Path(folder))}


def build_index(folder: str | Path, *, progress: Progress = silent, cancel: CancelToken | None = None) -> Index:
    """Make the index of a folder, or renew it: only files whose content is new are read.

    Args:
        folder: Healthy radiographs of any format.
        progress: Called after every file.
        cancel: Looked at before every file; what was made so far is taken up again next time.

    Raises:
        ReadError: there is no such folder, or no radiograph in it can be a donor.
        WriteError: the cache cannot be written.
        Cancelled: through ``cancel``; the old index stays.
    """
    folder, cancel = Path(folder), cancel or CancelToken()
    paths, place = radiograph_folder(folder), index_place(folder)
    known = _read(place)
    before = {} if known is None else {(e.file, e.size, e.changed): e for e in known.entries}
    entries: list[Entry] = []
    states: list[State] = []
    refused: list[str] = []
    for done, path in enumerate(paths):
        cancel.raise_if_cancelled()
        state = _state(path)
        states.append(state)
        try:
            kept = before.get(state)
            entries.append(kept if kept and _plate_file(place, kept).is_file() else _made(path, place, state))
        except ReadError as fault:
            refused.append(str(ReadError(fault.what, file=path, remedy=fault.remedy)))
        progress((done + 1) / len(paths), f"{path.name}, {done + 1} of {len(paths)}")
    if not entries:
        raise ReadError(f"no file of this folder can be a donor ({refused[0]})", file=folder, remedy="Choose another")
    index = Index(folder, tuple(entries), tuple(states), tuple(refused))
    _write(place, index)
    return index


def folder_shelf(folder: str | Path) -> Shelf:
    """The donors of a folder that has an index.

    Raises:
        StudioError: it has none.
    """
    place = index_place(folder)
    try:
        changed = (place / LIST).stat().st_mtime_ns
    except OSError:
        changed = 0
    return _shelf(place, Path(folder), changed)


@lru_cache(maxsize=2)
def _shelf(place: Path, folder: Path, changed: int) -> Shelf:
    index = _read(place) if changed else None
    if index is None:
        raise StudioError(
            "the folder of healthy radiographs has no index yet", file=folder, remedy="Wait until it is made"
        )
    return Shelf([_plate(place, entry) for entry in index.entries])


def _state(path: Path) -> State:
    facts = path.stat()
    return path.name, facts.st_size, facts.st_mtime_ns


def _made(path: Path, place: Path, state: State) -> Entry:
    """Read a radiograph and write its plate, unless a plate of the same content is there."""
    radiograph = read_radiograph(path)
    scale = pixels_per(MM_PER_PIXEL, REFERENCE_SIDE, shape=radiograph.shape, spacing=radiograph.spacing)
    low, high = radiograph.unit_range
    unit = resampled((radiograph.pixels - np.float32(low)) / np.float32(high - low), scale)
    if min(unit.shape) < LEAST_SIDE:
        raise ReadError("the radiograph is too small to give donors", file=path, remedy="Leave it out")
    bits = 8 if radiograph.stored.dtype == np.uint8 else 16
    whole = int(unit.shape[0]), int(unit.shape[1])
    patient = patient_of(path, radiograph.header)
    entry = Entry(*state, file_sha256(path), patient, whole, scale, bits)
    if not _plate_file(place, entry).is_file():
        base, step = _levels(bits)
        values = np.clip(np.round((unit - np.float32(base)) / np.float32(step)), 0, 2**bits - 1)
        with replaced(_plate_file(place, entry)) as beside:
            np.save(beside, values.astype(np.uint8 if bits == 8 else np.uint16), allow_pickle=False)
        with replaced(_coarse_file(place, entry)) as beside:
            np.save(beside, coarse_of(unit).astype(np.float16), allow_pickle=False)
    return entry


def _levels(bits: int) -> tuple[float, float]:
    """Unit value of stored 0, and unit values a step."""
    return (0.0, 1 / 255) if bits == 8 else (RANGE[0], (RANGE[1] - RANGE[0]) / 65535)


def _plate_file(place: Path, entry: Entry) -> Path:
    return place / f"{entry.sha256}.npy"


def _coarse_file(place: Path, entry: Entry) -> Path:
    return place / f"{entry.sha256}-coarse.npy"


def _plate(place: Path, entry: Entry) -> Plate:
    path = _plate_file(place, entry)
    coarse = np.asarray(_loaded(_coarse_file(place, entry)), np.float32)
    base, step = _levels(entry.bits)
    return Plate(
        entry.file,
        entry.patient,
        entry.sha256,
        "folder",
        lambda: _mapped(path),
        step,
        entry.whole,
        (0, 0),
        coarse,
        scale=entry.scale,
        base=base,
    )


@lru_cache(maxsize=256)
def _mapped(path: Path) -> NDArray[Any]:
    """A plate, read where it is looked at."""
    return _loaded(path, mapped=True)


def _loaded(path: Path, *, mapped: bool = False) -> NDArray[Any]:
    try:
        return np.asanyarray(np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False))
    except (OSError, ValueError) as fault:
        raise StudioError(
            "the index of the healthy radiographs is damaged", file=path, remedy="Delete this folder; it is made again"
        ) from fault


def _read(place: Path) -> Index | None:
    """The index, or None where there is none of this version."""
    try:
        facts = json.loads((place / LIST).read_text(encoding="utf-8"))
        if facts["version"] != VERSION:
            return None
        entries = [Entry(**{**e, "whole": (int(e["whole"][0]), int(e["whole"][1]))}) for e in facts["entries"]]
        states = tuple((str(name), int(size), int(changed)) for name, size, changed in facts["states"])
        return Index(Path(facts["folder"]), tuple(entries), states, tuple(facts["refused"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _write(place: Path, index: Index) -> None:
    """Write the list, then remove the plates of files that are gone."""
    facts = {"version": VERSION, "folder": str(index.folder), "states": index.states, "refused": index.refused}
    write_json(place / LIST, {**facts, "entries": [asdict(entry) for entry in index.entries]})
    kept = {file(place, entry) for entry in index.entries for file in (_plate_file, _coarse_file)}
    for path in place.glob("*.npy"):
        if path not in kept:
            with suppress(OSError):
                path.unlink()
