"""BIDS: one ``_beh.tsv`` a reader, with its sidecar, participants and the description of the data set.

``_beh`` and not ``_events``: answers have no onset on a common time axis. Missing values are ``n/a``; times in seconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.studies.exporters.columns import COLUMNS
from cxr_studio.studies.exporters.tidy import as_text
from cxr_studio.studies.outcomes import Outcome
from cxr_studio.version import program_version

BIDS_VERSION = "1.10.0"
MISSING = "n/a"
TASKS = {"2afc": "2afc", "real-or-fake": "realorfake"}
RENAMED = {"index": "trial_index", "phase": "trial_type", "rt_ms": "response_time"}
"""Our column → BIDS's."""

OWN = tuple(name for name in COLUMNS if name not in ("study", "paradigm", "reader", "reader_place", "origin"))
"""Columns of a reader's table; what is the same in all of its rows stands in participants.tsv."""

LEVELS = {
    "trial_type": ("practice", "main", "repeat", "warm-up"),
    "truth": ("left", "right", "real", "fake"),
    "response": ("left", "right", "real", "fake"),
}


def write_bids(outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """Write ``folder/bids``; returns the tables.

    Raises:
        StudioError: two readers' names are the same without hyphens and underscores, which BIDS does not allow.
        WriteError: it cannot be written.
    """
    root, paths = folder / "bids", []
    readers = sorted({outcome.reader for outcome in outcomes})
    labels = {reader: subject(reader) for reader in readers}
    if len(set(labels.values())) < len(labels):
        raise StudioError("two readers have the same name for BIDS", remedy="BIDS names hold letters and digits only")
    study, paradigm = (outcomes[0].study, outcomes[0].paradigm) if outcomes else ("study", "2afc")
    _write_json(root / "dataset_description.json", _description(study))
    first = {reader: next(o for o in outcomes if o.reader == reader) for reader in readers}
    people = [[f"sub-{labels[r]}", r, str(first[r].reader_place), first[r].origin] for r in readers]
    paths.append(_write(root / "participants.tsv", ["participant_id", "reader", "reader_place", "origin"], people))
    for reader in readers:
        own = [outcome for outcome in outcomes if outcome.reader == reader]
        stem = f"sub-{labels[reader]}_task-{TASKS[paradigm]}_run-1_beh"
        place = root / f"sub-{labels[reader]}" / "beh"
        heading = [RENAMED.get(name, name) for name in OWN]
        paths.append(_write(place / f"{stem}.tsv", heading, [[_cell(one, name) for name in OWN] for one in own]))
        _write_json(place / f"{stem}.json", _sidecar(paradigm))
    return paths


def subject(reader: str) -> str:
    """A reader's name as BIDS allows it: letters and digits."""
    return re.sub(r"[^A-Za-z0-9]", "", reader)


def _cell(outcome: Outcome, name: str) -> str:
    value = getattr(outcome, name)
    if name == "rt_ms" and value is not None:
        value = value / 1000
    text = as_text(value).replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return text or MISSING


def _sidecar(paradigm: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "TaskName": TASKS[paradigm],
        "TaskDescription": COLUMNS["paradigm"],
    }
    for name in OWN:
        title = RENAMED.get(name, name)
        values[title] = {"Description": COLUMNS[name].replace(", milliseconds", "")}
        if title in LEVELS:
            values[title]["Levels"] = {level: level for level in LEVELS[title]}
    values["response_time"]["Units"] = "s"
    return values


def _description(study: str) -> dict[str, Any]:
    return {
        "Name": study,
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "CXR Studio", "Version": program_version()}],
    }


def _write_json(path: Path, values: dict[str, Any]) -> None:
    with replaced(path) as beside:
        beside.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def _write(path: Path, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with replaced(path) as beside:
        lines = ["\t".join(cells) for cells in (heading, *rows)]
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
