"""The part of ``cxr-studio evaluate`` that measures a generator of nodules."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE

if TYPE_CHECKING:
    from cxr_studio.generation.generators import GeneratorFacts
    from cxr_studio.quality.nodule_evaluation import NoduleRow, Panel
    from cxr_studio.quality.realism import Realism

REALISM_PAIRS = 240
"""Pairs of the realism test: 4 in each of 60 radiographs."""


def run(options: argparse.Namespace, facts: GeneratorFacts) -> int:
    """Measure and print the tables."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.errors import GeneratorError, ReadError
    from cxr_studio.files import write_json
    from cxr_studio.generation.generators import look_up
    from cxr_studio.quality.nodule_evaluation import SEED, evaluate_nodules, simulated_panel
    from cxr_studio.quality.nodule_sheet import write_nodule_sheet
    from cxr_studio.quality.nodule_ways import classical_ways, network_ways, program_ways

    if options.images is None:
        raise ReadError("no images are given", remedy="Give --images DIR, a folder of healthy radiographs")
    if facts.checkpoint is None:
        raise GeneratorError(f"{facts.title} has no checkpoint to measure")
    seed = SEED if options.seed is None else options.seed
    with bar() as progress:
        progress(0.0, "simulating")
        panel = simulated_panel(options.images, options.library, count=options.pairs, seed=seed)
        ways = classical_ways(panel.pairs)
        for found in (facts, *(look_up(name) for name in options.beside)):
            if found.checkpoint is not None:
                ways |= network_ways(found.checkpoint, panel.pairs, device=options.device)
        ways |= program_ways(facts.checkpoint, panel.pairs, device=options.device)
        rows = evaluate_nodules(panel.pairs, ways, progress=progress)
    print(panel.words)
    print_rows(rows)
    figures: dict[str, object] = {"pairs": len(panel.pairs), "nodules": panel.words, "ways": [asdict(r) for r in rows]}
    if options.realism:
        found_out = _realism(options, facts)
        figures["realism"] = [asdict(one) for one in found_out]
    if options.json:
        write_json(options.json, figures)
        print(f"Figures: {options.json}")
    if options.sheet:
        write_nodule_sheet(options.sheet, panel.pairs, facts.checkpoint, device=options.device)
        print(f"Sheet: {options.sheet} (from above: healthy, simulated, own background, all drawn)")
    return 0


def _realism(options: argparse.Namespace, facts: GeneratorFacts) -> list[Realism]:
    from cxr_studio.cli.progress import bar
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.quality.nodule_evaluation import SEED, simulated_panel
    from cxr_studio.quality.realism import all_realisms

    seed = SEED + 1 if options.seed is None else options.seed + 1
    count = min(REALISM_PAIRS, options.pairs)
    known = known_patients(options.images, options.patients)
    assert facts.checkpoint is not None
    with bar() as progress:
        progress(0.0, "simulating")
        panels: list[Panel] = [
            simulated_panel(options.images, library, count=count, seed=seed + k, known=known)
            for k, library in enumerate((options.library, None))
        ]
        found = all_realisms(facts.checkpoint, *panels, device=options.device, progress=progress)
    print_realism(found)
    return found


def print_rows(rows: list[NoduleRow]) -> None:
    """Print means ± standard deviations, a row a way."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{rows[0].pairs} patches of 256 × 256 pixels, mean ± SD", box=None, pad_edge=False)
    titles = ("Way", "PSNR, dB", "SSIM", "MAE", "masked PSNR", "masked SSIM", "masked MAE", "Grain", "Spectrum")
    for title in titles:
        table.add_column(title, justify="left" if title == "Way" else "right", no_wrap=title != "Way")
    for row in rows:
        m, s = row.mean, row.sd
        table.add_row(
            row.title,
            f"{m.psnr:.2f} ± {s.psnr:.2f}",
            f"{m.ssim:.4f}",
            f"{m.mae:.5f}",
            f"{m.masked_psnr:.2f} ± {s.masked_psnr:.2f}",
            f"{m.masked_ssim:.4f}",
            f"{m.masked_mae:.4f}",
            f"{m.grain:.2f}",
            f"{m.fine:.2f} {m.middle:.2f} {m.coarse:.2f}",
        )
    Console(width=None if sys.stdout.isatty() else WIDE + 20).print(table)


def print_realism(found: list[Realism]) -> None:
    """Print how well each source is told from simulated nodules."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title="Accuracy of a classifier, generated against simulated (50 % = indistinguishable)",
        box=None,
        pad_edge=False,
    )
    for title in ("Source", "Patches", "Accuracy", "95 % interval"):
        table.add_column(title, justify="left" if title == "Source" else "right", no_wrap=True)
    for one in found:
        table.add_row(
            one.title,
            str(one.patches),
            f"{100 * one.accuracy:.1f} %",
            f"{100 * one.low:.1f} to {100 * one.high:.1f} %",
        )
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
