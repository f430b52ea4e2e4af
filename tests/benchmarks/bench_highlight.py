"""Seconds a radiograph, coarse and complete, beside the bare generator's time for the same holes."""

import time

import numpy as np
import pytest

from cxr_studio.generation.devices import choose_device
from cxr_studio.networks.card import Role
from cxr_studio.quality.highlighting.highlight import HighlightOptions, refinements
from cxr_studio.quality.highlighting.search import Search
from cxr_studio.quality.highlighting.square_fills import square_fill
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.restore.network_fill import BATCH
from cxr_studio.roles import find
from tests.benchmarks.measure import tell

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("generator", ["context-encoder", "biharmonic"])
def test_highlight(generator: str) -> None:
    radiograph = read_radiograph(resource("samples", "pneumonia.png"))
    options = HighlightOptions(generator)
    device = choose_device("auto")
    list(refinements(radiograph, options, device=device))
    started = time.perf_counter()
    times = [time.perf_counter() - started for _ in refinements(radiograph, options, device=device)]
    windows = sum(len(level.corners) for level in Search.begin(radiograph, options, device).levels)
    bare = _bare(generator, device, windows)
    rows = [
        (f"the generator alone, {windows} holes", bare, "s"),
        ("first, coarse map", times[0], "s"),
        ("complete map", times[-1], "s"),
    ]
    tell(f"highlight, {generator}, 1024 × 1024, on {device}", rows, base=rows[0][0])
    assert times[0] <= times[-1]


def _bare(generator: str, device: str, windows: int) -> float:
    fill = square_fill(find(generator, Role.RESTORE), device)
    crops = np.random.default_rng(0).random((BATCH, fill.card.input_side, fill.card.input_side)).astype(np.float32)
    fill.answer(crops)
    started = time.perf_counter()
    for start in range(0, windows, BATCH):
        fill.answer(crops[: min(BATCH, windows - start)])
    return time.perf_counter() - started
