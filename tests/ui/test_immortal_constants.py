"""Qt calls that return nothing or a truth value must not use up the constants."""

import sys

import pytest
from PySide6.QtWidgets import QLabel


@pytest.mark.parametrize("constant", [None, True, False])
def test_many_calls_leave_the_constants_alive(qtbot, constant: object) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    for _ in range(30_000):
        label.update()
        label.isVisible()
        label.isEnabled()
    assert sys.getrefcount(constant) > 1_000_000
