"""Judges generators that keep a box and draw the rest: the box kept, how real the rest looks, how it varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from math import isfinite
from pathlib import Path

import numpy as np

from cxr_studio.files import replaced
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.checking.surrounds import SAMPLE_SCORE, sample_score, surround_findings, usual_case
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.judging import Drawn, Material, Report, Run, TextTable, Verdict, row_title
from cxr_studio.quality.surround_evaluation import SEED, Boxed, SurroundRow, boxed_radiographs, control, measured
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import FEATURES, unit_image
from cxr_studio.roles import look_up

SHOWN = 8
"""Boxes on the contact sheet."""

SHEET_SIDE = 256


class SurroundJudge:
    """See ``judging.Judge``."""

    largest = 16 << 20

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:
        """The box kept to the bit, range, repeatability, seeds, seam, odd inputs, score, cost."""
        return surround_findings(facts, limits.surround, device=device)

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:
        """A row for each generator, and one for real radiographs beside each other."""
        cases = _cases(material)
        names = (facts.name, *material.beside)
        rows = [_measured(look_up(name), cases, run) for name in names]
        rows.append(control(cases))
        sheet = partial(_sheet, cases[:SHOWN], WholeDrawer(facts, run.device))
        return Report((table_of(rows), FEATURES), [asdict(row) for row in rows], {"sheet": sheet})

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
        """Better means nearer to real radiographs by the kernel distance, with every box kept."""
        cases = _cases(material)
        row = _measured(look_up(str(snapshot.path)), cases, run)
        rows, reasons = [row, control(cases)], []
        if row.changed:
            reasons.append(f"it changed {row.changed} pixels of the boxes")
        if not isfinite(row.kernel):
            reasons.append("there are too few radiographs to measure it on")
        shipped = find_checkpoints().get(snapshot.card.name)
        if shipped is not None:
            theirs = _measured(look_up(snapshot.card.name), cases, run)
            rows.insert(1, theirs)
            if row.kernel >= theirs.kernel:
                reasons.append(f"the shipped one's kernel distance is {theirs.kernel:.3f}, this one's {row.kernel:.3f}")
        case = usual_case()
        drawn = WholeDrawer(look_up(str(snapshot.path)), run.device).surround(case, 1)
        scores = {
            "surround_boxes": float(row.boxes),
            "surround_frechet": row.frechet,
            "surround_kernel": row.kernel,
            "surround_varied": row.varied,
            "surround_seam": row.seam,
            SAMPLE_SCORE: sample_score(case, drawn),
        }
        kept = {name: round(value, 5) for name, value in scores.items() if isfinite(value)}
        return Verdict(Report((table_of(rows), FEATURES), [asdict(one) for one in rows]), kept, tuple(reasons))

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:
        """The crop around the hole's box, which is kept; there is no truth around it."""
        y, x = np.nonzero(case.mask)
        box = int(y.min()), int(x.min()), int(y.max()) + 1, int(x.max()) + 1
        boxed = Boxed(case.case.name, case.radiograph, box)
        drawn = WholeDrawer(look_up(column.generator), run.device).surround(boxed, case.case.seed)
        return Drawn(drawn.stored[cut(case.box)].copy(), drawn.seconds, boxed.around[cut(case.box)])


def table_of(rows: Sequence[SurroundRow]) -> TextTable:
    """A row a generator."""
    columns = (
        "Generator",
        "Box pixels changed",
        "Fréchet",
        "Kernel",
        "Seeds differ, %",
        "From original, %",
        "Seam ratio",
        "Time, ms",
    )
    found = tuple(
        (
            row.title,
            str(row.changed),
            _words(row.frechet, 3),
            _words(row.kernel, 4),
            _words(100 * row.varied, 2),
            _words(100 * row.moved, 2),
            _words(row.seam, 2),
            _words(1000 * row.seconds, 0),
        )
        for row in rows
    )
    return TextTable(f"{rows[0].boxes} boxes that are kept; the rest is drawn", columns, found, wide=40)


def _words(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if isfinite(value) else "–"


def _cases(material: Material) -> list[Boxed]:
    seed = SEED if material.seed is None else material.seed
    return boxed_radiographs(material.folder("draw around"), each=material.holes, seed=seed)


def _measured(facts: GeneratorFacts, cases: Sequence[Boxed], run: Run) -> SurroundRow:
    return measured(row_title(facts), cases, WholeDrawer(facts, run.device).surround, progress=run.progress)


def _sheet(cases: Sequence[Boxed], drawer: WholeDrawer, path: Path) -> str:
    """Columns of boxes: the original, and two seeds."""
    import cv2
    from PIL import Image

    columns = []
    for number, case in enumerate(cases):
        stored = [None, *(drawer.surround(case, 2 * number + k).stored for k in (0, 1))]
        pictures = [np.clip(255 * unit_image(case.radiograph, one), 0, 255).astype(np.uint8) for one in stored]
        for picture in pictures:
            cv2.rectangle(picture, (case.box[1], case.box[0]), (case.box[3] - 1, case.box[2] - 1), 255, 2)
        columns.append(np.vstack([cv2.resize(picture, (SHEET_SIDE, SHEET_SIDE)) for picture in pictures]))
    with replaced(path) as beside:
        Image.fromarray(np.hstack(columns)).save(beside, format="PNG")
    return "from above: original, two seeds; the box is kept"
