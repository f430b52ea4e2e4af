"""A detector in the window: its section, its commands, its boxes over the panes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from cxr_studio.settings import Settings
from cxr_studio.ui.detect import commands
from cxr_studio.ui.detect.controller import DetectController
from cxr_studio.ui.detect.lines import box_lines, missed_lines
from cxr_studio.ui.detect.panel import DetectPanel
from cxr_studio.ui.detect.sources import FILTERS, installed
from cxr_studio.ui.detect.state import detect_state
from cxr_studio.ui.fill.refused import RefusedFiles
from cxr_studio.ui.highlight.install import bring
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge

SECTION = "Detector"
CAUSE = "detect"
"""What messages, work and outlines of this feature are about."""


def install(desk: Desk, bridge: EngineBridge, *, settle: Callable[[], object]) -> DetectController:
    """Declare the actions and place the section.

    Args:
        desk: Where.
        bridge: Runs the detector.
        settle: Keeps what a tool holds.
    """
    detect = DetectController(desk.workspace, bridge, installed(), parent=desk.parent)

    def choose() -> None:
        path = desk.dialogs.file_to_open("Open a detector or its answers", FILTERS)
        if path is not None:
            detect.open(path)

    desk.actions.add(
        *commands.run_actions(detect, desk.workspace, choose),
        *commands.adjust_actions(detect),
        *commands.missed_actions(detect, settle),
    )
    _show(desk, detect)
    detect.look_at.connect(lambda y, x: bring(desk.places.grid.scene.view, y, x))
    detect.told.connect(lambda text: desk.tell(text, CAUSE))
    detect.warned.connect(lambda text: desk.warn(text, CAUSE))
    desk.at_cancel.append(detect.cancel)
    desk.preferences.add(apply=lambda now: apply(detect, now), collect=lambda now: collect(detect, now))
    return detect


def _show(desk: Desk, detect: DetectController) -> None:
    panel, grid = DetectPanel(), desk.places.grid
    desk.places.side.add(SECTION, panel)
    RefusedFiles(desk.parent).say_in(panel.source)
    pressed = {"open": "detect.open", "missed": "detect.missed", "more": "detect.more"}

    def refresh() -> None:
        panel.set_state(detect_state(detect, desk.workspace))
        lines = box_lines(detect.boxes, shares=detect.shares) + missed_lines(detect.missed)
        grid.scene.set_lines(CAUSE, lines if detect.shown else ())
        grid.set_busy(CAUSE, "Drawing nodules" if detect.drawing else "Detecting" if detect.detecting else "")
        desk.actions.review("detect")

    def scroll() -> None:
        """Scroll to the section when the detector is switched on, and once more when its first answer is in it."""
        if detect.on:
            desk.places.side.bring(SECTION)
            detect.answered.connect(lambda: desk.places.side.bring(SECTION), Qt.ConnectionType.SingleShotConnection)

    panel.source_chosen.connect(detect.choose)
    panel.on_toggled.connect(detect.set_on)
    panel.shown_toggled.connect(detect.set_shown)
    panel.threshold_moved.connect(detect.set_threshold)
    panel.nodule_chosen.connect(detect.select)
    panel.pressed.connect(lambda name: desk.actions.rows[pressed[name]].run())
    detect.changed.connect(refresh)
    detect.switched.connect(scroll)
    refresh()


def apply(detect: DetectController, settings: Settings) -> None:
    """Put the settings into force."""
    detect.set_threshold(settings.detector_threshold)
    detect.choose(settings.detector)


def collect(detect: DetectController, settings: Settings) -> None:
    """Take the present state into the settings."""
    settings.detector_threshold = detect.chosen_threshold
    settings.detector = "" if detect.source is None else detect.source.name
