"""Answering one request to fill a mask; the same as ``cxr_studio.roles.answer`` where the role is known."""

from __future__ import annotations

from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.answering import answer
from cxr_studio.generation.result import Result
from cxr_studio.restore.options import FillRequest
from cxr_studio.restore.rules import RESTORE


def fill(
    request: FillRequest,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> Result:
    """Fill the mask of a request; see ``generation.answering.answer``.

    Returns:
        One patch a region; outside the mask, and in padding, the stored values are the request's own.
    """
    return answer(request, RESTORE, device=device, cancel=cancel, progress=progress)
