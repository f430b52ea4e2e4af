"""Where a fault of somebody's own network or system lies: the line to look at, in place of a traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

from cxr_studio import networks
from cxr_studio.errors import reason_of
from trainers import systems


def words_of(fault: BaseException) -> str:
    """The first line of what a fault says, and the line of a network or a system in which it came up last, if any."""
    what = f"{type(fault).__name__}: {reason_of(fault)}" if isinstance(fault, LookupError) else reason_of(fault)
    folders = {Path(folder) for package in (networks, systems) for folder in package.__path__}
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if Path(frame.filename).parent in folders]
    if not frames:
        return what
    path = Path(frames[-1].filename)
    return f"{what}, in {path.parent.name}/{path.name}, line {frames[-1].lineno}"
