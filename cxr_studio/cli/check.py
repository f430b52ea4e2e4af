"""``cxr-studio check``."""

from __future__ import annotations

import argparse
import sys

from cxr_studio.cli.arguments import add_device


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--device``, and what to check."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these (default: all)")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Check generators and lung network; 1 when anything does not hold."""
    from cxr_studio.inpainting.generators import known, look_up
    from cxr_studio.networks.registry import unreadable_checkpoints
    from cxr_studio.quality.checking.check import check

    failed = 0
    for facts in [look_up(name) for name in options.names] or known():
        print(facts.title)
        for finding in check(facts, device=options.device):
            failed += not finding.passed
            print(f"  {'ok    ' if finding.passed else 'FAILED'}  {finding.name}: {finding.words}")
    faults = unreadable_checkpoints()
    for fault in faults:
        print(fault, file=sys.stderr)
    count = failed + len(faults)
    print("All checks passed." if not count else f"{count} {'check' if count == 1 else 'checks'} failed.")
    return 1 if count else 0
