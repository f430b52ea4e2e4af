"""The report of a benchmark: tables to print, figures as plain values, and a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

from cxr_studio.quality.benchmark import sections
from cxr_studio.quality.benchmark.measuring import Benchmark
from cxr_studio.quality.benchmark.methods import Roster
from cxr_studio.quality.benchmark.page import Page, write_page
from cxr_studio.quality.benchmark.papers import PaperTable, paper_tables
from cxr_studio.quality.benchmark.places import MaskPlan
from cxr_studio.quality.benchmark.sections import Section
from cxr_studio.quality.benchmark.summing import RANKED_BY, Row, Table
from cxr_studio.quality.judging import Report, TextTable

METHODS = (
    "Every generator is given the same damaged radiographs: black under the mask, everything else as it was. One "
    "that fills masks is told the mask, neither grown nor feathered. A blind one is told nothing: its whole answer "
    "is measured, and in a row of its own what of it lies in the mask, pasted into the radiograph. Fills take no "
    "donors of the same patient.",
    "SSIM (Gaussian window, 11 × 11), PSNR, MSE, MAE and UQI (8 × 8 windows, those that are flat left out) on grey "
    "0 to 255. Most of the whole image is what was given, so figures of the whole image flatter everyone who "
    "pastes; those under the mask do not: SSIM is the mean of its map over the mask's pixels, UQI of the windows "
    "that lie half in it.",
    "Grain ratio: standard deviation of the Laplacian under the mask, answer over original; below 1 is too smooth. "
    "Seam ratio: mean gradient across the mask's border over that within three pixels of it; 1 is no seam. Both at "
    "the radiograph's own pixels.",
    "Means ± standard deviations over the places; 95 % intervals resample patients (Fréchet and kernel distance "
    "leave one out in turn).",
)


def report_of(benchmark: Benchmark, table: Table, roster: Roster, plan: MaskPlan) -> Report:
    """Everything that was measured, to print and to write.

    Args:
        benchmark: What was measured.
        table: The same summed up.
        roster: Who takes part, and who does not.
        plan: The masks.
    """
    papers = paper_tables(plan.kind)
    listed = sections_of(benchmark, table, roster, papers)
    side = f"{plan.side} pixels a side" if plan.side else "their own size"
    patients = sections.counted(len({case.patient for case in benchmark.cases}), "patient")
    places = sections.counted(len(benchmark.cases), "place")
    subtitle = f"{places} of {patients}: {plan.words}; compared at {side}"
    page = Page("Generators on the same radiographs and masks", subtitle, _summary(table), listed, METHODS)
    figures = as_json(benchmark, table, roster, papers) | {"masks": asdict(plan), "subtitle": subtitle}
    figures |= {"summary": list(page.summary), "methods": list(METHODS)}
    return Report(parts_of(page), figures, {"html": partial(write, page, benchmark)})


def sections_of(benchmark: Benchmark, table: Table, roster: Roster, papers: Sequence[PaperTable]) -> list[Section]:
    """The tables in the order in which they are read."""
    absent = [title for title, _ in roster.untrained]
    found = [
        sections.figure_section("Whole image, mean ± SD", sections.WHOLE, table, papers=papers, untrained=absent),
        sections.figure_section(
            "Under the mask, mean ± SD", (*sections.MASKED, *sections.LOOKS), table, papers=papers, untrained=absent
        ),
        sections.group_section(table, benchmark.instruments, papers),
        sections.difference_section(table),
        sections.split_section(table, "size", "By size of the mask, % of the image"),
        sections.split_section(table, "finding", "By healthy or not"),
        sections.training_section(table),
        sections.left_out_section((*roster.left_out, *roster.untrained), benchmark.faults),
    ]
    return [section for section in found if section is not None]


def as_json(benchmark: Benchmark, table: Table, roster: Roster, papers: Sequence[PaperTable]) -> dict[str, Any]:
    """Everything but the pixels; NaN and infinity become null."""
    content = {
        "reference": next(row.method.title for row in table.rows if row.method.key == table.reference),
        "features": benchmark.instruments.features.words,
        "distance": benchmark.instruments.features.title,
        "rows": [_row(row) for row in table.rows],
        "groups": [asdict(group) for group in table.groups],
        "cases": [
            {
                "image": case.name,
                "number": case.number,
                "patient": case.patient,
                "share": case.share,
                "healthy": case.healthy,
                "figures": {key: dict(found[k].figures) for key, found in benchmark.found.items()},
            }
            for k, case in enumerate(benchmark.cases)
        ],
        "left_out": [{"title": title, "why": why} for title, why in (*roster.left_out, *roster.untrained)],
        "faults": {**benchmark.faults, **{str(fault.file or k): str(fault) for k, fault in enumerate(roster.faults)}},
        "papers": [asdict(paper) for paper in papers],
        "shown": [example.name for example in benchmark.examples],
    }
    plain = _plain(content)
    assert isinstance(plain, dict)
    return plain


def _row(row: Row) -> dict[str, Any]:
    return {
        "method": asdict(row.method),
        "figures": {name: asdict(one) for name, one in row.figures.items()},
        "frechet": asdict(row.frechet),
        "kernel": asdict(row.kernel),
        "differences": {name: {**asdict(one.by), "holm": one.adjusted} for name, one in row.differences.items()},
    }


def _summary(table: Table) -> tuple[str, ...]:
    """What comes out, in a sentence."""
    best = next(row for row in table.rows if row.method.key == table.reference)
    value = best.figures[RANKED_BY]
    worse = sum(
        RANKED_BY in row.differences
        and row.differences[RANKED_BY].adjusted < 0.05
        and row.differences[RANKED_BY].by.value < 0
        for row in table.rows
    )
    others = sum(bool(row.differences) for row in table.rows)
    return (
        f"{best.method.title} reaches {value.mean:.2f} dB under the masks ({value.low:.2f} to {value.high:.2f}); "
        f"{worse} of the {others} other rows are worse by more than chance (Holm, p < 0.05).",
    )


def parts_of(page: Page) -> tuple[TextTable | str, ...]:
    """What of a page is printed: everything but the examples and how it was measured."""
    parts: list[TextTable | str] = [f"{page.subtitle}.", *page.summary]
    for section in page.sections:
        parts += [section.as_text(), *([section.note] if section.note else [])]
    return tuple(parts)


def write(page: Page, benchmark: Benchmark, path: Path) -> str:
    """Write the page, and say what is in it."""
    write_page(path, page, benchmark)
    return f"{len(page.sections)} tables, {len(benchmark.examples)} examples"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
