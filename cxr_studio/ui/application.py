"""The one Qt application of the process."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cxr_studio.ui.theme.icons import icon


def application() -> QApplication:
    """Return the one application, made with the platform's own scaling rules."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["cxr-studio"])
    app.setApplicationName("CXR Studio")
    app.setDesktopFileName("cxr-studio")
    app.setWindowIcon(icon("app"))
    return app
