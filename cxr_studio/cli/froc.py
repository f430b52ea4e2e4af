"""``cxr-studio froc DETECTIONS… --truth MANIFEST``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.truth_arguments import add_operating_point, add_truth

if TYPE_CHECKING:
    from cxr_studio.detection.by_size import Outcome
    from cxr_studio.detection.matching import Matching


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Detections, truth, and what is written."""
    words = "CSV or COCO results; further detectors are compared with the first on the same images"
    parser.add_argument("detections", type=Path, nargs="+", metavar="DETECTIONS", help=words)
    add_truth(parser)
    add_operating_point(parser)
    parser.add_argument("--resamples", type=whole(100, 100_000), default=4000, metavar="N", help="(default: 4000)")
    parser.add_argument(
        "--localisation", action="store_true", help="also CL@IoU 0.1 of every finding, whatever --label"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="FROC with bands and sensitivity by diameter (.png)")
    parser.add_argument("--misses", type=Path, metavar="PNG", help="gallery of the first detector's missed nodules")
    parser.add_argument("--outcomes", type=Path, metavar="CSV", help="every nodule, found or missed by the first")
    parser.add_argument("--jafroc", type=Path, metavar="XLSX", help="workbook for RJafroc")


def run(options: argparse.Namespace) -> int:
    """Match, measure, print and write."""
    from cxr_studio.cli.froc_table import as_json, print_bins, print_located, print_scores
    from cxr_studio.cli.truth_arguments import matched, named, truth_of
    from cxr_studio.detection.by_size import by_diameter, operating_threshold, outcomes
    from cxr_studio.detection.detections import read_detections
    from cxr_studio.detection.localisation import located
    from cxr_studio.detection.scores import compare, score
    from cxr_studio.files import write_json

    truth = truth_of(options)
    found = {name: matched(path, truth, options) for name, path in named(options.detections).items()}
    scores = {name: score(one, resamples=options.resamples) for name, one in found.items()}
    first = next(iter(found.values()))
    others = {n: compare(first, one, resamples=options.resamples) for n, one in found.items() if one is not first}
    results = {name: outcomes(one, operating_threshold(one, options.rate)) for name, one in found.items()}
    bins = {name: by_diameter(one) for name, one in results.items()}
    shares = {}
    if options.localisation:
        shares = {n: located(truth, read_detections(path, truth)) for n, path in named(options.detections).items()}
    print_scores(scores, others, rule=first.rule)
    print_bins(bins, options.rate)
    print_located(shares)
    if options.json:
        write_json(options.json, as_json(scores, others, bins, shares))
    _write(options, found, results)
    return 0


def _write(options: argparse.Namespace, found: dict[str, Matching], results: dict[str, list[Outcome]]) -> None:
    """The files that were asked for."""
    from cxr_studio.detection.by_size import by_diameter, write_outcomes

    name, first = next(iter(found.items()))
    if options.plot:
        from cxr_studio.detection.plots import write_plot

        write_plot(options.plot, found, {n: by_diameter(own) for n, own in results.items()})
    if options.misses:
        from cxr_studio.detection.gallery import write_gallery

        shown = write_gallery(options.misses, first, [one for one in results[name] if not one.found])
        print(f"{shown} missed nodules in {options.misses}.")
    if options.outcomes:
        write_outcomes(results[name], options.outcomes)
    if options.jafroc:
        from cxr_studio.studies.exporters.detectors import write_detectors

        print(f"For RJafroc: {', '.join(path.name for path in write_detectors(found, options.jafroc))}")
