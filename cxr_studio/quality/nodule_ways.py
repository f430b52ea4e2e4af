"""Ways of drawing a nodule that are measured beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.generation.devices import choose_device
from cxr_studio.masks.morphology import grow
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.background import lung_in_patch
from cxr_studio.nodules.simulation import Simulated
from cxr_studio.nodules.texture import PENUMBRA
from cxr_studio.nodules.texture_network import both_patches
from cxr_studio.quality.nodule_evaluation import Drawing
from cxr_studio.restore.classical import CLASSICAL

SNAPSHOTS = "snapshots"
"""Where a training run keeps its checkpoints."""

AT_ONCE = 8


def network_ways(checkpoint: Checkpoint, pairs: Sequence[Simulated], *, device: str = "auto") -> dict[str, Drawing]:
    """The network's own answer, with the usual density of these pairs, and told each one's own.

    A snapshot of a training run is called by its run folder, any other checkpoint by its card.
    """
    usual, title, folder = usual_density(pairs), checkpoint.card.title, checkpoint.path.parent
    if folder.name == SNAPSHOTS:
        title = f"{folder.parent.name}, {checkpoint.path.stem}"
    return {
        title: lambda part: plain(checkpoint, part, [usual] * len(part), device=device),
        f"{title}, density given": lambda part: plain(checkpoint, part, [p.density for p in part], device=device),
    }


def program_ways(checkpoint: Checkpoint, pairs: Sequence[Simulated], *, device: str = "auto") -> dict[str, Drawing]:
    """What the program draws with it: on the radiograph's own background, and all drawn."""
    usual, title = usual_density(pairs), checkpoint.card.title
    return {
        f"{title}, own background": lambda part: kept(checkpoint, part, [usual] * len(part), device=device),
        f"{title}, all drawn": lambda part: grained(checkpoint, part, [usual] * len(part), device=device),
    }


def classical_ways(pairs: Sequence[Simulated]) -> dict[str, Drawing]:
    """Telea and biharmonic with the mean contrast of these pairs added, and biharmonic with a rounded body."""
    mean = float(np.mean([(pair.real - pair.healthy)[pair.mask].mean() for pair in pairs]))
    usual = usual_density(pairs)

    def flat(name: str) -> Drawing:
        return lambda part: [_filled(name, pair) + (pair.mask * mean).astype(np.float32) for pair in part]

    def body(density: Callable[[Simulated], float]) -> Drawing:
        return lambda part: [_filled("biharmonic", pair) + pair.contrast(density(pair)) for pair in part]

    return {
        "Telea + mean contrast": flat("telea"),
        "Biharmonic + mean contrast": flat("biharmonic"),
        "Biharmonic + rounded body": body(lambda _: usual),
        "Biharmonic + rounded body, density given": body(lambda pair: pair.density),
    }


def plain(
    checkpoint: Checkpoint, pairs: Sequence[Simulated], densities: Sequence[float], *, device: str = "auto"
) -> list[Plane]:
    """The network's answer; nothing changes beyond the soft edge."""
    return [nodule for _, nodule in _answers(checkpoint, pairs, densities, device)]


def kept(
    checkpoint: Checkpoint, pairs: Sequence[Simulated], densities: Sequence[float], *, device: str = "auto"
) -> list[Plane]:
    """The nodule alone, on the radiograph's own background, as the program draws it by default."""
    answers = _answers(checkpoint, pairs, densities, device)
    return [np.clip(p.healthy + nodule - lung, -1, 1) for p, (lung, nodule) in zip(pairs, answers, strict=True)]


def grained(
    checkpoint: Checkpoint, pairs: Sequence[Simulated], densities: Sequence[float], *, device: str = "auto"
) -> list[Plane]:
    """The nodule on lung that the default restore generator fills, as the program draws it "all drawn"."""
    found = []
    for number, (pair, (lung, nodule)) in enumerate(
        zip(pairs, _answers(checkpoint, pairs, densities, device), strict=True)
    ):
        behind = lung_in_patch(pair.healthy, grow(pair.mask, PENUMBRA), seed=number, device=device)
        found.append(np.clip(behind + nodule - lung, -1, 1))
    return found


def usual_density(pairs: Sequence[Simulated]) -> float:
    """Geometric mean of the pairs' densities."""
    return float(np.exp(np.mean([np.log(max(pair.density, 1e-3)) for pair in pairs])))


def _answers(
    checkpoint: Checkpoint, pairs: Sequence[Simulated], densities: Sequence[float], device: str
) -> list[tuple[Plane, Plane]]:
    """The network's patches without and with the nodules."""
    where, found = choose_device(device), list[tuple[Plane, Plane]]()
    for start in range(0, len(pairs), AT_ONCE):
        part, told = pairs[start : start + AT_ONCE], densities[start : start + AT_ONCE]
        contrast = np.stack([pair.contrast(density) for pair, density in zip(part, told, strict=True)])
        patches, masks = np.stack([pair.healthy for pair in part]), np.stack([pair.mask for pair in part])
        found += list(zip(*both_patches(checkpoint, where, patches, masks, contrast), strict=True))
    return found


def _filled(name: str, pair: Simulated) -> Plane:
    unit = np.asarray(pair.healthy / 2 + 0.5, np.float32)
    return np.asarray(CLASSICAL[name](unit, pair.mask) * 2 - 1, np.float32)
