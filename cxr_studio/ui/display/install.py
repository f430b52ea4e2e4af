"""How grey values are shown: windows, histogram, zoom, and what is read under the pointer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMenu

from cxr_studio.radiographs.window import Window
from cxr_studio.ui.display.commands import Pointer, turn_actions, window_actions, zoom_actions
from cxr_studio.ui.display.controller import DisplayController
from cxr_studio.ui.display.histogram import histogram
from cxr_studio.ui.display.panel import DisplayPanel
from cxr_studio.ui.display.windowing import WindowChoice
from cxr_studio.ui.shell.action import needs_image
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.memory import give_back

HISTOGRAM_MS = 150
"""The image shows first, the histogram so much later; its library is imported at the first one."""


FOLLOW_MS = 60
"""The histogram follows a dragged window so often: the panes come first."""


def install(desk: Desk, *, pointer: Pointer) -> DisplayController:
    """Declare the actions, place the panel, and show every change of the window.

    Args:
        desk: Where.
        pointer: Gives the image point under the pointer, about which is zoomed.
    """
    display, panel, opened = DisplayController(desk.workspace, desk.parent), DisplayPanel(), needs_image(desk.workspace)
    view = desk.places.grid.scene.view
    desk.actions.add(
        *zoom_actions(view, desk.parent.devicePixelRatioF, pointer=pointer, opened=opened),
        *turn_actions(view, opened),
        *window_actions(display, opened),
    )
    desk.places.side.add("Display", panel)
    desk.at_close.append(panel.histogram.close_plot)
    desk.preferences.themed.connect(panel.histogram.recolour)
    _show_window(desk, display, panel)
    _show_histogram(desk, panel)
    _show_fields(desk, display)
    return display


def _show_window(desk: Desk, display: DisplayController, panel: DisplayPanel) -> None:
    scene, menu = desk.places.grid.scene, desk.places.menus.submenu("view", "window", "Windows")
    menu.setEnabled(False)

    def windowed(shown: Window | None) -> None:
        scene.set_window(shown)
        text = "VOI ignored" if shown is None else f"W {shown.width:.0f}  L {shown.center:.0f}"
        desk.places.status.set_field("window", text)
        panel.mark_window(display.chosen)
        if not follow.isActive():
            follow.start()

    def follow_window() -> None:
        if display.window is not None:
            panel.histogram.set_window(*display.window.edges())

    def choices(offered: Sequence[WindowChoice]) -> None:
        panel.set_windows([choice.title for choice in offered])
        fill_windows(menu, offered, display)

    def inverted(on: bool) -> None:
        scene.set_inverted(on)
        desk.actions.review("view.invert")

    follow = QTimer(panel)
    follow.setSingleShot(True)
    follow.setInterval(FOLLOW_MS)
    follow.timeout.connect(follow_window)
    display.windowed.connect(windowed)
    display.choices_changed.connect(choices)
    display.inverted_changed.connect(inverted)
    panel.chosen.connect(display.choose)
    panel.histogram.windowed.connect(display.set_edges)


def fill_windows(menu: QMenu, offered: Sequence[WindowChoice], display: DisplayController) -> None:
    """Offer the windows of the radiograph."""
    menu.clear()
    for index, choice in enumerate(offered):
        action = menu.addAction(choice.title)
        action.triggered.connect(lambda _checked=False, index=index: display.choose(index))
    menu.setEnabled(bool(offered))


def _show_histogram(desk: Desk, panel: DisplayPanel) -> None:
    workspace = desk.workspace

    def show() -> None:
        if workspace.session is not None and panel.window().isVisible():
            panel.histogram.build()
            panel.histogram.set_histogram(*histogram(workspace.session.radiograph))
            give_back()

    workspace.opened.connect(lambda: QTimer.singleShot(HISTOGRAM_MS, panel, show))


def _show_fields(desk: Desk, display: DisplayController) -> None:
    view, status = desk.places.grid.scene.view, desk.places.status

    def read_out(position: str, value: str) -> None:
        status.set_field("position", position)
        status.set_field("value", value)

    def zoom() -> None:
        status.set_field("zoom", f"{view.scale * 100:.0f} %")

    display.read_out.connect(read_out)
    for signal in (view.changed, view.rescaled):
        signal.connect(lambda: QTimer.singleShot(0, status, zoom))
