"""``cxr-studio augment SOURCE --boxes LIST --generator NAME``: boxes stay, their surroundings are drawn anew."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.deidentify_arguments import deidentification_of, items_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxr_studio.augmentation.record import Record
    from cxr_studio.augmentation.surroundings import SurroundPlan


def add_boxes(parser: argparse.ArgumentParser) -> None:
    """What stays, and how often it is surrounded anew."""
    group = parser.add_argument_group("around boxes", "in place of nodules, with a generator of role surround")
    words = "keep each of these boxes and draw everything around it: a list like the NIH's, COCO, a manifest"
    group.add_argument("--boxes", type=Path, metavar="LIST", help=words)
    group.add_argument("--variations", type=whole(1, 1000), default=1, metavar="N", help="of each box (default: 1)")
    group.add_argument("--label", default="", metavar="NAMES", help="only boxes with these findings, with commas")
    words = "longest side of the images in whose pixels the list is, where it is not the NIH's 1024 or the images' own"
    group.add_argument("--list-side", type=whole(0, 100_000), default=0, metavar="PX", help=words)


def surround_plan_of(options: argparse.Namespace) -> SurroundPlan:
    """The plan, after what it comes to was said.

    Raises:
        StudioError: no such generator, or a list without boxes of these radiographs.
    """
    from dataclasses import replace

    from cxr_studio.augmentation.record import IMAGES
    from cxr_studio.augmentation.surroundings import boxed_radiographs, surround_plan
    from cxr_studio.datasets.opening import open_manifest
    from cxr_studio.datasets.outputs import refuse_among
    from cxr_studio.generation.precision import settled
    from cxr_studio.networks.card import Role
    from cxr_studio.roles import first_or

    generator = first_or(options.generator, Role.SURROUND).name
    items = items_of(options)
    manifest = open_manifest(options.boxes, options.source, listed_side=options.list_side)
    labels = [label.strip() for label in options.label.split(",") if label.strip()]
    boxed = boxed_radiographs(items, manifest, labels)
    refuse_among(options.out, options.source, parts=(IMAGES,))
    plan = surround_plan(boxed, generator, variations=options.variations, seed=options.seed)
    print(f"{len(plan.boxes)} boxes in {len(boxed)} of {len(items)} radiographs.")
    plan = replace(plan, most=options.count, ending=f".{options.image}")
    asked = deidentification_of(options) if options.deidentify else None
    return replace(plan, device=options.device, precision=settled(options.precision), asked=asked)


def softness(records: Sequence[Record], generator: str) -> str:
    """What happened to images that are larger than the generator's own, "" where there is none."""
    from cxr_studio.networks.card import Role
    from cxr_studio.roles import find

    card = find(generator, Role.SURROUND).card
    side = 0 if card is None else card.input_side
    larger = sum(max(record.width, record.height) > side for record in records)
    if not larger:
        return ""
    drawn = f"The surroundings in {larger} images were drawn at {side} × {side} pixels and enlarged"
    return f"{drawn}; the boxes keep their own pixels."
