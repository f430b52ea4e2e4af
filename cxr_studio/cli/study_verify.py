"""``cxr-studio study verify BUNDLE``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study."""
    add_bundle(parser)
    add_key(parser, required=False)
    add_database(parser, several=True)
    parser.add_argument("--copy-to", type=Path, metavar="DIR", help="folder of second copies, compared too")


def run(options: argparse.Namespace) -> int:
    """Print a line a check; exit code 1 where one failed."""
    from cxr_studio.cli.study_arguments import opened
    from cxr_studio.studies.log import DATABASE, AnswerLog
    from cxr_studio.studies.verification import verify_answers, verify_bundle, verify_copy

    bundle, key = opened(options)
    findings = list(verify_bundle(bundle, key))
    answered = options.database or ([None] if (bundle.folder / DATABASE).exists() else [])
    for database in answered:
        log = AnswerLog(bundle, database, create=False)
        try:
            findings += verify_answers(bundle, log)
            if options.copy_to:
                findings += verify_copy(options.copy_to, bundle, log)
        finally:
            log.close()
    for finding in findings:
        print(
            f"{'fault' if finding.fault else 'ok   '}  {finding.what}" + (f": {finding.fault}" if finding.fault else "")
        )
    if not answered:
        print("There are no answers yet.")
    return 1 if any(finding.fault for finding in findings) else 0
