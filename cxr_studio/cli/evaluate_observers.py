"""The part of ``cxr-studio evaluate`` in which observers say how visible fills are."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_studio.cli.arguments import share, whole
from cxr_studio.cli.observer_table import print_table
from cxr_studio.errors import ReadError, StudioError

if TYPE_CHECKING:
    from cxr_studio.quality.observers.asking import Split
    from cxr_studio.quality.observers.table import Asked, Table

KINDS = ("location-known", "human-like", "search")
GRAINS = ("off", "match", "spectrum")

STEPS = 200
"""Training steps of each network by default: 600 find a little more in the hardest fills, in three times as long."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--observer`` and what belongs to it."""
    parser.add_argument(
        "--observer", action="store_true", help="train observers to pick the original: one table of all fills"
    )
    group = parser.add_argument_group("observers")
    group.add_argument("--train-images", type=Path, metavar="DIR", help="train on these (default: a part of --images)")
    group.add_argument(
        "--observers",
        metavar="WHICH",
        help="fresh: trained for each fill (default of --observer); pooled: one set for all; shipped, or the folder of "
        "a saved set; with --generators none by default",
    )
    group.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="which observers (default: all)")
    group.add_argument("--grains", nargs="+", choices=GRAINS, default=[], help="default: what suits each")
    group.add_argument("--hole", type=whole(16, 400), default=64, help="side of the holes, pixels (default: 64)")
    group.add_argument("--strokes", action="store_true", help="fill brush strokes instead of squares")
    group.add_argument("--radiographs", type=whole(2, 10_000), default=60, help="most to test on (default: 60)")
    group.add_argument("--train-radiographs", type=whole(2, 10_000), default=110, help="to train on (default: 110)")
    group.add_argument("--steps", type=whole(10, 100_000), default=STEPS, help=f"of training (default: {STEPS})")
    group.add_argument("--networks", type=whole(1, 10), default=2, help="whose scores add up (default: 2)")
    group.add_argument("--no-structure", action="store_true", help="leave out ridges, grain, distances, variations")
    group.add_argument(
        "--calibrate",
        type=share(0, 1),
        metavar="CONTRAST",
        help="find the eye's noise at which a biharmonic fill of this contrast is picked out in 75 %% of pairs",
    )
    group.add_argument("--save", type=Path, metavar="DIR", help="save the trained observers")


def run(options: argparse.Namespace) -> int:
    """Measure and print the tables; 1 where a control did not come out at chance."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.files import write_json
    from cxr_studio.generation.devices import choose_device
    from cxr_studio.quality.observers.judging import failed_controls
    from cxr_studio.quality.observers.scenes import Filler
    from cxr_studio.quality.observers.sheet import write_scene_sheet
    from cxr_studio.quality.observers.table import as_json, measure

    asked, refused = _asked(options)
    if options.calibrate is not None:
        return _calibrate(options, asked)
    with bar() as progress:
        table = measure(asked, filler=Filler(options.device), device=choose_device(options.device), progress=progress)
    print_table(table, asked.kinds)
    if options.save:
        _save(table, options.save)
    if options.json:
        write_json(options.json, as_json(table))
        print(f"Figures: {options.json}")
    if options.sheet:
        write_scene_sheet(options.sheet, table.scenes, asked.ways)
        print(f"Sheet: {options.sheet} (from above: original, {', '.join(way.title for way in asked.ways)})")
    _say_unknown(table, asked)
    failed = failed_controls(table.rows)
    for words in failed:
        print(f"{words}. The table cannot be trusted.", file=sys.stderr)
    return 1 if failed or refused else 0


def _asked(options: argparse.Namespace) -> tuple[Asked, list[StudioError]]:
    from dataclasses import replace

    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.networks.observers.training import PairTraining
    from cxr_studio.quality.evaluation import SEED
    from cxr_studio.quality.observers.asking import Amounts, HolePlan, split_of
    from cxr_studio.quality.observers.kept import kept, unseen
    from cxr_studio.quality.observers.table import Asked, usable_ways

    if options.images is None:
        raise ReadError("no images are given", remedy="Give --images DIR, a folder of healthy radiographs")
    if options.hole % 8:
        raise StudioError(f"a hole of {options.hole} pixels is no multiple of 8", remedy="Give --hole 64")
    named = [name for name in (options.generator, *options.beside) if name]
    ways, refused = usable_ways(named, options.grains, device=options.device)
    for fault in refused:
        print(fault, file=sys.stderr)
    known = known_patients(options.images, options.patients)
    amounts = Amounts(options.train_radiographs, options.radiographs)
    plan = HolePlan(
        options.holes,
        options.hole,
        "stroke" if options.strokes else "square",
        SEED if options.seed is None else options.seed,
    )
    structure = not options.no_structure
    which: Any = options.observers or "fresh"
    if which in ("fresh", "pooled"):
        split = split_of(options.images, options.train_images, amounts, known=known)
        _say_left_out(split)
        training = PairTraining(options.steps, seeds=tuple(range(options.networks)))
        return Asked(ways, split, plan, training, which, tuple(options.kinds), structure), refused
    observers = kept(which)
    split = split_of(options.images, options.images, amounts, known=known)
    tested = unseen(split.test, observers)
    if len(tested) < len(split.test):
        print(f"{len(split.test) - len(tested)} radiographs left out: the observers were trained on their patients.")
    asked = Asked(
        ways, replace(split, test=tested), plan, observers=observers, kinds=tuple(options.kinds), structure=structure
    )
    return asked, refused


def _calibrate(options: argparse.Namespace, asked: Asked) -> int:
    from math import isnan

    from cxr_studio.cli.progress import bar
    from cxr_studio.generation.devices import choose_device
    from cxr_studio.quality.observers.asking import Drawn
    from cxr_studio.quality.observers.calibration import REFERENCE, WANTED, calibrate
    from cxr_studio.quality.observers.judging import Ground
    from cxr_studio.quality.observers.scenes import Filler, scenes_of

    with bar() as progress:
        train, test = (
            scenes_of(paths, asked.plan, [Drawn(REFERENCE)], filler=Filler(options.device), progress=progress)
            for paths in (asked.split.train, asked.split.test)
        )
        ground = Ground(train, test, asked.training, choose_device(options.device))
        found = calibrate(ground, options.calibrate, progress=progress)
    for noise, rate in found.rates.items():
        print(f"Noise of {noise:g} grey levels: biharmonic at {found.contrast:g} of its contrast picked in {rate}")
    if isnan(found.noise):
        print(f"{WANTED:.0%} is reached at none of these noises. Try another contrast.")
        return 1
    print(f"{WANTED:.0%} is reached at a noise of {found.noise:.1f} grey levels.")
    return 0


def _say_left_out(split: Split) -> None:
    if split.left_out:
        print(f"{len(split.left_out)} training radiographs left out: their patients are tested on.")


def _say_unknown(table: Table, asked: Asked) -> None:
    """Say which fills a saved set of observers was not trained on."""
    names = sorted({way.generator for way in asked.ways})
    unknown = [name for name in names if not all(one.knows(name) for one in table.observers.get("", {}).values())]
    if unknown:
        print(f"The observers were not trained on fills by {', '.join(unknown)}: they may perform below their best.")


def _save(table: Table, folder: Path) -> None:
    from cxr_studio.quality.observers.kept import keep

    for title, observers in table.observers.items():
        if not title.startswith("Control"):
            name = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
            keep(observers, folder / name if name else folder)
    print(f"Observers: {folder}")
