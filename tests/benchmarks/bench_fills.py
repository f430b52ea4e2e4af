"""Donor fills and drawn fills beside the biharmonic fill of the same hole; donors with 1,000 radiographs too."""

import time
from dataclasses import replace
from statistics import median

import numpy as np
import pytest

from cxr_studio.donors.bank import shipped_bank
from cxr_studio.donors.library import Shelf
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.restore import exemplar_fill
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions

pytestmark = pytest.mark.benchmark
RUNS = 7
SIDES = (24, 64, 128, 256, 400)
MANY = 1000


def timed(side: int, generator: str) -> tuple[float, float]:
    """Median wall and processor seconds of filling a square hole."""
    session = Session(read_radiograph(resource("samples", "healthy-1.png")))
    mask = np.zeros(session.radiograph.shape, bool)
    mask[330 : 330 + side, 230 : 230 + side] = True
    session.apply_mask(mask, "Hole")
    asked = session.request(FillOptions(generator), session.mask)
    fill(asked)
    wall, processor = [], []
    for _ in range(RUNS):
        begun = time.perf_counter(), time.process_time()
        fill(asked)
        wall.append(time.perf_counter() - begun[0])
        processor.append(time.process_time() - begun[1])
    return median(wall), median(processor)


@pytest.mark.parametrize("generator", ["exemplar", "inpainting", "inpainting-donors"])
@pytest.mark.parametrize("side", SIDES)
def test_a_fill_beside_the_biharmonic_fill(side: int, generator: str) -> None:
    told("as shipped", side, generator)


@pytest.mark.parametrize("side", [64, 400])
def test_with_a_thousand_radiographs(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plates = shipped_bank().plates
    many = Shelf([replace(plates[k % len(plates)], patient=f"{k}") for k in range(MANY)])
    monkeypatch.setattr(exemplar_fill, "shipped_bank", lambda: many)
    told(f"{MANY} radiographs", side)


def told(what: str, side: int, generator: str = "exemplar") -> None:
    (wall, processor), (smooth, _) = timed(side, generator), timed(side, "biharmonic")
    ratio = wall / smooth
    print(
        f"\n{generator}, {what}, hole of {side} px: {1000 * wall:.0f} ms, {1000 * processor:.0f} ms of processor; "
        f"{ratio:.0f} times the biharmonic fill ({1000 * smooth:.0f} ms)"
    )
    assert ratio > 0
