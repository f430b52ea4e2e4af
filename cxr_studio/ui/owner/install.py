"""Making studies and seeing how far they are, from the main window; what it needs is imported then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.owner.dialogs import MakingDialog, StandingDialog


def install(desk: Desk, documents: DocumentController) -> None:
    """Declare the actions."""
    desk.actions.add(
        Action(
            "file.make-study",
            "Make a reader study…",
            "Make pairs or single images with a generator, a bundle for readers and a key for you.",
            lambda: make_study(desk, documents),
            keys=("Ctrl+Shift+N",),
            group="leave",
            also=("2afc", "pairs", "real or fake", "observer", "new study", "protocol"),
        ),
        Action(
            "file.study-progress",
            "A study's progress and report…",
            "See how far the readers are without the truth, and make the report.",
            lambda: follow_study(desk),
            keys=("Ctrl+Shift+G",),
            group="leave",
            also=("results", "statistics", "answers", "analyse", "readers"),
        ),
    )


def make_study(desk: Desk, documents: DocumentController) -> MakingDialog:
    """Show the dialog that makes one."""
    from cxr_studio.networks.card import Role
    from cxr_studio.roles import offered
    from cxr_studio.ui.owner.dialogs import MakingDialog
    from cxr_studio.ui.owner.form import StudyForm

    paths = documents.ring.paths
    fields = StudyForm(paths[0].parent if paths else None, [(one.name, one.title) for one in offered(Role.RESTORE)])
    device = desk.preferences.settings.device
    dialog = MakingDialog(
        desk.background, fields, device=device, sit=lambda bundle: _sit(desk, bundle), parent=desk.parent
    )
    dialog.show()
    return dialog


def follow_study(desk: Desk, folder: str = "") -> StandingDialog:
    """Show how far a study is."""
    from cxr_studio.ui.owner.dialogs import StandingDialog

    dialog = StandingDialog(desk.background, folder, desk.parent)
    dialog.show()
    return dialog


def _sit(desk: Desk, bundle: Path) -> None:
    from cxr_studio.ui.study.start import open_study

    try:
        open_study(bundle, desk.parent)
    except StudioError as fault:
        desk.warn(str(fault))
