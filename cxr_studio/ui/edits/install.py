"""The edits of the session: their list, undo and redo."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.generation.edit import Edit
from cxr_studio.generation.session import Session
from cxr_studio.ui.edits.commands import clear_action, history_actions
from cxr_studio.ui.edits.edits_list import EditRow, EditsList
from cxr_studio.ui.shell.desk import Desk


def install(
    desk: Desk,
    *,
    settle: Callable[[], None],
    rerun: Callable[[int], None],
    select: Callable[[object], None],
) -> None:
    """Declare the actions and place the list.

    Args:
        desk: Where.
        settle: Drops what a tool has half done.
        rerun: Runs an edit again.
        select: Called with the selected edit's number, or None.
    """
    workspace, edits = desk.workspace, EditsList()
    desk.actions.add(*history_actions(workspace, settle), clear_action(workspace, settle))
    desk.places.side.add("Edits", edits)
    workspace.edits_changed.connect(lambda: edits.set_rows(rows_of(workspace.session)))
    edits.toggled.connect(workspace.enable)
    edits.removed.connect(workspace.remove)
    edits.rerun.connect(rerun)
    edits.selected.connect(select)


def rows_of(session: Session | None) -> list[EditRow]:
    """The lines of the list, newest edit first."""
    return [] if session is None else [_row(session, edit) for edit in reversed(session.edits)]


def _row(session: Session, edit: Edit) -> EditRow:
    seed = edit.provenance.options.get("seed", 0)
    title, size = edit.title.rsplit(", ", 1)
    detail = f"{size} at x {edit.box[1]}, y {edit.box[0]}, seed {seed}"
    if session.stale(edit.number):
        detail += " · the edits beneath have changed"
    return EditRow(edit.number, f"{edit.number}  {title}", detail, edit.enabled)
