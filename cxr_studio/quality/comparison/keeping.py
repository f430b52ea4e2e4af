"""Keeping a snapshot: a copy in the user's models folder, what was measured on its card."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.checkpoint import SUFFIX, read_checkpoint, restate
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.quality.comparison.scores import ColumnScores, metric_of
from cxr_studio.resources import user_models

NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""A registry name: lower case, digits, hyphens and points."""

TIME = "milliseconds"


def keep(
    column: Column, scores: ColumnScores, panel: Panel, *, name: str | None = None, replace_other: bool = False
) -> Path:
    """Copy a checkpoint to the user's models folder, where every command and the window find it by name.

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
    name = checkpoint.card.name if name is None else name
    if not NAME.fullmatch(name):
        raise CheckpointError(
            f"{name!r} is not a valid checkpoint name", remedy="Use lower case letters, digits, hyphens and points"
        )
    path = user_models() / f"{name}{SUFFIX}"
    if path.exists() and not replace_other:
        raise CheckpointError(
            "a checkpoint of that name already exists", file=path, remedy="Give another name, or replace it"
        )
    card = replace(
        checkpoint.card,
        name=name,
        title=_titled(checkpoint.card.title, column, name != checkpoint.card.name),
        scores={**checkpoint.card.scores, **card_scores(scores, panel)},
    )
    restate(checkpoint, path, card)
    return path


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
