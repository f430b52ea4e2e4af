"""A study window under test, and the hands and eyes of a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.ledger import Ledger
from cxr_studio.studies.sitting import Sitting
from cxr_studio.ui.study.study_controller import StudyController, StudyOptions
from cxr_studio.ui.study.trial_controller import Phase
from tests.studies.tiny_study import tiny_study

QUICK = {"blank_ms": 10}
ENTER, LEFT, RIGHT = Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Right


class Seat:
    """A reader before the window."""

    def __init__(self, qtbot: QtBot, bundle: Bundle, **options: Any) -> None:
        self.qtbot, self.bundle = qtbot, bundle
        self.controller = StudyController(bundle, StudyOptions(windowed=True, **options))
        self.window = self.controller.window
        with qtbot.waitSignal(self.window.painted):
            self.controller.show()
        qtbot.waitUntil(lambda: not self.controller._background.busy)

    @property
    def sitting(self) -> Sitting:
        assert self.controller.sequence is not None
        return self.controller.sequence.sitting

    @property
    def ledger(self) -> Ledger:
        return self.sitting.ledger

    @property
    def trials(self):
        assert self.controller.sequence is not None
        return self.controller.sequence.trials

    @property
    def words(self) -> str:
        """Title of the page of words, "" while it is not shown."""
        page = self.window.words
        return page.title if self.window.currentWidget() is page else ""

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.window.currentWidget(), key)

    def begin(self, reader: str = "anna") -> None:
        """Name, instructions, display check; then the first trial is open."""
        self.qtbot.keyClicks(self.window.reader.name, reader)
        self.qtbot.keyClick(self.window.reader.name, ENTER)
        self.go_on()

    def go_on(self) -> None:
        """From the instructions to the first trial."""
        self.key(ENTER)
        assert self.window.currentWidget() is self.window.display
        self.key(Qt.Key.Key_Space)
        self.key(ENTER)
        self.wait_open()

    def wait_open(self) -> None:
        """Until the images of a trial can be answered."""
        self.qtbot.waitUntil(lambda: self.trials.phase is Phase.OPEN, timeout=5000)

    def answer(self, key: Qt.Key) -> None:
        """Answer a trial, over the break before it and the feedback after it."""
        if self.words:
            self.key(ENTER)
        self.wait_open()
        self.key(key)
        if self.trials.phase is Phase.FEEDBACK:
            self.key(ENTER)

    def button(self, words: str) -> QPushButton:
        """The button that is shown with these words."""
        shown = [b for b in self.window.findChildren(QPushButton) if b.isVisible() and words in b.text()]
        assert len(shown) == 1, [b.text() for b in shown]
        return shown[0]

    def mouse(
        self, side: int, *points: tuple[float, float], button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        """Press at the first point ``(x, y)`` of a canvas, move through the others, release at the last."""
        canvas = self.trials.page.images.canvases[side]
        kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1)]
        for kind, point in [*zip(kinds, points, strict=True), (QEvent.Type.MouseButtonRelease, points[-1])]:
            acting = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
            held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
            place = QPointF(*point)
            where = QPointF(canvas.mapToGlobal(place))
            QApplication.sendEvent(
                canvas, QMouseEvent(kind, place, where, acting, held, Qt.KeyboardModifier.NoModifier)
            )

    def place(self, side: int, y: float, x: float) -> QPoint:
        """Where an image point lies in a canvas."""
        geometry = self.trials.page.images.canvases[side].geometry_now
        left, top = geometry.to_device(y, x)
        return QPoint(round(left / geometry.ratio), round(top / geometry.ratio))

    def kill(self) -> None:
        """As if the process were killed: nothing more is written, the log is only let go of."""
        sequence, self.controller.sequence = self.controller.sequence, None
        if sequence is not None:
            sequence.stop()
            sequence.sitting.ledger._log.close()
        self.controller._leave_anyhow()

    def leave(self) -> None:
        if not self.window.may_close:
            self.controller._leave_anyhow()
        self.window.deleteLater()


@pytest.fixture
def seat(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Seat]]:
    """Makes a study on its first use (or takes a bundle) and opens its window."""
    made: list[Seat] = []

    def sit(paradigm: str = "2afc", *, bundle: Bundle | None = None, **sections: Any) -> Seat:
        options = sections.pop("options", {})
        if bundle is None:
            sections["answer"] = {**QUICK, **sections.get("answer", {})}
            bundle, _ = tiny_study(tmp_path / "study", paradigm, **sections)
        made.append(Seat(qtbot, bundle, **options))
        return made[-1]

    yield sit
    for each in made:
        each.leave()
