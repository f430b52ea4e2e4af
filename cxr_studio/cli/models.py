"""``cxr-studio models [NAME]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE

if TYPE_CHECKING:
    from cxr_studio.generation.generators import GeneratorFacts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NAME, ``--json``."""
    parser.add_argument("name", nargs="?", help="show the whole card of this checkpoint or generator")
    parser.add_argument("--json", action="store_true", help="print the cards as JSON")


def run(options: argparse.Namespace) -> int:
    """Print a table, a card, or JSON; checkpoints that cannot be read are named."""
    from cxr_studio.roles import known, look_up, refused

    chosen = (look_up(options.name),) if options.name else known()
    if options.json:
        print(_json(chosen))
    elif options.name:
        from cxr_studio.generation.card_text import full_facts

        print(full_facts(chosen[0]))
    else:
        _print_table(chosen)
    faults = refused()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _json(chosen: Sequence[GeneratorFacts]) -> str:
    return json.dumps(
        [
            {"name": f.name, "title": f.title, "role": f.role.value, "card": None if f.card is None else asdict(f.card)}
            for f in chosen
        ],
        indent=2,
    )


def _print_table(chosen: Sequence[GeneratorFacts]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("Name", "Title", "Role", "Weights", "PSNR", "File"):
        table.add_column(title, justify="right" if title in ("Weights", "PSNR") else "left")
    for facts in chosen:
        card, checkpoint = facts.card, facts.checkpoint
        psnr = card.scores.get("healthy_psnr_db") if card else None
        table.add_row(
            facts.name,
            facts.title,
            facts.role.value,
            f"{card.weights_count / 1e6:.1f} M" if card else "",
            f"{psnr:.2f} dB" if psnr is not None else "",
            checkpoint.path.name if checkpoint else "built in",
        )
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
