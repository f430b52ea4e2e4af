"""The mask: changed as a whole, read and written, shown over the panes."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.radiographs.window import Window
from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.paint.commands import file_actions, mask_actions, show_action
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.paint.mask_files import MaskFiles
from cxr_studio.ui.shell.action import needs_image
from cxr_studio.ui.shell.desk import Desk


def install(desk: Desk, *, window: Callable[[], Window | None]) -> PaintingController:
    """Declare the actions.

    Args:
        desk: Where.
        window: Gives the window on the screen, for the flood's grey levels.
    """
    workspace, scene = desk.workspace, desk.places.grid.scene
    painting, opened = PaintingController(workspace, desk.parent), needs_image(workspace)
    painting.window = window
    files = MaskFiles(workspace, painting, dialogs=desk.dialogs, warn=desk.warn)
    desk.actions.add(
        *mask_actions(painting, opened),
        *file_actions(files, opened),
        show_action(lambda: scene.overlay_style.visible, lambda on: scene.set_overlay(visible=on)),
    )
    workspace.mask_touched.connect(scene.mask_changed)
    desk.preferences.add(apply=lambda settings: _apply(scene, settings), collect=lambda _settings: None)
    return painting


def _apply(scene: Scene, settings: Settings) -> None:
    scene.set_overlay(opacity=settings.opacity)
