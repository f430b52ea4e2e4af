"""``cxr-studio bank DIR --out DIR``: make the bank of donors that ships, and fit the score that orders donors."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.progress import tracked
from cxr_studio.errors import ReadError, StudioError

if TYPE_CHECKING:
    from cxr_studio.donors.learning import Trial
    from cxr_studio.donors.library import Shelf
    from cxr_studio.radiographs.radiograph import Radiograph

SEED = 20_261_127
"""Of the holes on which the score is fitted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which radiographs, how many, and where to."""
    parser.add_argument("input", type=Path, metavar="DIR", help="folder of healthy 8-bit radiographs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write the bank into")
    parser.add_argument("--count", type=whole(1, 1000), default=96, help="patients, one radiograph each (default: 96)")
    words = "text file of the radiographs to choose from, a name a line: those without lines, tubes and lettering"
    parser.add_argument("--only", type=Path, metavar="FILE", help=words)
    parser.add_argument(
        "--without", type=Path, nargs="+", default=[], metavar="DIR", help="folders whose patients are left out"
    )
    parser.add_argument(
        "--fit-score",
        type=whole(2, 100_000),
        metavar="HOLES",
        help="fit the score of the bank in --out instead",
    )


def run(options: argparse.Namespace) -> int:
    """Write the bank and say how large it is, or fit its score."""
    from cxr_studio.donors.bank import write_bank

    if options.fit_score:
        return _fit_score(options.input, options.out, options.fit_score)
    chosen = _chosen(options.input, options.without, options.only)
    step = max(1.0, len(chosen) / options.count)
    paths = [chosen[int(k * step)] for k in range(min(options.count, len(chosen)))]
    written = write_bank(options.out, _pictures(tracked(paths, len(paths), "Making the bank")))
    print(f"{options.out}: lungs of {len(paths)} patients, {written / 1e6:.1f} MB.")
    return 0


def _fit_score(folder: Path, bank: Path, holes: int) -> int:
    """Fit the weights on patients who are not in the bank; each half of them judges those of the other half."""
    from cxr_studio.datasets.patients import file_patient
    from cxr_studio.donors.bank import read_bank
    from cxr_studio.donors.learning import fitted_weights, gained
    from cxr_studio.donors.rank import WEIGHTS
    from cxr_studio.files import write_json

    shelf = read_bank(bank)
    barred = {plate.patient for plate in shelf.plates}
    paths = [path for path in sorted(folder.glob("*.png")) if file_patient(path) not in barred]
    if not paths:
        raise ReadError("the folder holds no radiographs of patients outside the bank", file=folder)
    trials: list[Trial] = list(tracked(_trials(paths, shelf, holes), holes, "Trying donors"))
    patients = sorted({one.patient for one in trials})
    halves = [[one for one in trials if patients.index(one.patient) % 2 == half] for half in (0, 1)]
    for train, test in (halves, halves[::-1]):
        words = "mean donor by {:.2f} dB by the score, {:.2f} dB by the ring alone, {:.2f} dB at best"
        print("Error on other patients below the " + words.format(*(-v for v in gained(test, fitted_weights(train)))))
    weights = fitted_weights(trials)
    write_json(bank / WEIGHTS, {"weights": weights, "holes": len(trials), "patients": len(patients)})
    print(f"{bank / WEIGHTS}: {weights}")
    return 0


def _trials(paths: list[Path], shelf: Shelf, holes: int) -> Iterator[Trial]:
    """Seeded holes, one radiograph after the other."""
    import numpy as np

    from cxr_studio.datasets.patients import patient_of
    from cxr_studio.donors.bank import STEP
    from cxr_studio.donors.learning import random_hole, trial
    from cxr_studio.radiographs.reading import read_radiograph

    rng = np.random.default_rng(SEED)
    for number in range(holes):
        path = paths[number % len(paths)]
        radiograph = read_radiograph(path)
        _require(radiograph, path)
        image = radiograph.pixels * np.float32(STEP)
        tried = trial(image, random_hole(rng, radiograph.shape), [shelf], patient=patient_of(path, radiograph.header))
        if tried is not None:
            yield tried


def _chosen(folder: Path, without: list[Path], only: Path | None) -> list[Path]:
    """The first radiograph of every patient, in name order, of those that are looked through."""
    from cxr_studio.datasets.listing import radiograph_folder
    from cxr_studio.datasets.patients import file_patient

    barred = {file_patient(path) for each in without for path in radiograph_folder(each)}
    first: dict[str, Path] = {}
    try:
        clean = None if only is None else set(only.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as fault:
        raise ReadError("the list of radiographs cannot be read", file=only, remedy="Check its name") from fault
    for path in sorted(folder.glob("*.png")):
        if clean is not None and path.stem not in clean:
            continue
        first.setdefault(file_patient(path), path)
    kept = [path for patient, path in first.items() if patient not in barred]
    if not kept:
        raise ReadError("the folder holds no PNG radiographs", file=folder, remedy="Choose another folder")
    return kept


def _pictures(paths: Any) -> Iterator[tuple[Path, str, Any, tuple[int, int, int, int]]]:
    from cxr_studio.datasets.patients import patient_of
    from cxr_studio.masks.boxes import bounding_box
    from cxr_studio.nodules.lungs import lung_mask
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
