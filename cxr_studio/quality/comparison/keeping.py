"""Keeping a snapshot: a copy in the user's models folder, what was measured on its card."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.quality.comparison.scores import ColumnScores


def keep(
    column: Column, scores: ColumnScores, panel: Panel, *, name: str | None = None, replace_other: bool = False
) -> Path:
    """Copy a checkpoint to the user's models folder.

    Args:
        column: The checkpoint.
        scores: What was measured, for the card.
        panel: What it was measured on.
        name: Registry name of the copy; the card's own by default, which then stands in for the shipped one.
        replace_other: True overwrites another checkpoint of that name in the folder.

    Returns:
        The file.

    Raises:
        CheckpointError: a built-in fill, or another checkpoint of that name is there.
        WriteError: the file cannot be written.
    """
    raise NotImplementedError
