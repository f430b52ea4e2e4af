"""Learning what a generator does to healthy lungs, for the z-map."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.networks.card import Card
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.lungs import LUNGS
from cxr_studio.quality.highlighting.healthy import GRID, HealthyCard, HealthyDifferences
from cxr_studio.quality.highlighting.healthy_sums import HealthySums
from cxr_studio.quality.highlighting.highlight import searched
from cxr_studio.quality.highlighting.options import HighlightOptions
from cxr_studio.quality.highlighting.planes import resized
from cxr_studio.quality.highlighting.roundness import SIZES
from cxr_studio.quality.highlighting.search import Search
from cxr_studio.radiographs.reading import read_radiograph


def learn(
    paths: Sequence[Path],
    options: HighlightOptions,
    *,
    like: Card | None = None,
    device: str = "auto",
    progress: Progress = silent,
) -> HealthyDifferences:
    """Search healthy radiographs and add up their signed maps.

    Args:
        paths: Healthy radiographs, best such that the generator was not trained on.
        options: Generator and scales.
        like: Geometry for a classical generator.
        device: "auto", "cpu", "cuda" or "mps".
        progress: Called after every radiograph.

    Raises:
        StudioError: one cannot be read, or no lungs were found in any.
    """
    sums: tuple[HealthySums, HealthySums] | None = None
    last: Search | None = None
    for number, path in enumerate(paths, start=1):
        search = Search.begin(read_radiograph(path), options, device, like=like)
        if search.lungs.found and (last is None or search.factors == last.factors):
            stages = len(search.levels)
            sums = sums or (HealthySums(stages), HealthySums(stages * SIZES))
            _add(sums, search)
            last = search
        progress(number / len(paths), path.name)
    if sums is None or last is None:
        raise StudioError("no lungs were found in any of these radiographs", remedy="Give frontal radiographs")
    lungs = find_checkpoints().get(LUNGS)
    card = HealthyCard(
        last.facts.name,
        last.checkpoint_sha256,
        sums[0].images,
        last.factors,
        lungs_sha256=lungs.sha256 if lungs else "",
        source=f"{paths[0].name} to {paths[-1].name}",
        samples=last.fill.samples,
    )
    shape = len(last.levels), SIZES, GRID, GRID
    mean, sd = (part.reshape(shape) for part in sums[1].finish())
    return HealthyDifferences(card, *sums[0].finish(), mean, sd)


def _add(sums: tuple[HealthySums, HealthySums], search: Search) -> None:
    signed: list[Plane] = []
    round_: list[Plane] = []
    looked_at, inside = search.lungs.mask, search.lungs.mask
    for finest in searched(search, CancelToken(), silent):
        _, plane, looked_at = search.maps(finest=finest)
        found, inside = search.responses(looked_at, finest=finest)
        signed.append(plane)
        round_.extend(found)
    sums[0].add(signed, search.lungs.mask, looked_at)
    lungs = resized(search.lungs.mask.astype(np.float32), (inside.shape[0], inside.shape[1])) >= 0.5
    sums[1].add(round_, lungs, inside)
