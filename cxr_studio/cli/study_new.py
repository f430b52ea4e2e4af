"""``cxr-studio study new PROTOCOL.toml --images DIR --out DIR``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, add_patients
from cxr_studio.cli.job_arguments import add_running, print_part, running_of

if TYPE_CHECKING:
    from cxr_studio.exchange.deidentify_radiograph import Deidentification


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The protocol, the radiographs, the place."""
    parser.add_argument(
        "protocol",
        type=Path,
        metavar="PROTOCOL",
        help="a TOML file, or a bundled template: pairs-64, real-or-fake, six-findings, six-findings-drawn",
    )
    parser.add_argument("--images", type=Path, required=True, metavar="DIR", help="folder of radiographs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="gets bundle/ and key.json")
    add_patients(parser)
    add_device(parser)
    words = "call patients and radiographs by pseudonyms in the key and in reports (readers never see either)"
    parser.add_argument("--deidentify", action="store_true", help=words)
    words = "your table of pseudonyms, begun where it does not exist (default: with your settings)"
    parser.add_argument("--pseudonyms", type=Path, metavar="CSV", help=words)
    words = (
        "file of the study's secret, for you alone, drawn where it is missing: the same protocol, radiographs and "
        "secret give the same study; parts need one (default: another secret for every study)"
    )
    parser.add_argument("--secret", type=Path, metavar="FILE", help=words)
    add_running(parser, workers=1)


def run(options: argparse.Namespace) -> int:
    """Make the study, or draw a part of it; radiographs that cannot be used are told, a line each."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.errors import StudioError
    from cxr_studio.studies.making import Maker
    from cxr_studio.studies.protocol import read_protocol
    from cxr_studio.studies.remarks import remarks

    path = _template(options.protocol)
    protocol = read_protocol(path)
    base = path.parent if path == options.protocol else Path()
    running = running_of(options)
    if running.part is not None and options.secret is None:
        raise StudioError("parts of a study have one secret", remedy="Give all of them the same --secret FILE")
    if options.secret is not None and options.secret.absolute().resolve().is_relative_to(options.out.resolve()):
        raise StudioError("the secret would lie among the results", file=options.secret, remedy="Keep it elsewhere")
    maker = Maker(protocol, options.images, out=options.out, device=options.device, base=base)
    patients = known_patients(options.images, options.patients)
    asked = _asked(options)
    if running.part is not None:
        with bar() as progress:
            outcome = maker.make_part(running, options.secret, progress=progress, patients=patients, asked=asked)
        for words in dict.fromkeys(outcome.faults.values()):
            print(f"Replaced when parts are joined: {words}", file=sys.stderr)
        print_part(running, options.out, "case", made=outcome.made)
        return 1 if outcome.lost else 0
    with bar() as progress:
        made = maker.make(progress, patients=patients, asked=asked, secret=options.secret, running=running)
    for fault in made.skipped:
        print(f"Left out: {fault}", file=sys.stderr)
    for sentence in remarks(made, options.out):
        print(sentence)
    return 0


def job_folder(out: Path) -> Path:
    """Where the cases are until the study is sealed."""
    from cxr_studio.studies.making import UNFINISHED

    return out / UNFINISHED


def _asked(options: argparse.Namespace) -> Deidentification | None:
    """What is to be done about patients' names; where nothing is and files have names, that is said once."""
    from cxr_studio.cli.deidentify_arguments import table_of, warn_of_names
    from cxr_studio.datasets.listing import radiograph_folder
    from cxr_studio.exchange.deidentify_pseudonyms import refuse_beside
    from cxr_studio.exchange.deidentify_radiograph import Deidentification

    if not options.deidentify:
        warn_of_names(radiograph_folder(options.images), results="the key and reports")
        return None
    refuse_beside(table_of(options), options.out)
    return Deidentification(table_of(options))


def _template(path: Path) -> Path:
    """A protocol file, or the bundled one of that name, whose paths are relative to the current folder."""
    if path.suffix or path.exists():
        return path
    from cxr_studio.resources import resource

    return resource("studies", f"{path.name}.toml")
