"""``cxr-studio study observe BUNDLE --key KEY --observer cnn|cho``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key

OBSERVERS = ("cnn", "cho")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study, which observer."""
    add_bundle(parser)
    add_key(parser)
    add_database(parser)
    parser.add_argument(
        "--observer",
        required=True,
        choices=OBSERVERS,
        help="cnn: a network that scans whole images; cho: channelized Hotelling, which knows where the change is",
    )
    parser.add_argument("--reader", metavar="ID", help="name in the log (default: machine-cnn, machine-cho)")
    parser.add_argument("--folds", type=whole(2, 100), default=5, help="of the cross-validation (default: 5)")
    parser.add_argument("--epochs", type=whole(1, 1000), default=16, help="of the network's training (default: 16)")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="of folds and training (default: 0)")
    parser.add_argument("--copy-to", type=Path, metavar="DIR", help="folder of a second copy of the answers")


def run(options: argparse.Namespace) -> int:
    """Train, sit the study, tell how long it took."""
    import time

    from cxr_studio.cli.progress import bar
    from cxr_studio.cli.study_arguments import opened
    from cxr_studio.networks.observer import Training
    from cxr_studio.studies.ledger import SittingOptions
    from cxr_studio.studies.observers.observing import DESCRIPTIONS, Machine, check_machine, observe
    from cxr_studio.studies.sitting import Sitting
    from cxr_studio.version import program_version

    bundle, key = opened(options)
    assert key is not None
    machine = Machine(options.observer, Training(options.folds, options.epochs, options.seed))
    check_machine(bundle, key, machine)
    provenance = {"version": program_version(), **machine.provenance}
    chosen = SittingOptions(options.database, options.copy_to, origin="machine", provenance=provenance)
    began = time.monotonic()
    sitting = Sitting(bundle, options.reader or f"machine-{options.observer}", chosen)
    try:
        with bar() as progress:
            given = sum(1 for _ in observe(sitting, key, machine, progress=progress))
    finally:
        sitting.close()
    print(f"{sitting.reader}: {given} answers in {time.monotonic() - began:.1f} s. It is {DESCRIPTIONS[machine.name]}")
    return 0
