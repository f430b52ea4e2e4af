"""Opening a study: as a program of its own, or beside the main window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cxr_studio.studies.bundle import open_bundle
from cxr_studio.ui.study.conductor import Conductor, StudyOptions
from cxr_studio.ui.theme.style import apply_theme
from cxr_studio.ui.window.fault_net import FaultNet, sentence

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class _Caught(QObject):
    """Carries a sentence about a fault to the window's thread."""

    told = Signal(str)


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
    conductor = Conductor(bundle, options)
    caught = _Caught()
    caught.told.connect(conductor.stop)
    net = FaultNet(lambda fault: caught.told.emit(sentence(fault, net.log_file)))
    net.open()
    conductor.gone.connect(app.quit)
    conductor.show()
    try:
        return app.exec()
    finally:
        net.close()
        conductor.window.deleteLater()


def open_study(folder: Path, parent: QWidget) -> Conductor:
    """Sit a study in a window of its own beside the main window.

    Raises:
        StudioError: the bundle cannot be opened.
    """
    conductor = Conductor(open_bundle(folder), StudyOptions(), parent)
    conductor.gone.connect(conductor.window.deleteLater)
    conductor.gone.connect(conductor.deleteLater)
    conductor.show()
    return conductor
