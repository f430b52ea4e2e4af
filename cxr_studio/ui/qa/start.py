"""Opening the comparison of checkpoints: as a program of its own, or beside the main window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from cxr_studio.quality.comparison.panel import Panel, default_panel
from cxr_studio.settings import Settings, load_settings
from cxr_studio.ui.qa.comparison import ComparisonOptions
from cxr_studio.ui.shell.fault_net import FaultNet
from cxr_studio.ui.theme.style import apply_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cxr_studio.ui.qa.comparison_window import ComparisonWindow


def open_qa(
    paths: Sequence[str | Path],
    panel: Panel | None = None,
    *,
    device: str = "auto",
    judge: str = "",
    cache: Path | None = None,
) -> int:
    """Compare checkpoints until the window is closed.

    Args:
        paths: Runs, folders, checkpoints and names, as ``columns_of`` takes them.
        panel: The rows; the bundled ones by default.
        device: "auto", "cpu", "cuda" or "mps".
        judge: Whose verdicts are logged; "" asks at the first one.
        cache: Folder of the filled cells; the program's own by default.

    Raises:
        ReadError: the verdicts cannot be read.

    Returns:
        Exit code for the shell.
    """
    from cxr_studio.ui.application import application
    from cxr_studio.ui.qa.assembling import comparison_window

    app = application()
    settings, _ = load_settings()
    apply_theme(app, settings.theme)
    window = comparison_window(panel or default_panel(), ComparisonOptions(device, judge, cache), settings=settings)
    net = FaultNet()
    net.caught.connect(window.messages.warn)
    net.open()
    window.painted.connect(lambda: window.comparison.start(list(paths)), Qt.ConnectionType.QueuedConnection)
    window.show()
    try:
        return app.exec()
    finally:
        net.close()
        window.deleteLater()


def open_beside(
    paths: Sequence[str | Path], parent: QWidget, *, settings: Settings | None = None, device: str = "auto"
) -> ComparisonWindow:
    """Compare checkpoints in a window of its own beside the main window.

    Args:
        paths: Runs, folders, checkpoints and names.
        parent: The main window, with which it closes.
        settings: The user's shortcuts.
        device: "auto", "cpu", "cuda" or "mps".

    Raises:
        StudioError: the verdicts cannot be read.
    """
    from cxr_studio.ui.qa.assembling import comparison_window

    window = comparison_window(default_panel(), ComparisonOptions(device), settings=settings)
    window.gone.connect(window.deleteLater)
    window.painted.connect(lambda: window.comparison.start(list(paths)), Qt.ConnectionType.QueuedConnection)
    parent.destroyed.connect(window.close)
    window.show()
    return window
