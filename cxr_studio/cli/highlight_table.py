"""``cxr-studio highlight --table``: Table 1 of Belli et al. by finding, and boxes found by the map."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE
from cxr_studio.cli.progress import bar
from cxr_studio.errors import ReadError

if TYPE_CHECKING:
    from rich.table import Table

    from cxr_studio.generation.generators import GeneratorFacts
    from cxr_studio.metrics.by_patient import Estimate
    from cxr_studio.quality.highlighting.healthy import HealthyDifferences
    from cxr_studio.quality.highlighting.patches import PatchScore
    from cxr_studio.quality.highlighting.separation import Separation

CONTROLS = {
    "healthy": "random places in healthy lungs",
    "matched": "the boxes' places in healthy lungs",
    "mirrored": "mirrored places of the same radiographs",
}

ALL = "all"


def run_table(options: argparse.Namespace) -> int:
    """Measure, print, and write JSON where asked."""
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.files import write_json
    from cxr_studio.networks.card import Role
    from cxr_studio.quality.highlighting.export import sources
    from cxr_studio.quality.highlighting.separation import Subject, measure
    from cxr_studio.roles import find

    if options.healthy is None or options.boxed is None:
        raise ReadError("the table needs radiographs", remedy="Give --healthy DIR and --boxed DIR")
    facts = find(options.generator, Role.RESTORE)
    healthy = sources(options.healthy)
    patients = known_patients(options.boxed, options.patients)
    with bar() as progress:
        learned = _learned(facts, options)
        subject = Subject(options.generator, learned, options.device, patients)
        result = measure(subject, healthy, boxed=options.boxed, findings=options.findings or (), progress=progress)
    images = len({b.image for b in result.boxes})
    print(f"{len(result.boxes)} boxes of {images} radiographs, doubtful and doubled ones left out.")
    figures = {"patches": _patches(result, facts.name), "boxes": _boxes(result)}
    if options.json:
        write_json(options.json, figures)
        print(f"Figures: {options.json}")
    return 0


def _learned(facts: GeneratorFacts, options: argparse.Namespace) -> dict[str, HealthyDifferences]:
    """Figures for z: the shipped ones of the generator, and those that ``--learn`` gives both."""
    from cxr_studio.cli.highlight_sources import learned_from
    from cxr_studio.quality.highlighting.healthy import find_healthy
    from cxr_studio.quality.highlighting.learning import learn
    from cxr_studio.quality.highlighting.options import HighlightOptions
    from cxr_studio.quality.highlighting.search import usual_scales
    from cxr_studio.quality.highlighting.separation import BASELINE
    from cxr_studio.quality.highlighting.square_fills import CLASSICAL_CARD

    card = facts.card or CLASSICAL_CARD
    scales = usual_scales(card)
    known = find_healthy(facts.name, facts.checkpoint.sha256 if facts.checkpoint else "", scales=scales)
    learned = {facts.name: known} if known else {}
    if options.learn is not None:
        paths = learned_from(options)
        if not known:
            learned[facts.name] = learn(paths, HighlightOptions(options.generator), device=options.device)
        baseline = HighlightOptions(BASELINE, scales=scales)
        learned[BASELINE] = learn(paths, baseline, like=card, device=options.device)
    return learned


def _groups(result: Separation) -> list[str]:
    """All boxes, then every finding where there is more than one."""
    names = sorted({one.finding for one in result.boxes})
    return [ALL, *names] if len(names) > 1 else [ALL]


def _patches(result: Separation, generator: str) -> list[dict[str, object]]:
    titles = ("Finding", "Hole", "Generator", "Control", "PSNR, dB", "MSE", "SSIM", "Worse by, dB", "p")
    table = _table("Patches of controls / boxes; intervals and p by patient", titles)
    found: list[dict[str, object]] = []
    for finding in _groups(result):
        for (name, hole), scores in result.patches.items():
            for control in CONTROLS:
                found += _patch_row(table, _chosen(scores, finding), (finding, hole, name, control))
        found += _more_than_baseline(table, result, generator, finding)
    _print(table)
    for name, words in CONTROLS.items():
        print(f"  {name}: {words}")
    return found


def _chosen(scores: list[PatchScore], finding: str) -> list[PatchScore]:
    from cxr_studio.quality.highlighting.patches import of_finding

    return scores if finding == ALL else of_finding(scores, finding)


def _patch_row(table: Table, scores: list[PatchScore], key: tuple[str, int, str, str]) -> list[dict[str, object]]:
    from cxr_studio.quality.highlighting.patches import gaps

    finding, hole, name, control = key
    boxes, controls = (sum(one.place.group == group for one in scores) for group in ("finding", control))
    if not boxes or not controls:
        return []
    psnr, mse, ssim = gaps(scores, healthy=control, finding="finding")
    pairs = [f"{one.healthy.value:{form}} / {one.finding.value:{form}}" for one, form in
             ((psnr, ".2f"), (mse, ".1f"), (ssim, ".3f"))]  # fmt: skip
    words = f"{psnr.gap.value:.2f} ({psnr.gap.low:.2f} to {psnr.gap.high:.2f})"
    table.add_row(
        f"{finding} ({boxes})", f"{hole}", name, f"{control} ({controls})", *pairs, words, f"{psnr.gap.p:.3f}"
    )
    facts = {"finding": finding, "generator": name, "hole": hole, "control": control}
    return [{**facts, "boxes": boxes, "controls": controls, **_gap_facts(gap)} for gap in (psnr, mse, ssim)]


def _gap_facts(gap: object) -> dict[str, object]:
    facts = asdict(gap)  # type: ignore[call-overload]
    return {**{k: v for k, v in facts.items() if k != "finding"}, "boxes_mean": facts["finding"]}


def _more_than_baseline(table: Table, result: Separation, generator: str, finding: str) -> list[dict[str, object]]:
    """Rows of how much larger the generator's gaps are than the baseline's."""
    from cxr_studio.quality.highlighting.patches import gap_difference
    from cxr_studio.quality.highlighting.separation import BASELINE

    found: list[dict[str, object]] = []
    for hole in [hole for name, hole in result.patches if name == generator and name != BASELINE]:
        own, base = (_chosen(result.patches[name, hole], finding) for name in (generator, BASELINE))
        for control in [c for c in CONTROLS if any(one.place.group == c for one in own)]:
            more = gap_difference(own, base, metric="psnr", healthy=control, finding="finding")
            words = f"{more.value:.2f} ({more.low:.2f} to {more.high:.2f})"
            name = f"{generator} minus {BASELINE}"
            table.add_row(finding, f"{hole}", name, control, "", "", "", words, f"{more.p:.3f}")
            facts = {"finding": finding, "hole": hole, "control": control, "metric": "psnr"}
            found.append({**facts, "more_than_baseline": asdict(more)})
    return found


def _boxes(result: Separation) -> list[dict[str, object]]:
    from cxr_studio.quality.highlighting.detection import detection

    titles = (
        "Generator",
        "Map",
        "Finding",
        "Boxes",
        "AUC, matched healthy",
        "Above mirrored",
        "Hit at 1 FP",
        "By chance",
        "Hit at ¼, ½, 2, 4 FP",
    )
    table = _table("Boxes found by the map, against the same places in healthy lungs; intervals by patient", titles)
    found: list[dict[str, object]] = []
    for (name, kind), judged in result.found.items():
        for finding in _groups(result):
            boxes = [b for b in result.boxes if finding in (ALL, b.finding)]
            one = detection(judged, result.healthy[name, kind], boxes)
            figures = (_of(one.auc), _of(one.mirrored), _of(one.hits), f"{one.chance:.2f}")
            curve = " ".join(f"{hits:.2f}" for allowed, hits in one.curve if allowed != 1)
            table.add_row(name, kind, finding, str(one.boxes), *figures, curve)
            found.append({"generator": name, "map": kind, "finding": finding, **asdict(one)})
    found += _beside_baseline(result, table)
    _print(table)
    return found


def _beside_baseline(result: Separation, table: Table) -> list[dict[str, object]]:
    """Rows of differences of ROC areas."""
    from cxr_studio.quality.highlighting.detection import area_difference
    from cxr_studio.quality.highlighting.separation import BASELINE

    found: list[dict[str, object]] = []
    for name, kind in [
        place for place in result.found if place[0] != BASELINE and (BASELINE, place[1]) in result.found
    ]:
        own, base = ((result.found[key], result.healthy[key]) for key in ((name, kind), (BASELINE, kind)))
        more = area_difference(own, base, result.boxes)
        words = f"{_of(more)}, p {more.p:.3f}"
        table.add_row(f"{name} minus {BASELINE}", kind, ALL, "", words, "", "", "", "")
        found.append({"generator": name, "map": kind, "area_more_than_baseline": asdict(more)})
    return found


def _of(figure: Estimate) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f}–{figure.high:.2f})"


def _table(title: str, columns: tuple[str, ...]) -> Table:
    from rich.table import Table

    table = Table(title=title, box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else WIDE + 30).print(table)
