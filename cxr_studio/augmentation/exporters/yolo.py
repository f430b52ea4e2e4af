"""YOLO: a text file an image, ``class x y w h`` with centre and size as shares; lists by split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.augmentation.record import Record, labels_of
from cxr_studio.files import replaced


def write(records: Sequence[Record], folder: Path) -> Path:
    """Write ``labels/*.txt``, ``train.txt``, ``val.txt`` and ``data.yaml``."""
    names = labels_of(records)
    for record in records:
        lines = []
        for finding in record.findings:
            x0, y0, x1, y1 = finding.box
            place = ((x0 + x1) / 2 / record.width, (y0 + y1) / 2 / record.height)
            size = ((x1 - x0) / record.width, (y1 - y0) / record.height)
            lines.append(f"{names.index(finding.label)} " + " ".join(f"{value:.7f}" for value in (*place, *size)))
        _put(folder / "labels" / Path(record.file).with_suffix(".txt"), lines)
    for split in ("train", "val"):
        _put(folder / f"{split}.txt", [f"images/{record.file}" for record in records if record.split == split])
    path = folder / "data.yaml"
    _put(path, ["path: .", "train: train.txt", "val: val.txt", "names:", *(f"  {k}: {n}" for k, n in enumerate(names))])
    return path


def _put(path: Path, lines: list[str]) -> None:
    with replaced(path) as beside:
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
