"""Image archives (PACS) in the window: open from one, send to one, and their settings. Dialogs come when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.archive import Archive, Found
from cxr_studio.exchange.cache import open_cache
from cxr_studio.exchange.objects import Wanted
from cxr_studio.exchange.system_keyring import SystemKeyring
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.vault import Vault
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.archive.archives_dialog import ArchivesDialog
    from cxr_studio.ui.archive.search_dialog import SearchDialog
    from cxr_studio.ui.archive.send_dialog import SendDialog

AnyDialog = TypeVar("AnyDialog", bound="SearchDialog | SendDialog")

ALSO = ("pacs", "archive", "dicom", "dicomweb", "orthanc", "network")


class ArchiveDialogs:
    """Shows the dialogs.

    Args:
        desk: Where.
        documents: Opens what was retrieved.
        wanted: How objects are written: as shown.

    Attributes:
        archives: What is configured.
    """

    def __init__(self, desk: Desk, documents: DocumentController, wanted: Callable[[], Wanted]) -> None:
        self._desk, self._documents, self._wanted = desk, documents, wanted
        vault = Vault(self._ask, SystemKeyring())
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
        from cxr_studio.ui.archive.parts import Terms
        from cxr_studio.ui.archive.send_dialog import SendDialog

        desk = self._desk

        def terms() -> Terms:
            return Terms(replace(self._wanted(), device=desk.preferences.settings.device))

        dialog = SendDialog(desk.background, self.archives, desk.workspace, terms=terms, parent=desk.parent)
        return self._shown(dialog)

    def configure(self) -> ArchivesDialog:
        """Add, change and test archives."""
        from cxr_studio.ui.archive.archives_dialog import ArchivesDialog

        desk = self._desk
        dialog = ArchivesDialog(desk.background, self.archives, desk.parent)
        dialog.show()
        return dialog

    def _ask(self, name: str, words: str, remark: str) -> str | None:
        from cxr_studio.ui.archive.secret_dialog import ask_secret

        return ask_secret(self._desk.parent, name, words, remark)

    def _retrieve(self, archive: Archive, found: Found, progress: Progress, token: CancelToken) -> list[Path]:
        cache = open_cache(*self.archives.cache)
        return cache.get(archive, found, progress=progress, cancelled=lambda: token.cancelled)

    def _shown(self, dialog: AnyDialog) -> AnyDialog:
        dialog.configure.connect(self.configure)
        dialog.show()
        if not self.archives.all:
            self.configure()
        return dialog


def install(desk: Desk, documents: DocumentController, *, wanted: Callable[[], Wanted]) -> ArchiveDialogs:
    """Declare the actions.

    Args:
        desk: Where.
        documents: Opens what was retrieved.
        wanted: How objects are written: the window that is shown, a detector's boxes.
    """
    dialogs = ArchiveDialogs(desk, documents, wanted)
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
