"""Judges generators of nodules: against simulated ones whose truth is known, and against real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from cxr_studio.datasets.patients import known_patients
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.simulation import Simulated
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.checking.nodules import SAMPLE_SCORE, nodule_findings, sample_score
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.comparison.making import inserted
from cxr_studio.quality.judging import Drawn, Material, Report, Run, TextTable, Verdict, required
from cxr_studio.quality.nodule_evaluation import SEED, NoduleRow, evaluate_nodules, simulated_panel
from cxr_studio.quality.nodule_sheet import write_nodule_sheet
from cxr_studio.quality.nodule_ways import classical_ways, network_ways, program_ways
from cxr_studio.quality.real_nodules import beside_real_nodules
from cxr_studio.quality.realism import Realism, all_realisms
from cxr_studio.roles import look_up

REALISM_PAIRS = 240
"""Pairs of the realism test: 4 in each of 60 radiographs."""


class InsertJudge:
    """See ``judging.Judge``."""

    largest = 16 << 20

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:
        """Repeatability, range, place, diameter, contrast, odd inputs, scores, cost."""
        return nodule_findings(required(facts), limits.nodule, device=device)

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:
        """A row for each way of drawing the same nodules; with ``real``, real nodules beside drawn ones instead."""
        images = material.folder("draw into")
        if material.real is not None:
            return beside_real_nodules(images, material.real, run)
        checkpoint = required(facts)
        run.progress(0.0, "simulating")
        seed = SEED if material.seed is None else material.seed
        panel = simulated_panel(images, material.library, count=material.pairs, seed=seed)
        ways = classical_ways(panel.pairs)
        for found in (checkpoint, *(look_up(name).checkpoint for name in material.beside)):
            if found is not None:
                ways |= network_ways(found, panel.pairs, device=run.device)
        ways |= program_ways(checkpoint, panel.pairs, device=run.device)
        rows = evaluate_nodules(panel.pairs, ways, progress=run.progress)
        figures: dict[str, object] = {"pairs": len(panel.pairs), "nodules": panel.words}
        figures["ways"] = [asdict(row) for row in rows]
        parts: list[TextTable | str] = [panel.words, table_of(rows)]
        if material.realism:
            separated = _separated(checkpoint, material, run)
            parts.append(realism_table(separated))
            figures["realism"] = [asdict(one) for one in separated]
        return Report(tuple(parts), figures, {"sheet": partial(_sheet, panel.pairs, checkpoint, run.device)})

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
        """Better means a higher PSNR under the silhouette than the classical ways and the shipped checkpoint."""
        panel = simulated_panel(material.folder(), material.library, count=material.pairs)
        pairs = panel.pairs
        ways = classical_ways(pairs) | network_ways(snapshot, pairs, device=run.device)
        rows = evaluate_nodules(pairs, ways, progress=run.progress)
        best, (plain, told) = max(row.mean.masked_psnr for row in rows[:-3]), (row.mean for row in rows[-2:])
        reached, reasons = plain.masked_psnr, []
        if reached <= best:
            reasons.append(f"the best classical way reaches {best:.3f} dB under the silhouette, it {reached:.3f}")
        shipped = find_checkpoints().get(snapshot.card.name)
        if shipped is not None:
            (row, _) = evaluate_nodules(pairs, network_ways(shipped, pairs, device=run.device))
            if reached <= row.mean.masked_psnr:
                reasons.append(f"the shipped checkpoint reaches {row.mean.masked_psnr:.3f} dB, it {reached:.3f}")
        scores = {
            "nodules": float(len(pairs)),
            "nodules_psnr_db": plain.psnr,
            "nodules_ssim": plain.ssim,
            "nodules_mae": plain.mae,
            "nodules_masked_psnr_db": reached,
            "nodules_masked_ssim": plain.masked_ssim,
            "nodules_masked_mae": plain.masked_mae,
            "nodules_masked_psnr_told_db": told.masked_psnr,
            "nodules_classical_masked_psnr_db": best,
            SAMPLE_SCORE: sample_score(snapshot, device=run.device),
        }
        report = Report((panel.words, table_of(rows)), [asdict(row) for row in rows])
        return Verdict(report, {key: round(value, 5) for key, value in scores.items()}, tuple(reasons))

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:
        """A nodule of the hole's size at its place; there is no truth to compare it with."""
        return inserted(case, column, run)


def table_of(rows: Sequence[NoduleRow]) -> TextTable:
    """Means ± standard deviations, a row a way."""
    found = []
    for row in rows:
        m, s = row.mean, row.sd
        found.append(
            (
                row.title,
                f"{m.psnr:.2f} ± {s.psnr:.2f}",
                f"{m.ssim:.4f}",
                f"{m.mae:.5f}",
                f"{m.masked_psnr:.2f} ± {s.masked_psnr:.2f}",
                f"{m.masked_ssim:.4f}",
                f"{m.masked_mae:.4f}",
                f"{m.grain:.2f}",
                f"{m.fine:.2f} {m.middle:.2f} {m.coarse:.2f}",
            )
        )
    columns = ("Way", "PSNR, dB", "SSIM", "MAE", "masked PSNR", "masked SSIM", "masked MAE", "Grain", "Spectrum")
    return TextTable(f"{rows[0].pairs} patches of 256 × 256 pixels, mean ± SD", columns, tuple(found), wide=20)


def realism_table(found: Sequence[Realism]) -> TextTable:
    """How well a classifier separates each source from simulated nodules."""
    rows = tuple(
        (one.title, str(one.patches), f"{100 * one.accuracy:.1f} %", f"{100 * one.low:.1f} to {100 * one.high:.1f} %")
        for one in found
    )
    title = "Classifier accuracy against simulated nodules (50 % = indistinguishable)"
    return TextTable(title, ("Source", "Patches", "Accuracy", "95 % interval"), rows)


def _separated(checkpoint: Checkpoint, material: Material, run: Run) -> list[Realism]:
    images = material.folder()
    first = (SEED if material.seed is None else material.seed) + 1
    known = known_patients(images, material.patients)
    run.progress(0.0, "simulating")
    held_out, bundled = (
        simulated_panel(images, library, count=min(REALISM_PAIRS, material.pairs), seed=first + k, known=known)
        for k, library in enumerate((material.library, None))
    )
    return all_realisms(checkpoint, held_out, bundled, device=run.device, progress=run.progress)


def _sheet(pairs: Sequence[Simulated], checkpoint: Checkpoint, device: str, path: Path) -> str:
    write_nodule_sheet(path, pairs, checkpoint, device=device)
    return "from above: healthy, simulated, own background, all drawn"
