"""Training an observer on pairs: the real crop is to score higher than its filled twin."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from cxr_studio.events import Progress, silent
from cxr_studio.networks.observer import ObserverError
from cxr_studio.networks.observers.network import CELL, Kind, ObserverModule, SearchNetwork, log_mean_odds, network_of
from cxr_studio.networks.observers.observer import PLAIN_EYE, Device, Eye, Observer, disguised, tensor_of
from cxr_studio.networks.observers.pairs import Pairs

DECAY = 1e-2
"""Weight decay of AdamW."""

SETTLED, SETTLED_STEPS = 2e-3, 40
"""Training ends early when the mean loss of so many steps is below this: nothing is left to learn."""

LEAST_PAIRS = 8

SEARCH_SHARE = 3
"""A search observer is shown a step's pairs divided by this as whole windows, which are four times as large."""

CLOSE = 0.6
"""Share of a search observer's steps in which it sees crops of half the side around the change."""

CHANGED_CELL = 0.5
"""Least changed share of a cell's pixels for it to count as filled."""

FILLED_WEIGHT = 4.0
"""Weight of a filled cell beside one that was not: the fewer are filled."""

HUMAN_EYE = Eye(blur=1.0, noise=8.0)
"""Calibrated on what never changes: with this noise 75 % of right answers, the threshold of a forced choice, are
reached on biharmonic fills at about an eighth of their contrast. Shipped observer, original + c · (fill - original),
135 holes of 45 patients: 64 % at c = 0.06, 74.4 % (69.6–79.5) at 0.12, 84 % at 0.2. ``cxr-studio evaluate --observer
--calibrate 0.125`` trains observers of several noises and says which one reaches it."""


@dataclass(frozen=True)
class PairTraining:
    """How an observer is trained.

    Attributes:
        steps: Optimiser steps of each network.
        pairs: Pairs a step; a search observer gets a third of them while it is shown whole windows.
        seeds: One network each; at least two, whose scores add up.
        rate: Peak learning rate of AdamW.
        half: Compute in bfloat16: on a GPU faster, on a processor hardly, and a little less sharp.
        eye: What stands before the networks; None for the kind's own.
    """

    steps: int = 600
    pairs: int = 24
    seeds: tuple[int, ...] = (0, 1)
    rate: float = 2e-3
    half: bool = False
    eye: Eye | None = None


def eye_of(kind: Kind) -> Eye:
    """The eye that an observer of a kind has by default."""
    return HUMAN_EYE if kind == "human-like" else PLAIN_EYE


@dataclass(frozen=True)
class _Run:
    """One network's training."""

    kind: Kind
    seed: int
    training: PairTraining
    eye: Eye
    device: Device


def train_observer(
    pairs: Pairs,
    kind: Kind = "location-known",
    *,
    training: PairTraining | None = None,
    device: Device = "cpu",
    progress: Progress = silent,
) -> Observer:
    """Train one network a seed by softplus(-(real - fake)) on flipped pairs.

    Args:
        pairs: Of training patients.
        kind: What the observer knows.
        training: Steps, pairs, seeds, eye.
        device: "cpu", "cuda", ...
        progress: Called after every step; what it raises stops the training.

    Returns:
        The observer, on the CPU. The same pairs and seeds on the same device give the same one.

    Raises:
        ObserverError: there are too few pairs.
    """
    chosen = training or PairTraining()
    if len(pairs) < LEAST_PAIRS:
        raise ObserverError(f"{len(pairs)} pairs are too few to train an observer", remedy="Give more radiographs")
    seen = chosen.eye or eye_of(kind)
    members = []
    for done, seed in enumerate(chosen.seeds):

        def step(fraction: float, words: str, done: int = done) -> None:
            progress((done + fraction) / len(chosen.seeds), words)

        members.append(_trained(pairs, _Run(kind, seed, chosen, seen, device), step))
    card: dict[str, object] = {
        "pairs": len(pairs),
        "patients": len(set(pairs.groups)),
        "patients_sha256": sorted({disguised(patient) for patient in pairs.groups}),
        **asdict(chosen),
        "eye": asdict(seen),
    }
    return Observer(kind, tuple(members), seen, card)


def _trained(pairs: Pairs, run: _Run, progress: Progress) -> ObserverModule:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(run.seed)
        network = network_of(run.kind).to(run.device)
    chance = torch.Generator().manual_seed(run.seed + 1)
    order = np.random.default_rng([run.seed, 0x0B5])
    steps = run.training.steps
    optimiser = torch.optim.AdamW(network.parameters(), lr=run.training.rate, weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, run.training.rate, total_steps=max(steps, 2), pct_start=0.15)
    network.train()
    losses: list[float] = []
    for step in range(steps):
        close = run.kind == "search" and step < CLOSE * steps
        whole = run.kind == "search" and not close
        count = max(2, run.training.pairs // SEARCH_SHARE) if whole else run.training.pairs
        real, fake, holes = _batch(pairs, order, count=count, close=close)
        seen = run.eye.sees(tensor_of(np.concatenate((real, fake)), run.device), chance)
        with torch.autocast(torch.device(run.device).type, torch.bfloat16, enabled=run.training.half):
            loss = _loss(network, seen, tensor_of(holes, run.device))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        rates.step()
        losses.append(float(loss.detach()))
        progress((step + 1) / steps, f"{run.kind} observer, seed {run.seed}")
        if not close and len(losses) >= SETTLED_STEPS and np.mean(losses[-SETTLED_STEPS:]) < SETTLED:
            break
    return network.eval().requires_grad_(False).cpu()


def _loss(network: ObserverModule, seen: Tensor, holes: Tensor) -> Tensor:
    """Paired ranking loss; a search observer also learns which cells were filled."""
    if not isinstance(network, SearchNetwork):
        real, fake = network(seen, torch.cat((holes, holes))).float().chunk(2)
        return F.softplus(fake - real).mean()
    odds = network.log_odds(seen).float()
    real, fake = (-log_mean_odds(odds)).chunk(2)
    filled = F.avg_pool2d(holes, CELL)[:, 0]
    target = torch.cat((torch.zeros_like(filled), (filled > CHANGED_CELL).to(filled.dtype)))
    found = F.binary_cross_entropy_with_logits(odds, target, pos_weight=odds.new_tensor(FILLED_WEIGHT))
    return F.softplus(fake - real).mean() + found


def _batch(
    pairs: Pairs, rng: np.random.Generator, *, count: int, close: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Pairs of a step, mirrored by chance along each axis, as real, fake, holes; ``close`` crops around the hole."""
    chosen = rng.integers(0, len(pairs), count)
    parts = pairs.only(chosen)
    real, fake, holes = parts.real, parts.fake, parts.known_holes
    if close:
        real, fake, holes = _close(real, fake, holes, rng)
    across, down = rng.random((2, count, 1, 1)) < 0.5
    turned = []
    for values in (real, fake, holes):
        values = np.where(across, values[:, :, ::-1], values)
        turned.append(np.where(down, values[:, ::-1], values))
    return turned[0], turned[1], turned[2]


def _close(
    real: NDArray[np.float32], fake: NDArray[np.float32], holes: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Crops of half the side whose centre lies within a quarter of it from the hole's."""
    side = real.shape[1] // 2
    cut = []
    for k in range(len(real)):
        middle = [int(np.flatnonzero(holes[k].any(axis)).mean()) for axis in (1, 0)]
        y, x = (int(np.clip(m - side // 2 + rng.integers(-side // 4, side // 4 + 1), 0, side)) for m in middle)
        cut.append([values[k, y : y + side, x : x + side] for values in (real, fake, holes)])
    return tuple(np.stack([one[k] for one in cut]) for k in range(3))  # type: ignore[return-value]
