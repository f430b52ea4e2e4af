"""Patient, date, side, window and zoom in the corners of the panes."""

from __future__ import annotations

from cxr_studio.radiographs.header_rows import CornerFacts, corner_facts
from cxr_studio.radiographs.window import Window
from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.corner_painter import Corners
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk


class CornerWords:
    """What stands in the corners.

    Attributes:
        shown: Whether it is shown at all.
        facts: Of the open radiograph.
        window: On the screen.
    """

    def __init__(self) -> None:
        self.shown = True
        self.facts = CornerFacts()
        self.window: Window | None = None

    def of(self, geometry: Geometry) -> Corners:
        """Of a pane."""
        window = self.window
        levels = "VOI ignored" if window is None else f"W {window.width:.0f}  L {window.center:.0f}"
        zoom = f"{100 * geometry.scale / geometry.ratio:.0f} %"
        turned = "\n".join(part for part in (self.facts.side, geometry.turn.words) if part)
        person = "\n".join(part for part in (self.facts.patient, self.facts.date) if part)
        return Corners(person, turned, f"{zoom}\n{levels}")


def install(desk: Desk) -> None:
    """Declare the switch and fill the corners."""
    words, scene, workspace = CornerWords(), desk.places.grid.scene, desk.workspace

    def show(on: bool) -> None:
        words.shown = on
        scene.set_corners(words.of if on else None)

    def opened() -> None:
        session = workspace.session
        words.facts = CornerFacts() if session is None else corner_facts(session.radiograph)

    def windowed() -> None:
        words.window = scene.window

    def collect(settings: Settings) -> None:
        settings.corners = words.shown

    desk.actions.add(
        Action(
            "view.corners",
            "Corner texts",
            "Show patient, date, side, window and zoom in the panes.",
            show,
            icon="info",
            keys=("Shift+I",),
            group="show",
            checked=lambda: words.shown,
            also=("overlay", "annotations", "patient", "demographics"),
        )
    )
    workspace.opened.connect(opened)
    scene.window_changed.connect(windowed)
    desk.preferences.add(apply=lambda settings: show(settings.corners), collect=collect)
