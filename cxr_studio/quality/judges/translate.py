"""Judges generators that see the whole radiograph: blind repairs, or another label for the same patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import isfinite
from pathlib import Path

import numpy as np

from cxr_studio.errors import ReadError
from cxr_studio.files import replaced
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.lungs import lung_mask
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.checking.translations import SAMPLE_SCORE, sample_case, sample_score, translate_findings
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.judging import Drawn, Material, Report, Run, TextTable, Verdict, row_title
from cxr_studio.quality.labels.gate import reasons_against, scores_of
from cxr_studio.quality.labels.report import bench_for, measured_all, report_of
from cxr_studio.quality.translate_evaluation import (
    SEED,
    Damaged,
    damaged_radiographs,
    label_score,
    means,
    repaired,
)
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import Redrawn, unit_image
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.roles import look_up

UNTOUCHED = "Damaged, as it was given"

UNSEEN = "Whether a label is seen is measured where there are radiographs with it: --labelled DIR."

REPAIR = {
    "psnr_inside": ("PSNR inside, dB", 2),
    "ssim_inside": ("SSIM inside", 3),
    "psnr_outside": ("PSNR outside, dB", 2),
    "ssim_outside": ("SSIM outside", 3),
    "changed": ("Rest changed, share", 3),
    "seconds": ("Time, s", 2),
}
LABEL = {
    "psnr": ("PSNR to original, dB", 2),
    "ssim": ("SSIM", 3),
    "difference": ("Difference, share", 4),
    "lungs": ("Lungs, Dice", 3),
    "seconds": ("Time, s", 2),
}
"""Figures → heading and decimals."""

SHOWN = 8
SHEET_SIDE = 256


class TranslateJudge:
    """See ``judging.Judge``."""

    largest = 16 << 20

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:
        """Range, repeatability, repairs and what else changes, or labels; odd inputs, score, cost."""
        return translate_findings(facts, limits.translate, device=device)

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:
        """Blind repairs inside and outside the damage; with labels, whether they are seen and how much stays."""
        if WholeDrawer(facts).labels:
            return _labels_evaluated(facts, material, run)
        cases, drawer = _cases(material), WholeDrawer(facts, run.device)
        figures = _repairs([facts, *(look_up(name) for name in material.beside)], cases, run)
        sheet = partial(_sheet, cases[:SHOWN], drawer)
        return Report((table_of(_title(cases), figures, REPAIR),), figures, {"sheet": sheet})

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
        """Better means a higher PSNR in the damaged places and no lower one outside them; of labels, see below."""
        if snapshot.card.labels:
            return _labels_contest(snapshot, material, run)
        cases, facts = _cases(material), look_up(str(snapshot.path))
        shipped = find_checkpoints().get(snapshot.card.name)
        others = [] if shipped is None else [look_up(snapshot.card.name)]
        figures = _repairs([facts, *others], cases, run)
        mine, untouched = figures[row_title(facts)], figures[UNTOUCHED]
        reasons, drawer = [], WholeDrawer(facts, run.device)
        if mine["psnr_inside"] <= untouched["psnr_inside"]:
            reasons.append("the damaged places are no nearer to the truth than before")
        for one in others:
            theirs = figures[row_title(one)]
            if mine["psnr_inside"] <= theirs["psnr_inside"] or mine["psnr_outside"] < theirs["psnr_outside"]:
                reasons.append(f"the shipped one reaches {theirs['psnr_inside']:.2f} dB inside, {_db(theirs)} outside")
        case = sample_case()
        answer = drawer.translate(case.radiograph, case.stored, 1)
        scores = {f"translate_{name}": value for name, value in mine.items() if name != "seconds" and isfinite(value)}
        scores |= {"translate_places": float(len(cases)), SAMPLE_SCORE: sample_score(case, answer)}
        kept = {name: round(value, 4) for name, value in scores.items() if isfinite(value)}
        return Verdict(Report((table_of(_title(cases), figures, REPAIR),), figures), kept, tuple(reasons))

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:
        """The crop after a blind repair of the hole, which was made black; the original is the truth."""
        drawer = WholeDrawer(look_up(column.generator), run.device)
        damaged = Damaged(case.case.name, case.radiograph, case.mask, case.case.seed)
        given = case.radiograph.stored if drawer.labels else damaged.stored
        answer = drawer.translate(case.radiograph, given, case.case.seed, drawer.labels[:1])
        crop = answer.stored[cut(case.box)].copy()
        return Drawn(crop, answer.seconds, case.crop_mask, truth=not drawer.labels)


def _labels_evaluated(facts: GeneratorFacts, material: Material, run: Run) -> Report:
    """Labels given and taken; without labelled radiographs, how much of each patient stays."""
    cases, drawer = _cases(replace(material, holes=1)), WholeDrawer(facts, run.device)
    outputs = {"sheet": partial(_sheet, cases[:SHOWN], drawer)}
    bench = None if facts.card is None else bench_for(facts.card, material, run)
    if bench is None:
        figures = {name: _labelled(drawer, name, cases, run) for name in drawer.labels}
        table = table_of(f"{len(cases)} radiographs, each label drawn: mean", figures, LABEL)
        return Report((table, UNSEEN), figures, outputs)
    generators = [facts, *(look_up(name) for name in material.beside)]
    return replace(report_of(bench, measured_all(generators, bench, run)), outputs=outputs)


def _labels_contest(snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
    """Better means called what is asked more often, no farther from real ones, and the patient kept as well.

    Raises:
        ReadError: there are no labelled radiographs.
    """
    bench = bench_for(snapshot.card, material, run)
    if bench is None:
        what = "there are no radiographs with its labels to measure on"
        raise ReadError(what, remedy="Give --labelled DIR, and --labelled-boxes FILE where it has several labels")
    facts = look_up(str(snapshot.path))
    shipped = find_checkpoints().get(snapshot.card.name)
    others = [] if shipped is None else [look_up(snapshot.card.name)]
    found = measured_all([facts, *others], bench, run)
    reasons = reasons_against(bench, found, row_title(facts), row_title(others[0]) if others else None)
    case = sample_case()
    answer = WholeDrawer(facts, run.device).translate(case.radiograph, case.stored, 1)
    scores = {**scores_of(bench, found, row_title(facts)), SAMPLE_SCORE: sample_score(case, answer)}
    kept = {name: round(value, 4) for name, value in scores.items() if isfinite(value)}
    return Verdict(report_of(bench, found), kept, tuple(reasons), apart=True)


def table_of(title: str, figures: Mapping[str, Mapping[str, float]], names: Mapping[str, tuple[str, int]]) -> TextTable:
    """A row a generator or a label."""
    rows = tuple((who, *(_words(found[name], names[name][1]) for name in names)) for who, found in figures.items())
    return TextTable(title, ("Generator or label", *(heading for heading, _ in names.values())), rows, wide=40)


def _words(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if isfinite(value) else "unchanged" if value > 0 else "–"


def _db(figures: Mapping[str, float]) -> str:
    return f"{figures['psnr_outside']:.2f} dB"


def _title(cases: Sequence[Damaged]) -> str:
    return f"{len(cases)} places made black in healthy radiographs, whole radiograph drawn: mean"


def _cases(material: Material) -> list[Damaged]:
    seed = SEED if material.seed is None else material.seed
    return damaged_radiographs(material.folder("repair"), each=material.holes, seed=seed)


def _repairs(generators: Sequence[GeneratorFacts], cases: Sequence[Damaged], run: Run) -> dict[str, dict[str, float]]:
    found = {UNTOUCHED: means(repaired(cases, lambda case: Redrawn(case.stored, float("nan"))))}
    for facts in generators:
        repair = partial(_repaired, WholeDrawer(facts, run.device))
        found[row_title(facts)] = means(repaired(cases, repair, progress=run.progress))
    return found


def _repaired(drawer: WholeDrawer, case: Damaged) -> Redrawn:
    return drawer.translate(case.radiograph, case.stored, case.number)


def _labelled(drawer: WholeDrawer, label: str, cases: Sequence[Damaged], run: Run) -> dict[str, float]:
    """Figures of one label on each radiograph once."""
    images = list({case.name: case.radiograph for case in cases}.values())
    scores, device = [], choose_device(run.device)
    for number, image in enumerate(images):
        answer = drawer.translate(image, image.stored, number, (label,))
        scores.append(label_score(image, answer, partial(_lungs, image, device)))
        run.progress((number + 1) / len(images), label)
    return means(scores)


def _lungs(image: Radiograph, device: str, stored: Stored) -> Mask | None:
    found = lung_mask(replace(image, stored=stored), device=device)
    return found.mask if found.found else None


def _sheet(cases: Sequence[Damaged], drawer: WholeDrawer, path: Path) -> str:
    """Columns of radiographs: as they were, as given, as they came back."""
    import cv2
    from PIL import Image

    columns, labels = [], drawer.labels[:1]
    for case in cases:
        given = case.stored
        if labels:
            given = drawer.translate(case.radiograph, case.radiograph.stored, case.number, labels).stored
        back = drawer.translate(case.radiograph, given, case.number).stored
        pictures = [255 * unit_image(case.radiograph, one) for one in (None, given, back)]
        grey = [np.clip(picture, 0, 255).astype(np.uint8) for picture in pictures]
        columns.append(np.vstack([cv2.resize(picture, (SHEET_SIDE, SHEET_SIDE)) for picture in grey]))
    with replaced(path) as beside:
        Image.fromarray(np.hstack(columns)).save(beside, format="PNG")
    return f"from above: original, {f'with {labels[0]}, without it again' if labels else 'as given, as it came back'}"
