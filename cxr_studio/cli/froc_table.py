"""Tables and JSON of ``cxr-studio froc``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from cxr_studio.cli.arguments import WIDE

if TYPE_CHECKING:
    from rich.table import Table

    from cxr_studio.detection.by_size import Bin
    from cxr_studio.detection.matching import Rule
    from cxr_studio.detection.scores import Difference, Scores
    from cxr_studio.metrics.afroc import Jackknifed
    from cxr_studio.metrics.by_patient import Estimate

UNKNOWN = "–"
JAFROC = "wAFROC area (JAFROC)"


def print_scores(scores: Mapping[str, Scores], others: Mapping[str, Difference], *, rule: Rule) -> None:
    """Figures by detector, and by how much the others differ from the first."""
    one = next(iter(scores.values()))
    counted = f"{one.images} radiographs of {one.patients} patients, {one.positive} with {one.lesions} nodules"
    table = _table(f"{counted}; a hit: {rule}; 95 % intervals by patient", ["Figure", *scores])
    for name in one.figures:
        table.add_row(name, *(_text(own.figures[name]) for own in scores.values()))
    _print(table)
    for name, difference in others.items():
        _print(_differences(f"{name} less {next(iter(scores))}, on the same radiographs", difference))


def print_bins(bins: Mapping[str, Sequence[Bin]], rate: float) -> None:
    """Sensitivity by diameter at the operating point."""
    for name, own in bins.items():
        unit = own[0].unit if own else "px"
        title = f"{name}: sensitivity by diameter at {rate:g} false positives an image"
        table = _table(title, [f"Diameter, {unit}", "Nodules", "Found"])
        for one in own:
            span = f"{one.low:.3g} to {one.high:.3g}" if isfinite(one.high) else f"{one.low:.3g} and more"
            table.add_row(span, str(one.count), _text(one.found))
        _print(table)


def print_located(shares: Mapping[str, Mapping[str, Estimate]]) -> None:
    """CL@IoU 0.1 by finding; nothing where it was not asked for."""
    if not shares:
        return
    table = _table("Boxes located, CL@IoU 0.1", ["Finding", *shares])
    for label in next(iter(shares.values())):
        table.add_row(label, *(_text(own[label]) for own in shares.values()))
    _print(table)


def as_json(
    scores: Mapping[str, Scores],
    others: Mapping[str, Difference],
    bins: Mapping[str, Sequence[Bin]],
    shares: Mapping[str, Mapping[str, Estimate]],
) -> dict[str, Any]:
    """All of it as plain values; what is unknown is null."""
    content = {
        "detectors": {name: asdict(one) for name, one in scores.items()},
        "differences": {name: asdict(one) for name, one in others.items()},
        "by_diameter": {name: [asdict(one) for one in own] for name, own in bins.items()},
        "located": {name: {label: asdict(e) for label, e in own.items()} for name, own in shares.items()},
    }
    return {name: _plain(value) for name, value in content.items() if value}


def _differences(title: str, difference: Difference) -> Table:
    table = _table(title, ["Figure", "Difference", "p"])
    rows: dict[str, Estimate | Jackknifed] = {**difference.figures, JAFROC: difference.jafroc}
    for name, one in rows.items():
        table.add_row(name, _text(one), f"{one.p:.2g}" if isfinite(one.p) else UNKNOWN)
    return table


def _table(title: str, columns: Sequence[str]) -> Table:
    """Print the title, and begin its table."""
    from rich.table import Table

    print(f"\n{title}")
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _text(one: Estimate | Jackknifed) -> str:
    if not isfinite(one.value):
        return UNKNOWN
    interval = f" ({one.low:.3f} to {one.high:.3f})" if isfinite(one.low) else ""
    return f"{one.value:.3f}{interval}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
