"""The steps of the session, back and forth; and what can be done with its edits."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.edits.controller import EditsController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.workspace import Workspace


def history_actions(workspace: Workspace, settle: Callable[[], None]) -> tuple[Action, ...]:
    """Undo and redo, named after the step; ``settle`` drops what a tool has half done."""

    def undo() -> None:
        settle()
        workspace.undo()

    def redo() -> None:
        settle()
        workspace.redo()

    return (
        Action(
            "edit.undo",
            "Undo",
            "Undo the last step.",
            undo,
            icon="undo",
            keys=("Ctrl+Z",),
            group="history",
            when=lambda: "" if _done(workspace) else "There is nothing to undo.",
            words=lambda: f"Undo {_done(workspace)}".strip(),
        ),
        Action(
            "edit.redo",
            "Redo",
            "Redo the last undone step.",
            redo,
            icon="redo",
            keys=("Ctrl+Shift+Z", "Ctrl+Y"),
            group="history",
            when=lambda: "" if _undone(workspace) else "There is nothing to redo.",
            words=lambda: f"Redo {_undone(workspace)}".strip(),
        ),
    )


def clear_action(workspace: Workspace, settle: Callable[[], None]) -> Action:
    """Back to the original, which undo takes back."""

    def clear() -> None:
        settle()
        workspace.clear()

    def why() -> str:
        session = workspace.session
        return "" if session is not None and (session.edits or session.mask.any()) else "There are no edits."

    return Action(
        "edit.remove-all",
        "Remove all edits",
        "Go back to the original radiograph; undo brings the edits back.",
        clear,
        keys=("Ctrl+Shift+Delete",),
        group="history",
        when=why,
        also=("revert", "discard", "original", "reset"),
    )


def edit_actions(edits: EditsController, workspace: Workspace) -> tuple[Action, ...]:
    """Rows about the selected edit."""

    def some() -> str:
        return "" if edits.edits else "There are no edits."

    return (
        Action(
            "edit.remove",
            "Remove edit",
            "Remove the selected edit; with none selected, clear the mask.",
            edits.remove,
            icon="clear",
            keys=("Delete",),
            group="edits",
            when=lambda: "" if workspace.session is not None else "Open a radiograph first.",
            words=lambda: "Remove edit" if workspace.selected is None else f"Remove edit {workspace.selected}",
            also=("delete",),
        ),
        Action(
            "edit.next-edit",
            "Next edit",
            "Select the next edit and bring it to the middle.",
            lambda: edits.step(1),
            icon="next",
            keys=("Ctrl+PgDown",),
            group="edits",
            when=some,
        ),
        Action(
            "edit.previous-edit",
            "Previous edit",
            "Select the edit before and bring it to the middle.",
            lambda: edits.step(-1),
            icon="previous",
            keys=("Ctrl+PgUp",),
            group="edits",
            when=some,
        ),
        Action(
            "view.edits",
            "Outlines of edits",
            "Draw the outline and the number of every edit.",
            edits.set_outlined,
            icon="rectangle",
            keys=("F2",),
            group="show",
            checked=lambda: edits.outlined,
            also=("number", "contour", "border"),
        ),
    )


def _done(workspace: Workspace) -> str:
    session = workspace.session
    return _small(session.history.done[-1].label) if session is not None and session.history.done else ""


def _undone(workspace: Workspace) -> str:
    session = workspace.session
    return _small(session.history.undone[-1].label) if session is not None and session.history.undone else ""


def _small(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"
