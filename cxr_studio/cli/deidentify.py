"""``cxr-studio deidentify INPUT… --out DIR``: radiographs and DICOM objects without their patients."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_patients
from cxr_studio.cli.deidentify_arguments import add_deidentification, deidentification_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxr_studio.exchange.deidentify_files import Done

MOST = 5
"""Files that a sentence names."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files, the place of the results, and the profile's options."""
    words = "files, or folders with all that lies below them: DICOM of any kind, PNG, TIFF, JPEG, MetaImage"
    parser.add_argument("input", type=Path, nargs="+", metavar="INPUT", help=words)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    add_deidentification(parser)
    words = "fill what looks like text burned into the pixels, with the default generator"
    parser.add_argument("--inpaint-text", action="store_true", help=words)
    words = "fill what may be a marker (L, R, initials) too"
    parser.add_argument("--inpaint-markers", action="store_true", help=words)
    add_patients(parser)


def run(options: argparse.Namespace) -> int:
    """De-identify all; failures are told at the end, one a line."""
    from cxr_studio.cli.progress import tracked
    from cxr_studio.datasets.patients import read_patients, write_patients, written_patients
    from cxr_studio.errors import StudioError
    from cxr_studio.exchange.deidentify_files import Inpainted, Wanted, deidentify_files, files_of
    from cxr_studio.exchange.deidentify_pseudonyms import refuse_beside

    asked = deidentification_of(options)
    refuse_beside(asked.table, options.out)
    paths, others = files_of(options.input, options.out)
    patients = read_patients(options.patients) if options.patients else None
    if patients is not None and (note := patients.note(paths)):
        print(note)
    inpaint: Inpainted = "all" if options.inpaint_markers else "text" if options.inpaint_text else ""
    wanted = Wanted(asked, inpaint, patients)
    asked.pseudonyms()
    written_patients(options.out)
    done: list[Done] = []
    faults: list[StudioError] = []
    for _path, one in tracked(deidentify_files(paths, options.out, wanted), len(paths), "De-identifying"):
        if isinstance(one, StudioError):
            faults.append(one)
        else:
            done.append(one)
    _told(done, len(paths), others, options.out)
    if done:
        table = write_patients(options.out, {one.out.name: one.patient for one in done})
        print(f"Which files are of one patient stands in {table.name} beside them, by pseudonym.")
    print(f"Who is who stands in {asked.table}; keep it and its key, and hand neither out.")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _told(done: Sequence[Done], asked: int, others: int, out: Path) -> None:
    patients = len({one.patient for one in done})
    print(f"{len(done)} of {asked} files of {_count(patients, 'patient')} written to {out}.")
    if others:
        print(f"{_count(others, 'other file')} left out (neither DICOM nor an image).")
    filled = sum(one.filled for one in done)
    if filled:
        print(f"{_count(filled, 'region')} filled; these files say that they are partly synthetic.")
    stated = [one for one in done if one.stated]
    texts = [one for one in done if any(region.kind == "text" for region in one.regions)]
    markers = [one for one in done if one.regions and one not in texts]
    for found, words in (
        (stated, "say that text is burned into their pixels"),
        (texts, "look as if text were burned in; look at them, or use --inpaint-text"),
        (markers, "have what may be a marker (L, R) or initials"),
    ):
        if found:
            print(f"{_count(len(found), 'image')}: {words} ({_named(found)}).")
    for one in done:
        for note in one.notes:
            print(f"{one.out.name}: {note}.")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _named(found: Sequence[Done]) -> str:
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return ", ".join(one.out.name for one in found[:MOST]) + more
