"""Answers as a tidy CSV, one row an answer, with a dictionary of its columns."""

from __future__ import annotations

import csv
import io
from dataclasses import fields

from cxr_studio.studies.statistics.outcome import Answer, StudyOutcome

DICTIONARY: dict[str, tuple[str, str]] = {
    "reader": ("text", "pseudonym of the reader"),
    "case": ("text", "pair or image that was shown; the same for every reader"),
    "source_image": ("text", "radiograph that the case was made from"),
    "condition": ("text", "generator (2AFC), or source: real or a generator (real or fake)"),
    "truth": ("left, right; or real, fake", "side of the target (2AFC), or what the image is"),
    "response": ("left, right; or real, fake", "answer of the reader, in the words of truth"),
    "correct": ("0, 1", "1 when response equals truth"),
    "trial_index": ("whole number, from 0", "place in this reader's schedule"),
    "confidence": ("number, or empty", "confidence on the protocol's scale"),
    "response_time_ms": ("milliseconds, or empty", "from the painted image to the key, pauses excluded"),
    "side": ("left, right, or empty", "where the target stood"),
    "phase": ("practice, main, repeat", "only main counts towards accuracy"),
    "patient": ("text, or empty", "pseudonym of the patient"),
    "pathology": ("text, or empty", "finding of the source image"),
    "mark_hit": ("0, 1, or empty", "1 when the mark lies on the change; empty without a mark or a change"),
    "reader_kind": ("human, machine, simulated", "what the reader is"),
}
"""Column → (values or unit, meaning), in the order of the file."""


def answers_csv(outcome: StudyOutcome) -> str:
    """RFC 4180, UTF-8, every answer in the order given."""
    kinds = {reader.name: reader.kind for reader in outcome.readers}
    names = [f.name for f in fields(Answer)]
    rows = [[*(_cell(getattr(a, name)) for name in names), kinds.get(a.reader, "")] for a in outcome.answers]
    return _csv([[*names, "reader_kind"], *rows])


def dictionary_csv() -> str:
    """One row a column of ``answers_csv``."""
    return _csv([["column", "values", "meaning"], *([name, *words] for name, words in DICTIONARY.items())])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _csv(rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()
