"""``cxr-studio study simulate BUNDLE --key KEY --reader ID --accuracy P``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who sits, and how well."""
    add_bundle(parser)
    add_key(parser)
    add_database(parser)
    parser.add_argument("--reader", required=True, metavar="ID", help="pseudonym")
    parser.add_argument("--accuracy", type=float, required=True, metavar="P", help="probability of a right answer")
    parser.add_argument(
        "--side-bias", type=float, default=0.0, metavar="B", help="share answered left (or fake) unseen; below 0: right"
    )
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same answers (default: 0)")
    parser.add_argument("--limit", type=whole(1, 1_000_000), metavar="N", help="stop after this many answers")
    parser.add_argument("--copy-to", type=Path, metavar="DIR", help="folder of a second copy of the answers")


def run(options: argparse.Namespace) -> int:
    """Sit the study; a line for every answer that is on disk."""
    from cxr_studio.cli.study_arguments import opened
    from cxr_studio.studies.ledger import SittingOptions
    from cxr_studio.studies.simulation import Observer, simulate
    from cxr_studio.studies.sitting import Sitting
    from cxr_studio.version import program_version

    observer = Observer(options.accuracy, options.side_bias, options.seed)
    bundle, key = opened(options)
    assert key is not None
    provenance = {"version": program_version(), "accuracy": observer.accuracy, "side_bias": observer.side_bias}
    chosen = SittingOptions(options.database, options.copy_to, origin="simulated", provenance=provenance)
    sitting = Sitting(bundle, options.reader, chosen)
    try:
        for answer in simulate(sitting, key, observer, limit=options.limit):
            print(f"{answer.sequence} {answer.uid} {answer.row_hash}", flush=True)
    finally:
        sitting.close()
    return 0
