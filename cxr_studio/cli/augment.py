"""``cxr-studio augment SOURCE --out DIR``: nodules (``--count``, ``--diameter``), or surroundings (``--boxes``)."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_background, add_device, add_looks, add_patients, add_precision, whole
from cxr_studio.cli.augment_boxes import add_boxes, softness, surround_plan_of
from cxr_studio.cli.deidentify_arguments import add_deidentification, deidentification_of, items_of
from cxr_studio.cli.job_arguments import add_running, print_part, running_of
from cxr_studio.nodules.built_in import SUPERPOSITION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cxr_studio.augmentation.job import AnyPlan
    from cxr_studio.augmentation.plan import Plan
    from cxr_studio.augmentation.record import Record
    from cxr_studio.exchange.deidentify_radiograph import Deidentification


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to make, how, and in which formats."""
    parser.add_argument("source", type=Path, metavar="SOURCE", help="folder of radiographs: healthy ones for nodules")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to, or to resume in")
    words = "images to make (default with --boxes: all)"
    parser.add_argument("--count", type=whole(1, 10_000_000), metavar="N", help=words)
    words = "of nodules: 12mm, uniform:5,30mm, uniform:10,60px or file:SIZES.csv"
    parser.add_argument("--diameter", default="", help=words)
    parser.add_argument("--per-image", default="1", metavar="LOW-HIGH", help="nodules in an image (default: 1)")
    add_looks(parser)
    words = "thirds of the lungs by the side of the image: left-upper … right-lower, or file:TABLE.csv (default: any)"
    parser.add_argument("--position", default="any", metavar="ZONES", help=words)
    parser.add_argument("--format", default="coco", metavar="NAMES", help="node21,coco,yolo,voc,csv (default: coco)")
    parser.add_argument("--image", choices=("png", "mha", "dcm"), default="png", help="image format (default: png)")
    parser.add_argument("--mm-per-pixel", type=float, metavar="MM", help="for radiographs without a spacing")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same set (default: 0)")
    words = "keep, of several draws, one that this detector neither misses nor finds too easily (Syn&Select)"
    parser.add_argument("--select", default="", metavar="DETECTOR", help=words)
    words = "scores that --select keeps (default: 0.3,0.7)"
    parser.add_argument("--band", default="0.3,0.7", metavar="LOW,HIGH", help=words)
    words = "draws of an image for --select at most (default: 6)"
    parser.add_argument("--candidates", type=whole(2, 100), default=6, metavar="N", help=words)
    words = "then ask by what the drawn nodules could be told from the untouched radiographs (report: audit.html)"
    parser.add_argument("--audit", action="store_true", help=words)
    add_patients(parser)
    words = f"of role insert, or with --boxes of role surround (default: {SUPERPOSITION}, or the first that surrounds)"
    parser.add_argument("--generator", default="", metavar="NAME", help=words)
    add_background(parser)
    add_device(parser)
    add_boxes(parser)
    add_precision(parser)
    add_running(parser)
    add_deidentification(parser, optional=True)


def run(options: argparse.Namespace) -> int:
    """Make the set, a part of it, or what is missing; failures are told at the end, one a line."""
    from cxr_studio.augmentation.exporters.formats import read_formats
    from cxr_studio.augmentation.job import run as run_job
    from cxr_studio.cli.progress import bar

    formats, plan = read_formats(options.format), surround_plan_of(options) if options.boxes else _plan(options)
    told = _told(plan.splits, ())
    running = running_of(options)
    with bar() as progress:
        outcome = run_job(plan, options.out, running, progress=progress)
    if running.part is not None:
        print_part(running, options.out, "image", made=outcome.made)
    else:
        words = f"{len(outcome.records)} of {plan.count} images in {options.out}, {outcome.made} made in this run."
        print(words)
        _finish(options, outcome.records, generator=plan.generator, formats=formats, told=told)
    for fault in sorted(set(outcome.faults)):
        print(fault, file=sys.stderr)
    if running.part is None:
        _audit(options, plan, outcome.records)
    return 1 if outcome.faults else 0


def _finish(
    options: argparse.Namespace,
    records: Sequence[Record],
    *,
    generator: str,
    formats: Sequence[str],
    told: tuple[str, ...],
) -> None:
    """Write the annotations, and say what was drawn."""
    from cxr_studio.augmentation.asked import asked_and_drawn, selected_words
    from cxr_studio.augmentation.exporters.formats import write_all

    written = write_all(records, options.out, formats)
    _told({record.patient: record.split for record in records}, told)
    words = softness(records, generator) if options.boxes else selected_words(records)
    sentences = [*([words] if words else []), *asked_and_drawn(records)]
    print(*sentences, f"Annotations: {', '.join(path.name for path in written)}", sep="\n")


def _audit(options: argparse.Namespace, plan: AnyPlan, records: Sequence[Record]) -> None:
    """Audit the set, or say how it is done."""
    words = ["audit", str(options.out), "--out", str(options.out)]
    real = ["--real", str(options.source), *(["--patients", str(options.patients)] if options.patients else [])]
    if options.audit and plan.asked is not None:
        _audit_deidentified(words, plan, plan.asked, {record.source for record in records})
    elif options.audit:
        _run_audit([*words, *real])
    else:
        same = "The same command with --audit asks that."
        print("Could a detector cheat?", same if plan.asked else f"cxr-studio {shlex.join([*words, *real])}")


def _audit_deidentified(words: Sequence[str], plan: AnyPlan, asked: Deidentification, used: Collection[str]) -> None:
    """Audit against what was drawn into, de-identified with the same table, so that both name patients alike."""
    from tempfile import TemporaryDirectory

    from cxr_studio.cli.progress import bar
    from cxr_studio.exchange.deidentify_sources import deidentified_sources

    with TemporaryDirectory(prefix="cxr-audit-") as folder:
        items = [item for item in plan.items if item.name in used]
        with bar() as progress:
            deidentified_sources(items, Path(folder), asked, progress=progress)
        _run_audit([*words, "--real", folder])


def _run_audit(words: Sequence[str]) -> None:
    from cxr_studio.cli import audit

    parser = argparse.ArgumentParser()
    audit.add_arguments(parser)
    audit.run(parser.parse_args(list(words[1:])))


def _told(splits: dict[str, str], before: tuple[str, ...]) -> tuple[str, ...]:
    """Say what is wrong with the splits, where it was not said before."""
    from cxr_studio.datasets.splits import split_notes

    notes = split_notes(splits)
    for note in notes:
        if note not in before:
            print(note)
    return notes


def _plan(options: argparse.Namespace) -> Plan:
    from dataclasses import replace

    from cxr_studio.augmentation.options import Options, plan_of
    from cxr_studio.errors import StudioError
    from cxr_studio.generation.precision import settled
    from cxr_studio.nodules.sizes import read_range

    if options.count is None or not options.diameter:
        what = "nodules need --count and --diameter, and surroundings need --boxes"
        raise StudioError(what, remedy="See cxr-studio augment --help")

    sources = items_of(options)
    low, high = read_range(options.per_image, "number of nodules")
    wanted = Options(
        options.source,
        options.out,
        options.count,
        options.diameter,
        (int(low), int(high)),
        read_range(options.contrast, "contrast"),
        seed=options.seed,
        ending=f".{options.image}",
        mm_per_pixel=options.mm_per_pixel,
        generator=options.generator or SUPERPOSITION,
        background=options.background,
        device=options.device,
        select=options.select,
        band=read_range(options.band, "band of scores"),
        candidates=options.candidates,
        margin=options.margin,
        density=options.density,
        subtlety=options.subtlety,
        zone=options.position,
        precision=settled(options.precision),
    )
    asked = deidentification_of(options) if options.deidentify else None
    return replace(plan_of(wanted, sources), asked=asked)
