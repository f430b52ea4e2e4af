"""What is known of one image that was made: enough to train on it, and to make it again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from cxr_studio.errors import ReadError
from cxr_studio.files import replaced

FOLDER = "records"


@dataclass(frozen=True)
class Nodule:
    """One nodule in an image.

    Attributes:
        box: ``x0, y0, x1, y1`` of its silhouette, pixels, half-open.
        area: Pixels of the silhouette.
        diameter_px: Diameter in pixels.
        diameter_mm: In millimetres, None where they are unknown.
        mask_sha256: Of the silhouette's mask.
        placement: How it was made.
        checkpoint_sha256: Hash of the generator's checkpoint, "" for one that needs none.
    """

    box: tuple[int, int, int, int]
    area: int
    diameter_px: float
    diameter_mm: float | None
    mask_sha256: str
    placement: dict[str, object]
    checkpoint_sha256: str = ""


@dataclass(frozen=True)
class Record:
    """One image.

    Attributes:
        index: Its number in the job.
        file: Name in ``images/``.
        width: Pixels.
        height: Pixels.
        source: Name of the radiograph.
        source_sha256: Hash of that file.
        patient: Whose radiograph it is.
        split: "train" or "val".
        spacing: Where millimetres come from.
        nodules: What was drawn.
        sha256: Of the image's file, "" in records of older versions.
        selected: What selected it among several draws (see ``selection.Selected``); None where nothing did.
    """

    index: int
    file: str
    width: int
    height: int
    source: str
    source_sha256: str
    patient: str
    split: str
    spacing: str
    nodules: tuple[Nodule, ...]
    sha256: str = ""
    selected: dict[str, object] | None = None


def record_path(folder: Path, index: int) -> Path:
    """Where the record of an image is kept; it is written last, so that it tells that the image is whole."""
    return folder / FOLDER / f"{index:06d}.json"


def write_record(folder: Path, record: Record) -> None:
    """Write a record, atomically."""
    with replaced(record_path(folder, record.index)) as beside:
        beside.write_text(json.dumps(asdict(record), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_record(path: Path) -> Record:
    """Read a record.

    Raises:
        ReadError: damaged.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        nodules = tuple(Nodule(**{**n, "box": tuple(n["box"])}) for n in values.pop("nodules"))
        return Record(**values, nodules=nodules)
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ReadError("the record is damaged", file=path, remedy="Delete it and run the same command") from fault
