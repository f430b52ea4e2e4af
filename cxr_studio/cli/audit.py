"""``cxr-studio audit MANIFEST``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_patients, whole

if TYPE_CHECKING:
    pass


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is audited, against what, and where the report goes."""
    words = "manifest, COCO file, table of NODE21, VinDr or the NIH, or a folder with one"
    parser.add_argument("manifest", type=Path, metavar="MANIFEST", help=words)
    parser.add_argument("--images", type=Path, metavar="DIR", help="radiographs of a table (default: beside it)")
    words = "more real radiographs: a manifest, or a folder without findings; may be given again"
    parser.add_argument("--real", type=Path, action="append", default=[], metavar="PATH", help=words)
    words = "findings that are looked at, with commas (default: nodule; nodule,mass for large ones too)"
    parser.add_argument("--label", default="nodule", metavar="NAMES", help=words)
    add_patients(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write audit.html and audit.json there")
    words = "write all radiographs again there, alike and with mixed names, and audit those"
    parser.add_argument("--rewrite", type=Path, metavar="DIR", help=words)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report with pictures")
    parser.add_argument("--limits", type=Path, metavar="FILE", help="other limits, a TOML file")
    parser.add_argument("--most", type=whole(8, 100_000), default=200, metavar="N", help="of each kind (default: 200)")
    parser.add_argument("--quick", action="store_true", help="leave out what a network has to be trained for")
    words = "radiographs that the generator was trained on, and others: has it memorised?"
    parser.add_argument("--training", type=Path, metavar="DIR", help=words)
    parser.add_argument("--held-out", type=Path, metavar="DIR", help="see --training")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="of folds and controls (default: 0)")


def run(options: argparse.Namespace) -> int:
    """Measure, ask, print and write; 1 where something gives synthetic away."""
    from cxr_studio.audit.auditing import Wish, audited
    from cxr_studio.audit.cases import with_real
    from cxr_studio.audit.figures import as_json
    from cxr_studio.audit.limits import read_limits
    from cxr_studio.audit.rewriting import rewritten
    from cxr_studio.cli.audit_table import print_audit
    from cxr_studio.cli.progress import bar
    from cxr_studio.datasets.opening import open_manifest
    from cxr_studio.errors import StudioError
    from cxr_studio.files import write_json

    labels = tuple(label.strip().lower() for label in options.label.split(","))
    if (options.training is None) != (options.held_out is None):
        raise StudioError("--training and --held-out need each other", remedy="Give both folders")
    wish = Wish(
        *(labels, options.most, options.limits, options.quick, options.seed),
        training=options.training,
        held_out=options.held_out,
    )
    manifest = open_manifest(options.manifest, options.images)
    for path in options.real:
        manifest = with_real(manifest, path, patients=options.patients)
    with bar() as progress:
        if options.rewrite:
            manifest = rewritten(manifest, options.rewrite, seed=options.seed, progress=progress)
            print(f"Written again: {len(manifest.entries)} radiographs in {options.rewrite}")
        found = audited(manifest, wish, progress=progress)
    print_audit(found)
    for path in (options.json, options.out and options.out / "audit.json"):
        if path:
            write_json(path, as_json(found))
    for page in (options.html, options.out and options.out / "audit.html"):
        if page:
            from cxr_studio.audit.report import write_report

            with bar() as progress:
                write_report(page, found, read_limits(options.limits), progress=progress)
            print(f"Report: {page}")
    return 1 if found.leaks or (found.memory and found.memory.memorised) else 0
