"""Asking one question of one generator: how well, by what, and what to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxr_studio.audit.limits import Verdict
from cxr_studio.audit.measures.places import COARSE
from cxr_studio.audit.questions import Question
from cxr_studio.audit.sights import Sight
from cxr_studio.audit.telling import Effort, Labels, Learn, Rows, Scores, Told, Values, told_apart
from cxr_studio.audit.traits import Table, Traits, straight, tabled
from cxr_studio.events import Progress, silent

Patches = NDArray[np.float32]

CLUES = 3
"""Figures that are named where they give synthetic away."""


@dataclass(frozen=True)
class Clue:
    """One figure that differs.

    Attributes:
        name: What it is.
        area: ROC area of this figure alone, 0 to 1; above 0.5 synthetic has more of it.
        synthetic: Its median, or the share of those that have the trait.
        real: Likewise.
        share: Whether it is a trait that is there or not.
    """

    name: str
    area: float
    synthetic: float
    real: float
    share: bool

    @property
    def words(self) -> str:
        """``bits = 8: 100 % of synthetic, 0 % of real``."""
        if self.share:
            return f"{self.name}: {self.synthetic:.0%} of synthetic, {self.real:.0%} of real"
        return f"{self.name}: {self.synthetic:.4g} in synthetic, {self.real:.4g} in real (medians)"


@dataclass(eq=False)
class Answer:
    """The answer to one question.

    Attributes:
        question: Which.
        generator: Whose work is told from real.
        synthetic: What was measured of it.
        real: What it was compared with.
        told: How well.
        clues: By which figures, the best first.
        ranks: Of synthetic, then of real, among those scored together, 0 to 1.
        p: Adjusted for all questions.
        sure: Whether they are told apart better than by chance.
        verdict: What follows.
    """

    question: Question
    generator: str
    synthetic: Sequence[Sight]
    real: Sequence[Sight]
    told: Told
    clues: tuple[Clue, ...]
    ranks: Values = field(repr=False)
    p: float = 1.0
    sure: bool = False
    verdict: Verdict = "doubtful"

    @property
    def words(self) -> str:
        """What gives it away and what to change; why it is doubtful; "" where it passed."""
        by = f"{self.clues[0].words}. " if self.clues else ""
        by = by[:1].upper() + by[1:]
        if any(sight.pretend for sight in self.real) and self.question.key == "seam":
            by += "Part of it may be the finding itself, which the real places lack; give real findings with --real. "
        if self.verdict == "leak":
            return f"{by}{self.question.change}"
        if self.verdict == "pass":
            return ""
        if self.sure:
            return f"{by}Told apart, but not often. {self.question.change}"
        return f"Too few to say ({len(self.synthetic)} and {len(self.real)}): audit more radiographs."


def ask(
    question: Question,
    generator: str,
    groups: tuple[Sequence[Sight], Sequence[Sight]],
    *,
    effort: Effort,
    progress: Progress = silent,
) -> Answer:
    """Ask one question.

    Args:
        question: Which.
        generator: Whose work.
        groups: Synthetic and real sights, of two patients or more each.
        effort: How much is computed; a network is given one cross-validation and one control.
        progress: Called after every model.
    """
    sights = [*groups[0], *groups[1]]
    labels = np.arange(len(sights)) < len(groups[0])
    patients = [sight.case.patient for sight in sights]
    if question.network:
        patches = np.stack([sight.patches[question.key] for sight in sights])
        effort = Effort(1, min(effort.controls, 2), effort.seed)
        told, ranks = told_apart(looking(patches), labels, patients, effort=effort, progress=progress)
        return Answer(question, generator, *groups, told, (), ranks)
    table = tabled(_figures(question, sights))
    told, ranks = told_apart(straight(table.values), labels, patients, effort=effort, progress=progress)
    return Answer(question, generator, *groups, told, clues_of(table, labels), ranks)


def looking(patches: Patches) -> Learn:
    """The small observer network on patches ``float32 [N, S, S]``."""

    def learn(known: Rows, labels: Labels) -> Scores:
        from cxr_studio.networks.observer import Training, probabilities, trained

        network = trained(patches[known], labels, training=Training(epochs=12))
        return lambda rows: probabilities(network, patches[rows])

    return learn


def clues_of(table: Table, labels: Labels) -> tuple[Clue, ...]:
    """The figures that tell best on their own, all rows together."""
    found = []
    for name, column in zip(table.names, table.values.T, strict=True):
        one, other = column[labels & np.isfinite(column)], column[~labels & np.isfinite(column)]
        if len(one) and len(other):
            area = float((0.5 + 0.5 * np.sign(one[:, None] - other[None])).mean())
            share = bool(np.isin(column, (0.0, 1.0)).all())
            figures = (one.mean(), other.mean()) if share else (np.median(one), np.median(other))
            found.append(Clue(name, area, float(figures[0]), float(figures[1]), share))
    best = sorted(found, key=lambda clue: (-abs(round(clue.area, 3) - 0.5), clue.area < 0.5))
    return tuple(clue for clue in best[:CLUES] if abs(clue.area - 0.5) > 0.02)


def _figures(question: Question, sights: Sequence[Sight]) -> list[Traits]:
    """What is asked about; where real places have no finding, no grain so coarse that a finding has it too."""
    rows = [sight.traits[question.key] for sight in sights]
    if question.key != "grain" or not any(sight.pretend for sight in sights):
        return rows
    return [{name: value for name, value in row.items() if COARSE not in name} for row in rows]
