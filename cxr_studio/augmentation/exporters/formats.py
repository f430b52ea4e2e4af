"""The annotation formats by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cxr_studio.augmentation.exporters import coco, voc, yolo
from cxr_studio.augmentation.exporters.tables import write_box_list, write_manifest, write_node21
from cxr_studio.augmentation.record import Record
from cxr_studio.errors import StudioError

FORMATS: dict[str, Callable[[Sequence[Record], Path], Path]] = {
    "node21": write_node21,
    "coco": coco.write,
    "yolo": yolo.write,
    "voc": voc.write,
    "csv": write_box_list,
}


def read_formats(text: str) -> tuple[str, ...]:
    """Read ``coco,yolo``.

    Raises:
        StudioError: an unknown format.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in FORMATS:
            raise StudioError(f"there is no annotation format {name!r}", remedy=f"Choose from {', '.join(FORMATS)}")
    return names


def write_all(records: Sequence[Record], folder: Path, names: Sequence[str]) -> list[Path]:
    """Write the manifest and the chosen formats; returns the files or folders."""
    return [write_manifest(records, folder), *(FORMATS[name](records, folder) for name in names)]
