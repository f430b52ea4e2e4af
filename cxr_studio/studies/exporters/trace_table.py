"""Traces as tidy CSV: one row an event, UTF-8, with a data dictionary beside it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_studio.files import replaced
from cxr_studio.studies.trace import Moment, Trace

TABLE, DICTIONARY = "traces.csv", "traces-dictionary.csv"

COLUMNS: dict[str, str] = {
    "reader": "pseudonym",
    "trial": "trial identifier",
    "number": "of the trial among the reader's counted answers, from 1",
    "phase": "practice, main, repeat or warm-up",
    "time_ms": "since the first painted frame, milliseconds",
    "event": "view, pointer, input, paused, went on, committed",
    "side": "image under the pointer: left, right, or empty for the only one",
    "y": "image row of the pane's centre (view) or of the pointer, pixels",
    "x": "image column, likewise",
    "scale": "logical screen pixels per image pixel",
    "window_centre": "centre of the grey window, values of the shown image; empty for the whole range",
    "window_width": "width of the grey window, likewise",
    "details": "everything that was logged, JSON",
}
"""Column → meaning."""


def write_traces(traces: Iterable[Trace], folder: Path) -> list[Path]:
    """Write ``traces.csv`` and ``traces-dictionary.csv``; returns both paths.

    Raises:
        WriteError: they cannot be written.
    """
    rows = [_row(trace, moment) for trace in traces for moment in trace.moments]
    paths = [folder / TABLE, folder / DICTIONARY]
    _write(paths[0], list(COLUMNS), rows)
    _write(paths[1], ["column", "meaning"], [[name, words] for name, words in COLUMNS.items()])
    return paths


def _row(trace: Trace, moment: Moment) -> list[str]:
    body = moment.body
    centre, width = body.get("window") or ("", "")
    values = [trace.reader, trace.trial, trace.number, trace.phase, f"{moment.ms:.3f}", moment.kind]
    values += [body.get("side", ""), body.get("y", ""), body.get("x", ""), body.get("scale", "")]
    values += [centre, width, json.dumps(dict(body), sort_keys=True)]
    return [str(value) for value in values]


def _write(path: Path, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(heading)
        writer.writerows(rows)
