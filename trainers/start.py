"""Start a training: devices, task, loop, progress on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from lightning.fabric import Fabric
from lightning.fabric.strategies import DDPStrategy

from cxr_studio.errors import RecipeError, StudioError
from cxr_studio.events import Progress, silent
from trainers.batches import Share
from trainers.blame import words_of
from trainers.cards import Outcome
from trainers.data_check import Files
from trainers.finding import find_system
from trainers.loop import Loop
from trainers.network_check import check_networks
from trainers.precision import chosen
from trainers.processes import check_shares, machines, started_here
from trainers.recipe import Recipe
from trainers.run_folder import begin

LINE_SECONDS = 30.0
"""Seconds between progress lines where the output is no terminal."""


@dataclass(frozen=True)
class RunSettings:
    """Where and how a recipe is run now.

    Attributes:
        folder: Run folder.
        device: "auto", "cpu", "cuda" or "mps".
        steps: Most steps to take now, None = to the end.
        resume: Continue from the folder's state.
        files: Hashes of the training data, noted in the folder at the start.
    """

    folder: Path
    device: str = "auto"
    steps: int | None = None
    resume: bool = False
    files: Mapping[str, Files] = field(default_factory=dict)


def trained(recipe: Recipe, text: str, settings: RunSettings, *, until: int) -> tuple[Outcome, bool]:
    """Run a recipe up to a step; returns what was reached, and whether a signal ended it before.

    Raises:
        StudioError: no such device, no images, or nothing to resume.
    """
    loop = _begun(recipe, text, settings)
    outcome = loop.run(steps=max(0, until - loop.step), progress=_terminal_progress())
    return outcome, loop.stopped


def train(recipe: Recipe, text: str, settings: RunSettings) -> tuple[str, bool]:
    """Run a recipe.

    Returns:
        A sentence on what was reached, "" in another process than the first; and whether a signal ended it.

    Raises:
        StudioError: no such device, no images, or nothing to resume.
    """
    loop = _begun(recipe, text, settings)
    outcome = loop.run(steps=settings.steps, progress=_terminal_progress() if loop.first else silent)
    return _report(outcome, settings.folder) if loop.first else "", loop.stopped


def _begun(recipe: Recipe, text: str, settings: RunSettings) -> Loop:
    loop = _loop(recipe, text, folder=settings.folder, device=settings.device)
    if settings.resume:
        loop.resume()
    elif loop.first:
        begin(settings.folder, settings.files)
    return loop


def dry_run(recipe: Recipe, text: str, *, device: str) -> str:
    """Check everything by two steps in a temporary folder; return a sentence.

    Raises:
        StudioError: no such device, no images, or a recipe whose parts do not go together.
    """
    with TemporaryDirectory() as folder:
        try:
            loop = _loop(recipe, text, folder=Path(folder), device=device)
            outcome = loop.run(steps=2)
            _check_weights(loop)
        except StudioError:
            raise
        except Exception as fault:  # whatever a network or a system of one's own may do wrong
            what = f"the recipe {recipe.name!r} cannot be trained ({words_of(fault)})"
            raise RecipeError(what, remedy="Fix it and try again") from fault
        per_epoch, total = loop.task.steps_per_epoch, loop.task.total_steps
        each = outcome.seconds / max(1, outcome.steps)
    return (
        f"The recipe {recipe.name!r} runs: {total} steps ({per_epoch} an epoch), {each:.2f} s a step on "
        f"{outcome.device}, about {total * each / 3600:.1f} h. Nothing was kept."
    )


def _check_weights(loop: Loop) -> None:
    for name, network in loop.task.modules.items():
        if not all(bool(torch.isfinite(weight).all()) for weight in network.state_dict().values()):
            what = f"after {loop.step} steps the weights of {name!r} are no finite numbers"
            raise RecipeError(what, remedy="Look for a division by zero in its losses, or lower optimiser.rate")


def _loop(recipe: Recipe, text: str, *, folder: Path, device: str) -> Loop:
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    if recipe.run.threads:
        torch.set_num_threads(recipe.run.threads)
    try:
        precision = chosen(recipe.run.precision, _device(device))
        devices = _device_count(recipe, device)
        strategy = DDPStrategy(broadcast_buffers=False) if devices * machines() > 1 else "auto"
        together = {"devices": devices, "num_nodes": machines(), "strategy": strategy}
        fabric = Fabric(accelerator=device, precision=precision, **together)
        fabric.launch()
    except (RuntimeError, ValueError) as fault:
        raise StudioError(f"the device {device!r} cannot be used ({fault})", remedy="Choose --device cpu") from fault
    check_shares(recipe, fabric.world_size)
    check_networks(recipe)
    share = Share(fabric.global_rank, fabric.world_size)
    task = find_system(recipe.task).task(recipe, text, share=share)
    return Loop(task, recipe, text, folder=folder, fabric=fabric)


def _device(name: str) -> torch.device:
    """The device that Fabric takes by a name."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    return torch.device(name)


def _device_count(recipe: Recipe, device: str) -> int:
    """Processes on this machine: as many as torchrun has started, else the recipe's GPUs."""
    if started_here():
        return started_here()
    return 1 if device == "cpu" or not torch.cuda.is_available() else recipe.run.devices


def _report(outcome: Outcome, folder: Path) -> str:
    scores = ", ".join(f"{name} {value:.4g}" for name, value in outcome.scores.items())
    minutes = outcome.seconds / 60
    return f"{outcome.steps} steps in {minutes:.1f} min: {scores}. Snapshots are in {folder / 'snapshots'}."


def _terminal_progress() -> Progress:
    if sys.stderr.isatty():
        from rich.progress import Progress as Bar

        bar = Bar(transient=True)
        bar.start()
        job = bar.add_task("training", total=1.0)
        return lambda fraction, words: bar.update(job, completed=fraction, description=words)
    shown = [0.0]

    def line(fraction: float, words: str) -> None:
        if time.monotonic() - shown[0] > LINE_SECONDS or fraction >= 1:
            shown[0] = time.monotonic()
            print(f"{100 * fraction:5.1f} %  {words}", flush=True)

    return line
