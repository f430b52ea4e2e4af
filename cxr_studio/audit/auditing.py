"""A whole audit from a manifest: choose, measure, ask, and look for what stands twice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxr_studio.audit.audit import Audit, audit
from cxr_studio.audit.cases import cases_of, chosen_of
from cxr_studio.audit.limits import read_limits
from cxr_studio.audit.memorised import memory
from cxr_studio.audit.questions import QUESTIONS
from cxr_studio.audit.repeats import patients_in_splits, repeats, sources_in_splits
from cxr_studio.audit.sights import sights_of
from cxr_studio.audit.telling import Effort
from cxr_studio.datasets.entries import NODULE, Manifest
from cxr_studio.events import Progress, silent

READING = 0.5
"""Share of the time that reading and measuring takes, roughly."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        labels: Findings that are looked at.
        most: Radiographs of each kind.
        limits: A file; the bundled one by default.
        quick: Without the questions that a network is trained for.
        seed: Of folds and controls.
        training: Radiographs that the generator was trained on, to ask whether it has memorised them.
        held_out: Others of the same kind.
    """

    labels: tuple[str, ...] = (NODULE,)
    most: int = 200
    limits: Path | None = None
    quick: bool = False
    seed: int = 0
    training: Path | None = None
    held_out: Path | None = None


def audited(manifest: Manifest, wish: Wish, *, progress: Progress = silent) -> Audit:
    """Audit a manifest.

    Args:
        manifest: Real and synthetic radiographs.
        wish: How.
        progress: Called between the steps; what it raises stops the work.

    Raises:
        StudioError: too few radiographs, of too few patients, or none can be read.
    """
    limits = read_limits(wish.limits)
    cases = cases_of(manifest.of_label(*wish.labels))
    chosen = chosen_of(cases, most=wish.most, file=manifest.folder, seed=wish.seed)
    sights = sights_of(chosen, progress=lambda part, words: progress(READING * part, words))
    questions = [question for question in QUESTIONS if not (wish.quick and question.network)]
    found = audit(
        sights,
        limits,
        questions=questions,
        effort=Effort(seed=wish.seed),
        progress=lambda part, words: progress(READING + (1 - READING) * part, words),
    )
    found.repeats = repeats([sight.case for sight in sights.radiographs], sights.thumbs)
    found.patients, found.sources = patients_in_splits(cases), sources_in_splits(cases)
    if wish.training is not None and wish.held_out is not None:
        found.memory = memory(chosen, wish.training, wish.held_out, seed=wish.seed, progress=progress)
    return found
