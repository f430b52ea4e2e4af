"""``cxr-studio bank DIR --out DIR``: make the bank of donors that ships."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.progress import tracked
from cxr_studio.errors import ReadError, StudioError

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which radiographs, how many, and where to."""
    parser.add_argument("input", type=Path, metavar="DIR", help="folder of healthy 8-bit radiographs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write the bank into")
    parser.add_argument("--count", type=whole(1, 1000), default=96, help="patients, one radiograph each (default: 96)")
    parser.add_argument(
        "--without", type=Path, nargs="+", default=[], metavar="DIR", help="folders whose patients are left out"
    )


def run(options: argparse.Namespace) -> int:
    """Write the bank and say how large it is."""
    from cxr_studio.donors.bank import write_bank

    chosen = _chosen(options.input, options.without)
    step = max(1.0, len(chosen) / options.count)
    paths = [chosen[int(k * step)] for k in range(min(options.count, len(chosen)))]
    written = write_bank(options.out, _pictures(tracked(paths, len(paths), "Making the bank")))
    print(f"{options.out}: lungs of {len(paths)} patients, {written / 1e6:.1f} MB.")
    return 0


def _chosen(folder: Path, without: list[Path]) -> list[Path]:
    """The first radiograph of every patient, in name order."""
    from cxr_studio.radiographs.patient import patient_of

    barred = {patient_of(path, None) for each in without for path in each.glob("*")}
    first: dict[str, Path] = {}
    for path in sorted(folder.glob("*.png")):
        first.setdefault(patient_of(path, None), path)
    kept = [path for patient, path in first.items() if patient not in barred]
    if not kept:
        raise ReadError("the folder holds no PNG radiographs", file=folder, remedy="Choose another folder")
    return kept


def _pictures(paths: Any) -> Iterator[tuple[Path, str, Any, tuple[int, int, int, int]]]:
    from cxr_studio.masks.boxes import bounding_box
    from cxr_studio.nodules.lungs import lung_mask
    from cxr_studio.radiographs.patient import patient_of
    from cxr_studio.radiographs.reading import read_radiograph

    for path in paths:
        radiograph = read_radiograph(path)
        _require(radiograph, path)
        lungs = bounding_box(lung_mask(radiograph).mask)
        yield path, patient_of(path, radiograph.header), radiograph.stored, lungs or (0, 0, 0, 0)


def _require(radiograph: Radiograph, path: Path) -> None:
    """A plate is copied bit for bit, so it must be on the working grid already."""
    from cxr_studio.donors.bank import REFERENCE_SIDE

    if radiograph.stored.dtype != "uint8" or max(radiograph.shape) != REFERENCE_SIDE:
        raise StudioError(
            f"a bank is made of 8-bit radiographs whose longest side is {REFERENCE_SIDE} pixels",
            file=path,
            remedy="Leave it out",
        )
