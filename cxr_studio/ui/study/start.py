"""Opening a study: as a program of its own, or beside the main window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.studies.bundle import Bundle, open_bundle
from cxr_studio.studies.trace import Trace
from cxr_studio.ui.shell.fault_net import FaultNet
from cxr_studio.ui.study.study_controller import StudyController, StudyOptions
from cxr_studio.ui.theme.style import apply_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def run_study(folder: Path, options: StudyOptions) -> int:
    """Sit a study until the window is closed.

    Raises:
        StudioError: the bundle cannot be opened.

    Returns:
        Exit code for the shell.
    """
    from cxr_studio.ui.application import application

    bundle = open_bundle(folder)
    app = application()
    apply_theme(app, "dark")
    controller = StudyController(bundle, options)
    net = FaultNet()
    net.caught.connect(controller.stop)
    net.open()
    controller.gone.connect(app.quit)
    controller.show()
    try:
        return app.exec()
    finally:
        net.close()
        controller.window.deleteLater()


def run_replay(bundle: Bundle, traces: Sequence[Trace], first: int) -> int:
    """Play traces back until the window is closed; returns an exit code for the shell.

    Args:
        bundle: The study.
        traces: Of one reader.
        first: Which one to begin with, from 0.
    """
    from cxr_studio.ui.application import application
    from cxr_studio.ui.study.pictures_ahead import decoded
    from cxr_studio.ui.study.replay_window import ReplayWindow

    app = application()
    apply_theme(app, "dark")
    window = ReplayWindow(traces, lambda name: decoded(bundle.image(name), bundle.images[name]), first=first)
    window.show()
    try:
        return app.exec()
    finally:
        window.deleteLater()


def open_study(folder: Path, parent: QWidget) -> StudyController:
    """Sit a study in a window of its own beside the main window.

    Raises:
        StudioError: the bundle cannot be opened.
    """
    controller = StudyController(open_bundle(folder), StudyOptions(), parent)
    controller.gone.connect(controller.window.deleteLater)
    controller.gone.connect(controller.deleteLater)
    controller.show()
    return controller
