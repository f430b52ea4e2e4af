"""``cxr-studio inpaint INPUT --mask MASK --generator NAME --out OUT``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cxr_studio.cli.arguments import add_device, whole
from cxr_studio.cli.object_arguments import add_objects, writer_of
from cxr_studio.cli.progress import tracked
from cxr_studio.settings import DEFAULT_GENERATOR

MASKS = "mask (PNG, or a DICOM segmentation), or a folder of masks with the same names"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files or folders, and the options that the window offers."""
    parser.add_argument("input", type=Path, metavar="INPUT", help="radiograph, or a folder of them")
    parser.add_argument("--mask", type=Path, required=True, help=MASKS)
    words = f"see cxr-studio models (default: {DEFAULT_GENERATOR})"
    parser.add_argument("--generator", default=DEFAULT_GENERATOR, metavar="NAME", help=words)
    parser.add_argument("--out", type=Path, required=True, help="file to write, or the folder for a folder's results")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same pixels (default: 0)")
    grains = ("match", "spectrum", "off")
    words = "noise of the surroundings, its finest scale or every one; or none"
    parser.add_argument("--grain", choices=grains, default="match", help=words)
    parser.add_argument("--grow", type=whole(0, 16), default=1, help="generator pixels by which the mask is grown")
    parser.add_argument("--feather", type=whole(0, 32), default=3, help="pixels over which the fill fades in")
    words = "folder of healthy radiographs of your own, from which exemplar takes donors too"
    parser.add_argument("--donors", type=Path, metavar="DIR", help=words)
    add_objects(parser)
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Fill all pairs; failures are told at the end, one a line."""
    from cxr_studio.networks.card import Role
    from cxr_studio.restore.batch import pair_up
    from cxr_studio.restore.batch import run as fill_all
    from cxr_studio.restore.options import FillOptions
    from cxr_studio.roles import find

    find(options.generator, Role.RESTORE)
    fill_options = FillOptions(
        options.generator,
        options.seed,
        options.grain,
        options.grow,
        options.feather,
        donors=_indexed(options.donors) if options.donors else "",
    )
    pairs, faults = pair_up(options.input, options.mask, options.out)
    also = writer_of(options, [pair.out for pair in pairs])
    asked, done = len(pairs) + len(faults), 0
    filled = fill_all(pairs, fill_options, device=options.device, also=also)
    for _pair, fault in tracked(filled, len(pairs), "Inpainting"):
        if fault is None:
            done += 1
        else:
            faults.append(fault)
    words = "radiograph" if asked == 1 else "radiographs"
    print(f"{done} of {asked} {words} written to {options.out}.")
    for one in faults:
        print(one, file=sys.stderr)
    return 1 if faults else 0


def _indexed(folder: Path) -> str:
    """Make the index of a folder of donors, or renew it; files that cannot be donors are named."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.donors.folder import build_index

    with bar() as progress:
        index = build_index(folder, progress=progress)
    for sentence in index.refused:
        print(sentence, file=sys.stderr)
    return str(folder.absolute())
