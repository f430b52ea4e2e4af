"""Whether the files of a finished bundle give the changed images away: the leakage audit's questions about files."""

from __future__ import annotations

from cxr_studio.audit.asking import Answer
from cxr_studio.audit.audit import audit
from cxr_studio.audit.cases import LEAST, Case
from cxr_studio.audit.limits import read_limits
from cxr_studio.audit.questions import FILE_QUESTIONS
from cxr_studio.audit.sights import sights_of
from cxr_studio.audit.telling import Effort
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key

MOST = 120
"""Images that are looked at."""


def file_leaks(bundle: Bundle, key: Key) -> list[Answer]:
    """Ask by which traits of their files changed images are told from originals, patients held apart.

    Returns:
        The answers that are a leak; none where there are too few images to say.

    Raises:
        StudioError: no image can be read.
    """
    cases = []
    for case in key.cases.values():
        if not (case.practice or case.catch):
            shown = ((case.original, False), (case.altered, True))
            cases += [Case(bundle.image(name), case.patient, altered, "changed") for name, altered in shown if name]
    cases = cases[:MOST]
    if min(sum(case.synthetic == kind for case in cases) for kind in (True, False)) < LEAST:
        return []
    found = audit(sights_of(cases, files_only=True), read_limits(), questions=FILE_QUESTIONS, effort=Effort(1, 6))
    return found.leaks
