"""Qt calls that return nothing must not use up None."""

import sys

from PySide6.QtWidgets import QLabel


def test_many_calls_that_return_nothing_leave_none_alive(qtbot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    for _ in range(30_000):
        label.update()
    assert sys.getrefcount(None) > 1_000_000
