"""``cxr-studio check``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device
from cxr_studio.files import write_json

if TYPE_CHECKING:
    from cxr_studio.errors import StudioError
    from cxr_studio.generation.generators import GeneratorFacts
    from cxr_studio.quality.checking.finding import Finding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--device``, and what to check."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, or snapshots' files (default: all)")
    parser.add_argument("--limits", type=Path, metavar="FILE", help="limits (default: resources/qa/limits.toml)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings as JSON too")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Check generators and lung network; 1 when anything does not hold."""
    from cxr_studio.quality.checking.check import check
    from cxr_studio.quality.checking.limits import read_limits

    limits = read_limits(options.limits)
    found: dict[str, list[Finding]] = {}
    chosen, faults = _chosen(options.names)
    for facts in chosen:
        print(facts.title if facts.name not in options.names else f"{facts.title} ({facts.name})")
        found[facts.name] = check(facts, limits, device=options.device)
        for finding in found[facts.name]:
            print(f"  {'ok    ' if finding.passed else 'FAILED'}  {finding.name}: {finding.words}")
    if options.json:
        write_json(options.json, {name: [asdict(finding) for finding in findings] for name, findings in found.items()})
    failed = sum(not finding.passed for findings in found.values() for finding in findings)
    for fault in faults:
        print(fault, file=sys.stderr)
    count = failed + len(faults)
    print("All checks passed." if not count else f"{count} {'check' if count == 1 else 'checks'} failed.")
    return 1 if count else 0


def _chosen(names: Sequence[str]) -> tuple[list[GeneratorFacts], list[StudioError]]:
    """What is named, or everything; and what of it cannot be read, which stops nothing."""
    from cxr_studio.errors import StudioError
    from cxr_studio.roles import known, look_up, refused

    if not names:
        return [*known()], [*refused()]
    found, faults = list["GeneratorFacts"](), list[StudioError]()
    for name in names:
        try:
            found.append(look_up(name))
        except StudioError as fault:
            faults.append(fault)
    return found, faults
