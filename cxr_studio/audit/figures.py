"""The audit as plain values: for JSON, and for whoever asks from a script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict

from cxr_studio.audit.asking import Answer
from cxr_studio.audit.audit import Audit
from cxr_studio.audit.repeats import Parted, Repeat
from cxr_studio.version import program_version


def as_json(audit: Audit) -> dict[str, object]:
    """Everything but pictures."""
    return {
        "program": f"CXR Studio {program_version()}",
        "radiographs": len(audit.sights.radiographs),
        "leaks": len(audit.leaks),
        "answers": [_answer(one) for one in audit.answers],
        "near_duplicates": [_repeat(one) for one in audit.repeats],
        "patients_in_splits": _parted(audit.patients),
        "sources_in_splits": _parted(audit.sources),
        "memory": None if audit.memory is None else asdict(audit.memory),
        "notes": [*audit.notes, *audit.sights.skipped],
    }


def _answer(answer: Answer) -> dict[str, object]:
    told = {name: None if math.isnan(value) else value for name, value in asdict(answer.told).items()}
    return {
        "question": answer.question.key,
        "title": answer.question.title,
        "generator": answer.generator,
        "synthetic": len(answer.synthetic),
        "real": len(answer.real),
        **told,
        "p_adjusted": answer.p,
        "verdict": answer.verdict,
        "words": answer.words,
        "clues": [asdict(clue) for clue in answer.clues],
    }


def _repeat(one: Repeat) -> dict[str, object]:
    files = {"first": str(one.first.path), "second": str(one.second.path)}
    return {**files, "likeness": one.likeness, "fault": one.fault}


def _parted(found: Sequence[Parted]) -> list[dict[str, object]]:
    return [asdict(one) for one in found]
