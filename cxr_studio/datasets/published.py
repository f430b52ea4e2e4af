"""Lists of boxes as data sets are published with them: NIH ChestX-ray14, NODE21, VinDr-CXR."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from cxr_studio.datasets.box_list import PUBLISHED, read_box_list
from cxr_studio.datasets.entries import NODULE, Entry, Finding, Manifest, Rectangle, grouped
from cxr_studio.datasets.listed_size import in_pixels_of_images, sized
from cxr_studio.datasets.listing import radiographs_in
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import Patients, known_patients
from cxr_studio.datasets.tables import Row, columns_of, read_rows, rectangle, refused
from cxr_studio.errors import ReadError

Found = TypeVar("Found")

NODE21_COLUMNS = ("height", "img_name", "label", "width", "x", "y")
VINDR_COLUMNS = ("image_id", "class_name", "x_min", "y_min", "x_max", "y_max")
NO_FINDING = "no finding"

AGREED = 0.4
"""IoU from which boxes of one finding by different readers of VinDr-CXR are one; they are averaged."""


def read_nih(path: Path, images: Path, *, listed_side: int = 0) -> Manifest:
    """Read a list of boxes as the NIH published its own, or with named columns.

    Args:
        path: The list.
        images: Folder of the radiographs, at any size; those that the list does not name are left out, and so are boxes
            of radiographs that are not there.
        listed_side: See ``listed_size.in_pixels_of_images``.

    Raises:
        ReadError: the list cannot be used, or names none of the radiographs.
    """
    rows = ((box.image, _of(box.finding, box.x, box.y, box.width, box.height)) for box in read_box_list(path))
    present = _present(rows, images, path, source="ChestX-ray14")
    manifest = Manifest(images, tuple(sized(entry, images) for entry in present))
    as_published = PUBLISHED in columns_of(path)
    return in_pixels_of_images(manifest, path, listed_side=listed_side, as_published=as_published)


def read_node21(path: Path, images: Path) -> Manifest:
    """Read NODE21's ``metadata.csv``: x and y are the upper left corner in pixels, label 0 an image without nodule.

    Raises:
        ReadError: as ``read_nih``, or a line is wrong.
    """

    def row_of(row: Row) -> tuple[str, Finding | None]:
        x, y, width, height = (float(row[name]) for name in ("x", "y", "width", "height"))
        return row["img_name"], _of(NODULE, x, y, width, height) if int(float(row["label"])) else None

    rows = _each(path, NODE21_COLUMNS, row_of, what="NODE21's table")
    return Manifest(images, _present(rows, images, path, source="NODE21"))


def read_vindr(path: Path, images: Path) -> Manifest:
    """Read VinDr-CXR's ``annotations.csv`` or ``train.csv``: a line a reader's box, "No finding" without one.

    Boxes that different readers drew around one finding are averaged (see ``AGREED``). Files are called by image_id,
    and every image is a patient of its own: the set does not say whose it is.

    Raises:
        ReadError: as ``read_nih``, or a line is wrong.
    """

    def row_of(row: Row) -> tuple[str, tuple[str, Finding | None]]:
        label, reader = row["class_name"].lower(), row.get("rad_id", "")
        if label == NO_FINDING:
            return row["image_id"], (reader, None)
        x0, y0, x1, y1 = (float(row[name]) for name in VINDR_COLUMNS[2:])
        return row["image_id"], (reader, Finding(label, rectangle(y0, x0, y1, x1)))

    drawn: dict[str, list[tuple[str, Finding | None]]] = {}
    for image, one in _each(path, VINDR_COLUMNS, row_of, what="VinDr's table"):
        drawn.setdefault(image, []).append(one)
    rows: list[tuple[str, Finding | None]] = []
    for image, ones in drawn.items():
        rows += [(image, finding) for finding in agreed([(r, f) for r, f in ones if f is not None])] or [(image, None)]
    return Manifest(images, _present(rows, images, path, source="VinDr-CXR"))


def agreed(drawn: Sequence[tuple[str, Finding]]) -> list[Finding]:
    """Average the boxes that different readers drew around one finding, in order of the first.

    Args:
        drawn: Reader and finding.
    """
    groups: list[list[tuple[str, Finding]]] = []
    for reader, finding in drawn:
        for group in groups:
            others = {name for name, _ in group}
            if reader not in others and group[0][1].label == finding.label and overlap(group[0][1].box, finding.box):
                group.append((reader, finding))
                break
        else:
            groups.append([(reader, finding)])
    return [Finding(group[0][1].label, _mean([finding.box for _, finding in group])) for group in groups]


def overlap(first: Rectangle, second: Rectangle) -> bool:
    """Whether two boxes are one by ``AGREED``."""
    high = min(first[2], second[2]) - max(first[0], second[0])
    wide = min(first[3], second[3]) - max(first[1], second[1])
    both = max(0.0, high) * max(0.0, wide)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return both >= AGREED * (sum(areas) - both)


def _mean(boxes: Sequence[Rectangle]) -> Rectangle:
    y0, x0, y1, x1 = (sum(ends) / len(boxes) for ends in zip(*boxes, strict=True))
    return y0, x0, y1, x1


def _of(label: str, x: float, y: float, width: float, height: float) -> Finding:
    return Finding(label.lower(), rectangle(y, x, y + height, x + width))


def _each(path: Path, columns: Sequence[str], row_of: Callable[[Row], Found], *, what: str) -> list[Found]:
    found = []
    for number, row in read_rows(path, columns, what=what):
        try:
            found.append(row_of(row))
        except ValueError as fault:
            raise refused(path, number, fault, what=what) from fault
    return found


def _present(rows: Iterable[tuple[str, Finding | None]], images: Path, path: Path, *, source: str) -> tuple[Entry, ...]:
    files, patients = _files(images), known_patients(images)
    listed = [(files.get(stem_of(Path(name))) or files.get(name), finding) for name, finding in rows]
    entries = grouped((_entry(file, patients, source), finding) for file, finding in listed if file is not None)
    if not entries:
        what = f"the list names none of the radiographs in {images}"
        raise ReadError(what, file=path, remedy="Give the folder of its radiographs")
    return entries


def _entry(file: Path, patients: Patients, source: str) -> Entry:
    return Entry(file.name, patients.of_file(file), source=source)


def _files(images: Path) -> Mapping[str, Path]:
    try:
        return {stem_of(file): file for file in radiographs_in(images)}
    except OSError as fault:
        remedy = "Give the folder of the radiographs"
        raise ReadError(f"the folder cannot be listed ({fault.strerror})", file=images, remedy=remedy) from fault
