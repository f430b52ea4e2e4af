"""Measuring generators with labels, and the tables of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Card
from cxr_studio.quality.judging import Material, Report, Run, TextTable, row_title
from cxr_studio.quality.labels.bench import FEWEST, Bench, Direction, bench_of
from cxr_studio.quality.labels.cases import label_sets
from cxr_studio.quality.labels.measuring import LabelRow, measured, real, untouched
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import FEATURES

UNTOUCHED, REAL = "Untouched", "Real, one half against the other"

ASKED = ("Generator", "Called so, %", "Gained, %", "95 %", "Fréchet", "Kernel")
STAYS = (
    "Generator",
    *("There and back: PSNR, dB", "SSIM", "Own label: PSNR, dB", "SSIM", "To original: PSNR, dB", "SSIM"),
    *("Lungs, Dice", "Time, s"),
)

Rows = Mapping[str, LabelRow]
Measured = Mapping[Direction, Rows]


def bench_for(card: Card, material: Material, run: Run) -> Bench | None:
    """What a generator with labels is measured on; None where there are no labelled radiographs.

    Raises:
        StudioError: the material cannot be read, or is not enough to say what has which label.
    """
    sets = label_sets(card, material)
    return None if sets is None else bench_of(card.labels, sets, run)


def measured_all(generators: Sequence[GeneratorFacts], bench: Bench, run: Run) -> Measured:
    """Rows of every direction: untouched, each generator, real ones.

    Raises:
        StudioError: a generator cannot be used, or lacks the label.
    """
    found = {}
    for direction in bench.directions:
        rows = {UNTOUCHED: untouched(bench, direction)}
        for facts in generators:
            rows[row_title(facts)] = measured(WholeDrawer(facts, run.device), bench, direction, run)
        found[direction] = {**rows, REAL: real(bench, direction)}
    return found


def report_of(bench: Bench, found: Measured) -> Report:
    """Tables, and what they are of."""
    parts: list[TextTable | str] = []
    for direction, rows in found.items():
        count = len(bench.before(direction).cases)
        parts.append(TextTable(f"{direction.title}: {count} radiographs", ASKED, _lines(rows, _asked), wide=40))
        drawn = {who: row for who, row in rows.items() if isfinite(row.seconds)}
        parts.append(TextTable(f"{direction.title}: what stays, mean", STAYS, _lines(drawn, _stays), wide=40))
    parts += [
        f"Called so: by a classifier that learned from {bench.taught} real radiographs of other patients; it tells "
        f"{label} from healthy with a ROC area of {area.value:.3f} ({area.low:.3f} to {area.high:.3f})."
        for label, area in bench.areas.items()
    ]
    if bench.missing:
        parts.append(
            f"Not measured, fewer than {FEWEST} radiographs to measure or to teach: {', '.join(bench.missing)}."
        )
    figures: dict[str, Any] = {
        "classifiers": {label: _plain(asdict(area)) for label, area in bench.areas.items()},
        "taught": bench.taught,
        "directions": [
            {"label": one.label, "given": one.given, "rows": {who: _plain(asdict(row)) for who, row in rows.items()}}
            for one, rows in found.items()
        ],
    }
    return Report((*parts, FEATURES), figures)


def _lines(rows: Rows, words: Any) -> tuple[tuple[str, ...], ...]:
    return tuple((who, *words(row)) for who, row in rows.items())


def _asked(row: LabelRow) -> tuple[str, ...]:
    gained = row.gained
    between = f"{_signed(gained.low)} to {_signed(gained.high)}" if isfinite(gained.low) else "–"
    return share_words(row), _signed(gained.value), between, _words(row.frechet, 3), _words(row.kernel, 4)


def _stays(row: LabelRow) -> tuple[str, ...]:
    pairs = ((row.cycle_psnr, row.cycle_ssim), (row.same_psnr, row.same_ssim), (row.psnr, row.ssim))
    found = [word for psnr, ssim in pairs for word in (_words(psnr, 2), _words(ssim, 3))]
    return (*found, _words(row.lungs, 3), _words(row.seconds, 2))


def share_words(row: LabelRow) -> str:
    """What is called as asked, percent."""
    return f"{100 * row.called:.0f}"


def _signed(value: float) -> str:
    return f"{round(100 * value) + 0:+d}".replace("-", "−") if isfinite(value) else "–"


def _words(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "−") if isfinite(value) else "unchanged" if value > 0 else "–"


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON takes it: what is unknown or endless is null."""
    return {
        key: _plain(value) if isinstance(value, dict) else value if isfinite(value) else None
        for key, value in values.items()
    }
