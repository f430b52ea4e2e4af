"""One training loop for all systems, on Lightning Fabric: CPU, one GPU or several, mixed precision."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from lightning.fabric import Fabric
from torch import Tensor

from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.networks.checkpoint import save_checkpoint
from trainers.budget import Budget
from trainers.cards import Outcome
from trainers.convergence import Watch
from trainers.journal import Journal
from trainers.processes import mean_over_all, own_stream
from trainers.recipe import Recipe
from trainers.state import Position, load_state, save_state
from trainers.task import Task

ENDLESS = 10**9
"""Steps of a training that its time ends."""

JOURNAL_EVERY = 20
"""Steps over which figures are averaged into one journal row."""


class Loop:
    """Runs a task to its end, with snapshots, and continues from a folder's state.

    A run folder holds ``recipe.toml``, ``journal.csv``, ``tensorboard/``, ``state.safetensors`` (for
    resuming), ``snapshots/step-N.safetensors`` (shippable, with card) and ``sheets/step-N.png``.

    Args:
        task: The system to train.
        recipe: Its recipe.
        text: The recipe's TOML text.
        folder: Run folder.
        fabric: Launched Fabric.
    """

    def __init__(self, task: Task[Any, Any], recipe: Recipe, text: str, *, folder: Path, fabric: Fabric) -> None:
        self.task = task
        self.recipe = recipe
        self.text = text
        self.folder = folder
        self.fabric = fabric
        self.step = 0
        self.seconds = 0.0
        self._stop = False
        self._watch = Watch(recipe.convergence) if recipe.convergence else None
        self._budget = Budget(recipe.run.minutes, recipe.run.threads)
        task.attach(fabric)

    @property
    def state_path(self) -> Path:
        """Where the resumable state is kept."""
        return self.folder / "state.safetensors"

    def resume(self) -> None:
        """Continue from the folder's state.

        Raises:
            CheckpointError: it is missing, or does not fit.
        """
        position = load_state(self.state_path, self.task)
        self.step, self.seconds = position.step, position.seconds
        self._budget.spent = position.processor_seconds
        if self.recipe.convergence:
            self._follow(Watch(self.recipe.convergence, **position.watch))

    @property
    def stopped(self) -> bool:
        """Whether a signal has ended the training."""
        return self._stop

    @property
    def converged(self) -> bool:
        """Whether the recipe's rule has ended the training."""
        return self._watch is not None and self._watch.ended

    def run(self, *, steps: int | None = None, progress: Progress = silent) -> Outcome:
        """Train up to the recipe's end, or by at most ``steps`` steps; SIGINT and SIGTERM end it with a
        snapshot.

        Args:
            steps: Most steps to take now.
            progress: Called after every step.

        Returns:
            What was reached.
        """
        longest = ENDLESS if self.recipe.run.minutes else self.task.total_steps
        end = longest if steps is None else min(longest, self.step + steps)
        end = self.step if self._budget.ended else end
        if self.first:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.step == 0:  # a resumed training keeps the recipe that it began with
                (self.folder / "recipe.toml").write_text(self.text, encoding="utf-8")
        self.fabric.barrier()
        own_stream(self.recipe.seed, self.fabric.global_rank, self.step)
        with Journal(self.folder, step=self.step) if self.first else nullcontext() as journal, self._interrupts():
            self._train(end, journal, progress)
            return self._snapshot(journal)

    @property
    def first(self) -> bool:
        """Whether this is the process that writes."""
        return bool(self.fabric.global_rank == 0)

    def _train(self, end: int, journal: Journal | None, progress: Progress) -> None:
        started, snapped = time.monotonic() - self.seconds, time.monotonic()
        self._budget.begin()
        sums: dict[str, list[Tensor]] = {}
        for batch in self.task.batches(self.step, self.step if self.converged else end):
            for name, value in self.task.step(batch.to(self.fabric.device), self.step).items():
                sums.setdefault(name, []).append(value)
            self.step += 1
            self.seconds = time.monotonic() - started
            ended = self._spent()
            if self.step % JOURNAL_EVERY == 0:
                means = {name: _mean(values) for name, values in sums.items()}
                if journal is not None:
                    journal.write(self._place(), means)
                sums.clear()
            progress(self.step / self.task.total_steps, self._words(end))
            if self._measures():
                self._snapshot(journal, follow=True)
                snapped = time.monotonic()
            late = time.monotonic() - snapped > 60 * self.recipe.run.snapshot_minutes and self.step < end
            stop, late = self._agreed(stop=self._stop, late=late)
            if stop or ended or self.converged:
                break
            if late:
                self._snapshot(journal)
                snapped = time.monotonic()
            self._budget.begin()

    def _spent(self) -> bool:
        """Count a step's time; returns whether the recipe's is over, which the first process says."""
        self._budget.pause()
        if not self.recipe.run.minutes:
            return False
        told = (self._budget.length(self.step), self._budget.ended)
        self.task.total_steps, ended = self.fabric.broadcast(told)
        return bool(ended)

    def _agreed(self, *, stop: bool, late: bool) -> tuple[bool, bool]:
        """What all processes do next: stop where one got a signal, write when it is time for the first one."""
        if self.fabric.world_size == 1:
            return stop, late
        flags = torch.tensor([float(stop), float(late and self.first)], device=self.fabric.device)
        every = self.fabric.all_reduce(flags, reduce_op="sum")
        return bool(every[0]), bool(every[1])

    def _measures(self) -> bool:
        """Whether the score that is followed is measured after this step."""
        rule = self.recipe.convergence
        return rule is not None and self.step % max(1, round(rule.every * self.task.steps_per_epoch)) == 0

    def _follow(self, watch: Watch) -> None:
        self._watch, self.task.rate_factor = watch, watch.factor

    def _snapshot(self, journal: Journal | None, *, follow: bool = False) -> Outcome:
        scores: dict[str, float] = self.fabric.broadcast(self.task.scores() if self.first else {})
        if self._watch is not None:
            self._watch.score(scores)
            if follow:
                self._watch.see(scores)
                self._follow(self._watch)
        seconds = self._budget.minutes * 60 if self.recipe.run.minutes else self.seconds
        outcome = Outcome(self.step, seconds, str(self.fabric.device), scores)
        if journal is not None:
            journal.write(self._place(), scores)
            name = f"step-{self.step:07d}"
            save_checkpoint(
                self.folder / "snapshots" / f"{name}.safetensors",
                self.task.shipped(),
                self.task.card(outcome),
            )
            _write_png(self.folder / "sheets" / f"{name}.png", self.task.sheet())
            watch = self._watch.noted() if self._watch else {}
            position = Position(self.step, self.seconds, self.text, watch, self._budget.spent)
            save_state(self.state_path, self.task, position)
        self.fabric.barrier()
        return outcome

    def _place(self) -> tuple[int, float, int, float]:
        stage = self.task.stage(max(0, self.step - 1))
        return self.step, self.step / self.task.steps_per_epoch, stage, self.seconds

    def _words(self, end: int) -> str:
        end = min(end, self.task.total_steps)
        left = (end - self.step) * self.seconds / max(1, self.step)
        return f"step {self.step} of {end}, {left / 60:.0f} min left"

    @contextmanager
    def _interrupts(self) -> Iterator[None]:
        def stop(number: int, frame: object) -> None:  # noqa: ARG001
            self._stop = True

        kept = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, former in kept.items():
                signal.signal(number, former)


def _mean(values: list[Tensor]) -> float:
    """Over steps and processes."""
    return float(mean_over_all(torch.stack([value.detach().float() for value in values]).mean()))


def _write_png(path: Path, image: np.ndarray) -> None:
    with replaced(path) as beside:
        cv2.imwrite(str(beside), image)
