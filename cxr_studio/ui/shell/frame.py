"""The window before any feature is installed: it can be shown while the rest is imported."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QWidget

from cxr_studio.settings import Settings
from cxr_studio.ui.shell.main_window import MainWindow


class Frame:
    """An empty main window, where it was the last time.

    Args:
        settings: Remembered from the last time.

    Attributes:
        window: The window.
    """

    def __init__(self, settings: Settings) -> None:
        self.window = MainWindow(settings.shortcuts)
        self.window.take_place(settings.geometry)

    def show(self) -> None:
        """Show the window and wait until it is painted."""
        loop = QEventLoop()
        self.window.painted.connect(loop.quit)
        self.window.show()
        loop.exec()
        self.window.painted.disconnect(loop.quit)

    def show_added(self) -> None:
        """Show what was put into the shown window without a layout, and was not hidden: Qt does so only for layouts."""
        for widget in self.window.findChildren(QWidget):
            explicit = widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
            if widget.isHidden() and not widget.isWindow() and not explicit:
                widget.show()
