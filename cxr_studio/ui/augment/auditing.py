"""The audit of a set that was just made; no Qt, so that it runs where the job does."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.errors import Cancelled, StudioError
from cxr_studio.events import Progress

REPORT = "audit.html"


def audited_set(folder: Path, source: Path, *, progress: Progress) -> list[str]:
    """Audit a set against the radiographs that it was drawn into, and write the report into its folder.

    Args:
        folder: Of the set.
        source: Of the untouched radiographs.
        progress: What it raises stops the audit.

    Returns:
        Sentences on what gives the drawn nodules away, or why it was not asked.
    """
    from cxr_studio.audit.auditing import Wish, audited
    from cxr_studio.audit.cases import with_real
    from cxr_studio.audit.limits import read_limits
    from cxr_studio.audit.report import write_report
    from cxr_studio.datasets.opening import open_manifest

    try:
        found = audited(with_real(open_manifest(folder), source), Wish(), progress=progress)
        write_report(folder / REPORT, found, read_limits(), progress=progress)
    except Cancelled:
        raise
    except StudioError as fault:
        return [f"Not audited: {fault}"]
    if not found.leaks:
        return [f"Audit: nothing gives the drawn nodules away beyond doubt ({REPORT})."]
    titles = ", ".join(one.question.title.lower() for one in found.leaks)
    return [f"Audit: given away by {titles} ({REPORT})."]
