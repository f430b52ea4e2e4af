"""Keeping a checkpoint: a copy in the user's models folder, where every command and the window find it; no gate.

Shipping one into the package is another thing; see ``shipping``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.checkpoint import SUFFIXES, Checkpoint, files_of, restate
from cxr_studio.resources import user_models

NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""A registry name: lower case, digits, hyphens and points."""


def keep(
    checkpoint: Checkpoint,
    *,
    name: str | None = None,
    title: str | None = None,
    scores: Mapping[str, float] | None = None,
    replace_other: bool = False,
) -> Path:
    """Copy a checkpoint to the user's models folder.

    Args:
        checkpoint: The checkpoint.
        name: Registry name of the copy. By default the card's own: the copy then stands in for the bundled checkpoint
            of that name.
        title: Of the copy; the card's own by default.
        scores: Measured figures, added to those on the card.
        replace_other: True overwrites another checkpoint of that name in the folder.

    Returns:
        The file.

    Raises:
        CheckpointError: the name is none, or another checkpoint of that name is there.
        WriteError: the file cannot be written.
    """
    card = checkpoint.card
    name = card.name if name is None else name
    if not NAME.fullmatch(name):
        raise CheckpointError(
            f"{name!r} is not a valid checkpoint name", remedy="Use lower case letters, digits, hyphens and points"
        )
    others = kept_files(name)
    if others and not replace_other:
        raise CheckpointError(
            "a checkpoint of that name already exists", file=others[0], remedy="Give another name, or replace it"
        )
    path = user_models() / f"{name}{checkpoint.path.suffix}"
    stated = replace(card, name=name, title=title or card.title, scores={**card.scores, **(scores or {})})
    restate(checkpoint, path, stated)
    for other in others:
        if other != path:
            for file in files_of(other):
                file.unlink(missing_ok=True)
    return path


def kept_files(name: str) -> list[Path]:
    """Files of the checkpoints of a name in the user's models folder."""
    paths = (user_models() / f"{name}{suffix}" for suffix in SUFFIXES)
    return [path for path in paths if path.exists()]
