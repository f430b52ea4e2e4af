"""Image archives (PACS) in the window: open from one, send to one, and their settings. Dialogs come when asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.vault import Vault
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.archive.archives_dialog import ArchivesDialog
    from cxr_studio.ui.archive.search_dialog import SearchDialog
    from cxr_studio.ui.archive.send_dialog import SendDialog

ALSO = ("pacs", "archive", "dicom", "dicomweb", "orthanc", "network")


class ArchiveDialogs:
    """Shows the dialogs.

    Args:
        desk: Where.
        documents: Opens what was retrieved.

    Attributes:
        archives: What is configured.
    """

    def __init__(self, desk: Desk, documents: DocumentController) -> None:
        self._desk, self._documents = desk, documents
        vault = Vault(lambda name, words: ask_secret(desk.parent, name, words), SystemKeyring())
        self.archives = Archives(desk.preferences.settings, vault, parent=desk.parent)

    def search(self) -> SearchDialog:
        """Search an archive, and open what is found; the settings come first where none is configured."""
        from cxr_studio.ui.archive.search_dialog import SearchDialog

        desk = self._desk
        dialog = SearchDialog(desk.background, self.archives, self._retrieve, desk.parent)
        dialog.retrieved.connect(self._documents.open)
        return self._shown(dialog)

    def send(self) -> SendDialog:
        """Send the result; the settings come first where no archive is configured."""
        from cxr_studio.ui.archive.send_dialog import SendDialog

        desk = self._desk
        return self._shown(SendDialog(desk.background, self.archives, desk.workspace, desk.parent))

    def configure(self) -> ArchivesDialog:
        """Add, change and test archives."""
        from cxr_studio.ui.archive.archives_dialog import ArchivesDialog

        desk = self._desk
        dialog = ArchivesDialog(desk.background, self.archives, desk.parent)
        dialog.show()
        return dialog

    def _shown(self, dialog: AnyDialog) -> AnyDialog:
        dialog.configure.connect(self.configure)
        dialog.show()
        if not self.archives.all:
            self.configure()
        return dialog


def install(desk: Desk, documents: DocumentController) -> ArchiveDialogs:
    """Declare the actions."""
    dialogs = ArchiveDialogs(desk, documents)
    desk.actions.add(
        Action(
            "file.open-archive",
            "Open from archive…",
            "Search an image archive (PACS), and open what is found.",
            dialogs.search,
            icon="search",
            keys=("Ctrl+Alt+P",),
            group="open",
            also=(*ALSO, "query", "retrieve", "find"),
        ),
        Action(
            "file.send-archive",
            "Send to archive…",
            "Store the inpainted radiograph in an image archive (PACS).",
            dialogs.send,
            icon="export",
            keys=("Ctrl+Alt+S",),
            group="save",
            when=needs_image(desk.workspace),
            also=(*ALSO, "store", "upload", "c-store"),
        ),
        Action(
            "edit.archives",
            "Archives (PACS)…",
            "Add, change and test image archives, and set the limit of what is kept of them here.",
            dialogs.configure,
            icon="settings",
            keys=("Ctrl+Alt+,",),
            group="program",
            also=(*ALSO, "ae title", "echo", "settings", "cache"),
        ),
    )
    return dialogs
