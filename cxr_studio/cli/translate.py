"""``cxr-studio translate IMAGE --generator NAME --out OUT``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cxr_studio.cli.arguments import add_device, whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Into what, by what, and where it may change."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="radiograph")
    words = "a generator of role translate, see cxr-studio models (default: the first)"
    parser.add_argument("--generator", default="", metavar="NAME", help=words)
    words = "finding to draw, of those on the generator's card; may be given several times (default: none, healthy)"
    parser.add_argument("--label", action="append", default=[], metavar="FINDING", help=words)
    words = "change only this part, a mask; without it the generator repairs or translates all of it"
    parser.add_argument("--mask", type=Path, metavar="FILE", help=words)
    parser.add_argument("--out", type=Path, required=True, help="file to write; its ending chooses the format")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same image (default: 0)")
    parser.add_argument("--feather", type=whole(0, 32), default=3, help="pixels over which the change fades in")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Translate the radiograph; prints what it changed as JSON."""
    import numpy as np

    from cxr_studio.generation.export import export, refuse_original
    from cxr_studio.generation.session import Session
    from cxr_studio.masks.files import load_mask
    from cxr_studio.networks.card import Role
    from cxr_studio.radiographs.reading import read_radiograph
    from cxr_studio.roles import answer, first_or
    from cxr_studio.translate.options import TranslateOptions

    generator = first_or(options.generator, Role.TRANSLATE)
    session = Session(read_radiograph(options.image))
    refuse_original(session, options.out)
    shape, instances = session.radiograph.shape, session.radiograph.instances
    mask = None if options.mask is None else load_mask(options.mask, shape, instances=instances)
    wanted = TranslateOptions(generator.name, options.seed, tuple(options.label), options.feather)
    result = answer(session.request(wanted, mask), device=options.device)
    session.add(result, ": ".join((generator.title, *filter(None, [" and ".join(options.label)]))))
    export(session, options.out)
    changed = session.composite != session.radiograph.stored
    written = result.written.whole(shape)
    facts = {
        "labels": options.label,
        "changed_share": round(float(changed.mean()), 6),
        "changed_outside": int(np.count_nonzero(changed & ~written)),
        "generator": result.provenance.generator,
        "message": result.message,
    }
    print(json.dumps(facts))
    return 0
