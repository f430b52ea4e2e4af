"""Where readers saw a change, beside where it was: one row an image shown, with its mark if it has one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import REAL, Key, KeyCase
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import AnswerRow, effective


@dataclass(frozen=True)
class MarkedImage:
    """An image of a main trial as one reader judged it; a pair is two images.

    Attributes:
        reader: Pseudonym.
        origin: "person", "simulated" or "machine".
        case: Case identifier.
        source: File name of the radiograph.
        condition: Title of the condition of the case, or "real".
        trial: Trial identifier.
        side: "left", "right", or "" for the only image.
        lesions: Changes that lie in this image: 0 for an original.
        mark: Row and column in image pixels, None without a mark.
        lesion: Change under the mark, from 1; 0 for a mark on none; None without a mark.
        confidence: Of the answer, None without a scale.
    """

    reader: str
    origin: str
    case: str
    source: str
    condition: str
    trial: str
    side: str
    lesions: int
    mark: tuple[float, float] | None
    lesion: int | None
    confidence: int | None


def marked_images(bundle: Bundle, key: Key, databases: Sequence[str | Path] = ()) -> list[MarkedImage]:
    """Every image of the main trials that count, without catches and trials that ran out of time.

    Raises:
        StudioError: the answers cannot be read or have been changed.
    """
    found: dict[tuple[str, int, str], MarkedImage] = {}
    for database in databases or (None,):
        log = AnswerLog(bundle, database, create=False)
        try:
            for reader in log.places():
                for row in effective(log.sound_answers(reader)):
                    case = key.cases[key.trials[row.trial_uid].case]
                    if row.phase == "main" and row.choice is not None and not case.catch:
                        found |= {(reader, row.sequence, each.side): each for each in _images(case, row)}
        finally:
            log.close()
    return [found[place] for place in sorted(found)]


def _images(case: KeyCase, row: AnswerRow) -> Iterator[MarkedImage]:
    names = json.loads(row.images)
    marks = json.loads(row.marks)
    for side, name in zip(("left", "right") if len(names) == 2 else ("",), names, strict=True):
        lesions = len(case.boxes) if name == case.altered and case.condition != REAL else 0
        own = [mark for mark in marks if mark["side"] == side][:1]
        mark = (float(own[0]["y"]), float(own[0]["x"])) if own else None
        lesion = None if mark is None else case.change_at(mark[1], mark[0]) if lesions else 0
        yield MarkedImage(
            row.reader_id,
            row.origin,
            case.case,
            case.source,
            case.condition,
            row.trial_uid,
            side,
            lesions,
            mark,
            lesion,
            row.confidence,
        )
