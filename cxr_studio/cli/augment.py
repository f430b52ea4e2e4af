"""``cxr-studio augment SOURCE --out DIR --count N``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, add_nodule_generator, whole

if TYPE_CHECKING:
    from cxr_studio.augmentation.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to make, how, and in which formats."""
    parser.add_argument("source", type=Path, metavar="SOURCE", help="folder of healthy radiographs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to, or to go on in")
    parser.add_argument("--count", type=whole(1, 10_000_000), required=True, metavar="N", help="images to make")
    parser.add_argument("--diameter", required=True, help="12mm, uniform:5,30mm, uniform:10,60px or file:SIZES.csv")
    parser.add_argument("--per-image", default="1", metavar="LOW-HIGH", help="nodules in an image (default: 1)")
    parser.add_argument("--subtlety", default="1", metavar="LOW,HIGH", help="contrast, 1 is physical (default: 1)")
    parser.add_argument("--format", default="coco", metavar="NAMES", help="node21,coco,yolo,voc (default: coco)")
    parser.add_argument("--image", choices=("png", "mha", "dcm"), default="png", help="image format (default: png)")
    parser.add_argument("--mm-per-pixel", type=float, metavar="MM", help="for radiographs that do not say it")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same set (default: 0)")
    parser.add_argument("--workers", type=whole(1, 256), default=os.cpu_count() or 1, help="processes (default: all)")
    add_nodule_generator(parser)
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Make the set, or what is missing of it; failures are told at the end, one a line."""
    from cxr_studio.augmentation.exporters.formats import read_formats, write_all
    from cxr_studio.augmentation.job import run as run_job
    from cxr_studio.cli.progress import bar

    formats, plan = read_formats(options.format), _plan(options)
    with bar() as progress:
        outcome = run_job(plan, options.out, workers=min(options.workers, plan.count), progress=progress)
    written = write_all(outcome.records, options.out, formats)
    print(f"{len(outcome.records)} of {plan.count} images in {options.out}, {outcome.made} of them made now.")
    print(f"Annotations: {', '.join(path.name for path in written)}")
    for fault in sorted(set(outcome.faults)):
        print(fault, file=sys.stderr)
    return 1 if outcome.faults else 0


def _plan(options: argparse.Namespace) -> Plan:
    from cxr_studio.augmentation.plan import Plan
    from cxr_studio.errors import ReadError
    from cxr_studio.nodules.answering import checkpoint_sha256
    from cxr_studio.nodules.sizes import read_diameters, read_range
    from cxr_studio.radiographs.reading import SUFFIXES

    if not options.source.is_dir():
        raise ReadError("there is no such folder", file=options.source, remedy="Give a folder of radiographs")
    sources = tuple(sorted(p for p in options.source.iterdir() if p.suffix.lower() in SUFFIXES))
    if not sources:
        raise ReadError("the folder holds no radiographs", file=options.source, remedy="Choose another folder")
    low, high = read_range(options.per_image, "number of nodules")
    return Plan(
        sources,
        options.count,
        (int(low), int(high)),
        read_diameters(options.diameter),
        subtlety=read_range(options.subtlety, "subtlety"),
        seed=options.seed,
        ending=f".{options.image}",
        mm_per_pixel=options.mm_per_pixel,
        generator=options.generator,
        background=options.background,
        checkpoint_sha256=checkpoint_sha256(options.generator),
        device=options.device,
    )
