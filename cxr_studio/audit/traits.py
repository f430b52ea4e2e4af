"""What is known of many things as columns of numbers, and a straight-line model on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.audit.telling import Labels, Learn, Rows, Scores, Values

Traits = Mapping[str, float | str]
"""Name → number, or one of few words."""

RIDGE = 2.0
"""Penalty on squared weights of columns with a spread of about 1; there are few radiographs and many columns."""

ROUNDS = 12
"""Newton steps; the penalty makes them converge in fewer."""

MANY_WORDS = 12
"""More different words than this are not told apart: only whether the trait is there counts."""

ABSENT = ""


@dataclass(frozen=True, eq=False)
class Table:
    """Traits of many things.

    Attributes:
        names: Of the columns; a column of words is cut into one for each, "mode = L".
        values: ``float64 [N, K]``; NaN where a number is unknown.
    """

    names: tuple[str, ...]
    values: Values


def tabled(rows: Sequence[Traits]) -> Table:
    """Columns of all traits that any row has."""
    names: list[str] = []
    columns: list[Values] = []
    for trait in dict.fromkeys(name for row in rows for name in row):
        cells = [row.get(trait, ABSENT) for row in rows]
        if any(isinstance(cell, str) and cell != ABSENT for cell in cells):
            for word in _words([str(cell) for cell in cells]):
                names.append(f"{trait} = {word}" if word != ABSENT else f"{trait} is missing")
                columns.append(np.array([float(str(cell) == word) for cell in cells]))
            if len({str(cell) for cell in cells}) > MANY_WORDS:
                names.append(f"{trait} is missing")
                columns.append(np.array([float(cell == ABSENT) for cell in cells]))
        else:
            names.append(trait)
            columns.append(np.array([np.nan if cell == ABSENT else float(cell) for cell in cells]))
    values = np.stack(columns, axis=1) if columns else np.zeros((len(rows), 0))
    return Table(tuple(names), values)


def straight(values: Values) -> Learn:
    """Logistic regression on the ranks of numbers, and on how far from the middle they rank."""

    def learn(known: Rows, labels: Labels) -> Scores:
        scale = _Ranks(values[known])
        weights = _logistic(scale.of(values[known]), labels)
        return lambda rows: np.asarray(scale.of(values[rows]) @ weights[1:] + weights[0])

    return learn


class _Ranks:
    """Columns as their ranks among known rows, -1 to 1, with the distance from the middle beside; unknown is 0."""

    def __init__(self, known: Values) -> None:
        self._sorted = [np.sort(column[np.isfinite(column)]) for column in known.T]

    def of(self, values: Values) -> Values:
        """``[N, K]`` to ``[N, 2 K + unknown]``."""
        found: list[Values] = []
        for column, order in zip(values.T, self._sorted, strict=True):
            unknown = ~np.isfinite(column)
            middle = np.searchsorted(order, column) + np.searchsorted(order, column, side="right")
            rank = np.where(unknown, 0.0, middle / max(len(order), 1) - 1)
            found += [rank, np.where(unknown, 0.0, 2 * np.abs(rank) - 1), unknown.astype(float)]
        return np.stack(found, axis=1) if found else np.zeros((len(values), 0))


def _words(cells: Sequence[str]) -> list[str]:
    """The words that two rows or more have; none where they are too many, or all are alike."""
    counted = Counter(cells)
    if len(counted) > MANY_WORDS or len(counted) < 2:
        return []
    return sorted(word for word, count in counted.items() if count > 1)


def _logistic(columns: Values, labels: Labels) -> Values:
    """Weights of a ridge logistic regression in which both classes count alike; the first is the constant."""
    design = np.column_stack([np.ones(len(columns)), columns])
    truth = labels.astype(float)
    share = np.where(labels, 0.5 / max(truth.mean(), 1e-9), 0.5 / max(1 - truth.mean(), 1e-9))
    penalty = np.diag([1e-6, *[RIDGE] * columns.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (share * (truth - chance)) - penalty @ weights
        curve = design.T @ (design * (share * chance * (1 - chance) + 1e-9)[:, None]) + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return weights
