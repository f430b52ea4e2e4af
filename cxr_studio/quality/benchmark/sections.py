"""A benchmark as tables to read: the same ones on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Literal

from cxr_studio.metrics.by_patient import RESAMPLES, Spread
from cxr_studio.networks.observers.pairs import KNOWN_SIDES
from cxr_studio.quality.benchmark.figures import Instruments
from cxr_studio.quality.benchmark.papers import PaperTable
from cxr_studio.quality.benchmark.summing import METRIC, Difference, Group, Row, Summary, Table
from cxr_studio.quality.judging import TextTable

WHOLE = ("ssim", "psnr", "mse", "uqi", "mae")
MASKED = ("masked_ssim", "masked_psnr", "masked_mse", "masked_uqi", "masked_mae")
LOOKS = ("grain", "seam")
OBSERVERS = ("known", "human", "search")
TESTED = ("psnr", "ssim", "masked_psnr", "masked_ssim", "masked_mae", "masked_mae_unit")
SPLIT = ("masked_psnr", "masked_ssim")

NONE = "–"
UNTRAINED = "not trained here"
FID = "FID"

UNASKED = (
    f"No observer was asked: they know holes of {KNOWN_SIDES[0]} to {KNOWN_SIDES[1]} of the radiograph's own pixels a "
    "side (--masks square --hole 64 --side 0), in patients that they were not trained on."
)

Kind = Literal["own", "classical", "reference", "head", "paper"]


@dataclass(frozen=True)
class Line:
    """A line of a table.

    Attributes:
        cells: As many as there are columns; of a head only the first.
        under: Small print under each cell: intervals; () for none.
        kind: Which sort of row.
        best: Columns in which it is the best of its kind.
    """

    cells: tuple[str, ...]
    under: tuple[str, ...] = ()
    kind: Kind = "own"
    best: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Section:
    """A table with what is to be known of it.

    Attributes:
        title: What it shows.
        columns: Headings with units.
        lines: Its rows.
        note: A sentence or two below.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""

    def as_text(self) -> TextTable:
        """For a terminal: without small print."""
        rows = [(*line.cells, *[""] * (len(self.columns) - len(line.cells))) for line in self.lines]
        return TextTable(self.title, self.columns, tuple(rows), wide=70)


def figure_section(
    title: str, names: Sequence[str], table: Table, *, papers: Iterable[PaperTable] = (), untrained: Iterable[str] = ()
) -> Section:
    """Mean ± SD of some figures, a line a row; below, who is not trained here, and the papers' own lines."""
    rows = [row for row in table.rows if not row.method.budget]
    best = _best(rows, names)
    lines = []
    for row in rows:
        found = [row.figures[name] for name in names]
        cells = (row.method.title, *(_mean(one, name) for one, name in zip(found, names, strict=True)))
        under = ("", *(_ends(one, name) for one, name in zip(found, names, strict=True)))
        marks = frozenset(k for k, name in enumerate(names, 1) if best.get(name) == row.method.key)
        lines.append(Line(cells, under, _kind(row, table), marks))
    lines += [Line((title, UNTRAINED, *[NONE] * (len(names) - 1))) for title in untrained]
    return Section(title, ("Generator", *map(_heading, names)), (*lines, *paper_lines(papers, names)))


def paper_lines(papers: Iterable[PaperTable], names: Sequence[str]) -> list[Line]:
    """The lines of papers that state any of these figures, under a head that says whose they are."""
    lines = []
    for paper in papers:
        stated = [{name: figures[name] for name in names if name in figures} for figures in paper.rows.values()]
        if any(stated):
            lines.append(Line((paper.title,), kind="head"))
        for who, figures in zip(paper.rows, stated, strict=True):
            if figures:
                cells = (f"{figures[name]:g}" if name in figures else NONE for name in names)
                lines.append(Line((who, *cells), kind="paper"))
    return lines


def group_section(table: Table, instruments: Instruments, papers: Iterable[PaperTable] = ()) -> Section:
    """Distances of the features, and observers where they were asked; papers' FID beside FID alone."""
    rows = [row for row in table.rows if not row.method.budget]
    asked = [name for name in OBSERVERS if any(name in row.figures and row.figures[name].places for row in rows)]
    names = ("frechet", "kernel", *asked)
    best = _best(rows, names)
    lines = []
    for row in rows:
        spreads = [row.frechet, row.kernel]
        cells = [row.method.title, *(_plain(one.value, name) for one, name in zip(spreads, names, strict=False))]
        under = ["", *(_between(one.low, one.high, name) for one, name in zip(spreads, names, strict=False))]
        for name in asked:
            one = row.figures[name]
            cells.append(f"{100 * one.mean:.0f} %" if one.places else NONE)
            under.append(f"{100 * one.low:.0f} to {100 * one.high:.0f}" if one.places else "")
        marks = frozenset(k for k, name in enumerate(names, 1) if best.get(name) == row.method.key)
        lines.append(Line(tuple(cells), tuple(under), _kind(row, table), marks))
    words = "Distances of what stands under the masks from what stood there"
    features, note = instruments.features, instruments.features.words
    if asked:
        words += ", and how often observers pick the original"
        note += " An observer at 50 % cannot tell the answer from the original."
    elif instruments.observers:
        note += f" {UNASKED}"
    if features.title == FID:
        lines += paper_lines(papers, ("fid", "kernel", *asked))
    return Section(words, ("Generator", features.title, *map(_heading, names[1:])), tuple(lines), note)


def difference_section(table: Table) -> Section | None:
    """Differences from the reference, row by row; None where there is nothing to compare with it."""
    reference = next(row for row in table.rows if row.method.key == table.reference)
    tested = [name for name in TESTED if name in reference.figures]
    lines = []
    for row in table.rows:
        if row.differences:
            found = [(row.differences[name], name) for name in tested]
            cells = (row.method.title, *(_signed(one, name) for one, name in found))
            lines.append(Line(cells, ("", *(_tested(one, name) for one, name in found)), _kind(row, table)))
    if not lines:
        return None
    return Section(
        f"Differences from {reference.method.title}, at the same places",
        ("Generator", *map(_full_heading, tested)),
        tuple(lines),
        "Marked with * where p < 0.05 after Holm's correction for all rows of the column; 95 % intervals and p from "
        f"resampling patients {RESAMPLES:,} times, which show no p below {2 / (RESAMPLES + 1):.1g} before correction.",
    )


def split_section(table: Table, split: str, title: str) -> Section | None:
    """Figures under the mask by group of places; None where the places are not split so."""
    groups = [group for group in table.groups if group.split == split]
    if not groups:
        return None
    rows = [row for row in table.rows if not row.method.budget]
    columns = [(group, name) for group in groups for name in SPLIT]
    lines = []
    for row in rows:
        found = [(_of(group, row, name), name) for group, name in columns]
        cells = (row.method.title, *(_mean(one, name) for one, name in found))
        lines.append(Line(cells, ("", *(_ends(one, name) for one, name in found)), _kind(row, table)))
    headings = (f"{_heading(name)}, {group.title}" for group, name in columns)
    return Section(f"{title}, under the mask", ("Generator", *headings), tuple(lines))


def training_section(table: Table) -> Section | None:
    """Steps and minutes of training, and snapshots at equal steps and time; None where nothing was trained."""
    names = ("psnr", "ssim", "masked_psnr", "masked_ssim")
    trained = [row for row in table.rows if row.method.steps or row.method.minutes > 0]
    if not trained:
        return None
    ordered = sorted(trained, key=lambda row: (row.method.budget != "", row.method.budget))
    lines = []
    for row in ordered:
        steps = NONE if row.method.steps is None else f"{row.method.steps:,}"
        minutes = NONE if isnan(row.method.minutes) else f"{row.method.minutes:.0f}"
        cells = (row.method.title, row.method.budget or "as it is", steps, minutes)
        figures = (_mean(row.figures[name], name) for name in names)
        lines.append(Line((*cells, *figures), kind=_kind(row, table)))
    return Section(
        "Training: as they are, and at equal steps and equal time",
        ("Generator", "Chosen for", "Steps", "Minutes", *map(_full_heading, names)),
        tuple(lines),
        "Minutes as the card says, on the hardware that it names; a budget that no snapshot comes near has no row.",
    )


def left_out_section(left_out: Iterable[tuple[str, str]], faults: Mapping[str, str]) -> Section | None:
    """Who takes no part, and why; None where all do."""
    lines = [Line((title, why)) for title, why in (*left_out, *faults.items())]
    return Section("Not in the table", ("Generator", "Why"), tuple(lines)) if lines else None


def counted(count: int, thing: str) -> str:
    """So many things."""
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def _kind(row: Row, table: Table) -> Kind:
    if row.method.key == table.reference:
        return "reference"
    return "classical" if row.method.classical or not row.method.generator else "own"


def _best(rows: Sequence[Row], names: Sequence[str]) -> dict[str, str]:
    found = {}
    for name in names:
        ranks = {row.method.key: METRIC[name].rank(row.value(name)) for row in rows}
        if len(set(ranks.values())) > 1:
            found[name] = min(ranks, key=lambda key: ranks[key])
    return found


def _of(group: Group, row: Row, name: str) -> Summary:
    return group.figures[row.method.key][name]


def _heading(name: str) -> str:
    metric = METRIC[name]
    return f"{metric.title}, {metric.unit}" if metric.unit else metric.title


def _full_heading(name: str) -> str:
    return _heading(name) + (" under the mask" if name.startswith("masked_") else "")


def _plain(value: float, name: str) -> str:
    return f"{value:.{METRIC[name].decimals}f}" if isfinite(value) else NONE


def _mean(one: Summary, name: str) -> str:
    return f"{_plain(one.mean, name)} ± {_plain(one.sd, name)}" if one.places else NONE


def _between(low: float, high: float, name: str) -> str:
    return f"{_plain(low, name)} to {_plain(high, name)}".replace("-", "−") if isfinite(low) else ""


def _ends(one: Summary | Spread, name: str) -> str:
    return _between(one.low, one.high, name)


def _signed(one: Difference, name: str) -> str:
    if not isfinite(one.by.value):
        return NONE
    star = "*" if one.adjusted < 0.05 else ""
    return f"{one.by.value:+.{METRIC[name].decimals}f}{star}".replace("-", "−")


def _tested(one: Difference, name: str) -> str:
    if not isfinite(one.by.value):
        return ""
    ends = _between(one.by.low, one.by.high, name)
    return f"{ends}\np {'< 0.001' if one.adjusted < 0.001 else f'= {one.adjusted:.3f}'}"
