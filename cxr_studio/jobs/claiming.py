"""A folder belongs to one batch, or to one part of one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.files import replaced
from cxr_studio.jobs.batch import NAME, Batch, home_of
from cxr_studio.jobs.parts import Part, open_part, refuse_other_part

ANOTHER = "Choose another folder"


def claim(batch: Batch, part: Part | None = None, items: Sequence[int] = ()) -> None:
    """Write the plan into the batch's folder, or see that the folder's plan is the same.

    Args:
        batch: The job.
        part: Which part of it the folder is to hold; None = all.
        items: Of that part.

    Raises:
        StudioError: the folder holds another job or part; the sentence says what differs.
        ReadError: its plan is damaged.
        WriteError: it cannot be written.
    """
    path, now = batch.home / NAME, batch.plan_text()
    there = path.exists()
    if there:
        _refuse_other(batch, path, now)
    refuse_other_part(batch, part)
    if part is not None:
        open_part(batch, part, items)
    if not there:
        with replaced(path) as beside:
            beside.write_text(now, encoding="utf-8")


def plan_values(folder: Path) -> dict[str, Any]:
    """The plan of a folder.

    Raises:
        ReadError: there is none, or it is damaged.
    """
    path = home_of(folder) / NAME
    try:
        return _values(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ReadError("the plan of the folder is damaged", file=path, remedy=ANOTHER) from fault


def discard_other(batch: Batch) -> None:
    """Take away what another job has left in a folder that is only for what is not finished."""
    path = batch.home / NAME
    if path.exists() and path.read_text(encoding="utf-8") != batch.plan_text():
        shutil.rmtree(batch.folder)


def _refuse_other(batch: Batch, path: Path, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    if text == now:
        return
    try:
        what = batch.difference(_values(text), _values(now))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise ReadError("the plan of the folder is damaged", file=path, remedy=ANOTHER) from fault
    raise StudioError(f"the folder holds another {batch.kind}, {what}", file=batch.folder, remedy=ANOTHER)


def _values(text: str) -> dict[str, Any]:
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("no table")
    return values
