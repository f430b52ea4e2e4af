"""Pathology labels of radiographs, from a table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.naming import stem_of
from cxr_studio.errors import ReadError, StudioError
from cxr_studio.studies.protocol_parts import Pathology


def read_labels(table: Pathology, base: Path) -> dict[str, tuple[str, ...]]:
    """Labels by file name without its ending: images and their copies may be of different formats.

    Args:
        table: Which file and columns.
        base: Folder that its path is relative to.

    Raises:
        ReadError: the table cannot be read or lacks a column.
    """
    path = base / table.csv
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ReadError("the table of labels cannot be read", file=path, remedy="Check pathology.csv") from fault
    missing = [name for name in (table.image, table.label) if not rows or name not in rows[0]]
    if missing:
        what = f"the table of labels has no column {' and '.join(missing)}"
        raise ReadError(what, file=path, remedy="Name the columns in pathology.image and pathology.label")
    found: dict[str, list[str]] = {}
    for row in rows:
        labels = (part.strip() for part in (row[table.label] or "").split("|"))
        own = found.setdefault(stem_of(Path(row[table.image] or "")), [])
        own += [label for label in labels if label and label not in own]
    return {stem: tuple(own) for stem, own in found.items()}


def labelled_radiographs(
    folder: Path, pathology: Pathology | None, labels: Mapping[str, tuple[str, ...]]
) -> list[Path]:
    """The radiographs of a folder that a study may use: all, or those with a wanted label (just one where balanced).

    Raises:
        StudioError: there is none.
    """
    paths = radiograph_folder(folder)
    if pathology is None or not pathology.labels:
        return paths
    wanted = set(pathology.labels)
    own = {path: wanted & {*labels.get(stem_of(path), ())} for path in paths}
    chosen = [path for path, found in own.items() if len(found) == 1 or (found and not pathology.balanced)]
    if not chosen:
        raise StudioError("no radiograph has one of the wanted labels", file=folder, remedy="Check [pathology]")
    return chosen
