"""What ``cxr-studio highlight`` writes for a radiograph: overlay, map, table of hot spots, provenance."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.datasets.listing import radiograph_files
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.outputs import refuse_collisions
from cxr_studio.errors import GeneratorError, WriteError
from cxr_studio.files import replaced, write_json
from cxr_studio.quality.highlighting.map import AbnormalityMap, HotSpot, Kind, hot_spots
from cxr_studio.quality.highlighting.options import default_threshold
from cxr_studio.quality.highlighting.picture import overlaid, write_picture

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph

OVERLAY, MAP, SPOTS, RECORD = "-overlay.png", "-map.mha", "-spots.csv", ".json"
"""What is added to the radiograph's name."""

COLUMNS = ("rank", "y", "x", "y0", "x0", "y1", "x1", "height", "width", "height_mm", "width_mm", "peak", "mean", "sign")


@dataclass(frozen=True)
class Wanted:
    """What to write.

    Attributes:
        kind: Which map; None for the z-map where there is one, else the absolute one.
        threshold: Where a spot begins; None for the kind's default.
    """

    kind: Kind | None = None
    threshold: float | None = None

    def settled(self, found: AbnormalityMap) -> tuple[Kind, float]:
        """The kind and the threshold for one map.

        Raises:
            GeneratorError: a z-map is wanted where there is none.
        """
        kind = self.kind or found.main_kind
        if kind == "z" and found.z is None:
            raise GeneratorError(found.notes[-1].rstrip("."), remedy="Choose --kind absolute or signed")
        return kind, default_threshold(kind) if self.threshold is None else self.threshold


def sources(path: Path, out: Path | None = None) -> list[Path]:
    """A radiograph, or every one of a folder in name order.

    Args:
        path: The radiograph or the folder.
        out: Folder of the results, None where nothing is written for each.

    Raises:
        ReadError: there is nothing.
        WriteError: the results of two radiographs would share a file, or lie over a radiograph.
    """
    found = radiograph_files(path)
    if out is not None:
        refuse_collisions((one, result_files(out, stem_of(one))) for one in found)
    return found


def result_files(folder: Path, stem: str) -> tuple[Path, Path, Path, Path]:
    """Overlay, map, hot spots and provenance of a radiograph of this name."""
    overlay, image, table, record = (folder / f"{stem}{end}" for end in (OVERLAY, MAP, SPOTS, RECORD))
    return overlay, image, table, record


def write_map(folder: Path, radiograph: Radiograph, found: AbnormalityMap, *, stem: str, wanted: Wanted) -> list[Path]:
    """Write overlay (PNG), map (MetaImage, float32), hot spots (CSV) and provenance (JSON).

    Returns:
        The files.

    Raises:
        WriteError: the folder cannot be written.
        GeneratorError: a z-map is wanted where there is none.
    """
    if folder.is_file():
        raise WriteError("this is a file, where a folder is needed for the results", file=folder)
    kind, threshold = wanted.settled(found)
    layer = found.layer(kind)
    spots = hot_spots(layer, found.looked_at, threshold=threshold, spacing=radiograph.spacing)
    overlay, image, table, record = result_files(folder, stem)
    write_picture(overlay, overlaid(radiograph, found, kind=kind, threshold=threshold, spots=spots))
    _write_float(image, layer, radiograph)
    _write_spots(table, spots)
    _write_record(record, found, kind=kind, threshold=threshold, spots=spots)
    return [overlay, image, table, record]


def _write_float(path: Path, layer: Plane, radiograph: Radiograph) -> None:
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(np.ascontiguousarray(layer))
    image.SetSpacing((radiograph.spacing.x or 1.0, radiograph.spacing.y or 1.0))
    with replaced(path) as beside:
        sitk.WriteImage(image, str(beside), useCompression=True)


def _write_spots(path: Path, spots: tuple[HotSpot, ...]) -> None:
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([_cell(value) for value in _row(spot)] for spot in spots)


def _row(spot: HotSpot) -> list[float | int | None]:
    figures = [spot.height, spot.width, spot.height_mm, spot.width_mm, spot.peak, spot.mean, spot.sign]
    return [spot.rank, spot.y, spot.x, *spot.box, *figures]


def _cell(value: float | int | None) -> str:
    return "" if value is None else f"{value:.5g}"


def _write_record(
    path: Path, found: AbnormalityMap, *, kind: Kind, threshold: float, spots: tuple[HotSpot, ...]
) -> None:
    record = {
        "map": kind,
        "threshold": threshold,
        "spots": [asdict(spot) for spot in spots],
        "notes": list(found.notes),
        "device": found.device,
        "provenance": found.provenance,
    }
    write_json(path, record)
