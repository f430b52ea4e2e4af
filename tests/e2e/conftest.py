"""A real window with a real engine, driven by mouse and keys; files in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.canvas import Canvas
from cxr_studio.ui.shell.ports import Leave
from cxr_studio.ui.studio import Studio

W = TypeVar("W", bound=QWidget)


class Answers:
    """Dialogs that answer by themselves and remember what was asked."""

    def __init__(self) -> None:
        self.leave = Leave.DISCARD
        self.path: Path | None = None
        self.asked: list[str] = []

    def ask_leave(self, name: str) -> Leave:
        self.asked.append(f"leave {name}")
        return self.leave

    def file_to_open(self, title: str, filters: Sequence[str]) -> Path | None:
        self.asked.append(title)
        return self.path

    def folder_to_open(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.path

    def file_to_save(self, title: str, proposal: Path, filters: Sequence[str]) -> Path | None:
        self.asked.append(title)
        return self.path


class Desk:
    """A window under test, and hands."""

    def __init__(self, qtbot: QtBot, settings: Settings) -> None:
        self.qtbot = qtbot
        self.answers = Answers()
        self.studio = Studio(settings, dialogs=self.answers)
        self.window = self.studio.window
        self.window.resize(1300, 800)
        self.window.show()
        qtbot.waitExposed(self.window)

    @property
    def canvas(self) -> Canvas:
        return self.window.grid.panes["inpainted"].canvas

    def view(self, kind: type[W]) -> W:
        """The one widget of a kind."""
        return self.window.findChild(kind)

    def start(self, *paths: Path) -> None:
        with self.qtbot.waitSignal(self.studio.link.warmed, timeout=60_000):
            self.studio.start([])
        if paths:
            self.open(*paths)

    def open(self, *paths: Path) -> None:
        with self.qtbot.waitSignal(self.studio.workspace.opened, timeout=20_000):
            self.studio.documents.open(list(paths))

    def place(self, y: float, x: float, canvas: Canvas | None = None) -> QPoint:
        """Where an image point lies in a canvas."""
        geometry = (canvas or self.canvas).geometry_now
        left, top = geometry.to_device(y, x)
        return QPoint(round(left / geometry.ratio), round(top / geometry.ratio))

    def mouse(self, kind: QEvent.Type, point: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        acting = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        place = QPointF(point)
        where = QPointF(self.canvas.mapToGlobal(point))
        event = QMouseEvent(kind, place, where, acting, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.canvas, event)

    def drag(self, *points: tuple[float, float], button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Press at the first image point, move through the others, release at the last."""
        places = [self.place(*point) for point in points]
        self.mouse(QEvent.Type.MouseButtonPress, places[0], button)
        for place in places[1:]:
            self.mouse(QEvent.Type.MouseMove, place, button)
        self.mouse(QEvent.Type.MouseButtonRelease, places[-1], button)

    def stroke(self, *points: tuple[float, float]) -> None:
        """Paint, and wait for the fill."""
        with self.qtbot.waitSignal(self.studio.inpainting.timed, timeout=30_000):
            self.drag(*points)

    def do(self, command: str) -> None:
        action = self.window.registry.action(command)
        assert action.isEnabled(), f"{command} is disabled"
        action.trigger()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.canvas.setFocus()
        self.qtbot.keyClick(self.canvas, key, modifier)

    def leave(self) -> None:
        """Close the window without a question."""
        if self.studio.workspace.session is not None:
            self.studio.workspace.session.mark_saved()
        with suppress(self.qtbot.TimeoutError):  # a busy machine takes its time to find the lungs
            self.qtbot.waitUntil(lambda: not self.studio.background.busy, timeout=60_000)
        self.window.close()
        self.window.deleteLater()


@pytest.fixture
def desk_maker(qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(**settings: object) -> Desk:
        made.append(Desk(qtbot, Settings(**settings)))
        return made[-1]

    yield make
    for desk in made:
        desk.leave()


@pytest.fixture
def desk(desk_maker: Callable[..., Desk]) -> Desk:
    """A window whose generator is the biharmonic fill: quick to start."""
    return desk_maker(generator="biharmonic")


@pytest.fixture
def picture(tmp_path: Path, phantom: np.ndarray) -> Path:
    """A 16-bit PNG of a chest phantom, 320 × 288."""
    path = tmp_path / "chest.png"
    Image.fromarray(phantom).save(path)
    return path
