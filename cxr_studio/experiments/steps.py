"""Steps of an experiment: each in a folder of its own, kept while its inputs are the same, resumed where it stopped."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.files import write_json
from cxr_studio.version import program_version

RECORD = "step.json"
"""In every step's folder: the hash of its inputs, whether it is done, and how long it took."""


@dataclass(frozen=True, eq=False)
class Doing:
    """What a step is given.

    Attributes:
        folder: Its own; what it writes there is kept.
        progress: Is told the share of the step that is done.
        cancel: Stops it.
    """

    folder: Path
    progress: Progress
    cancel: CancelToken


Work = Callable[[Doing], None]


@dataclass(frozen=True, eq=False)
class Step:
    """One step.

    Attributes:
        key: Its folder in the experiment's, with slashes.
        title: What it does, a few words.
        kind: Steps of one kind have the same pace ("train").
        inputs: Plain values that decide its result; hashes for files.
        after: Keys of steps whose results it reads; they come before it.
        seconds: Estimate, of one processor core.
        work: Does it; resumes in the same folder.
    """

    key: str
    title: str
    kind: str
    inputs: Mapping[str, Any]
    after: tuple[str, ...]
    seconds: float
    work: Work


@dataclass(frozen=True)
class Standing:
    """Where a step stands.

    Attributes:
        step: The step.
        digest: Of its inputs and of the steps before it.
        done: Whether its result is there, of these inputs.
        seconds: What it took, or the estimate of what it will take.
    """

    step: Step
    digest: str
    done: bool
    seconds: float


def standings(steps: Sequence[Step], folder: Path) -> list[Standing]:
    """Where every step stands; estimates follow what steps of their kind took."""
    digests: dict[str, str] = {}
    for step in steps:
        digests[step.key] = _digest(step, digests)
    records = {step.key: _record(folder / step.key) for step in steps}
    done = {key: one.get("digest") == digests[key] and bool(one.get("done")) for key, one in records.items()}
    paces = {step.kind: _pace([one for one in steps if one.kind == step.kind], records, done) for step in steps}
    return [
        Standing(
            step,
            digests[step.key],
            done[step.key],
            float(records[step.key]["seconds"]) if done[step.key] else step.seconds * paces[step.kind],
        )
        for step in steps
    ]


def run_steps(
    steps: Sequence[Step], folder: Path, *, progress: Progress = silent, cancel: CancelToken | None = None
) -> int:
    """Do what is not done yet, in order; returns how many steps were done now.

    Args:
        steps: In an order in which each comes after those that it reads.
        folder: Of the experiment.
        progress: Is told the share of the estimated time that is done.
        cancel: Stops it; the same call resumes.

    Raises:
        Cancelled: it was stopped.
        StudioError: a step failed; those before it are kept.
    """
    token, made = cancel or CancelToken(), 0
    for number, step in enumerate(steps):
        now = standings(steps, folder)
        if now[number].done:
            continue
        token.raise_if_cancelled()
        total = sum(one.seconds for one in now) or 1.0
        before = sum(one.seconds for one in now[:number])
        left = sum(one.seconds for one in now[number:] if not one.done)
        span = before / total, now[number].seconds / total
        words = f"{number + 1} of {len(steps)}, about {max(1, round(left / 60))} min left: {step.title}"
        progress(span[0], words)
        _do(step, folder, now[number].digest, Doing(folder / step.key, _part(progress, span, words), token))
        made += 1
    return made


def _do(step: Step, folder: Path, digest: str, doing: Doing) -> None:
    own = folder / step.key
    former = _record(own)
    spent = float(former.get("seconds", 0.0)) if former.get("digest") == digest else 0.0
    if former.get("digest") != digest:
        _cleared(own)
        write_json(own / RECORD, {"digest": digest, "done": False, "seconds": 0.0})
    began = time.monotonic()
    try:
        step.work(doing)
    except BaseException:
        write_json(own / RECORD, {"digest": digest, "done": False, "seconds": spent + time.monotonic() - began})
        raise
    record = {"digest": digest, "done": True, "seconds": round(spent + time.monotonic() - began, 2)}
    write_json(own / RECORD, {**record, "title": step.title, "inputs": dict(step.inputs)})


def _cleared(own: Path) -> None:
    """Take away what a step of other inputs left; a folder of something else stays.

    Raises:
        WriteError: it is a folder of something else.
    """
    if not own.exists() or not any(own.iterdir()):
        return
    if not (own / RECORD).is_file():
        raise WriteError("the folder holds files of something else", file=own, remedy="Choose another --out")
    shutil.rmtree(own)


def _digest(step: Step, digests: Mapping[str, str]) -> str:
    unknown = [key for key in step.after if key not in digests]
    if unknown or step.key in digests:
        raise StudioError(f"the step {step.key} stands twice, or before {', '.join(unknown)}")
    content = [step.key, dict(step.inputs), [digests[key] for key in step.after], program_version()]
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _record(own: Path) -> dict[str, Any]:
    try:
        found = json.loads((own / RECORD).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _pace(steps: Sequence[Step], records: Mapping[str, Mapping[str, Any]], done: Mapping[str, bool]) -> float:
    """What steps of one kind took over their estimates; 1 before any is done."""
    over = [step for step in steps if done[step.key]]
    estimated = sum(step.seconds for step in over)
    return sum(float(records[step.key]["seconds"]) for step in over) / estimated if estimated else 1.0


def _part(progress: Progress, span: tuple[float, float], words: str) -> Progress:
    return lambda fraction, more: progress(span[0] + fraction * span[1], f"{words}, {more}" if more else words)
