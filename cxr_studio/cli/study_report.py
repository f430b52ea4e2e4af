"""``cxr-studio study report BUNDLE --key KEY``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key

if TYPE_CHECKING:
    from cxr_studio.studies.statistics.called_real import CalledReal

FOLDER = "report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study, where to."""
    add_bundle(parser)
    add_key(parser)
    add_database(parser, several=True)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=f"folder to write to (default: {FOLDER} beside the key)"
    )


def run(options: argparse.Namespace) -> int:
    """Write page, figures and tables; print what came out."""
    from cxr_studio.cli.study_arguments import opened
    from cxr_studio.errors import StudioError
    from cxr_studio.studies.reporting import study_outcome
    from cxr_studio.studies.statistics.report import summary, write_report
    from cxr_studio.studies.statistics.study_results import results_of

    bundle, key = opened(options)
    assert key is not None
    out = options.out or options.key.parent / FOLDER
    if out.resolve().is_relative_to(bundle.folder.resolve()):
        raise StudioError(
            "the report holds the truth and would lie in the bundle", file=out, remedy="Choose another --out"
        )
    outcome = study_outcome(bundle, key, key_path=options.key, databases=options.database)
    results = results_of(outcome)
    written = write_report(outcome, out)
    for sentence in summary(outcome, results):
        print(sentence)
    for group in results.groups:
        if group.called_real is not None:
            _print_called_real(group.called_real)
    for path in (written.html, written.json, written.answers, written.dictionary):
        print(path)
    return 0


def _print_called_real(table: CalledReal) -> None:
    """Rows are pathologies; each source has every reader's count, as in Xing's Table 1."""
    from cxr_studio.cli.study_tables import print_table

    def cell(column: tuple[tuple[int, int], ...]) -> str:
        return " | ".join(f"{count} of {total}" if total else "–" for count, total in column)

    rows = [(name, *(cell(column) for column in columns)) for name, columns in table.rows]
    print_table(f"Called real by {' | '.join(table.readers)}", ("Pathology", *table.sources), rows)
