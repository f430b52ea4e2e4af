"""What is on the screen, for DICOM objects: the window, and the detector's boxes while they are shown."""

from __future__ import annotations

from cxr_studio.exchange.objects import Wanted
from cxr_studio.exchange.observers import Observer
from cxr_studio.exchange.reporting import as_reported
from cxr_studio.radiographs.presets import full_window
from cxr_studio.radiographs.window import Window
from cxr_studio.ui.detect.controller import DetectController
from cxr_studio.ui.shell.workspace import Workspace


def wanted_as_shown(workspace: Workspace, window: Window | None, detect: DetectController) -> Wanted:
    """How objects are written of the open radiograph.

    Args:
        workspace: The open radiograph.
        window: On the screen; None where the whole range is shown.
        detect: Its boxes at or above the threshold are reported while it is on and shows them.
    """
    session = workspace.session
    if session is None:
        return Wanted()
    shown = detect.boxes if detect.on and detect.shown else ()
    findings = as_reported(shown, session.radiograph.shape)
    source, observer = detect.source, Observer()
    if findings and source is not None:
        version = source.checkpoint.sha256[:12] if source.checkpoint is not None else "unknown"
        observer = Observer(device=source.title, version=version)
    return Wanted(window=window or full_window(session.radiograph), observer=observer, findings=findings)
