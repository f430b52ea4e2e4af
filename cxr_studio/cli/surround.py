"""``cxr-studio surround IMAGE --box X0,Y0,X1,Y1 --generator NAME --out OUT``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cxr_studio.cli.arguments import add_device, whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What stays, and what draws the rest."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="radiograph")
    parser.add_argument("--box", type=_box, required=True, metavar="X0,Y0,X1,Y1", help="what stays, in pixels")
    words = "a generator of role surround, see cxr-studio models (default: the first)"
    parser.add_argument("--generator", default="", metavar="NAME", help=words)
    parser.add_argument("--out", type=Path, required=True, help="file to write; its ending chooses the format")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same image (default: 0)")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Draw the surroundings; prints the box and the proof that it stayed as JSON."""
    from cxr_studio.generation.export import export, refuse_original
    from cxr_studio.generation.session import Session
    from cxr_studio.masks.boxes import cut
    from cxr_studio.networks.card import Role
    from cxr_studio.radiographs.reading import read_radiograph
    from cxr_studio.roles import answer, first_or
    from cxr_studio.surround.drawing import kept_sha256
    from cxr_studio.surround.options import SurroundOptions

    generator = first_or(options.generator, Role.SURROUND)
    session = Session(read_radiograph(options.image))
    refuse_original(session, options.out)
    request = session.request(SurroundOptions(generator.name, options.seed), options.box)
    result = answer(request, device=options.device)
    session.add(result, generator.title)
    export(session, options.out)
    y0, x0, y1, x1 = options.box
    facts = {
        "box": [x0, y0, x1, y1],
        "kept_sha256": result.provenance.kept_sha256,
        "kept": kept_sha256(session.view(session.composite), options.box) == result.provenance.kept_sha256,
        "pixels_kept": int(session.composite[cut(options.box)].size),
        "generator": result.provenance.generator,
        "message": result.message,
    }
    print(json.dumps(facts))
    return 0


def _box(text: str) -> tuple[int, int, int, int]:
    try:
        x0, y0, x1, y1 = (int(part) for part in text.split(","))
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not X0,Y0,X1,Y1 in pixels, like 100,120,300,400") from fault
    if not (x0 < x1 and y0 < y1):
        raise argparse.ArgumentTypeError(f"the box {text!r} is empty: X0 has to be less than X1, and Y0 less than Y1")
    return y0, x0, y1, x1
