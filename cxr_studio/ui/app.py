"""Starting the desktop program, and drawing it into a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cxr_studio.ui.quick_start import plain_imports, uncollected

if TYPE_CHECKING:
    from cxr_studio.ui.studio import Studio


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
    from cxr_studio.ui.shell.fault_net import FaultNet

    app, studio = begin()
    window, net = studio.window, FaultNet()
    net.caught.connect(window.messages.warn)
    net.open()
    if not window.isVisible():  # closed before everything was in place
        window.closing.emit()
        return 0
    QTimer.singleShot(0, studio, lambda: studio.start(list(files)))
    try:
        return app.exec()
    finally:
        net.close()
        window.deleteLater()


def begin() -> tuple[QApplication, Studio]:
    """Show the window, and then install what is in it: a third of the time comes after the first paint."""
    plain_imports()
    with uncollected():
        from cxr_studio.settings import load_settings
        from cxr_studio.ui.application import application
        from cxr_studio.ui.shell.frame import Frame
        from cxr_studio.ui.theme.style import apply_theme

        app = application()
        settings, damaged = load_settings()
        apply_theme(app, settings.theme)
        frame = Frame(settings)
        frame.show()

        from cxr_studio.ui.studio import Studio

        studio = Studio(settings, frame=frame)
        frame.show_added()
        if damaged:
            studio.window.messages.warn(damaged)
    return app, studio
