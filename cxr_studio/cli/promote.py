"""``cxr-studio promote SNAPSHOT [--images DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli import shape_table
from cxr_studio.cli.arguments import add_device, whole
from cxr_studio.errors import ReadError

if TYPE_CHECKING:
    from cxr_studio.quality.nodule_promotion import NoduleVerdict
    from cxr_studio.quality.promotion import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The snapshot and what to measure it on."""
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT", help="a .safetensors file of a training run")
    parser.add_argument("--images", type=Path, metavar="DIR", help="held-out healthy radiographs, for a fill")
    parser.add_argument("--holes", type=whole(1, 1000), default=8, help="holes in each radiograph (default: 8)")
    parser.add_argument("--pairs", type=whole(8, 5000), default=240, help="simulated nodules (default: 240)")
    parser.add_argument("--nodules", type=Path, metavar="FILE", help="CT nodules (.npz), all series")
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default: the bundled checkpoints)")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, print, and ship or say why not (exit code 1)."""
    from cxr_studio.networks.card import Role
    from cxr_studio.networks.checkpoint import read_checkpoint
    from cxr_studio.quality.promotion import ship
    from cxr_studio.resources import resource

    checkpoint = read_checkpoint(options.snapshot)
    role = checkpoint.card.role
    if role is Role.SHAPE:
        return shape_table.promote(checkpoint, options)
    if options.images is None:
        raise ReadError("there is nothing to measure on", remedy="Give --images DIR, a folder of healthy radiographs")
    verdict = _judged_nodules(options) if role is Role.INSERT else _judged_holes(options)
    if verdict.reasons:
        print(f"Not shipped: {'; '.join(verdict.reasons)}.", file=sys.stderr)
        return 1
    print(f"Shipped to {ship(options.snapshot, verdict.scores, options.to or resource('checkpoints'))}.")
    return 0


def _judged_holes(options: argparse.Namespace) -> Verdict:
    from cxr_studio.cli.evaluate import print_rows
    from cxr_studio.cli.progress import bar
    from cxr_studio.quality.evaluation import SEED, all_holes, read_images
    from cxr_studio.quality.promotion import judge

    holes = all_holes(read_images(options.images), each=options.holes, seed=SEED)
    with bar() as progress:
        verdict = judge(options.snapshot, holes, device=options.device, progress=progress)
    print_rows(verdict.rows)
    return verdict


def _judged_nodules(options: argparse.Namespace) -> NoduleVerdict:
    from cxr_studio.cli.evaluate_nodules import print_rows
    from cxr_studio.cli.progress import bar
    from cxr_studio.networks.checkpoint import read_checkpoint
    from cxr_studio.quality.nodule_evaluation import simulated_panel
    from cxr_studio.quality.nodule_promotion import judge_nodules

    panel = simulated_panel(options.images, options.nodules, count=options.pairs)
    with bar() as progress:
        verdict = judge_nodules(
            read_checkpoint(options.snapshot), panel.pairs, device=options.device, progress=progress
        )
    print(panel.words)
    print_rows(verdict.rows)
    return verdict
