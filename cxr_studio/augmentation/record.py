"""What is known of one image that was made: enough to train on it, and to make it again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from cxr_studio.datasets.entries import NODULE
from cxr_studio.errors import ReadError
from cxr_studio.files import replaced

FOLDER = "records"
IMAGES, MASKS = "images", "masks"
"""Folders of a set."""


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
        measured: How it looks: margin with its figures, density, conspicuity, grade of subtlety.
    """

    box: tuple[int, int, int, int]
    area: int
    diameter_px: float
    diameter_mm: float | None
    mask_sha256: str
    placement: dict[str, object]
    checkpoint_sha256: str = ""
    measured: dict[str, object] = field(default_factory=dict)

    label: ClassVar[str] = NODULE
    drawn: ClassVar[bool] = True


@dataclass(frozen=True)
class Kept:
    """A radiologist's box that stayed as it was, bit for bit, in an image whose surroundings were drawn.

    Attributes:
        box: ``x0, y0, x1, y1`` of the pixels that it touches, half-open.
        label: What the radiologist named, small letters.
        listed: ``x0, y0, x1, y1`` as listed, in pixels of the image; fractions occur.
        kept_sha256: Of the stored values in the box that stayed, which are the source's.
        placement: How the surroundings were made: generator and seed.
        checkpoint_sha256: Hash of the generator's checkpoint.
    """

    box: tuple[int, int, int, int]
    label: str
    listed: tuple[float, float, float, float]
    kept_sha256: str
    placement: dict[str, object]
    checkpoint_sha256: str = ""

    drawn: ClassVar[bool] = False
    diameter_px: ClassVar[float | None] = None
    diameter_mm: ClassVar[float | None] = None
    measured: ClassVar[dict[str, object]] = {}
    mask_sha256: ClassVar[str] = ""

    @property
    def area(self) -> int:
        """Pixels of the box."""
        x0, y0, x1, y1 = self.box
        return (x1 - x0) * (y1 - y0)


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
        kept: Boxes that stayed where the surroundings were drawn.
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
    kept: tuple[Kept, ...] = ()

    @property
    def findings(self) -> tuple[Nodule | Kept, ...]:
        """What is labelled."""
        return (*self.nodules, *self.kept)


def labels_of(records: Iterable[Record]) -> list[str]:
    """Names of all findings, in order; formats number them."""
    return sorted({finding.label for record in records for finding in record.findings} or {NODULE})


def record_name(index: int) -> str:
    """Name of an image's record in the folder; it is written last, so that it tells that the image is whole."""
    return f"{FOLDER}/{index:06d}.json"


def write_record(folder: Path, record: Record) -> None:
    """Write a record, atomically."""
    with replaced(folder / record_name(record.index)) as beside:
        beside.write_text(json.dumps(asdict(record), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_record(path: Path) -> Record:
    """Read a record.

    Raises:
        ReadError: damaged.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        nodules = tuple(Nodule(**{**n, "box": tuple(n["box"])}) for n in values.pop("nodules"))
        kept = tuple(
            Kept(**{**k, "box": tuple(k["box"]), "listed": tuple(k["listed"])}) for k in values.pop("kept", ())
        )
        return Record(**values, nodules=nodules, kept=kept)
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ReadError("the record is damaged", file=path, remedy="Delete it and run the same command") from fault
