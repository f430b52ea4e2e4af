"""The bank: lungs of healthy radiographs that ship with the program, as plain PNG files and one list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.library import Shelf
from cxr_studio.donors.plate import COARSE, Plate, coarse_of
from cxr_studio.errors import StudioError, WriteError
from cxr_studio.files import file_sha256, replaced, write_json
from cxr_studio.masks.boxes import Box, cut, is_empty, padded
from cxr_studio.resources import resource

LIST = "bank.json"
"""What the bank holds."""

MARGIN = 40
"""Working pixels around the lungs that a plate shows: the ring of a 64-pixel hole, and some to move in."""

REFERENCE_SIDE = 1024
"""Longest side of a radiograph on the working grid, where its spacing is unknown."""

MM_PER_PIXEL = 0.375
"""Nominal size of a working pixel, that of the radiographs that the shipped networks are trained on."""

STEP = 1 / 255
"""Unit values per stored step of 8 bits."""


@dataclass(frozen=True)
class Entry:
    """One plate of the bank.

    Attributes:
        file: Name of its radiograph, and of the PNG in the bank.
        patient: Whose it is.
        sha256: Of the radiograph's file.
        whole: Rows and columns of the radiograph.
        corner: First row and column that the plate shows.
    """

    file: str
    patient: str
    sha256: str
    whole: tuple[int, int]
    corner: tuple[int, int]


@lru_cache(maxsize=1)
def shipped_bank() -> Shelf:
    """The bank that ships; read once (a second).

    Raises:
        StudioError: it is missing from this installation, or damaged.
    """
    return read_bank(resource("bank"))


def read_bank(folder: Path) -> Shelf:
    """Read a bank.

    Raises:
        StudioError: its list or one of its pictures is missing or damaged.
    """
    try:
        entries = [
            Entry(e["file"], e["patient"], e["sha256"], _pair(e["whole"]), _pair(e["corner"]))
            for e in json.loads((folder / LIST).read_text(encoding="utf-8"))["plates"]
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        raise StudioError("the bank's list cannot be read", file=folder / LIST, remedy="Reinstall it") from fault
    return Shelf([_plate(folder, entry) for entry in entries])


def write_bank(folder: Path, pictures: Iterable[tuple[Path, str, NDArray[np.uint8], Box]]) -> int:
    """Write a bank of 8-bit radiographs, without loss.

    Args:
        folder: Where to; it must hold no bank yet.
        pictures: File, patient, stored values ``uint8 [H, W]`` on the working grid, and the box of the lungs.

    Returns:
        Bytes written.

    Raises:
        WriteError: the folder holds a bank, or cannot be written.
    """
    import cv2

    if (folder / LIST).exists():
        raise WriteError("the folder holds a bank already", file=folder, remedy="Choose another folder")
    entries = []
    for path, patient, stored, lungs in pictures:
        if is_empty(lungs):
            continue
        box = padded(_on_grid(lungs), MARGIN, stored.shape)
        _, content = cv2.imencode(".png", np.ascontiguousarray(stored[cut(box)]), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        with replaced(folder / f"{path.stem}.png") as beside:
            beside.write_bytes(content.tobytes())
        whole = int(stored.shape[0]), int(stored.shape[1])
        entries.append(Entry(f"{path.stem}.png", patient, file_sha256(path), whole, box[:2]))
    write_json(folder / LIST, {"plates": [asdict(entry) for entry in entries]})
    return sum(file.stat().st_size for file in folder.iterdir())


def _on_grid(box: Box) -> Box:
    """Widened so that, with the margin, it begins on the coarse grid of its radiograph."""
    return box[0] // COARSE * COARSE, box[1] // COARSE * COARSE, box[2], box[3]


def _plate(folder: Path, entry: Entry) -> Plate:
    import cv2

    path = folder / entry.file
    try:
        stored = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    except (OSError, cv2.error) as fault:
        raise StudioError("this picture of the bank cannot be read", file=path, remedy="Reinstall it") from fault
    if stored is None or stored.dtype != np.uint8 or stored.ndim != 2:
        raise StudioError("this picture of the bank is damaged", file=path, remedy="Reinstall it")
    coarse = coarse_of(np.asarray(stored, np.float32)) * np.float32(STEP)
    return Plate(
        entry.file, entry.patient, entry.sha256, "bank", lambda: stored, STEP, entry.whole, entry.corner, coarse
    )


def _pair(values: Any) -> tuple[int, int]:
    return int(values[0]), int(values[1])
