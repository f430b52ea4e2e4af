"""The localisation experiment as a table laid out like the paper's: CL@0.1 by finding, set and step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from cxr_studio.datasets.entries import Manifest
from cxr_studio.detection.localisation import TOTAL, resampled_shares
from cxr_studio.experiments.localisation import Localising, missing_generator
from cxr_studio.experiments.looking import FOUND, answers
from cxr_studio.experiments.parts import Surrounded
from cxr_studio.experiments.tables import interval, listed, number, tested, write_report
from cxr_studio.metrics.by_patient import RESAMPLES, Estimate, Values, estimate
from cxr_studio.quality.benchmark.page import Page
from cxr_studio.quality.benchmark.papers import paper_tables
from cxr_studio.quality.benchmark.sections import Line, Section
from cxr_studio.quality.judging import Report

UNTRAINED = "not trained"
Shares = Mapping[str, Values]


@dataclass(frozen=True, eq=False)
class Cell:
    """A set at a step.

    Attributes:
        one: The set.
        at: Steps of its training.
        shares: Of boxes located, by finding, in the sample and in resamples; None where it was not tested.
    """

    one: Surrounded
    at: int
    shares: Shares | None

    @property
    def name(self) -> str:
        """In files."""
        return f"{self.one.name} {self.at}"


def report_of(own: Localising, *, resamples: int = RESAMPLES) -> Report:
    """Score what is tested, write page and figures into the experiment's folder, and give the tables."""
    cells = _cells(own, own.boxes.test, resamples)
    sentences = summary(own)
    if not any(cell.shares for cell in cells):
        return Report((*sentences, "No set has been tested yet."), {})
    sections = sections_of(own, cells, _cells(own, own.boxes.fresh, resamples))
    held = f"{len(own.boxes.test.entries)} radiographs of {len(own.boxes.test.patients)} held-out patients"
    page = Page(own.experiment.title, held, sentences, sections, methods(resamples))
    known = [(cell, cell.shares) for cell in cells if cell.shares is not None]
    estimates = [(cell.name, label, estimate(values)) for cell, shares in known for label, values in shares.items()]
    figures = {"summary": list(sentences), "estimates": [list(row) for row in estimates]}
    write_report(own.folder, page, figures, estimates)
    return Report((*sentences, *(section.as_text() for section in sections)), figures)


def summary(own: Localising) -> tuple[str, ...]:
    """What the paper had, and what there is here."""
    experiment, boxes = own.experiment, own.boxes
    here = (
        f"Here: {boxes.every.findings} boxes of {listed(experiment.real.labels)} in {len(boxes.every.entries)} "
        f"radiographs; {boxes.learned.findings} to learn from and {boxes.test.findings} of other patients to test on."
    )
    missing = [
        f"{one.title}: not trained. {missing_generator(one)}" for one in experiment.sets if missing_generator(one)
    ]
    return (experiment.paper_had, here, *experiment.changes, *missing)


def sections_of(own: Localising, cells: Sequence[Cell], fresh: Sequence[Cell]) -> list[Section]:
    """The table by finding, the differences from the real ones alone, and the same on fresh patients."""
    title = f"Boxes located, CL@0.1 ({own.boxes.test.findings} boxes)"
    found = [_by_finding(title, cells, papers=True), _differences("Less real alone, all boxes", cells)]
    count = own.boxes.fresh.findings
    if 0 < count < own.boxes.test.findings:
        words = f"The {count} boxes of patients whom no generator has learned from"
        found.append(_by_finding(words, fresh, papers=False))
    return found


def methods(resamples: int) -> tuple[str, ...]:
    """Sentences behind the tables."""
    return (
        "A box is located where the surest detection of its finding in that radiograph has an IoU of at least 0.1 with "
        "it. Figures are of one snapshot at each step; the paper takes the best of eleven, which is optimistic.",
        f"Intervals (95 %) and p resample patients {resamples:,} times, sets together; p is not corrected.",
    )


def _cells(own: Localising, truth: Manifest, resamples: int) -> list[Cell]:
    found = []
    for one, at in product(own.experiment.sets, own.experiment.at):
        folder = own.tested(one.name, at)
        shares: Shares | None = None
        if not missing_generator(one) and (folder / FOUND).is_file() and truth.entries:
            shares = resampled_shares(truth, answers(folder, own.boxes.test, truth), resamples=resamples)
        found.append(Cell(one, at, shares))
    return found


def _by_finding(title: str, cells: Sequence[Cell], *, papers: bool) -> Section:
    labels = next(list(cell.shares) for cell in cells if cell.shares is not None)
    lines = []
    for label in labels:
        found = [None if cell.shares is None else estimate(cell.shares[label]) for cell in cells]
        lines.append(Line((label, *map(_share, found)), ("", *("" if one is None else interval(one) for one in found))))
    if papers:
        lines += _paper_lines(cells)
    return Section(title, ("Finding", *(f"{cell.one.title}, {cell.at:,}" for cell in cells)), tuple(lines))


def _paper_lines(cells: Sequence[Cell]) -> list[Line]:
    """The paper's rows, its three steps under ours in their order."""
    places = {cell: f"{cell.one.paper}_{1 + _steps(cells).index(cell.at)}" for cell in cells}
    lines = []
    for paper in paper_tables("localisation"):
        lines.append(Line((paper.title,), kind="head"))
        for finding, own in paper.rows.items():
            values = (own.get(places[cell]) for cell in cells)
            cut = ("–" if value is None else number(value) for value in values)
            lines.append(Line((finding, *cut), kind="paper"))
    return lines


def _differences(title: str, cells: Sequence[Cell]) -> Section:
    """Every set less the first one, of all boxes, at the same step."""
    first = {cell.at: cell.shares for cell in cells if cell.one is cells[0].one}
    steps, lines = _steps(cells), []
    for one in dict.fromkeys(cell.one.name for cell in cells if cell.one is not cells[0].one):
        own = [cell for cell in cells if cell.one.name == one]
        found = [_less(cell.shares, first[cell.at]) for cell in own]
        words = ("" if each is None else tested(each) for each in found)
        lines.append(Line((own[0].one.title, *(_share(each, signed=True) for each in found)), ("", *words)))
    return Section(title, ("Set", *(f"{at:,} steps" for at in steps)), tuple(lines))


def _less(shares: Shares | None, other: Shares | None) -> Estimate | None:
    return None if shares is None or other is None else estimate(shares[TOTAL] - other[TOTAL])


def _steps(cells: Sequence[Cell]) -> list[int]:
    return sorted({cell.at for cell in cells})


def _share(one: Estimate | None, *, signed: bool = False) -> str:
    return UNTRAINED if one is None else number(one.value, signed=signed)
