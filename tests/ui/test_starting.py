"""The window shows before what is in it is imported, and then everything is in place."""

import os
import subprocess
import sys

from PySide6.QtWidgets import QWidget

from cxr_studio.ui.shell.first_paint import FirstPaint

BEGIN = """
import builtins, os, sys
from cxr_studio.ui.app import begin
from cxr_studio.ui.shell.frame import Frame
def watched(frame):
    show(frame)
    print(frame.window.isVisible(), "cxr_studio.ui.studio" in sys.modules)
show, Frame.show = Frame.show, watched
_, studio = begin()
print(builtins.__import__ is builtins.__orig_import__, "torch" in sys.modules)
print(studio.window.registry.action("file.open").isEnabled(), len(studio.window.menuBar().actions()) > 5)
sys.stdout.flush()
os._exit(0)
"""


SAME = """
import os, sys
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget
from cxr_studio.settings import Settings
from cxr_studio.ui.app import begin
from cxr_studio.ui.studio import Studio
def shown(window):
    loop = QEventLoop()
    QTimer.singleShot(50, loop.quit)
    loop.exec()
    widgets = window.findChildren(QWidget)
    return [(type(w).__name__, w.objectName(), w.isVisible()) for w in widgets if not w.isWindow()]
_, first = begin()
ours = shown(first.window)
whole = Studio(Settings())
whole.window.show()
usual = shown(whole.window)
print(sorted(set(ours) ^ set(usual)), len(ours) > 100, first.window.tools.buttons[0].isVisible())
print([o for o in set(ours) if ours.count(o) != usual.count(o)])
sys.stdout.flush()
os._exit(0)
"""


def test_a_window_that_was_shown_first_shows_what_any_window_does() -> None:
    done = subprocess.run([sys.executable, "-c", SAME], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines() == ["[] True True", "[]"]


def test_the_window_shows_first_and_then_everything_is_in_place() -> None:
    done = subprocess.run([sys.executable, "-c", BEGIN], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines() == ["True False", "True False", "True True"]


def test_the_first_paint_is_noted_once_and_after_it(qtbot) -> None:
    class Painted(QWidget):
        done = 0

        def paintEvent(self, _event: object) -> None:  # noqa: N802
            self.done += 1

    widget = Painted()
    qtbot.addWidget(widget)
    noted = []
    FirstPaint(widget, lambda: noted.append(widget.done))
    assert not noted
    widget.show()
    qtbot.waitUntil(lambda: bool(noted))
    widget.repaint()
    qtbot.waitUntil(lambda: widget.done > 1)
    assert noted == [1]
