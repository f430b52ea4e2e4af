"""The search for what is abnormal: coarse first, dropped when cancelled or stale, walked through, made into a mask."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.session import Session
from cxr_studio.quality.highlighting.map import AbnormalityMap
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.ui.highlight.controller import HighlightController
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

SHAPE = 200, 160
SPOTS = ((40, 50, 0.30), (120, 90, -0.20), (160, 30, 0.10))
"""Row, column and signed value of three discs of radius 10."""
DEFAULTS = {"absolute": 0.05, "signed": 0.05, "z": 2.0, "focal": 4.0}


def made_map(*, complete: bool = True, z: bool = False, strength: float = 1.0) -> AbnormalityMap:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    signed = np.zeros(SHAPE, np.float32)
    for row, column, value in SPOTS:
        signed[(y - row) ** 2 + (x - column) ** 2 <= 100] = strength * value
    return AbnormalityMap(
        absolute=np.abs(signed),
        signed=signed,
        z=20 * signed if z else None,
        looked_at=np.ones(SHAPE, bool),
        spots=(),
        generator="fake",
        complete=complete,
        seconds=0.1,
        device="cpu",
    )


class Maps:
    """Gives maps when it is let; remembers what was ordered."""

    def __init__(self) -> None:
        self.given = [made_map(complete=False, strength=0.5), made_map()]
        self.gates = [threading.Event() for _ in self.given]
        self.orders: list[object] = []
        self.fault: Exception | None = None

    def __call__(self, order, progress, token):
        self.orders.append(order)
        for number, (each, gate) in enumerate(zip(self.given, self.gates, strict=True)):
            while not gate.wait(0.005):
                token.raise_if_cancelled()
            if self.fault is not None:
                raise self.fault
            progress((number + 1) / len(self.given), "step")
            yield each

    def let(self, count: int) -> None:
        for gate in self.gates[:count]:
            gate.set()


def radiograph(name: str = "a.png") -> Radiograph:
    stored = np.full(SHAPE, 1000, np.uint16)
    stored.setflags(write=False)
    return Radiograph(stored, linear_greyscale(stored.dtype, 16), source=Source(Path(name), "", "png", 16))


class Bench:
    def __init__(self, qtbot) -> None:
        self.qtbot = qtbot
        self.background = Background()
        self.workspace = Workspace()
        self.maps = Maps()
        self.highlight = HighlightController(
            self.workspace, self.background, source=self.maps, defaults=DEFAULTS.__getitem__
        )
        self.warnings: list[str] = []
        self.highlight.warned.connect(self.warnings.append)
        self.workspace.open(Session(radiograph()))

    def run(self, **options: bool) -> None:
        self.highlight.run(**options)

    def finished(self) -> None:
        self.qtbot.waitUntil(lambda: not self.highlight.running and not self.background.busy)


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.highlight.close()
    made.background.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("cxr-")]


@pytest.fixture
def done(bench):
    bench.maps.let(2)
    bench.run()
    bench.finished()
    return bench


def test_the_coarse_map_shows_first_and_is_replaced(bench):
    bench.run()
    bench.maps.let(1)
    bench.qtbot.waitUntil(lambda: bench.highlight.found is not None)
    assert not bench.highlight.found.complete
    assert bench.highlight.running
    bench.maps.let(2)
    bench.finished()
    assert bench.highlight.found.complete
    assert [spot.rank for spot in bench.highlight.spots] == [1, 2, 3]


def test_cancel_leaves_nothing_half(bench):
    bench.run()
    bench.maps.let(1)
    bench.qtbot.waitUntil(lambda: bench.highlight.found is not None)
    bench.highlight.cancel()
    assert bench.highlight.found is None
    assert bench.highlight.spots == ()
    assert not bench.highlight.running
    bench.maps.let(2)
    bench.qtbot.waitUntil(lambda: not bench.background.busy)
    assert bench.highlight.found is None


def test_cancelling_in_the_progress_strip_is_the_same(bench):
    cancels = []
    bench.background.slow.connect(lambda _title, cancel: cancels.append(cancel))
    bench.run()
    bench.maps.let(1)
    bench.qtbot.waitUntil(lambda: bool(cancels) and bench.highlight.found is not None, timeout=3000)
    cancels[0]()
    bench.finished()
    assert bench.highlight.found is None


def test_a_cancelled_second_search_brings_the_first_map_back(done):
    first = done.highlight.found
    done.maps.gates[1].clear()
    done.run()
    done.qtbot.waitUntil(lambda: done.highlight.found is not first)
    done.highlight.cancel()
    assert done.highlight.found is first


def test_the_map_of_another_radiograph_is_dropped(bench):
    bench.run()
    bench.maps.let(1)
    bench.qtbot.waitUntil(lambda: bench.highlight.found is not None)
    bench.workspace.open(Session(radiograph("b.png")))
    assert bench.highlight.found is None
    bench.maps.let(2)
    bench.qtbot.waitUntil(lambda: not bench.background.busy)
    assert bench.highlight.found is None
    assert not bench.highlight.running


def test_a_result_on_its_way_to_a_closed_radiograph_is_dropped(bench):
    bench.maps.let(2)
    bench.run()
    threads = [t for t in threading.enumerate() if t.name.startswith("cxr-")]
    for thread in threads:
        thread.join(5)
    bench.workspace.close()
    bench.qtbot.waitUntil(lambda: not bench.background.busy)
    assert bench.highlight.found is None


def test_a_fault_is_a_sentence_and_keeps_the_old_map(done):
    first = done.highlight.found
    done.maps.fault = GeneratorError("there is no generator 'x'")
    done.run()
    done.qtbot.waitUntil(lambda: bool(done.warnings))
    assert "There is no generator 'x'" in done.warnings[0]
    assert done.highlight.found is first
    assert not done.highlight.running


def test_the_original_is_searched_or_the_inpainted_image(done):
    done.run(inpainted=True)
    done.finished()
    original, composite = (order.radiograph.stored for order in done.maps.orders)
    session = done.workspace.session
    assert original is session.radiograph.stored
    assert composite is not original
    assert (composite == session.composite).all()
    assert done.highlight.inpainted
    assert not done.highlight.outdated


def test_the_threshold_lists_anew_once_it_rests(done):
    done.highlight.set_threshold(0.15)
    done.qtbot.waitUntil(lambda: len(done.highlight.spots) == 2)
    done.highlight.set_threshold(9.0)
    assert done.highlight.threshold == 0.30
    done.highlight.step_threshold(-1)
    assert done.highlight.threshold == pytest.approx(0.295)


def test_the_kind_falls_back_where_there_is_no_z(done):
    assert done.highlight.look.wish == "focal"
    assert done.highlight.kind == "absolute"
    done.highlight.next_kind()
    assert done.highlight.kind == "signed"
    assert [spot.sign for spot in done.highlight.spots] == [1, 1, -1]
    done.highlight.next_kind()
    assert done.highlight.kind == "absolute"


def test_a_z_map_is_shown_first_where_there_is_one(bench):
    bench.maps.given = [made_map(complete=False), made_map(z=True)]
    bench.maps.let(2)
    bench.run()
    bench.finished()
    assert bench.highlight.kind == "z"
    assert bench.highlight.threshold == DEFAULTS["z"]
    assert bench.highlight.spots[0].score == pytest.approx(6.0)


def test_round_spots_are_shown_before_all_others_where_they_are_known(bench):
    bench.maps.given = [made_map(complete=False), replace(made_map(z=True), focal=made_map(z=True).z.clip(0))]
    bench.maps.let(2)
    bench.run()
    bench.finished()
    assert bench.highlight.kind == "focal"
    assert bench.highlight.threshold == DEFAULTS["focal"]
    bench.highlight.next_kind()
    assert bench.highlight.kind == "absolute"
    bench.highlight.set_kind("z")
    assert bench.highlight.kind == "z"


def test_next_and_previous_walk_round_and_centre(done):
    places = []
    done.highlight.look_at.connect(lambda y, x: places.append((y, x)))
    done.highlight.step(-1)
    done.highlight.step(1)
    done.highlight.step(1)
    assert done.highlight.selected == 2
    wanted = [SPOTS[2][:2], SPOTS[0][:2], SPOTS[1][:2]]
    assert np.allclose(places, wanted, atol=1.5)


def test_the_chosen_spot_stays_chosen_at_another_threshold(done):
    done.highlight.select(2)
    done.highlight.set_threshold(0.15)
    done.qtbot.waitUntil(lambda: len(done.highlight.spots) == 2)
    assert done.highlight.selected == 2
    done.highlight.set_threshold(0.25)
    done.qtbot.waitUntil(lambda: len(done.highlight.spots) == 1)
    assert done.highlight.selected is None


def test_a_hot_spot_becomes_a_mask_and_can_be_undone(done):
    session = done.workspace.session
    session.mask[0, 0] = True
    before = session.mask.copy()
    done.highlight.select(2)
    done.highlight.make_mask()
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    assert (session.mask == (((y - 120) ** 2 + (x - 90) ** 2 <= 100) | before)).all()
    done.workspace.undo()
    assert (session.mask == before).all()
