"""The tags of the open file, in a window that follows it."""

from __future__ import annotations

from cxr_studio.radiographs.header_rows import header_rows
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.tags.dialog import TagsDialog


def install(desk: Desk) -> None:
    """Declare the action."""
    desk.actions.add(
        Action(
            "file.tags",
            "Tags…",
            "Read and search the header of the file.",
            lambda: open_tags(desk),
            icon="search",
            keys=("Ctrl+T",),
            group="header",
            when=needs_image(desk.workspace),
            also=("dicom", "metadata", "header", "information"),
        )
    )
    desk.workspace.opened.connect(lambda: _follow(desk))


def open_tags(desk: Desk) -> None:
    """Show the window, or bring it to the front."""
    dialog = desk.parent.findChild(TagsDialog) or TagsDialog(desk.parent)
    _follow(desk)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _follow(desk: Desk) -> None:
    dialog, session = desk.parent.findChild(TagsDialog), desk.workspace.session
    if dialog is not None and session is not None:
        dialog.show_rows(desk.workspace.name, header_rows(session.radiograph))
