"""What the window says of its state: its title, what undo would undo, and which commands are of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxr_studio.ui.shell.main_window import MainWindow

NEEDS_IMAGE = (
    "file.save",
    "file.save-as",
    "file.export",
    "file.close",
    "edit.clear",
    "edit.grow",
    "edit.shrink",
    "edit.invert-mask",
    "edit.load-mask",
    "edit.save-mask",
    "view.fit",
    "view.one-to-one",
    "view.zoom-in",
    "view.zoom-out",
    "view.reset-window",
    "view.percentiles",
    "view.mask-window",
    "inpaint.run",
    "inpaint.reject",
)
"""Commands that make no sense without a radiograph."""


def describe(window: MainWindow) -> None:
    """Title, undo and redo by name, and which commands are of use."""
    workspace, registry = window.studio.workspace, window.registry
    session = workspace.session
    name = workspace.name
    window.setWindowTitle(f"{name}{' •' if workspace.dirty else ''} – CXR Studio" if name else "CXR Studio")
    window.setWindowModified(False)
    done = [] if session is None else session.history.done
    undone = [] if session is None else session.history.undone
    registry.set_enabled(["edit.undo"], bool(done), why="There is nothing to undo.")
    registry.set_enabled(["edit.redo"], bool(undone), why="There is nothing to redo.")
    registry.action("edit.undo").setText(f"Undo {done[-1].label[:1].lower()}{done[-1].label[1:]}" if done else "Undo")
    redo = undone[-1].label if undone else ""
    registry.action("edit.redo").setText(f"Redo {redo[:1].lower()}{redo[1:]}" if redo else "Redo")
    registry.set_enabled(NEEDS_IMAGE, session is not None, why="Open a radiograph first.")
