"""The row that an answer becomes."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from cxr_studio.studies.bundle import Bundle, ShownTrial
from cxr_studio.studies.canonical import canonical_json
from cxr_studio.studies.clock import utc_now, utc_offset_min
from cxr_studio.studies.ledger import Ledger
from cxr_studio.studies.rows import AnswerRow
from cxr_studio.studies.trial_view import Response


@dataclass(frozen=True)
class Showing:
    """How a trial was shown.

    Attributes:
        trial: Which.
        phase: Its phase now: that of the schedule, or "warm-up".
        load_ns: When its images began to load.
        painted_ns: When its first frame was on the screen.
        again: It was shown because its answer was taken back.
    """

    trial: ShownTrial
    phase: str
    load_ns: int | None
    painted_ns: int
    again: bool


def answer_row(bundle: Bundle, ledger: Ledger, showing: Showing, response: Response) -> AnswerRow:
    """Put an answer into a row; the log gives it its place in the chain."""
    trial = showing.trial
    before = [row for row in ledger.rows if row.trial_uid == trial.uid]
    superseded = before[-1] if showing.again else None
    chosen = {"left": trial.images[0], "right": trial.images[-1]}
    used = (response.decision_ns - showing.painted_ns - response.pause_ns) / 1e6
    return AnswerRow(
        study_id=bundle.study_id,
        reader_id=ledger.reader,
        sequence=-1,
        session_id=ledger.session_id,
        origin=ledger.origin,
        trial_uid=trial.uid,
        iteration=len(before),
        schedule_index=trial.index,
        block=trial.block,
        phase=showing.phase,
        repeat_of=trial.repeat_of,
        images=canonical_json(list(trial.images)),
        image_sha256=canonical_json([bundle.images[name] for name in trial.images]),
        choice=response.choice,
        chosen_image="" if response.choice is None else chosen.get(response.choice, trial.images[0]),
        key_pressed=response.key,
        confidence=response.confidence,
        marks=canonical_json([asdict(mark) for mark in response.marks]),
        cue=response.cue,
        timed_out=int(response.choice is None),
        undo_count=0 if superseded is None else superseded.undo_count + 1,
        supersedes=None if superseded is None else superseded.sequence,
        reason="" if superseded is None else "undo",
        load_start_ns=showing.load_ns,
        painted_ns=showing.painted_ns,
        first_input_ns=response.first_input_ns,
        decision_ns=response.decision_ns,
        written_ns=time.monotonic_ns(),
        pause_ns=response.pause_ns,
        frame_interval_ns=response.frame_interval_ns,
        rt_ms=used if response.choice is not None else None,
        utc=utc_now(),
        utc_offset_min=utc_offset_min(),
        view=canonical_json(dict(response.view)),
        display_check_id=ledger.display_check,
    )
