"""Keeping a snapshot: a copy in the user's models folder, what was measured on its card."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.quality.comparison.scores import ColumnScores, metric_of
from cxr_studio.quality.keeping import keep as keep_checkpoint

TIME = "milliseconds"


def keep(
    column: Column, scores: ColumnScores, panel: Panel, *, name: str | None = None, replace_other: bool = False
) -> Path:
    """Copy a checkpoint to the user's models folder with what was measured; see ``quality.keeping.keep``.

    Args:
        column: The checkpoint.
        scores: What was measured, for the card.
        panel: What it was measured on.
        name: Registry name of the copy. By default the card's own: the copy then stands in for the bundled checkpoint
            of that name.
        replace_other: True overwrites another checkpoint of that name in the folder.

    Returns:
        The file.

    Raises:
        CheckpointError: a built-in fill, a name that is none, or another checkpoint of that name is there.
        WriteError: the file cannot be written.
    """
    if column.path is None:
        raise CheckpointError(f"{column.title} is built in and has no file to keep", remedy="Choose a checkpoint")
    checkpoint = read_checkpoint(column.path)
    renamed = name is not None and name != checkpoint.card.name
    return keep_checkpoint(
        checkpoint,
        name=name,
        title=_titled(checkpoint.card.title, column, renamed),
        scores=card_scores(scores, panel),
        replace_other=replace_other,
    )


def card_scores(scores: ColumnScores, panel: Panel) -> dict[str, float]:
    """Measured figures as a card states them: each name says the panel and how many cases count.

    Time is left out: it is of one machine at one moment.
    """
    where = f"on panel {panel.name!r}, {scores.cases} healthy cases, grain {panel.grain}"
    kept = {name: value for name, value in scores.means.items() if np.isfinite(value) and name != TIME}
    return {f"{metric_of(name).title} {where}": round(value, 4) for name, value in kept.items()}


def _titled(title: str, column: Column, renamed: bool) -> str:
    """A copy under another name is told apart by its step."""
    return f"{title}, step {column.step:,}" if renamed and column.step is not None else title
