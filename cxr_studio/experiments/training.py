"""Trainings as steps: ``python -m trainers`` in a process of its own, up to a step, resumed where it stopped."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cxr_studio.errors import RecipeError, StudioError
from cxr_studio.experiments.parts import Training
from cxr_studio.experiments.steps import Doing
from cxr_studio.files import file_sha256
from cxr_studio.processes import supervised, training_command

STATE, LOG = "state.safetensors", "log.txt"
SHARE = re.compile(rb"^\s*(\d+\.\d) %", re.MULTILINE)
"""How a training says how far it is."""

LAST = 4096
"""Bytes at the end of the log that are looked at."""


@dataclass(frozen=True)
class Order:
    """One training.

    Attributes:
        training: The recipe's.
        settings: Changes of the training's recipe, ``section.key=value``.
        length: Steps of the whole training.
        until: Step at which it stops; 0 for its end.
        device: Where it runs.
        folder: Run folder; the step's own where it is None.
    """

    training: Training
    settings: tuple[str, ...]
    length: int
    until: int = 0
    device: str = "auto"
    folder: Path | None = None

    @property
    def end(self) -> int:
        """Step at which it stops."""
        return self.until or self.length

    @property
    def changes(self) -> tuple[str, ...]:
        """All of the recipe that is changed, in the order in which it counts."""
        return (*self.training.settings, *self.settings, f"run.steps={self.length}")


class Trainer(Protocol):
    """Runs a training, or stands for one in tests."""

    def __call__(self, order: Order, doing: Doing) -> None:
        """Train; the run folder holds a snapshot then.

        Raises:
            StudioError: it did not come to its end; the same call resumes.
        """


def train(order: Order, doing: Doing) -> None:
    """Train in a process of its own; see ``Trainer``."""
    folder = order.folder or doing.folder
    reached = steps_done(folder)
    if reached >= order.end:
        return
    words = [order.training.recipe, "--out", str(folder), "--device", order.device, "--steps", str(order.end - reached)]
    words += ["--resume"] if reached else []
    for setting in order.changes:
        words += ["--set", setting]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / LOG
    with log.open("ab") as stream:
        code = supervised(training_command(words), output=stream, tick=lambda: _tick(log, doing))
    doing.cancel.raise_if_cancelled()
    if code or steps_done(folder) < order.end:
        raise StudioError(f"the training did not come to its end ({_last_line(log)})", file=log, remedy="Run it again")


def facts_of(training: Training) -> dict[str, Any]:
    """What of a training decides its result, for a step's inputs.

    Raises:
        RecipeError: there is no such recipe.
    """
    if not Path(training.recipe).is_file():
        raise RecipeError("there is no such recipe of a training", file=training.recipe, remedy="Set training.recipe")
    return {**training.model_dump(mode="json"), "sha256": file_sha256(training.recipe)}


def length_of(training: Training, images: int) -> int:
    """Steps of a training on so many radiographs.

    Raises:
        RecipeError: its recipe cannot be read.
    """
    if training.steps:
        return training.steps
    try:
        values = tomllib.loads(Path(training.recipe).read_text(encoding="utf-8"))
        batch = int(values.get("run", {}).get("batch", 1))
    except (OSError, ValueError, AttributeError) as fault:
        raise RecipeError(f"the recipe cannot be read ({fault})", file=training.recipe, remedy="Fix it") from fault
    return max(1, round(training.epochs * max(1, images // batch)))


def steps_done(folder: Path) -> int:
    """Steps of the training in a run folder; 0 where there is none."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / STATE, framework="numpy") as archive:
            return int(json.loads(archive.metadata()["position"])["step"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        return 0


def snapshot(folder: Path, step: int = 0) -> Path:
    """The snapshot of a step, or the last one.

    Raises:
        StudioError: there is none.
    """
    found = sorted((folder / "snapshots").glob(f"step-{step:07d}.safetensors" if step else "step-*.safetensors"))
    if not found:
        raise StudioError("the training has left no snapshot", file=folder, remedy="Delete the folder and run it again")
    return found[-1]


def text(value: str | Sequence[str]) -> str:
    """A TOML value of words."""
    return json.dumps(value if isinstance(value, str) else list(value))


def _tick(log: Path, doing: Doing) -> bool:
    shares = SHARE.findall(_tail(log))
    if shares:
        doing.progress(float(shares[-1]) / 100, "")
    return not doing.cancel.cancelled


def _last_line(log: Path) -> str:
    lines = _tail(log).decode(errors="replace").strip().splitlines()
    return lines[-1].rstrip(". ") if lines else "it said nothing"


def _tail(log: Path) -> bytes:
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - LAST))
            return stream.read()
    except OSError:
        return b""
