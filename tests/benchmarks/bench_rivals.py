"""One mask, all generators, in a window: seconds from the key to the last answer in the row."""

import time

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from cxr_studio.resources import resource
from cxr_studio.settings import Settings
from cxr_studio.ui.screenshot import wait_for
from cxr_studio.ui.studio import Studio
from tests.benchmarks.measure import close

pytestmark = pytest.mark.benchmark

LEAST = 8
"""Generators that the row shows at least: those that ship."""
HOLE = 64


def test_the_row_of_all_generators(qapp: QApplication) -> None:
    studio = Studio(Settings(live=False))
    studio.window.show()
    assert wait_for(studio.workspace.opened, lambda: studio.documents.open([resource("samples", "healthy-1.png")]))
    assert wait_for(studio.link.warmed, lambda: studio.link.start(studio.inpainting.options.generator))
    mask = np.zeros(studio.workspace.session.mask.shape, bool)
    mask[330 : 330 + HOLE, 230 : 230 + HOLE] = True
    studio.workspace.replace_mask(mask, "Hole")
    print()
    for what in ("networks not loaded yet", "again", "again"):
        wall, processor = time.perf_counter(), time.process_time()
        studio.window.registry.action("inpaint.every").trigger()
        while studio.rivals.waiting:
            assert wait_for(studio.rivals.changed, lambda: None)
        qapp.processEvents()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        count = len(studio.rivals.answers)
        print(f"{count} generators, hole of {HOLE} px, {what}: {wall:.1f} s, {processor:.1f} s of processor")
        assert count >= LEAST
    for rival in studio.rivals.answers:
        print(f"  {rival.facts.title:<40} {1000 * rival.result.seconds:6.0f} ms")
    close(studio)
