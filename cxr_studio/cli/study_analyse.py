"""``cxr-studio study analyse FILE.imrmc``, or ``--correct K --trials N`` for one reader."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cxr_studio.cli.arguments import share, whole
from cxr_studio.errors import StatisticsError

ENDPOINTS = ("percent correct", "sensitivity", "specificity")
"""What a threshold turns scores into, the first on the screen in full."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A file, or a count."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.imrmc", help="readers' scores in iMRMC's format")
    parser.add_argument(
        "--binary-threshold",
        type=float,
        metavar="T",
        help="call a score above T positive and analyse percent correct, sensitivity and specificity, not AUC",
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every figure as JSON")
    parser.add_argument("--confidence", type=share(0.5, 1), default=0.95, help="of the intervals (default: 0.95)")
    parser.add_argument(
        "--bootstraps", type=whole(100, 100_000), default=2000, help="bootstrap replicates (default: 2000)"
    )
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=20_250_101, help="of the bootstrap")
    one = parser.add_argument_group("one reader, instead of a file")
    one.add_argument("--trials", type=whole(1, 10**7), metavar="N", help="2AFC trials answered")
    one.add_argument("--correct", type=whole(0, 10**7), metavar="K", help="of them correct")
    one.add_argument("--percent", type=share(-0.001, 100.001), help="a printed percentage in place of --correct")
    one.add_argument("--margin", type=share(0, 0.5), help="equivalence margin around 0.5")


def run(options: argparse.Namespace) -> int:
    """Analyse, print, write."""
    content = _one_reader(options) if options.file is None else _readers(options)
    if options.json:
        from cxr_studio.files import replaced

        with replaced(options.json) as beside:
            beside.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")
        print(f"Figures: {options.json}")
    return 0


def _readers(options: argparse.Namespace) -> dict[str, object]:
    """A file of several readers."""
    from cxr_studio.cli.study_tables import print_analysis
    from cxr_studio.errors import ReadError
    from cxr_studio.files import file_sha256
    from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
    from cxr_studio.studies.statistics.mrmc_analysis import Settings, analyse, plain
    from cxr_studio.studies.statistics.mrmc_kernels import auc_kernels, binary_kernels
    from cxr_studio.version import program_version

    if options.trials is not None or options.correct is not None or options.percent is not None:
        raise StatisticsError("a file and a count were given together", remedy="Give one of them")
    found = read_imrmc(options.file)
    for warning in found.warnings:
        print(warning)
    settings = Settings(options.confidence, options.bootstraps, options.seed)
    threshold = options.binary_threshold
    try:
        if threshold is None:
            analyses = [analyse(auc_kernels(found.study), settings)]
        else:
            wanted = [e for e in ENDPOINTS if _has_cases(e, found.study.truth.values())]
            analyses = [analyse(binary_kernels(found.study, threshold, endpoint=e), settings) for e in wanted]
    except StatisticsError as fault:
        raise ReadError(fault.what, file=options.file, remedy=fault.remedy) from fault
    for analysis in analyses:
        print_analysis(analysis)
    return {
        "program": f"CXR Studio {program_version()}",
        "file": options.file.name,
        "sha256": file_sha256(options.file),
        "title": found.study.title,
        "warnings": list(found.warnings),
        "binary_threshold": threshold,
        "confidence": options.confidence,
        "analyses": {analysis.endpoint.replace(" ", "_").lower(): plain(analysis) for analysis in analyses},
    }


def _has_cases(endpoint: str, truths: object) -> bool:
    """Sensitivity and specificity need two cases of their class."""
    known = list(truths)  # type: ignore[call-overload]
    return endpoint == ENDPOINTS[0] or known.count(1 if endpoint == "sensitivity" else 0) >= 2


def _one_reader(options: argparse.Namespace) -> dict[str, object]:
    """Percent correct of one 2AFC reader."""
    from cxr_studio.cli.study_tables import print_one_reader
    from cxr_studio.studies.statistics.forced_choice import forced_choice
    from cxr_studio.studies.statistics.mrmc_analysis import plain
    from cxr_studio.studies.statistics.proportions import correct_of, equivalence, proportion

    if options.trials is None or (options.correct is None) == (options.percent is None):
        raise StatisticsError(
            "no input is given",
            remedy="Give FILE.imrmc, or --trials with --correct or --percent",
        )
    correct = options.correct if options.correct is not None else correct_of(options.percent, options.trials)
    share_found = proportion(correct, options.trials, confidence=options.confidence)
    choice = forced_choice(correct, options.trials, confidence=options.confidence)
    within = None if options.margin is None else equivalence(correct, options.trials, margin=options.margin)
    print_one_reader(share_found, choice, within)
    return {"proportion": plain(share_found), "forced_choice": plain(choice), "equivalence": plain(within)}
