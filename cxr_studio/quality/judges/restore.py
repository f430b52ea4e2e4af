"""Judges generators that fill a mask: against the truth on holes in healthy lungs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.quality.checking.fills import SAMPLE_SCORE, fill_findings, sample_score
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits, read_limits
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.comparison.making import restored
from cxr_studio.quality.evaluation import SEED, Row, Way, all_holes, as_json, evaluate, read_images, ways_of
from cxr_studio.quality.holes import Hole
from cxr_studio.quality.judging import Drawn, Material, Report, Run, TextTable, Verdict
from cxr_studio.quality.sheet import write_sheet
from cxr_studio.roles import find

SHEET_HOLES = 24
"""Holes on the contact sheet."""


class RestoreJudge:
    """See ``judging.Judge``."""

    largest = 16 << 20

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:
        """Range, repeatability, nothing outside the mask, scores, seam, grain, odd inputs, cost."""
        return fill_findings(facts, limits.fill, device=device)

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:
        """A row for each classical fill, and the generator's own without and with grain."""
        holes = _holes(material)
        ways = list(dict.fromkeys([*ways_of(facts.name), *(Way(name, "off") for name in material.beside)]))
        rows = evaluate(holes, ways, device=run.device, progress=run.progress)
        sheet = partial(_sheet, holes, facts.name, run.device)
        return Report((table_of(rows),), as_json(rows), {"sheet": sheet})

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
        """Better means a higher PSNR of the plain output with the matched grain still within its limits."""
        holes, name = _holes(material), str(snapshot.path)
        ways = [Way("biharmonic", "off"), Way(name, "off"), Way(name, "match")]
        rows = evaluate(holes, ways, device=run.device, progress=run.progress)
        classical, plain, matched = (row.mean for row in rows)
        reasons = []
        if plain.psnr <= classical.psnr or plain.ssim <= classical.ssim:
            reasons.append("it does not beat the biharmonic fill in PSNR and SSIM")
        shipped = _shipped_psnr(snapshot.card.name, holes, run.device)
        if shipped is not None and plain.psnr <= shipped:
            reasons.append(f"the shipped checkpoint reaches {shipped:.3f} dB, this one {plain.psnr:.3f} dB")
        allowed = read_limits().fill.grain
        if not allowed.holds(matched.grain):
            reasons.append(f"its grain ratio {matched.grain:.2f} is outside {allowed}")
        scores = {
            "healthy_holes": float(len(holes)),
            "healthy_psnr_db": plain.psnr,
            "healthy_ssim": plain.ssim,
            "healthy_biharmonic_psnr_db": classical.psnr,
            "healthy_biharmonic_ssim": classical.ssim,
            "healthy_matched_psnr_db": matched.psnr,
            "healthy_matched_ssim": matched.ssim,
            "healthy_grain_ratio": matched.grain,
            SAMPLE_SCORE: sample_score(name, device=run.device),
        }
        rounded = {key: round(value, 4) for key, value in scores.items()}
        return Verdict(Report((table_of(rows),), as_json(rows)), rounded, tuple(reasons))

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:
        """The case's hole filled; the original of a healthy case is the truth."""
        return restored(case, column, run)


def table_of(rows: Sequence[Row]) -> TextTable:
    """Means ± standard deviations, a row a way."""
    found = []
    for row in rows:
        m, s = row.mean, row.sd
        found.append(
            (
                row.way.title,
                f"{m.psnr:.2f} ± {s.psnr:.2f}",
                f"{m.mse:.1f} ± {s.mse:.1f}",
                f"{m.ssim:.3f} ± {s.ssim:.3f}",
                f"{m.grain:.2f} ± {s.grain:.2f}",
                f"{m.seam:.2f}",
                f"{m.seconds * 1000:.0f}",
            )
        )
    columns = ("Generator", "PSNR, dB", "MSE", "SSIM", "Grain ratio", "Seam ratio", "Time, ms")
    return TextTable(f"{rows[0].holes} holes of 64 × 64 pixels, mean ± SD", columns, tuple(found))


def _holes(material: Material) -> list[Hole]:
    seed = SEED if material.seed is None else material.seed
    return all_holes(read_images(material.folder()), each=material.holes, seed=seed)


def _shipped_psnr(name: str, holes: Sequence[Hole], device: str) -> float | None:
    try:
        find(name, Role.RESTORE)
    except GeneratorError:
        return None
    (row,) = evaluate(holes, [Way(name, "off")], device=device)
    return row.mean.psnr


def _sheet(holes: Sequence[Hole], generator: str, device: str, path: Path) -> str:
    step = max(1, len(holes) // SHEET_HOLES)
    write_sheet(path, holes[::step][:SHEET_HOLES], generator, device=device)
    return "from above: original, biharmonic, grain off, grain matched"
