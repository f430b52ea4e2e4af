"""Scrolling 200 checkpoints × 24 cases beside a QTableView of the same pictures; a new snapshot until it is seen."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QAbstractTableModel, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QTableView

from cxr_studio.quality.comparison.cell import Cell, CellScores
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.hole_shapes import HoleShape
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.ui.qa.assembling import comparison_window
from cxr_studio.ui.qa.comparison import ComparisonOptions
from cxr_studio.ui.qa.comparison_window import ComparisonWindow
from cxr_studio.ui.qa.grid_layout import HEADER
from tests.benchmarks.measure import median_ms, tell

pytestmark = pytest.mark.benchmark
COLUMNS, ROWS, STEPS = 200, 24, 60
SIZE = (1600, 900)


def panel_of(folder: Path) -> Panel:
    rng = np.random.default_rng(1)
    image = rng.normal(30_000, 6_000, (1024, 1024)).clip(0, 65_535).astype(np.uint16)
    Image.fromarray(image).save(folder / "chest.png")
    boxes = [(100.0 + 30 * k, 200.0 + 20 * k) for k in range(ROWS)]
    holes = [HoleShape("box", ((y, x), (y + 64, x + 64))) for y, x in boxes]
    return Panel("Bench", tuple(Case(f"case {k}", str(folder / "chest.png"), h, k) for k, h in enumerate(holes)))


def filled_window(folder: Path, *, count: int = COLUMNS) -> ComparisonWindow:
    """A window of cells that are all in memory; no thread is started."""
    window = comparison_window(panel_of(folder), ComparisonOptions("cpu", "anna", folder / "cache", folder))
    comparison = window.comparison
    rng = np.random.default_rng(2)
    columns = tuple(Column(f"key {k}", f"step {100 * k:,}", folder / "none", folder, 100 * k) for k in range(count))
    for case in comparison.lineup.panel.cases:
        loaded = comparison.maker.loaded(case)
        comparison.store._cases[case.name] = loaded
        for column in columns:
            plane = np.roll(loaded.original, int(rng.integers(0, 50)))
            comparison.store._cells[case.name, column.key] = Cell(
                plane, CellScores(30.0, 1.0, 0.9, 1.0, 1.0, milliseconds=20.0)
            )
    comparison.lineup.add(columns)
    window.show_empty("")
    window.plot.hide()
    window.resize(*SIZE)
    window.show()
    QApplication.processEvents()
    return window


class Pictures(QAbstractTableModel):
    """The same pictures, drawn beforehand."""

    def __init__(self, pixmaps: list[QPixmap]) -> None:
        super().__init__()
        self._pixmaps = pixmaps

    def rowCount(self, _parent: object = None) -> int:  # noqa: N802
        return ROWS

    def columnCount(self, _parent: object = None) -> int:  # noqa: N802
        return COLUMNS

    def data(self, index: object, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pixmaps[(index.row() * COLUMNS + index.column()) % len(self._pixmaps)]  # type: ignore[attr-defined]
        return None


def table_view() -> float:
    rng = np.random.default_rng(3)
    pixmaps = []
    for _ in range(200):
        grey = rng.integers(0, 255, (144, 144), dtype=np.uint8)
        pixmaps.append(QPixmap.fromImage(QImage(grey.data, 144, 144, 144, QImage.Format.Format_Grayscale8).copy()))
    view = QTableView()
    view.setModel(Pictures(pixmaps))
    view.setIconSize(QSize(144, 144))
    view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.horizontalHeader().setDefaultSectionSize(150)
    view.verticalHeader().setDefaultSectionSize(170)
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()

    def step(number: int) -> None:
        view.horizontalScrollBar().setValue(97 * number)
        view.viewport().repaint()

    ms = median_ms(step, STEPS)
    view.close()
    view.deleteLater()
    return ms


def test_scrolling(qapp: QApplication, tmp_path: Path) -> None:
    window = filled_window(tmp_path)
    grid, look = window.grid, window.comparison.look

    def across(number: int, pitch: int = 97) -> None:
        grid.horizontalScrollBar().setValue(pitch * number)
        grid.viewport().repaint()

    new = median_ms(lambda n: across(n, 800), 30)
    fine = median_ms(across, STEPS)
    still = median_ms(lambda _n: grid.viewport().repaint(), STEPS)
    zoom = median_ms(lambda n: (look.zoom_by(1.05, at=(0.5, 0.5)), grid.viewport().repaint()), 30)
    base = "QTableView with ready pixmaps, scrolled by 97 px"
    rows = [
        (base, table_view(), "ms"),
        ("CXR Studio, nothing new to draw", still, "ms"),
        ("CXR Studio, scrolled by 97 px", fine, "ms"),
        ("CXR Studio, scrolled by half a window, cells drawn anew", new, "ms"),
        ("CXR Studio, linked zoom, every cell drawn anew", zoom, "ms"),
    ]
    tell(
        f"A frame of {COLUMNS} × {ROWS} cells of 144 px in {SIZE[0]} × {SIZE[1]} (header {HEADER} px)", rows, base=base
    )
    window.close()
    window.deleteLater()
    assert fine < 16


def test_a_new_snapshot(qapp: QApplication, tmp_path: Path) -> None:
    import torch

    from cxr_studio.networks.checkpoint import save_checkpoint
    from cxr_studio.networks.registry import build
    from tests.restore.tiny_network import CARD

    run = tmp_path / "run"
    (run / "snapshots").mkdir(parents=True)

    def snapshot(step: int) -> None:
        torch.manual_seed(step)
        save_checkpoint(run / f"{step}.safetensors", build(CARD), CARD)
        (run / f"{step}.safetensors").rename(run / "snapshots" / f"step-{step:07d}.safetensors")

    snapshot(1)
    window = comparison_window(panel_of(tmp_path), ComparisonOptions("cpu", "anna", tmp_path, tmp_path))
    window.resize(*SIZE)
    window.show()
    window.comparison.start([run])
    lineup, board = window.comparison.lineup, window.comparison.board

    def wait_for(step: int) -> tuple[float, float]:
        started = time.perf_counter()
        column = cell = 0.0
        while not cell:
            QApplication.processEvents()
            if not column and lineup.shown and lineup.shown[-1].step == step:
                column = time.perf_counter() - started
            if column and board.picture(0, lineup.shown[-1]) is not None:
                cell = time.perf_counter() - started
            time.sleep(0.002)
        return column, cell

    wait_for(1)
    times = []
    for step in range(2, 8):
        snapshot(step)
        times.append(wait_for(step))
    column, cell = np.median(np.array(times), axis=0)
    base = "polled once a second"
    rows = [(base, 1.0, "s"), ("snapshot on disk → its column", column, "s"), ("→ its first cell", cell, "s")]
    tell("A new snapshot", rows, base=base)
    window.close()
    window.deleteLater()
