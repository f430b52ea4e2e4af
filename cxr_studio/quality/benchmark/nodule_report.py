"""Tables I and II of Shen et al. as a report, the paper's own rows beside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cxr_studio.quality.benchmark import sections
from cxr_studio.quality.benchmark.measuring import Benchmark
from cxr_studio.quality.benchmark.methods import Roster
from cxr_studio.quality.benchmark.page import Page
from cxr_studio.quality.benchmark.papers import paper_tables
from cxr_studio.quality.benchmark.report import as_json, parts_of, write
from cxr_studio.quality.benchmark.sections import Section
from cxr_studio.quality.benchmark.summing import Table
from cxr_studio.quality.judging import Report

TITLES = {
    "methods": "Generators of nodules on the same patches",
    "ablation": "Stages of the texture generator, and a shape or a box",
}

FIGURES = ("mae_unit", "psnr", "ssim")
MASKED = ("masked_mae_unit", "masked_psnr", "masked_ssim", "grain")

METHODS = (
    "Patches of 256 × 256 pixels of healthy radiographs with a CT nodule simulated in them; the hole is the nodule's "
    "silhouette, the truth the patch with the nodule. MAE and SSIM on grey 0 to 1, PSNR for a range of 1, as in the "
    "paper.",
    "A generator that fills masks draws no nodule: it fills the silhouette with lung, and a rounded body of the pairs' "
    "usual density is added. In the paper such methods were trained to draw the nodule itself, on nodules; here none "
    "was.",
    "Means ± standard deviations over the patches; 95 % intervals and p resample patients.",
)


def nodule_report(kind: str, benchmark: Benchmark, table: Table, roster: Roster, words: str) -> Report:
    """The report of Table I ("methods") or II ("ablation").

    Args:
        kind: Which.
        benchmark: What was measured.
        table: The same summed up.
        roster: Who takes part, and who does not.
        words: Where the nodules are from.
    """
    papers = paper_tables(kind)
    patients = sections.counted(len({case.patient for case in benchmark.cases}), "patient")
    subtitle = f"{len(benchmark.cases)} patches of {patients}"
    absent = [title for title, _ in roster.untrained]
    listed = [
        sections.figure_section("Whole patch, mean ± SD", FIGURES, table, papers=papers, untrained=absent),
        sections.figure_section("Under the silhouette, mean ± SD", MASKED, table, papers=papers, untrained=absent),
        sections.group_section(table, benchmark.instruments, papers),
        sections.difference_section(table),
        sections.split_section(table, "size", "By size of the nodule, % of the patch"),
        sections.training_section(table),
        sections.left_out_section((*roster.left_out, *roster.untrained), benchmark.faults),
    ]
    found: Sequence[Section] = [section for section in listed if section is not None]
    page = Page(TITLES[kind], subtitle, (words,), found, METHODS)
    figures = as_json(benchmark, table, roster, papers)
    figures |= {"table": kind, "subtitle": subtitle, "summary": [words], "methods": list(METHODS)}
    return Report(parts_of(page), figures, {"html": partial(write, page, benchmark)})
