"""``cxr-studio study new PROTOCOL.toml --images DIR --out DIR``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, add_patients

if TYPE_CHECKING:
    from cxr_studio.studies.making import Made


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The protocol, the radiographs, the place."""
    parser.add_argument(
        "protocol", type=Path, metavar="PROTOCOL", help="a TOML file, or a bundled template: pairs-64, real-or-fake"
    )
    parser.add_argument("--images", type=Path, required=True, metavar="DIR", help="folder of radiographs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="gets bundle/ and key.json")
    add_patients(parser)
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Make the study; radiographs that cannot be used are told, a line each."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.studies.making import Maker
    from cxr_studio.studies.protocol import read_protocol

    path = _template(options.protocol)
    protocol = read_protocol(path)
    maker = Maker(protocol, options.images, out=options.out, device=options.device, base=path.parent)
    patients = known_patients(options.images, options.patients)
    with bar() as progress:
        made = maker.make(progress, patients=patients)
    for fault in made.skipped:
        print(f"Left out: {fault}", file=sys.stderr)
    _tell(made, options.out)
    return 0


def _tell(made: Made, out: Path) -> None:
    from cxr_studio.studies.sealing import BUNDLE, KEY_FILE

    cases = made.key.cases.values()
    main = sum(not (case.practice or case.catch) for case in cases)
    practice, catches = sum(case.practice for case in cases), sum(case.catch for case in cases)
    print(
        f"{main} cases, {practice} for practice, {catches} catches; schedules for {len(made.bundle.schedules)} readers."
    )
    patients = {case.patient for case in cases}
    if len(patients) == 1:
        print(f"All radiographs are of one patient ({patients.pop()}). If they are not, give --patients.")
    print(f"For readers: {out / BUNDLE}")
    print(f"For you alone, keep it apart: {out / KEY_FILE}")
    if made.reused:
        print(
            f"{made.reused} radiographs are shown more than once (each time cropped differently). Somebody who "
            "compares the files of the bundle could tell which are original; provide more radiographs to avoid this."
        )
    print(f"Protocol SHA-256: {made.bundle.protocol_sha256}")
    _tell_few_levels(made)
    _tell_giveaways(made)
    _tell_preview(made)


def _tell_few_levels(made: Made) -> None:
    """Name the radiographs that are shown in too few grey levels."""
    from cxr_studio.studies.grey_levels import few_levels

    for image in few_levels(made.bundle, made.key):
        print(
            f"Warning: {image.source} has only {image.levels} grey levels, and readers will see the steps; "
            "omit it, or provide it with more levels."
        )


def _tell_giveaways(made: Made) -> None:
    """Say of every measure of the files that tells which image of a pair was changed."""
    from cxr_studio.studies.giveaways import giveaways

    if made.key.protocol.study.paradigm != "2afc":
        return
    for measure in giveaways(made.bundle, made.key):
        counts = f"{measure.name}: the changed image has more in {measure.larger} of {measure.pairs} pairs, less in "
        counts += f"{measure.smaller}"
        if measure.tells:
            print(
                f"Warning: {counts}. Somebody who measures the files can identify the changed "
                'image; choose grain = "spectrum" or another generator.'
            )
        elif measure.name == "compressed size":
            print(f"File statistics reveal nothing ({counts}).")


def _tell_preview(made: Made) -> None:
    """Say how often trained observers pick the original."""
    from cxr_studio.studies.observers.preview import previews

    if made.key.protocol.study.paradigm != "2afc":
        return
    for preview in previews(made.bundle, made.key):
        print(preview.words)


def _template(path: Path) -> Path:
    """A protocol file, or the bundled one of that name."""
    if path.suffix or path.exists():
        return path
    from cxr_studio.resources import resource

    return resource("studies", f"{path.name}.toml")
