"""``cxr-studio nodule IMAGE --at X,Y --diameter 12mm --out OUT``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from cxr_studio.cli.arguments import add_device, add_nodule_generator, whole
from cxr_studio.cli.object_arguments import add_objects, writer_of

MARGINS = ("smooth", "lobulated", "spiculated")
DENSITIES = ("ground-glass", "part-solid", "solid", "calcified")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, how large, how it looks."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="radiograph")
    parser.add_argument("--at", type=_point, required=True, metavar="X,Y", help="centre in pixels")
    parser.add_argument("--diameter", required=True, help="with its unit: 12mm or 40px")
    parser.add_argument("--out", type=Path, required=True, help="file to write; its ending chooses the format")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same nodule (default: 0)")
    parser.add_argument("--margin", choices=MARGINS, help="of its silhouette (default: any)")
    parser.add_argument("--density", "--profile", choices=DENSITIES, help="what it is made of (default: any)")
    look = parser.add_mutually_exclusive_group()
    words = "grade from 1 (extremely subtle) to 5 (obvious); the contrast follows"
    look.add_argument("--subtlety", type=whole(1, 5), metavar="GRADE", help=words)
    look.add_argument("--contrast", type=float, default=1.0, help="over the physical one, 0.1 to 4 (default: 1)")
    parser.add_argument("--angle", type=float, default=0.0, help="rotation in degrees")
    parser.add_argument("--mirror", action="store_true", help="mirrored left to right")
    parser.add_argument("--shape", type=whole(0, 2**31 - 1), help="shape seed, for one shape at every size")
    add_nodule_generator(parser)
    add_device(parser)
    parser.add_argument("--mask", type=Path, metavar="FILE", help="write the nodule's silhouette as a PNG mask too")
    add_objects(parser)


def run(options: argparse.Namespace) -> int:
    """Draw one nodule; prints its box and diameters as JSON."""
    from cxr_studio.generation.export import export, refuse_original
    from cxr_studio.generation.session import Session
    from cxr_studio.masks.files import save_mask
    from cxr_studio.nodules.ct_library import Profile
    from cxr_studio.nodules.drawing_again import add_findable
    from cxr_studio.nodules.export import add_nodule, annotation
    from cxr_studio.nodules.margin import Margin
    from cxr_studio.nodules.placement import Placement, diameter_pixels
    from cxr_studio.radiographs.reading import read_radiograph

    session = Session(read_radiograph(options.image))
    refuse_original(session, options.out)
    also = writer_of(options, [options.out])
    diameter = diameter_pixels(options.diameter, session.radiograph)
    placement = Placement(
        options.at[1],
        options.at[0],
        diameter,
        seed=options.seed,
        contrast=options.contrast,
        subtlety=options.subtlety,
        margin=Margin(options.margin) if options.margin else None,
        angle=options.angle,
        mirror=options.mirror,
        profile=Profile(options.density) if options.density else None,
        generator=options.generator,
        background=options.background,
        shape_seed=options.shape,
    )
    if options.subtlety is None:
        placed = add_nodule(session, placement, device=options.device)
    else:
        placed, placement = add_findable(session, placement, seeds=(), device=options.device)
    if placed.message:
        print(placed.message, file=sys.stderr)
    export(session, options.out)
    if also is not None:
        also(session, options.out)
    if options.mask:
        save_mask(options.mask, placed.drawn.whole(session.radiograph.shape))
    print(json.dumps(annotation(placed, placement, session)))
    return 0


def _point(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not X,Y in pixels, like 410,380") from fault
    return x, y
