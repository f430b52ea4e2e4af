"""Starting the desktop program, and drawing it into a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt

from cxr_studio.settings import load_settings
from cxr_studio.ui.application import application
from cxr_studio.ui.shell.fault_net import FaultNet
from cxr_studio.ui.studio import Studio
from cxr_studio.ui.theme.style import apply_theme


def run(files: Sequence[Path] = (), *, screenshot: Path | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        files: Radiographs, a session or a folder to open.
        screenshot: Instead of staying: paint over something, wait for the fill, write a picture of the window here
            and leave. Needs no display.

    Returns:
        Exit code for the shell.
    """
    if screenshot is not None:
        from cxr_studio.ui.screenshot import DEMO, render

        return render(DEMO, screenshot, files=files)
    app = application()
    settings, damaged = load_settings()
    apply_theme(app, settings.theme)
    studio = Studio(settings)
    window, net = studio.window, FaultNet()
    net.caught.connect(window.messages.warn)
    net.open()
    if damaged:
        window.messages.warn(damaged)
    window.painted.connect(lambda: studio.start(list(files)), Qt.ConnectionType.QueuedConnection)
    window.show()
    try:
        return app.exec()
    finally:
        net.close()
        window.deleteLater()
