"""What the columns of exported tables mean; one dictionary for CSV and BIDS."""

from __future__ import annotations

COLUMNS: dict[str, str] = {
    "study": "Short name of the study",
    "paradigm": "2afc: two images side by side; real-or-fake: one image at a time",
    "reader": "Pseudonym of the reader",
    "reader_place": "Place of the reader in the study, from 0; decides the schedule",
    "origin": "Who answered: person, simulated or machine",
    "case": "Case identifier, the same for all readers",
    "trial": "Trial identifier, unique in the study",
    "index": "Place of the trial in the reader's schedule, from 0",
    "block": "Block between breaks, from 0; practice is -1",
    "phase": "practice, main, repeat or warm-up",
    "repeat_of": "Trial that this one repeats",
    "catch": "1 for a trial with a change that cannot be missed",
    "condition": "Title of the condition, real for an unchanged radiograph shown alone",
    "generator": "What changed the image, or real",
    "source": "File name of the radiograph",
    "patient": "Patient of the radiograph, as the study's owner knows it",
    "pathology": "Labels of the radiograph, parted by |",
    "truth": "The right answer: left or right, real or fake",
    "response": "The answer given; empty when the time ran out",
    "correct": "1 when right, 0 when wrong; empty when the time ran out",
    "confidence": "Confidence, 1 to the steps of the protocol; empty without a scale",
    "rt_ms": "From the first painted frame to key-down, pauses taken out, milliseconds",
    "marked": "Number of marks made",
    "mark_hit": "1 when the first mark lies on the change, 0 when beside it; empty without mark or change",
    "session": "Session identifier",
    "sequence": "Number of the row among the reader's, from 0",
    "superseded": "1 when the answer was taken back and a later one counts",
    "utc": "When the answer was given, ISO 8601, UTC",
}
