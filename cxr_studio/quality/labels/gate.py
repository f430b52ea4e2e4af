"""Whether a generator with labels may be shipped, and what its card says of it."""

from __future__ import annotations

from dataclasses import asdict

from cxr_studio.quality.labels.bench import Bench
from cxr_studio.quality.labels.report import REAL, UNTOUCHED, Measured, share_words

LEAST_SSIM = 0.8
"""Of what comes back after a change there and back; below it another chest comes back. A judgement, not measured."""

LEAST_LUNGS = 0.9
"""Dice of the lungs before and after; a pneumonia hides part of a lung from the lung network too."""

SLACK = 0.01
"""SSIM that a better generator may lose there and back: one that draws more changes more."""


def reasons_against(bench: Bench, found: Measured, name: str, shipped: str | None) -> list[str]:
    """Why a generator is not shipped: it must do what is asked, keep the patient, and beat the shipped one.

    Args:
        bench: What it was measured on.
        found: The figures.
        name: Its row.
        shipped: The row of the shipped checkpoint of its name, None where there is none.
    """
    reasons = [f"there are too few radiographs with {label} to measure it" for label in bench.missing]
    for label, area in bench.areas.items():
        if not area.low > 0.5:
            reasons.append(f"no classifier tells {label} from healthy in these radiographs, so nothing can be measured")
    for direction, rows in found.items():
        mine, before, what = rows[name], rows[UNTOUCHED], direction.title
        if not mine.gained.low > 0:
            reasons.append(
                f"{what}: called so no more often than untouched ({share_words(mine)}, {share_words(before)})"
            )
        farthest = max(before.kernel, rows[REAL].kernel)
        if not mine.kernel <= farthest:
            reasons.append(f"{what}: farther from real ones than untouched ({mine.kernel:.4f}, {farthest:.4f} allowed)")
        if not mine.cycle_ssim >= LEAST_SSIM:
            reasons.append(f"{what}: there and back leaves an SSIM of {mine.cycle_ssim:.3f}, {LEAST_SSIM} needed")
        if not mine.lungs >= LEAST_LUNGS:
            reasons.append(f"{what}: the lungs' Dice is {mine.lungs:.3f}, {LEAST_LUNGS} needed")
    return [*reasons, *_behind(found, name, shipped)] if shipped is not None and found else reasons


def _behind(found: Measured, name: str, shipped: str) -> list[str]:
    """In what it is no better than the shipped one."""
    mine, theirs = mean_row(found, name), mean_row(found, shipped)
    reasons = []
    if not mine["gained"] > theirs["gained"]:
        reasons.append(f"the shipped one gains {100 * theirs['gained']:.0f} %, this one {100 * mine['gained']:.0f} %")
    if not mine["kernel"] <= max(theirs["kernel"], mean_row(found, REAL)["kernel"]):
        reasons.append(f"the shipped one's kernel distance is {theirs['kernel']:.4f}, this one's {mine['kernel']:.4f}")
    if not mine["cycle_ssim"] >= theirs["cycle_ssim"] - SLACK:
        there, here = theirs["cycle_ssim"], mine["cycle_ssim"]
        reasons.append(f"the shipped one keeps an SSIM of {there:.3f} there and back, this one {here:.3f}")
    return reasons


def mean_row(found: Measured, name: str) -> dict[str, float]:
    """Figures of a row, meaned over all directions."""
    rows = [rows[name] for rows in found.values()]
    values = [{**asdict(row), "gained": row.gained.value} for row in rows]
    return {key: float(sum(one[key] for one in values) / len(values)) for key in values[0]}


def scores_of(bench: Bench, found: Measured, name: str) -> dict[str, float]:
    """For the card: means of both directions, those of untouched radiographs, and the classifier's area."""
    if not found:
        return {}
    mine, before = mean_row(found, name), mean_row(found, UNTOUCHED)
    kept = {f"translate_{key}": value for key, value in mine.items() if key != "seconds"}
    kept |= {f"untouched_{key}": before[key] for key in ("called", "frechet", "kernel")}
    kept |= {
        f"real_{key}": value for key, value in mean_row(found, REAL).items() if key in ("called", "kernel", "frechet")
    }
    kept["classifier_area"] = min(area.value for area in bench.areas.values())
    kept["translate_radiographs"] = float(len(bench.measured.cases))
    return kept
