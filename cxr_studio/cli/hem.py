"""``cxr-studio hem DETECTIONS --truth MANIFEST --out DIR --count N``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, add_looks, add_nodule_generator, whole
from cxr_studio.cli.job_arguments import add_running, running_of
from cxr_studio.cli.truth_arguments import add_operating_point, add_truth

if TYPE_CHECKING:
    from cxr_studio.augmentation.plan import Plan
    from cxr_studio.datasets.entries import Manifest
    from cxr_studio.datasets.manifest import Item
    from cxr_studio.detection.by_size import Outcome

BY = ("diameter", "margin", "density", "subtlety", "position")
SYNTHETIC = "synthetic"
"""Folder of the drawn radiographs in the output."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What was missed, and what is drawn."""
    parser.add_argument("detections", type=Path, metavar="DETECTIONS", help="CSV or COCO results")
    add_truth(parser)
    add_operating_point(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to, or to resume in")
    parser.add_argument("--count", type=whole(1, 10_000_000), required=True, metavar="N", help="images to make")
    words = "by what is mined: it is drawn from the missed, other attributes are not (default: diameter)"
    parser.add_argument("--by", choices=BY, default="diameter", help=words)
    words = "whose attribute is drawn from: missed nodules, or all as a control (default: missed)"
    parser.add_argument("--among", choices=("missed", "all"), default="missed", help=words)
    words = "healthy radiographs to draw into (default: the manifest's radiographs without findings)"
    parser.add_argument("--healthy", type=Path, metavar="DIR", help=words)
    add_looks(parser)
    parser.add_argument("--mm-per-pixel", type=float, metavar="MM", help="for radiographs without a spacing")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same set (default: 0)")
    add_nodule_generator(parser)
    add_device(parser)
    add_running(parser, parts=False)


def run(options: argparse.Namespace) -> int:
    """Find what was missed, draw more like it, and join both sets in one manifest."""
    from cxr_studio.augmentation.asked import asked_and_drawn
    from cxr_studio.augmentation.exporters.formats import write_all
    from cxr_studio.augmentation.job import run as run_job
    from cxr_studio.cli.progress import bar
    from cxr_studio.cli.truth_arguments import matched, truth_of
    from cxr_studio.datasets.entries import joined
    from cxr_studio.datasets.manifest_csv import read_manifest, write_manifest
    from cxr_studio.detection.by_size import operating_threshold, outcomes

    matching = matched(options.detections, truth_of(options), options)
    truth = matching.truth
    threshold = operating_threshold(matching, options.rate)
    results = outcomes(matching, threshold)
    print(_summary(results, threshold, options))
    drawn_from = {"diameter": f"file:{_diameters(options, results)}"}
    if options.by != "diameter":
        drawn_from[options.by] = f"file:{_mined_values(options, results, truth)}"
    plan = _plan(options, _sources(options, truth), drawn_from)
    folder = options.out / SYNTHETIC
    with bar() as progress:
        outcome = run_job(plan, folder, running_of(options), progress=progress)
    write_all(outcome.records, folder, ("coco",))
    both = joined(truth, read_manifest(folder / "manifest.csv"), options.out)
    write_manifest(both, options.out / "manifest.csv")
    print(f"{len(outcome.records)} of {plan.count} images in {folder}, {outcome.made} made in this run.")
    for sentence in asked_and_drawn(outcome.records):
        print(sentence)
    print(f"Manifest of all {len(both.entries)} radiographs: {options.out / 'manifest.csv'}")
    for fault in sorted(set(outcome.faults)):
        print(fault, file=sys.stderr)
    return 1 if outcome.faults else 0


def _summary(results: list[Outcome], threshold: float, options: argparse.Namespace) -> str:
    missed = sum(not one.found for one in results)
    at = f"scores from {threshold:.3g} on" if threshold != float("inf") else "no score"
    found = f"Found {len(results) - missed} of {len(results)} nodules, missed {missed}"
    return f"{found}, at {options.rate:g} false positives an image ({at})."


def _diameters(options: argparse.Namespace, results: list[Outcome]) -> Path:
    """Write what was missed, the histogram, and the diameters that are drawn from; returns the last.

    Where another attribute is mined, diameters are drawn from all nodules, so that only that one makes a difference.
    """
    from cxr_studio.detection.by_size import write_outcomes
    from cxr_studio.detection.hard_examples import mined, write_diameters
    from cxr_studio.detection.plots import write_histogram

    sizes = mined(results)
    drawn_from = sizes.sizes(options.among if options.by == "diameter" else "all")
    write_outcomes([one for one in results if not one.found], options.out / "missed.csv")
    write_histogram(options.out / "diameters.png", {"found": sizes.found, "missed": sizes.missed}, sizes.unit)
    path: Path = options.out / "diameters.csv"
    write_diameters(path, drawn_from, sizes.unit)
    return path


def _mined_values(options: argparse.Namespace, results: list[Outcome], truth: Manifest) -> Path:
    """Print and write how often nodules of each value were missed; returns the table that is drawn from.

    Raises:
        StudioError: the attribute was asked for by name too, or is not known of any missed nodule.
    """
    from cxr_studio.cli.reports import print_table
    from cxr_studio.detection.attributes import cells_by, write_cells, write_values
    from cxr_studio.errors import StudioError
    from cxr_studio.quality.judging import TextTable

    if getattr(options, options.by, "any") != "any":
        raise StudioError(f"--{options.by} and --by {options.by} contradict each other", remedy="Leave one out")
    cells = cells_by(options.by, results, truth.folder)
    rows = tuple(
        (cell.value or "unknown", str(cell.found), str(cell.missed), f"{100 * cell.share.value:.0f} %")
        for cell in cells.table
    )
    columns = (options.by.capitalize(), "Found", "Missed", "Sensitivity")
    print_table(TextTable(f"Nodules by {options.by}", columns, rows))
    write_cells(cells.table, options.by, options.out / f"by-{options.by}.csv")
    path: Path = options.out / f"{options.by}.csv"
    write_values(cells.drawn_from(options.among), options.by, path)
    return path


def _sources(options: argparse.Namespace, truth: Manifest) -> tuple[Item, ...]:
    """Healthy radiographs, none of a patient whom the manifest has in another split; all of the mined split."""
    from dataclasses import replace

    from cxr_studio.augmentation.options import sources_of
    from cxr_studio.datasets.manifest import manifest_of
    from cxr_studio.datasets.opening import open_manifest
    from cxr_studio.errors import StudioError

    if options.healthy:
        items, note = sources_of(options.healthy)
        if note:
            print(note)
    else:
        healthy = [entry for entry in truth.entries if not entry.findings]
        found = manifest_of(truth.path(entry) for entry in healthy)
        items = tuple(replace(item, patient=entry.patient) for item, entry in zip(found, healthy, strict=True))
    whole = open_manifest(options.truth, options.images)
    elsewhere = set(whole.patients) - set(truth.patients)
    split = options.split or "train"
    kept = tuple(replace(item, split=split) for item in items if item.patient not in elsewhere)
    if not kept:
        what = "there is no healthy radiograph to draw into"
        raise StudioError(what, file=options.truth, remedy="Give a folder with --healthy")
    return kept


def _plan(options: argparse.Namespace, sources: tuple[Item, ...], drawn_from: dict[str, str]) -> Plan:
    from cxr_studio.augmentation.options import Options, plan_of
    from cxr_studio.nodules.sizes import read_range

    wanted = Options(
        options.healthy or sources[0].path.parent,
        options.out / SYNTHETIC,
        options.count,
        drawn_from["diameter"],
        (1, 1),
        read_range(options.contrast, "contrast"),
        seed=options.seed,
        mm_per_pixel=options.mm_per_pixel,
        generator=options.generator,
        background=options.background,
        device=options.device,
        margin=drawn_from.get("margin", options.margin),
        density=drawn_from.get("density", options.density),
        subtlety=drawn_from.get("subtlety", options.subtlety),
        zone=drawn_from.get("position", "any"),
    )
    return plan_of(wanted, sources)
