"""Learning what a generator does to healthy lungs, for the z-map."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.networks.card import Card
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.lungs import LUNGS
from cxr_studio.quality.highlighting.healthy import HealthyCard, HealthyDifferences, HealthySums
from cxr_studio.quality.highlighting.highlight import searched
from cxr_studio.quality.highlighting.options import HighlightOptions
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
    sums: HealthySums | None = None
    last: Search | None = None
    for number, path in enumerate(paths, start=1):
        search = Search.begin(read_radiograph(path), options, device, like=like)
        if search.lungs.found and (last is None or search.factors == last.factors):
            sums = sums or HealthySums(len(search.levels))
            _add(sums, search)
            last = search
        progress(number / len(paths), path.name)
    if sums is None or last is None:
        raise StudioError("no lungs were found in any of these radiographs", remedy="Give frontal radiographs")
    lungs = find_checkpoints().get(LUNGS)
    return sums.finish(
        HealthyCard(
            last.facts.name,
            last.checkpoint_sha256,
            sums.images,
            last.factors,
            lungs_sha256=lungs.sha256 if lungs else "",
            source=f"{paths[0].name} to {paths[-1].name}",
        )
    )


def _add(sums: HealthySums, search: Search) -> None:
    signed, looked_at = [], search.lungs.mask
    for finest in searched(search, CancelToken(), silent):
        _, plane, looked_at = search.maps(finest=finest)
        signed.append(plane)
    sums.add(signed, search.lungs.mask, looked_at)
